// SPDX-License-Identifier: Apache-2.0
#include "config/sequence.h"

#include <algorithm>
#include <limits>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "config/line.h"

namespace hald::config {
namespace {

constexpr std::string_view kBlanks = " \t";
constexpr std::size_t kLongestNumbers = 62;  // compat: keepalived takes no more between the name and the `)`

SequenceFault fault(std::string_view where, std::string message) {
  return {where, std::move(message)};
}

/// Walks over a line from left to right.
class Cursor {
 public:
  explicit Cursor(std::string_view text) : rest_(text) {}

  void skip_blanks() {
    const auto end = rest_.find_first_not_of(kBlanks);
    rest_.remove_prefix(end == std::string_view::npos ? rest_.size() : end);
  }
  /// Takes `byte` and the blanks behind it, if it is next.
  bool take(char byte) {
    if (!rest_.starts_with(byte)) return false;
    rest_.remove_prefix(1);
    skip_blanks();
    return true;
  }
  /// What comes before one of `ends`, and the blanks behind it.
  std::string_view until(std::string_view ends) {
    const std::string_view out = rest_.substr(0, rest_.find_first_of(ends));
    rest_.remove_prefix(out.size());
    skip_blanks();
    return out;
  }
  [[nodiscard]] std::string_view rest() const { return rest_; }

 private:
  std::string_view rest_;
};

int digit_value(char byte) {
  if (byte >= '0' && byte <= '9') return byte - '0';
  if (byte >= 'a' && byte <= 'f') return byte - 'a' + 10;
  if (byte >= 'A' && byte <= 'F') return byte - 'A' + 10;
  return 16;
}

/// A whole number as strtol reads it with base 0: 0x.. is hexadecimal, 0.. octal. Nothing written is 0.
class Number {
 public:
  /// Takes the number at the beginning of `text`.
  explicit Number(std::string_view& text) {
    while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
    const bool negative = text.starts_with('-');
    std::string_view digits = text.substr(negative || text.starts_with('+') ? 1 : 0);
    int base = 10;
    if (digits.size() > 2 && (digits.starts_with("0x") || digits.starts_with("0X")) &&
        digit_value(digits[2]) < 16) {
      base = 16;
      digits.remove_prefix(2);
    } else if (digits.starts_with('0')) {
      base = 8;
    }
    const std::string_view begin = digits;
    for (; !digits.empty() && digit_value(digits.front()) < base; digits.remove_prefix(1)) {
      if (__builtin_mul_overflow(value_, base, &value_) ||
          __builtin_add_overflow(value_, digit_value(digits.front()), &value_)) {
        too_big_ = true;
      }
    }
    missing_ = begin.size() == digits.size();
    if (!missing_) text = digits;
    if (negative) value_ = -value_;
    while (!text.empty() && kBlanks.find(text.front()) != std::string_view::npos) text.remove_prefix(1);
  }

  [[nodiscard]] std::int64_t value() const { return value_; }
  [[nodiscard]] bool missing() const { return missing_; }
  [[nodiscard]] bool too_big() const { return too_big_; }

 private:
  std::int64_t value_ = 0;
  bool missing_ = true;
  bool too_big_ = false;
};

/// The numbers as they are written, up to the closing parenthesis.
struct Written {
  std::vector<std::int64_t> numbers;
  bool missing = false;
};

std::variant<Written, SequenceFault> read_numbers(std::string_view text) {
  Written out;
  const std::string_view all = text.substr(0, text.find(')'));
  while (true) {
    const std::string_view before = text;
    const Number number(text);
    if (number.too_big()) return fault(all, "the number is too big");
    const bool ends = text.starts_with(')');
    if (!ends && !text.starts_with(','))
      return fault(before.substr(0, all.size()), "a number is expected here");
    out.numbers.push_back(number.value());
    out.missing = out.missing || number.missing();
    if (ends) return out;
    if (out.numbers.size() == 3) return fault(all, "more than three numbers");
    text.remove_prefix(1);
  }
}

std::uint64_t steps_between(std::int64_t from, std::int64_t to, std::int64_t step) {
  const auto a = static_cast<std::uint64_t>(from);
  const auto b = static_cast<std::uint64_t>(to);
  const auto width = static_cast<std::uint64_t>(step);
  return to >= from ? (b - a) / width : (a - b) / (0 - width);
}

/// The names between the opening parenthesis and the comma behind them.
std::optional<std::vector<std::string_view>> read_names(Cursor& cursor) {
  std::vector<std::string_view> out;
  const bool braces = cursor.take('{');
  do {
    out.push_back(cursor.until(" \t,}"));
  } while (braces && cursor.take(','));
  if (braces && !cursor.take('}')) return {};
  if (!cursor.take(',')) return {};
  return out;
}

/// One value, or one set of them in braces.
std::optional<std::vector<std::string_view>> read_set(Cursor& cursor) {
  std::vector<std::string_view> out;
  const bool braces = cursor.take('{');
  do {
    out.push_back(cursor.until(" \t,})"));
  } while (braces && cursor.take(','));
  if (braces && !cursor.take('}')) return {};
  return out;
}

}  // namespace

std::variant<CounterText, SequenceFault> parse_counter(std::string_view line) {
  CounterText out;
  Cursor cursor(line.substr(4));
  out.hexadecimal = cursor.take('x');
  cursor.skip_blanks();
  if (!cursor.take('(')) return fault(line.substr(0, 4), "a `(` must follow");
  out.name = cursor.until(" \t,)");
  if (out.name.empty() || out.name.front() == '{') return fault(line.substr(0, 4), "the name is missing");
  if (!cursor.take(',')) return fault(cursor.rest().substr(0, 1), "a comma must follow the name");
  const auto close = cursor.rest().find(')');
  if (close == std::string_view::npos) return fault(line.substr(0, 4), "the `)` is missing");
  out.numbers = cursor.rest().substr(0, close + 1);
  if (out.numbers.size() > kLongestNumbers) return fault(out.numbers, "this is too long for three numbers");
  out.text = without_leading_blanks(cursor.rest().substr(close + 1));
  return out;
}

std::variant<Counter, SequenceFault> parse_numbers(std::string_view numbers, bool hexadecimal) {
  auto read = read_numbers(numbers);
  if (const auto* wrong = std::get_if<SequenceFault>(&read)) return *wrong;
  const Written& written = std::get<Written>(read);
  const std::string_view all = numbers.substr(0, numbers.find(')'));
  const std::int64_t end = written.numbers.back();
  Counter out;
  out.assumed = written.missing;
  if (written.numbers.size() == 1) {  // compat: 0 alone counts 1, 0
    out.start = end < 0 ? -1 : 1;
    out.step = end < 1 ? -1 : 1;
  } else {
    out.start = written.numbers.front();
    out.step = out.start <= end ? 1 : -1;
  }
  if (written.numbers.size() == 3) out.step = written.numbers[1];
  const bool away = out.step == 0 || (out.start < end && out.step < 0) || (out.start > end && out.step > 0);
  if (away) return fault(all, fmt::format("steps of {} never lead from {} to {}", out.step, out.start, end));
  if (hexadecimal && (out.start < 0 || end < 0)) return fault(all, "~SEQx takes no negative numbers");
  // With the sign of the direction, even where start and end are one.
  const std::int64_t width = end >= out.start ? std::max<std::int64_t>(out.step, 1) : out.step;
  out.count = steps_between(out.start, end, width) + 1;
  return out;
}

std::string counted(const Counter& counter, std::uint64_t index, bool hexadecimal) {
  // Within the bounds by construction; unsigned, so that nothing on the way overflows.
  const auto value = static_cast<std::int64_t>(static_cast<std::uint64_t>(counter.start) +
                                               index * static_cast<std::uint64_t>(counter.step));
  return hexadecimal ? fmt::format("{:x}", value) : fmt::format("{}", value);
}

std::variant<ListText, SequenceFault> parse_list(std::string_view line) {
  const std::string_view word = line.substr(0, 4);
  ListText out;
  Cursor cursor(line.substr(4));
  cursor.skip_blanks();
  if (!cursor.take('(')) return fault(word, "a `(` must follow");
  auto names = read_names(cursor);
  if (!names) return fault(word, "a comma must follow the names");
  out.names = std::move(*names);
  do {
    const std::string_view from = cursor.rest();
    auto set = read_set(cursor);
    if (!set) return fault(from.substr(0, 1), "the `}` is missing");
    if (set->size() > out.names.size()) {
      return fault(from.substr(0, from.size() - cursor.rest().size()),
                   fmt::format("{} values for {} names", set->size(), out.names.size()));
    }
    set->resize(out.names.size());  // compat: a value that is missing is empty
    out.sets.push_back(std::move(*set));
  } while (cursor.take(','));
  if (!cursor.take(')'))
    return fault(cursor.rest().empty() ? word : cursor.rest().substr(0, 1),
                 "a comma or a `)` is expected here");
  out.text = cursor.rest();
  return out;
}

}  // namespace hald::config
