// SPDX-License-Identifier: Apache-2.0
// Sequence: a line that is repeated, `~SEQ(VAR, [START, [STEP,]] END) text` with numbers or
// `~LST(VAR, VALUE, ...) text` with a list. What the parentheses hold becomes names and values here; Expander
// does the repeating. Pure text.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace hald::config {

/// Why a line cannot be repeated.
struct SequenceFault {
  std::string_view where;  ///< a piece of the line
  std::string message;     ///< "the `)` is missing"
};

/// ~SEQ before its numbers are known, since they may be macros.
struct CounterText {
  std::string_view name;
  std::string_view numbers;  ///< with the closing parenthesis
  std::string_view text;     ///< what is repeated
  bool hexadecimal = false;
};
/// `line` begins with ~SEQ.
[[nodiscard]] std::variant<CounterText, SequenceFault> parse_counter(std::string_view line);

/// The numbers of ~SEQ: `count` of them, from `start`, `step` apart.
struct Counter {
  std::int64_t start = 0;
  std::int64_t step = 1;
  std::uint64_t count = 0;
  bool assumed = false;  ///< a number was missing and counts as 0
};
[[nodiscard]] std::variant<Counter, SequenceFault> parse_numbers(std::string_view numbers, bool hexadecimal);
[[nodiscard]] std::string counted(const Counter& counter, std::uint64_t index, bool hexadecimal);

/// ~LST: each set has as many values as there are names.
struct ListText {
  std::vector<std::string_view> names;
  std::vector<std::vector<std::string_view>> sets;
  std::string_view text;
};
/// `line` begins with ~LST.
[[nodiscard]] std::variant<ListText, SequenceFault> parse_list(std::string_view line);

}  // namespace hald::config
