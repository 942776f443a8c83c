// SPDX-License-Identifier: Apache-2.0
// What a stranger sent, made fit for a log line.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>

namespace hald::checker {

/// The beginning of it, with a dot for each octet that is no printable ASCII.
[[nodiscard]] inline std::string printable(std::string_view text, std::size_t limit = 60) {
  std::string out(text.substr(0, limit));
  std::replace_if(
      out.begin(), out.end(), [](char byte) { return byte < ' ' || byte > '~'; }, '.');
  if (text.size() > limit) out += "...";
  return out;
}

}  // namespace hald::checker
