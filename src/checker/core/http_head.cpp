// SPDX-License-Identifier: Apache-2.0
#include "checker/core/http_head.h"

#include <algorithm>
#include <charconv>
#include <utility>

namespace hald::checker {
namespace {

constexpr std::string_view kEnd = "\r\n\r\n";

char lower(char byte) {
  return byte >= 'A' && byte <= 'Z' ? static_cast<char>(byte | 0x20) : byte;
}

bool same_name(std::string_view one, std::string_view other) {
  return std::equal(one.begin(), one.end(), other.begin(), other.end(),
                    [](char left, char right) { return lower(left) == lower(right); });
}

template <typename Number>
std::optional<Number> number(std::string_view text) {
  Number out = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), out);
  if (failed != std::errc{} || end != text.data() + text.size()) return {};
  return out;
}

/// compat: "PROTOCOL DDD REASON", one blank on either side of the code, even if there is no reason.
unsigned status_of(std::string_view line) {
  constexpr std::size_t kDigits = 3;
  const auto blank = line.find(' ');
  if (blank == std::string_view::npos) return 0;
  const auto rest = line.substr(blank + 1);
  if (rest.size() <= kDigits || rest[kDigits] != ' ') return 0;
  return number<unsigned>(rest.substr(0, kDigits)).value_or(0);
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kBlanks = " \t";
  const auto begin = text.find_first_not_of(kBlanks);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kBlanks) - begin + 1);
}

}  // namespace

std::optional<std::size_t> head_size(std::string_view text, std::size_t from) {
  const std::size_t begin = from < kEnd.size() ? 0 : from - kEnd.size() + 1;
  const auto found = text.find(kEnd, begin);
  if (found == std::string_view::npos) return {};
  return found + kEnd.size();
}

HttpHead parse_head(std::string_view head) {
  HttpHead out;
  bool first = true;
  bool contradictory = false;
  while (!head.empty()) {
    const auto end = head.find("\r\n");
    const auto line = head.substr(0, end);
    head.remove_prefix(end == std::string_view::npos ? head.size() : end + 2);
    if (std::exchange(first, false)) {
      out.status = status_of(line);
      continue;
    }
    const auto colon = line.find(':');
    if (colon == std::string_view::npos || !same_name(line.substr(0, colon), "content-length")) continue;
    const auto value = number<std::uint64_t>(trimmed(line.substr(colon + 1)));
    contradictory = contradictory || !value || (out.length && out.length != value);
    out.length = value;
  }
  if (contradictory) out.length.reset();
  return out;
}

}  // namespace hald::checker
