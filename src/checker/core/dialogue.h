// SPDX-License-Identifier: Apache-2.0
// Dialogue: what is said over one connection, and what the answer is worth. Pure: octets in, octets and at
// last an Outcome out; stream_probe.h has the connection and the clock. Whatever arrives is untrusted: a
// dialogue keeps a limited part of it and comes to an end however much there is.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "checker/core/outcome.h"

namespace hald::checker {

/// How the other side ended the connection.
enum class End : unsigned char {
  Closed,     ///< as it should be
  Truncated,  ///< closed, while a TLS session was still open
  Broken,     ///< reset, or a TLS session that makes no sense any more
};

class Dialogue {
 public:
  struct Turn {
    std::string send{};
    std::optional<Outcome> verdict{};  ///< then nothing more is asked of the dialogue
  };

  Dialogue() = default;
  Dialogue(const Dialogue&) = delete;
  Dialogue& operator=(const Dialogue&) = delete;
  virtual ~Dialogue() = default;

  /// The connection is there.
  [[nodiscard]] virtual Turn begin() = 0;
  [[nodiscard]] virtual Turn received(std::string_view bytes) = 0;
  [[nodiscard]] virtual Outcome ended(End how) = 0;
  /// What is missing when time is up: "the greeting".
  [[nodiscard]] virtual std::string_view awaited() const = 0;
};

[[nodiscard]] inline Outcome answered(Kind kind, std::string text) {
  return {Layer::Application, kind, {}, std::move(text)};
}

}  // namespace hald::checker
