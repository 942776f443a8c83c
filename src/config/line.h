// SPDX-License-Identifier: Apache-2.0
// Line: one line of a configuration and where it stands, and what makes a blank and a comment.
#pragma once

#include <cstdint>
#include <string_view>

#include "config/diagnostics.h"

namespace hald::config {

/// One line without its line end, as the lexer gets it.
struct Line {
  std::string_view text;
  std::uint32_t number = 0;  ///< in its file, from 1
  std::uint16_t column = 1;  ///< of the first byte of `text`
  std::uint16_t file = 0;    ///< Position::file

  /// Where `part`, a piece of `text`, stands.
  [[nodiscard]] Position position_of(std::string_view part) const;
};

[[nodiscard]] constexpr bool is_blank(char byte) {
  return byte == ' ' || (byte >= '\t' && byte <= '\r');
}
/// Without the blanks at both ends; carriage return, form feed and vertical tab are blanks, as in keepalived.
[[nodiscard]] std::string_view trimmed(std::string_view text);
/// `text` up to where a comment begins: `!` or `#` outside double quotes and not behind a backslash.
[[nodiscard]] std::string_view without_comment(std::string_view text);

}  // namespace hald::config
