// SPDX-License-Identifier: Apache-2.0
#include "config/line.h"

#include <algorithm>
#include <array>

namespace hald::config {
namespace {

/// Bytes that mean something to scan(): a table, since every byte of a file is asked.
constexpr std::array<bool, 256> kMarks = [] {
  std::array<bool, 256> out{};
  for (const char byte : {'!', '#', '"', '\\'}) out[static_cast<unsigned char>(byte)] = true;
  return out;
}();

}  // namespace

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

std::string_view without_leading_blanks(std::string_view text) {
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  return text;
}

std::string_view first_word(std::string_view text) {
  const auto* end = std::find_if(text.begin(), text.end(), is_blank);
  return text.substr(0, static_cast<std::size_t>(end - text.begin()));
}

Scanned scan(std::string_view line) {
  Scanned out;
  bool quoted = false;
  std::size_t at = 0;
  for (; at < line.size(); ++at) {
    const char byte = line[at];
    if (!kMarks[static_cast<unsigned char>(byte)]) continue;
    if (byte == '"') {
      quoted = !quoted;
      out.open_quote = quoted ? at : std::string_view::npos;
    } else if (byte == '\\') {
      const bool before_mark = at + 1 < line.size() && (line[at + 1] == '!' || line[at + 1] == '#');
      if (before_mark && !quoted) out.escaped_mark = std::min(out.escaped_mark, at);
      ++at;  // the byte behind is protected, whatever it is
    } else if (!quoted) {
      break;
    }
  }
  out.text = trimmed(line.substr(0, at));
  return out;
}

Position Line::position_of(std::string_view part) const {
  Position out;
  out.file = file;
  out.line = number;
  out.column = column + static_cast<std::uint32_t>(part.data() - text.data());
  out.length = static_cast<std::uint16_t>(std::min<std::size_t>(part.size(), UINT16_MAX));
  return out;
}

Line Line::value(std::string_view part) const {
  Line out = *this;
  out.narrow(part);
  out.expansion = 0;
  return out;
}

void Line::narrow(std::string_view part) {
  column = static_cast<std::uint16_t>(column + (part.data() - text.data()));
  text = part;
}

}  // namespace hald::config
