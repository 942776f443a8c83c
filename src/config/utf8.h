// SPDX-License-Identifier: Apache-2.0
// Text from a file that may hold anything, made fit for a terminal. Characters that are not UTF-8, move the
// cursor or reverse the direction of writing are shown as their bytes.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace hald::config {

struct Character {
  std::size_t bytes = 1;
  char32_t point = 0;  ///< 0: not UTF-8
};

/// The first character of `text`, which is not empty.
[[nodiscard]] Character first_character(std::string_view text);

/// False for what must not reach a terminal.
[[nodiscard]] bool is_printable(char32_t point);

/// Columns it takes: East Asian wide forms take two.
[[nodiscard]] std::size_t width_of(char32_t point);

/// `bytes` as "\x1b" and so on.
[[nodiscard]] std::string escaped(std::string_view bytes);

/// `text` with everything escaped that is not printable.
[[nodiscard]] std::string printable(std::string_view text);

/// The longest piece of the beginning of `text` that has at most `limit` bytes and cuts no character.
[[nodiscard]] std::string_view clipped(std::string_view text, std::size_t limit);

}  // namespace hald::config
