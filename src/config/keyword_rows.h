// SPDX-License-Identifier: Apache-2.0
// How a row of the keyword table is written: one function for each kind of word. For keywords_*.cpp only.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "config/keywords.h"

namespace hald::config::rows {

inline constexpr std::int64_t kSecond = 1'000'000;  // times of the table are in microseconds
inline constexpr std::int64_t kMaxUint32 = 4'294'967'295;

constexpr Keyword flag(Meaning meaning, std::string_view name, std::string_view default_value,
                       std::string_view help) {
  Keyword row;
  row.name = name;
  row.meaning = meaning;
  row.default_value = default_value;
  row.help = help;
  return row;
}

constexpr Keyword boolean(Meaning meaning, std::string_view name, std::string_view default_value,
                          std::string_view help) {
  Keyword row = flag(meaning, name, default_value, help);
  row.type = ValueType::Boolean;
  row.arguments = "[BOOL]";
  row.max_arguments = 1;
  return row;
}

constexpr Keyword value(ValueType type, Meaning meaning, std::string_view name, std::string_view arguments,
                        std::string_view default_value, std::string_view help) {
  Keyword row = flag(meaning, name, default_value, help);
  row.type = type;
  row.arguments = arguments;
  row.min_arguments = 1;
  row.max_arguments = 1;
  return row;
}

constexpr Keyword number(Meaning meaning, std::string_view name, Range range, std::string_view default_value,
                         std::string_view help) {
  Keyword row = value(ValueType::Number, meaning, name, "N", default_value, help);
  row.range = range;
  return row;
}

/// Seconds with a fraction; the range in microseconds.
constexpr Keyword time(Meaning meaning, std::string_view name, Range range, std::string_view default_value,
                       std::string_view help) {
  Keyword row = value(ValueType::Time, meaning, name, "SECONDS", default_value, help);
  row.range = range;
  row.unit = "s";
  return row;
}

/// Whole seconds; the range in seconds.
constexpr Keyword seconds(Meaning meaning, std::string_view name, Range range, std::string_view default_value,
                          std::string_view help) {
  Keyword row = number(meaning, name, range, default_value, help);
  row.arguments = "SECONDS";
  row.unit = "s";
  return row;
}

constexpr Keyword text(Meaning meaning, std::string_view name, std::string_view arguments,
                       std::string_view default_value, std::string_view help) {
  return value(ValueType::Text, meaning, name, arguments, default_value, help);
}

constexpr Keyword choice(Meaning meaning, std::string_view name, std::string_view arguments,
                         std::span<const std::string_view> choices, std::string_view code,
                         std::string_view default_value, std::string_view help) {
  Keyword row = value(ValueType::Choice, meaning, name, arguments, default_value, help);
  row.choices = choices;
  row.code = code;
  return row;
}

constexpr Keyword address(Meaning meaning, std::string_view name, std::string_view default_value,
                          std::string_view help) {
  return value(ValueType::Address, meaning, name, "ADDRESS", default_value, help);
}

constexpr Keyword port(Meaning meaning, std::string_view name, std::string_view default_value,
                       std::string_view help) {
  Keyword row = number(meaning, name, {1, 65535}, default_value, help);
  row.arguments = "PORT";
  row.code = code::kBadPort;
  return row;
}

constexpr Keyword block(Meaning meaning, std::string_view name, BlockId opens, std::string_view help) {
  Keyword row = flag(meaning, name, "", help);
  row.type = ValueType::Block;
  row.block = opens;
  return row;
}

constexpr Keyword with_arguments(Keyword row, std::string_view arguments, std::uint8_t min,
                                 std::uint8_t max) {
  row.arguments = arguments;
  row.min_arguments = min;
  row.max_arguments = max;
  return row;
}

constexpr Keyword with_code(Keyword row, std::string_view code) {
  row.code = code;
  return row;
}

/// An old name of `row`.
constexpr Keyword formerly(std::string_view name, Keyword row) {
  row.instead = row.name;
  row.name = name;
  return row;
}

/// Another name of `row`, as good as the first.
constexpr Keyword also(std::string_view name, Keyword row) {
  row.name = name;
  return row;
}

/// A word of keepalived that is not built here, with as many arguments as a line of options must pass over.
constexpr Keyword later(std::string_view name, std::uint8_t arguments = 0) {
  Keyword row;
  row.name = name;
  row.min_arguments = arguments;
  row.max_arguments = arguments;
  row.effect = false;
  return row;
}

}  // namespace hald::config::rows
