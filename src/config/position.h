// SPDX-License-Identifier: Apache-2.0
// Position: a place in the text of a configuration, small enough to go with every word.
#pragma once

#include <compare>
#include <cstdint>

namespace hald::config {

/// A place in a source: `file` is an index into Diagnostics::files(); lines and columns count from 1, a
/// column is a byte of the line. Line 0 means "the file as a whole".
struct Position {
  std::uint32_t line = 0;
  std::uint32_t column = 0;
  std::uint16_t file = 0;
  std::uint16_t length = 0;  ///< bytes underlined; 0 underlines one
  friend constexpr auto operator<=>(const Position&, const Position&) = default;
};

/// Position::file of a line that stands in no file, since macros made it: `line` is its number in Origins.
/// Diagnostics turns such a place into one of the operator's text.
inline constexpr std::uint16_t kExpanded = UINT16_MAX;

}  // namespace hald::config
