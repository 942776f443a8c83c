// SPDX-License-Identifier: Apache-2.0
#include "config/values.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <utility>

#include <fmt/format.h>

#include "config/codes.h"
#include "config/quoting.h"

namespace hald::config {
namespace {

constexpr std::string_view kLineIgnored = "the line is ignored";
constexpr std::size_t kMaxInterfaceName = 15;

bool is_digit(char byte) {
  return byte >= '0' && byte <= '9';
}

struct Decimal {
  std::int64_t microseconds = 0;
  bool rounded = false;
};

/// "12", "0.5", ".5", "3."; at most twelve digits before the point, which is more than any range allows. The
/// unit has `places` decimals down to the microsecond.
std::optional<Decimal> parse_decimal(std::string_view text, std::size_t places) {
  if (text.starts_with('+')) text.remove_prefix(1);
  const auto point = std::min(text.find('.'), text.size());
  const std::string_view whole = text.substr(0, point);
  const std::string_view part = text.substr(std::min(point + 1, text.size()));
  constexpr std::size_t kMaxDigits = 12;
  if ((whole.empty() && part.empty()) || whole.size() > kMaxDigits) return {};
  if (!std::all_of(whole.begin(), whole.end(), is_digit) ||
      !std::all_of(part.begin(), part.end(), is_digit)) {
    return {};
  }
  Decimal out;
  for (const char digit : whole) out.microseconds = out.microseconds * 10 + (digit - '0');
  for (std::size_t i = 0; i < places; ++i) {
    out.microseconds = out.microseconds * 10 + (i < part.size() ? part[i] - '0' : 0);
  }
  if (part.size() > places) {
    out.rounded = true;
    out.microseconds += part[places] >= '5' ? 1 : 0;
  }
  return out;
}

bool same_text(std::string_view a, std::string_view b, bool any_case) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [any_case](char x, char y) {
    return x == y || (any_case && std::tolower(static_cast<unsigned char>(x)) ==
                                      std::tolower(static_cast<unsigned char>(y)));
  });
}

}  // namespace

std::optional<std::int64_t> parse_whole(std::string_view text) {
  if (text.starts_with('+')) text.remove_prefix(1);
  std::int64_t value = 0;
  const auto* end = text.data() + text.size();
  const auto [stop, failure] = std::from_chars(text.data(), end, value);
  if (failure != std::errc{} || stop != end) return {};
  return value;
}

void Values::refuse(const Word& word, const Keyword& keyword, std::string_view code, std::string_view what) {
  std::string help = fmt::format("{} takes {}", quote(keyword.name), range_text(keyword));
  if (!keyword.unit.empty()) help += fmt::format(" {}", keyword.unit);
  diagnostics_.error(word.where(), keyword.code.empty() ? code : keyword.code,
                     fmt::format("{} {}: {}", quote(word.text), what, kLineIgnored), std::move(help));
}

std::optional<std::int64_t> Values::number(const Word& word, const Keyword& keyword) {
  const auto value = parse_whole(word.text);
  if (!value) {
    refuse(word, keyword, code::kBadNumber, "is not a whole number");
    return {};
  }
  if (*value < keyword.range.min || *value > keyword.range.max) {
    refuse(word, keyword, code::kOutOfRange, fmt::format("is out of range for {}", quote(keyword.name)));
    return {};
  }
  return value;
}

std::optional<Duration> Values::time(const Word& word, const Keyword& keyword) {
  const bool is_ms = keyword.unit == "ms";
  const auto value = parse_decimal(word.text, is_ms ? 3 : 6);
  if (!value) {
    refuse(word, keyword, code::kBadTime,
           is_ms ? "is not a number of milliseconds" : "is not a number of seconds");
    return {};
  }
  if (value->microseconds < keyword.range.min || value->microseconds > keyword.range.max) {
    refuse(word, keyword, code::kOutOfRange, fmt::format("is out of range for {}", quote(keyword.name)));
    return {};
  }
  if (value->rounded) {
    diagnostics_.error(word.where(), code::kPrecision,
                       fmt::format("{} is rounded to microseconds", quote(word.text)));
  }
  return std::chrono::microseconds(value->microseconds);
}

std::optional<std::int64_t> Values::number(const Node& node) {
  return number(node.arguments().front(), node.keyword());
}

std::optional<Duration> Values::time(const Node& node) {
  if (node.keyword().type == ValueType::Time) return time(node.arguments().front(), node.keyword());
  const auto value = number(node);
  if (!value) return {};
  return std::chrono::seconds(*value);
}

std::optional<bool> Values::boolean(const Node& node) {
  // A flag in one block is a boolean in another; as a flag it only ever switches on.
  if (node.keyword().type == ValueType::None || node.arguments().empty()) return true;
  const Word& word = node.arguments().front();
  if (word.text == "on" || word.text == "true" || word.text == "yes") return true;
  if (word.text == "off" || word.text == "false" || word.text == "no") return false;
  diagnostics_.error(word.where(), code::kBadBoolean,
                     fmt::format("{} is neither true nor false: {}", quote(word.text), kLineIgnored),
                     "write on, true, yes, off, false or no, in lower case");
  return {};
}

std::optional<std::size_t> Values::choice(const Node& node) {
  const Word& word = node.arguments().front();
  const Keyword& keyword = node.keyword();
  const auto found = std::find_if(keyword.choices.begin(), keyword.choices.end(), [&](std::string_view each) {
    return same_text(each, word.text, keyword.any_case);
  });
  if (found != keyword.choices.end()) return static_cast<std::size_t>(found - keyword.choices.begin());
  const auto near = nearest(keyword.choices, word.text);
  diagnostics_.error(word.where(), keyword.code,
                     fmt::format("{} cannot be {}: {}", quote(keyword.name), quote(word.text), kLineIgnored),
                     near.empty() ? fmt::format("{} {}", keyword.name, keyword.arguments)
                                  : fmt::format("did you mean {}?", quote(near)));
  return {};
}

std::optional<Address> Values::address(const Word& word, std::string_view consequence) {
  const auto parsed = Address::parse(word.text);
  if (parsed) return *parsed;
  diagnostics_.error(word.where(), code::kBadAddress,
                     fmt::format("{} is not an IP address: {}", quote(word.text), consequence));
  return {};
}

std::optional<Address> Values::address(const Node& node) {
  return address(node.arguments().front(), kLineIgnored);
}

std::optional<Address> Values::loose_address(const Word& word, std::string_view consequence) {
  // compat: keepalived passes over it without a word.
  const auto dash = word.text.find('-');
  const auto suffix = dash != std::string_view::npos ? dash : word.text.find('/');
  if (suffix == std::string_view::npos) return address(word, consequence);
  Word bare = word;
  bare.text = word.text.substr(0, suffix);
  if (Address::parse(bare.text)) {
    diagnostics_.warning(
        word.from(suffix).where(), code::kAddressSuffix,
        fmt::format("one address is expected: {} is ignored", quote(word.text.substr(suffix))));
  }
  return address(bare, consequence);
}

std::optional<std::uint16_t> Values::port(const Word& word, std::string_view consequence) {
  const auto value = parse_whole(word.text);
  if (value && *value >= 0 && *value <= UINT16_MAX) return static_cast<std::uint16_t>(*value);
  diagnostics_.error(word.where(), code::kBadPort,
                     fmt::format("{} is not a port: {}", quote(word.text), consequence),
                     "a port is 1..65535, 0 means all");
  return {};
}

std::optional<std::string> Values::interface(const Word& word) {
  const bool good = !word.text.empty() && word.text.size() <= kMaxInterfaceName && word.text != "." &&
                    word.text != ".." && std::none_of(word.text.begin(), word.text.end(), [](char byte) {
                      return byte == '/' || byte == ':' || is_blank(byte);
                    });
  if (good) return std::string(word.text);
  diagnostics_.error(word.where(), code::kBadName,
                     fmt::format("{} cannot be the name of an interface", quote(word.text)),
                     fmt::format("at most {} bytes, no slash, colon or blank", kMaxInterfaceName));
  return {};
}

std::optional<std::string> Values::existing_interface(const Word& word) {
  auto name = interface(word);
  if (!name || !interfaces_.insert(*name).second || machine_.interface(*name)) return name;
  diagnostics_.warning(word.where(), code::kMissingInterface,
                       fmt::format("this machine has no interface {} now", quote(word.text)));
  return name;
}

std::optional<std::vector<std::string>> Values::command(const Word& word) {
  QuotedWords split = split_quoted(word.text, Escapes::Decode);
  if (split.fault == QuoteFault::None && !split.words.empty()) {
    std::vector<std::string> out;
    for (QuotedWord& each : split.words) out.push_back(std::move(each.text));
    return out;
  }
  if (split.fault == QuoteFault::Unterminated) {
    diagnostics_.error(word.where(), code::kUnterminatedQuote,
                       fmt::format("{} holds a quote that never closes: {}", quote(word.text), kLineIgnored));
  } else if (split.fault == QuoteFault::NothingEscaped) {
    diagnostics_.error(
        word.where(), code::kBadEscape,
        fmt::format("the backslash at the end of {} escapes nothing: {}", quote(word.text), kLineIgnored));
  } else {
    diagnostics_.error(word.where(), code::kMissingArgument,
                       fmt::format("there is no command: {}", kLineIgnored));
  }
  return {};
}

void Values::note_effect(const Word& word, const Keyword& option) {
  if (option.effect || !without_effect_.insert(&option).second) return;
  diagnostics_.note(word.where(), code::kNoEffect,
                    fmt::format("{} is accepted and has no effect yet", quote(word.text)));
}

bool Repeats::allow_once(std::size_t row, const Node& node, Values& values) {
  const Repeat repeat = node.keyword().repeat;
  if (first_.empty()) first_.resize(words_);
  Position& first = first_[row];
  if (first.line == 0) {
    first = node.where();
    return true;
  }
  const bool ignored = repeat == Repeat::FirstReported;
  values.diagnostics()
      .error(node.where(), code::kRepeatedWord,
             fmt::format("{} stands twice: {}", quote(node.keyword().name),
                         ignored ? "this line is ignored" : "the line above is ignored"))
      .see(first, "the first is here");
  return !ignored;
}

}  // namespace hald::config
