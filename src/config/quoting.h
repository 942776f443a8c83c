// SPDX-License-Identifier: Apache-2.0
// Quoting: how the words of a command are written. The line of a script is split twice. First into the
// command and what may follow it (the account it runs under): quotes of either kind hold a word together and
// go, backslashes stay and protect the character behind them. Then the command into its program and
// arguments, where backslash sequences turn into the character they stand for. A regular expression is split
// once, the second way. Pure text; who reports what is wrong is the caller's affair.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace hald::config {

enum class Escapes : std::uint8_t { Keep, Decode };

enum class QuoteFault : std::uint8_t {
  None,
  Unterminated,   ///< a quote that never closes
  NothingEscaped  ///< a backslash with nothing behind it
};

struct QuotedWord {
  std::string text;
  std::size_t begin = 0;  ///< bytes of what was split, quotes included
  std::size_t end = 0;
};

struct QuotedWords {
  std::vector<QuotedWord> words;  ///< where there is a fault, the last one goes to the end
  QuoteFault fault = QuoteFault::None;
  std::size_t fault_at = 0;
};

[[nodiscard]] QuotedWords split_quoted(std::string_view text, Escapes escapes);

/// The command that `split_quoted(..., Decode)` splits into `arguments`; it holds no double quote, so that it
/// may stand between two.
[[nodiscard]] std::string as_command(const std::vector<std::string>& arguments);

}  // namespace hald::config
