// SPDX-License-Identifier: Apache-2.0
#include "proc/mail_encoding.h"

#include <algorithm>
#include <array>
#include <cstdint>

#include <fmt/format.h>

namespace hald::proc {
namespace {

constexpr std::size_t kLine = 76;          // what is asked of lines
constexpr std::size_t kLongestLine = 990;  // what servers take
constexpr std::size_t kWordOctets = 42;    // an encoded word of these is 68 characters long

bool is_control(char c) {
  return static_cast<unsigned char>(c) < ' ' || c == '\x7f';
}
bool is_plain(char c) {
  return c >= ' ' && c <= '~';
}

/// Control characters and runs of spaces become one space: what can be folded always fits.
std::string tidied(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool is_space = c == ' ' || is_control(c);
    if (!is_space || (!out.empty() && out.back() != ' ')) out += is_space ? ' ' : c;
  }
  if (out.ends_with(' ')) out.pop_back();
  return out;
}

std::string base64(std::string_view octets) {
  constexpr std::string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  for (std::size_t at = 0; at < octets.size(); at += 3) {
    const auto three = octets.substr(at, 3);
    std::uint32_t bits = 0;
    for (std::size_t i = 0; i < 3; ++i)
      bits = bits << 8U | (i < three.size() ? static_cast<std::uint8_t>(three[i]) : 0U);
    for (std::size_t i = 0; i < 4; ++i)
      out += i <= three.size() ? kDigits[bits >> (18U - 6U * i) & 63U] : '=';
  }
  return out;
}

/// How much of `text` goes into one encoded word: whole characters of UTF-8.
std::size_t word_length(std::string_view text) {
  if (text.size() <= kWordOctets) return text.size();
  std::size_t size = kWordOctets;
  const auto continues = [&](std::size_t at) {
    return (static_cast<unsigned char>(text[at]) & 0xc0U) == 0x80U;
  };
  while (size > kWordOctets - 4 && continues(size)) --size;
  return size;
}

std::string encoded_words(std::string_view text, std::string_view between) {
  std::string out;
  while (!text.empty()) {
    const std::size_t size = word_length(text);
    if (!out.empty()) out += between;
    out += "=?utf-8?B?" + base64(text.substr(0, size)) + "?=";
    text.remove_prefix(size);
  }
  return out;
}

/// Breaks before a space, which then begins the next line: RFC 5322 2.2.3. `line` has single spaces only.
std::string folded(std::string line) {
  std::string out;
  std::size_t first = line.find(' ') + 1;  // never between the name of the header and its text
  while (line.size() > kLine) {
    auto space = line.rfind(' ', kLine);
    if (space == std::string::npos || space < first) space = line.find(' ', first);
    if (space == std::string::npos) break;
    out.append(line, 0, space).append("\r\n");
    line.erase(0, space);
    first = 1;
  }
  return out + line + "\r\n";
}

/// Whether it can stand in a header as it is.
bool is_harmless(std::string_view text) {
  if (!std::all_of(text.begin(), text.end(), is_plain) || text.find("=?") != std::string_view::npos)
    return false;
  std::size_t run = 0;  // without a space, where it could be folded
  for (const char c : text) {
    run = c == ' ' ? 0 : run + 1;
    if (run > kLongestLine - 100) return false;
  }
  return true;
}

std::string_view next_line(std::string_view& text) {
  const auto end = std::min(text.find_first_of("\r\n"), text.size());
  const auto line = text.substr(0, end);
  text.remove_prefix(end);
  if (text.starts_with("\r\n")) {
    text.remove_prefix(2);
  } else if (!text.empty()) {
    text.remove_prefix(1);
  }
  return line;
}

bool needs_encoding(std::string_view line) {
  return line.size() > kLongestLine || !std::all_of(line.begin(), line.end(), is_plain);
}

std::string quoted_printable(std::string_view line) {
  std::string out;
  std::size_t column = 0;
  for (std::size_t at = 0; at < line.size(); ++at) {
    const char c = line[at];
    const bool at_end = at + 1 == line.size();
    const bool as_is = is_plain(c) && c != '=' && !(c == ' ' && at_end);
    const std::string piece =
        as_is ? std::string(1, c)
              : fmt::format("={:02X}", static_cast<unsigned>(static_cast<unsigned char>(c)));
    if (column + piece.size() >= kLine) {
      out += "=\r\n";
      column = 0;
    }
    out += piece;
    column += piece.size();
  }
  return out;
}

}  // namespace

std::string text_header(std::string_view name, std::string_view value) {
  const std::string clean = tidied(value);
  if (is_harmless(clean)) return folded(fmt::format("{}: {}", name, clean));
  return fmt::format("{}: {}\r\n", name, encoded_words(clean, "\r\n "));
}

std::string display_name(std::string_view name) {
  std::string clean = tidied(name);
  if (!is_harmless(clean)) return encoded_words(clean, " ");
  const bool is_atoms = clean.find_first_of("()<>[]:;@\\,.\"") == std::string::npos;
  if (is_atoms) return clean;
  std::string out = "\"";
  for (const char c : clean) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + '"';
}

BodyText encode_body(std::string_view body) {
  bool encode = false;
  for (auto rest = body; !rest.empty();) encode |= needs_encoding(next_line(rest));
  BodyText out{encode ? "quoted-printable" : "7bit", {}};
  while (!body.empty()) {
    const auto line = next_line(body);
    out.text += (encode ? quoted_printable(line) : std::string(line)) + "\r\n";
  }
  return out;
}

}  // namespace hald::proc
