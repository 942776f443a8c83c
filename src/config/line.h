// SPDX-License-Identifier: Apache-2.0
// Line: one line of a configuration and where it stands, and what makes a blank and a comment.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "config/position.h"

namespace hald::config {

/// One line without its line end and comment, as the lexer gets it.
struct Line {
  std::string_view text;
  std::uint32_t number = 0;     ///< in its file, from 1; in Origins if `file` is kExpanded
  std::uint32_t expansion = 0;  ///< what brought it here from where it was written (Origins); 0: nothing
  std::uint16_t column = 1;     ///< of the first byte of `text`
  std::uint16_t file = 0;       ///< Position::file
  bool open_quote = false;      ///< that a double quote never closes has been said

  /// Where `part`, a piece of `text`, stands.
  [[nodiscard]] Position position_of(std::string_view part) const;
  /// Reduces the line to `part`, a piece of it.
  void narrow(std::string_view part);
  /// `part` as a value: where it stands counts, not what brought the line here.
  [[nodiscard]] Line value(std::string_view part) const;
};

[[nodiscard]] constexpr bool is_blank(char byte) {
  return byte == ' ' || (byte >= '\t' && byte <= '\r');
}
/// Without the blanks at both ends; carriage return, form feed and vertical tab are blanks, as in keepalived.
[[nodiscard]] std::string_view trimmed(std::string_view text);
[[nodiscard]] std::string_view without_leading_blanks(std::string_view text);
/// Up to the first blank.
[[nodiscard]] std::string_view first_word(std::string_view text);

/// A line as it is read: `!` and `#` begin a comment outside double quotes, unless a backslash is before
/// them; within quotes a backslash protects the quote behind it.
struct Scanned {
  std::string_view text;                              ///< without the comment, trimmed
  std::size_t open_quote = std::string_view::npos;    ///< a double quote that never closes
  std::size_t escaped_mark = std::string_view::npos;  ///< the backslash before a `!` or `#`
};
[[nodiscard]] Scanned scan(std::string_view line);

}  // namespace hald::config
