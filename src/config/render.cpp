// SPDX-License-Identifier: Apache-2.0
// How a diagnostic looks to a person: the place, the line, a caret under the exact characters, the help.
// The line comes from a file that may hold anything, so nothing of it reaches the terminal unchecked.
#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>

#include <fmt/format.h>

#include "config/load.h"

namespace hald::config {
namespace {

const char* name_of(Severity severity) {
  switch (severity) {
    case Severity::Warning: return "warning";
    case Severity::Note: return "note";
    case Severity::Error: break;
  }
  return "error";
}

struct Character {
  std::size_t bytes = 1;
  char32_t point = 0;  ///< 0: not UTF-8
};

/// Decodes the first character of `text`, which is not empty. Overlong forms and surrogates do not matter
/// here: they are shown as the terminal shows them.
Character first_character(std::string_view text) {
  const auto lead = static_cast<unsigned char>(text[0]);
  if (lead < 0x80) return {1, lead};
  const std::size_t bytes = lead >= 0xf8 ? 0 : lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc2 ? 2 : 0;
  if (bytes == 0 || bytes > text.size()) return {};
  char32_t point = lead & (0xffU >> (bytes + 1));
  for (std::size_t i = 1; i < bytes; ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if ((byte & 0xc0U) != 0x80U) return {};
    point = point << 6U | (byte & 0x3fU);
  }
  return {bytes, point};
}

/// Columns of a terminal: East Asian wide forms take two. Comments in such scripts are common.
std::size_t width_of(char32_t point) {
  const bool wide = (point >= 0x1100 && point <= 0x115f) || (point >= 0x2e80 && point <= 0xa4cf) ||
                    (point >= 0xac00 && point <= 0xd7a3) || (point >= 0xf900 && point <= 0xfaff) ||
                    (point >= 0xfe30 && point <= 0xfe6f) || (point >= 0xff00 && point <= 0xff60) ||
                    (point >= 0xffe0 && point <= 0xffe6) || (point >= 0x1f300 && point <= 0x1faff);
  return wide ? 2 : 1;
}

bool is_control(char32_t point) {
  return point < 0x20 || (point >= 0x7f && point < 0xa0) || (point >= 0x200b && point <= 0x200f) ||
         (point >= 0x202a && point <= 0x202e) || (point >= 0x2066 && point <= 0x2069);
}

/// The line and its caret line, built side by side.
class Picture {
 public:
  /// `begin` and `end` are byte offsets into `text` of what is underlined.
  Picture(std::string_view text, std::size_t begin, std::size_t end) {
    for (std::size_t at = 0; at < text.size();) {
      const bool marked = at >= begin && at < end;
      at += show(text.substr(at), marked);
    }
    if (begin >= text.size()) carets_ += '^';
  }

  void prefix(std::string_view text) {
    line_.insert(0, text);
    carets_.insert(0, text.size(), ' ');
  }
  void suffix(std::string_view text) { line_ += text; }
  [[nodiscard]] const std::string& line() const { return line_; }
  [[nodiscard]] std::string carets() const { return carets_.substr(0, carets_.find_last_not_of(' ') + 1); }

 private:
  std::size_t show(std::string_view rest, bool marked) {
    const Character character = first_character(rest);
    const std::size_t before = line_.size();
    std::size_t width = 0;
    if (rest[0] == '\t') {
      line_ += ' ';
    } else if (character.point == 0 || is_control(character.point)) {
      for (std::size_t i = 0; i < character.bytes; ++i) {
        line_ += fmt::format("\\x{:02x}", static_cast<unsigned char>(rest[i]));
      }
    } else {
      line_ += rest.substr(0, character.bytes);
      width = width_of(character.point);
    }
    if (width == 0) width = line_.size() - before;
    carets_.append(width, marked ? '~' : ' ');
    if (marked && !started_) carets_[carets_.size() - width] = '^';
    started_ = started_ || marked;
    return character.bytes;
  }

  std::string line_;
  std::string carets_;
  bool started_ = false;
};

std::string picture_of(const Diagnostic& diagnostic) {
  const std::size_t column = std::max(diagnostic.where.column, diagnostic.excerpt_start);
  const std::size_t begin = column - diagnostic.excerpt_start;
  const std::size_t end = begin + std::max<std::size_t>(diagnostic.where.length, 1);
  Picture picture(diagnostic.excerpt, begin, end);
  if (diagnostic.excerpt_start > 1) picture.prefix("...");
  if (diagnostic.excerpt_cut) picture.suffix("...");
  return fmt::format("\n  {}\n  {}", picture.line(), picture.carets());
}

}  // namespace

std::string render(const Diagnostics& diagnostics, const Diagnostic& diagnostic) {
  std::string out = fmt::format("{}: {}: {} [{}]", diagnostics.describe(diagnostic.where),
                                name_of(diagnostic.severity), diagnostic.message, diagnostic.code);
  if (!diagnostic.excerpt.empty()) out += picture_of(diagnostic);
  if (!diagnostic.help.empty()) out += fmt::format("\n  help: {}", diagnostic.help);
  return out;
}

}  // namespace hald::config
