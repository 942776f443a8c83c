// SPDX-License-Identifier: Apache-2.0
// Sources: the texts a configuration is made of, the main file and what it includes. Texts stay where they
// are until loading is over, because words and excerpts are views of them. Says nothing by itself.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "config/diagnostics.h"
#include "config/files.h"

namespace hald::config {

struct Source {
  std::string path;  ///< as opened; relative names in the text are looked up in its directory
  std::string text;
  FileIdentity identity;    ///< zero for text that never was a file
  std::uint16_t index = 0;  ///< Position::file
};

class Sources {
 public:
  /// More than any sane configuration has, and less than Position::file can count.
  static constexpr std::size_t kMaxFiles = 50'000;
  /// All texts together; beyond this something else than a configuration is being read.
  static constexpr std::size_t kMaxBytes = 256UL << 20U;

  explicit Sources(Diagnostics& diagnostics) : diagnostics_(diagnostics) {}

  const Source& add(std::string path, std::string text, FileIdentity identity = {},
                    Position included_at = {});
  [[nodiscard]] bool full() const { return sources_.size() >= kMaxFiles; }
  /// Bytes that may still be read.
  [[nodiscard]] std::size_t room() const { return bytes_ < kMaxBytes ? kMaxBytes - bytes_ : 0; }
  /// In the order of Diagnostics::files().
  [[nodiscard]] std::vector<std::string_view> texts() const;

 private:
  Diagnostics& diagnostics_;
  std::deque<Source> sources_;
  std::size_t bytes_ = 0;
};

/// How a text begins that is not UTF-8 text at all, in words ("UTF-16 text"), or empty.
[[nodiscard]] std::string_view foreign_format(std::string_view text);

}  // namespace hald::config
