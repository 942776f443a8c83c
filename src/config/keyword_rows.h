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
inline constexpr std::int64_t kMaxInt32 = 2'147'483'647;
inline constexpr std::int64_t kForever = kMaxUint32 * kSecond;  // where keepalived knows no limit
inline constexpr std::uint8_t kAny = UINT8_MAX;                 // as many arguments as one likes

constexpr Keyword flag(std::string_view name, std::string_view default_value, std::string_view help) {
  Keyword row;
  row.name = name;
  row.default_value = default_value;
  row.help = help;
  return row;
}

constexpr Keyword boolean(std::string_view name, std::string_view default_value, std::string_view help) {
  Keyword row = flag(name, default_value, help);
  row.type = ValueType::Boolean;
  row.arguments = "[BOOL]";
  row.max_arguments = 1;
  return row;
}

constexpr Keyword value(ValueType type, std::string_view name, std::string_view arguments,
                        std::string_view default_value, std::string_view help) {
  Keyword row = flag(name, default_value, help);
  row.type = type;
  row.arguments = arguments;
  row.min_arguments = 1;
  row.max_arguments = 1;
  return row;
}

constexpr Keyword number(std::string_view name, Range range, std::string_view default_value,
                         std::string_view help) {
  Keyword row = value(ValueType::Number, name, "N", default_value, help);
  row.range = range;
  return row;
}

/// Seconds with a fraction; the range in microseconds.
constexpr Keyword time(std::string_view name, Range range, std::string_view default_value,
                       std::string_view help) {
  Keyword row = value(ValueType::Time, name, "SECONDS", default_value, help);
  row.range = range;
  row.unit = "s";
  return row;
}

/// Whole seconds; the range in seconds.
constexpr Keyword seconds(std::string_view name, Range range, std::string_view default_value,
                          std::string_view help) {
  Keyword row = number(name, range, default_value, help);
  row.arguments = "SECONDS";
  row.unit = "s";
  return row;
}

constexpr Keyword text(std::string_view name, std::string_view arguments, std::string_view default_value,
                       std::string_view help) {
  return value(ValueType::Text, name, arguments, default_value, help);
}

constexpr Keyword choice(std::string_view name, std::string_view arguments,
                         std::span<const std::string_view> choices, std::string_view code,
                         std::string_view default_value, std::string_view help) {
  Keyword row = value(ValueType::Choice, name, arguments, default_value, help);
  row.choices = choices;
  row.code = code;
  return row;
}

constexpr Keyword address(std::string_view name, std::string_view default_value, std::string_view help) {
  return value(ValueType::Address, name, "ADDRESS", default_value, help);
}

constexpr Keyword port(std::string_view name, std::string_view default_value, std::string_view help) {
  Keyword row = number(name, {1, 65535}, default_value, help);
  row.arguments = "PORT";
  row.code = code::kBadPort;
  return row;
}

constexpr Keyword block(std::string_view name, BlockId opens, std::string_view help) {
  Keyword row = flag(name, "", help);
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

/// Its binding insists on exactly one value, where other words ignore what comes behind.
constexpr Keyword single(Keyword row) {
  row.max_arguments = kAny;
  return row;
}

constexpr Keyword with_code(Keyword row, std::string_view code) {
  row.code = code;
  return row;
}

/// Choices in either case.
constexpr Keyword any_case(Keyword row) {
  row.any_case = true;
  return row;
}

/// An old name of `row`.
constexpr Keyword formerly(std::string_view name, Keyword row) {
  row.instead = row.name;
  row.name = name;
  return row;
}

/// An old name of `row` that keepalived complains of.
constexpr Keyword formerly_reported(std::string_view name, Keyword row) {
  row = formerly(name, row);
  row.old_is_reported = true;
  return row;
}

/// Another name of `row`, as good as the first.
constexpr Keyword also(std::string_view name, Keyword row) {
  row.name = name;
  return row;
}

/// A word that is understood and checked, and has no effect yet.
constexpr Keyword later(Keyword row) {
  row.effect = false;
  return row;
}

/// A word that has no meaning in hald: `why`, as a clause behind "nothing follows from it: ".
constexpr Keyword needless(std::string_view why, Keyword row) {
  row.needless = why;
  return row;
}

/// A word of hald's own, which keepalived reports as unknown.
constexpr Keyword ours(Keyword row) {
  row.own = true;
  return row;
}

/// What stands first in a line or an argument by its place and not by a name: the row describes it.
constexpr Keyword positional(Keyword row) {
  row.positional = true;
  return row;
}

constexpr Keyword with_unit(std::string_view unit, Keyword row) {
  row.unit = unit;
  return row;
}

/// What is allowed, where two numbers do not say it.
constexpr Keyword with_limits(std::string_view limits, Keyword row) {
  row.limits = limits;
  return row;
}

/// Speaks to the preprocessor too.
constexpr Keyword steering(Keyword row) {
  row.steers = true;
  return row;
}

/// Takes quotes of both kinds and backslash sequences.
constexpr Keyword escaped(Keyword row) {
  row.quoting = Quoting::Escaped;
  return row;
}

/// Stands once; a second one is reported, and the first counts.
constexpr Keyword once(Keyword row) {
  row.repeat = Repeat::FirstReported;
  return row;
}

/// Stands once; a second one is reported, and counts.
constexpr Keyword last_of(Keyword row) {
  row.repeat = Repeat::LastReported;
  return row;
}

/// The words that may follow on the line.
constexpr Keyword options(BlockId options, Keyword row) {
  row.block = options;
  return row;
}

constexpr Keyword number(std::string_view name, std::string_view arguments, Range range,
                         std::string_view default_value, std::string_view help) {
  Keyword row = number(name, range, default_value, help);
  row.arguments = arguments;
  return row;
}
/// A script and its arguments, split as a shell would, and maybe the account it runs under.
constexpr Keyword command(std::string_view name, std::string_view arguments, std::uint8_t least,
                          std::string_view default_value, std::string_view help) {
  const std::uint8_t most = arguments.find("USER") == std::string_view::npos ? 1 : 3;
  Keyword row =
      with_arguments(value(ValueType::Command, name, "", default_value, help), arguments, least, most);
  row.quoting = Quoting::Command;
  return row;
}
/// A word whose arguments have a grammar of their own.
constexpr Keyword special(std::string_view name, std::string_view arguments, std::uint8_t least,
                          std::uint8_t most, std::string_view default_value, std::string_view help) {
  return with_arguments(value(ValueType::Special, name, "", default_value, help), arguments, least, most);
}

/// The words about the rhythm of checks stand in virtual servers, real servers and checks alike.
constexpr Keyword delay_loop(std::string_view default_value) {
  return time("delay_loop", {1, kForever}, default_value, "Time from one check to the next.");
}
constexpr Keyword delay_before_retry(std::string_view default_value) {
  return time("delay_before_retry", {0, kForever}, default_value, "Wait before a failed check is repeated.");
}
constexpr Keyword connect_timeout(std::string_view default_value) {
  return time("connect_timeout", {1, 4'294'967'295}, default_value, "Longest wait for a connection.");
}
constexpr Keyword warmup(std::string_view default_value) {
  return time("warmup", {0, kForever}, default_value, "The first check comes at a random time within this.");
}
constexpr Keyword retry(std::int64_t least, std::string_view default_value) {
  return number("retry", "N", {least, kMaxUint32}, default_value,
                "Repeats of a failed check before it counts.");
}
}  // namespace hald::config::rows
