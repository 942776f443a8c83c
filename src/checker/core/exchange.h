// SPDX-License-Identifier: Apache-2.0
// Exchange: one datagram out, and what comes back. Pure; datagram_probe.h has the socket and the clock.
// Whatever arrives is untrusted, and may be meant for somebody else.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "checker/core/outcome.h"

namespace hald::checker {

class Exchange {
 public:
  using Bytes = std::span<const std::uint8_t>;

  Exchange() = default;
  Exchange(const Exchange&) = delete;
  Exchange& operator=(const Exchange&) = delete;
  virtual ~Exchange() = default;

  [[nodiscard]] virtual std::vector<std::uint8_t> request() const = 0;
  /// Nothing: it is no answer to this request, and another one is waited for.
  [[nodiscard]] virtual std::optional<Outcome> received(Bytes bytes) = 0;
  /// Whether no answer is a good one, too.
  [[nodiscard]] virtual bool silence_passes() const { return false; }
};

}  // namespace hald::checker
