// SPDX-License-Identifier: Apache-2.0
// How a diagnostic looks to a person: the place, the line, a caret under the exact characters, the help.
// The line comes from a file that may hold anything, so nothing of it reaches the terminal unchecked.
#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>

#include <fmt/format.h>

#include "config/load.h"
#include "config/utf8.h"

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
    } else if (!is_printable(character.point)) {
      line_ += escaped(rest.substr(0, character.bytes));
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

std::string picture_of(const Excerpt& excerpt, const Position& where) {
  const std::size_t column = std::max(where.column, excerpt.start);
  const std::size_t begin = column - excerpt.start;
  const std::size_t end = begin + std::max<std::size_t>(where.length, 1);
  Picture picture(excerpt.text, begin, end);
  if (excerpt.start > 1) picture.prefix("...");
  if (excerpt.cut) picture.suffix("...");
  return fmt::format("\n  {}\n  {}", picture.line(), picture.carets());
}

}  // namespace

std::string render(const Diagnostics& diagnostics, const Diagnostic& diagnostic) {
  std::string out = fmt::format("{}: {}: {} [{}]", diagnostics.describe(diagnostic.where),
                                name_of(diagnostic.severity), diagnostic.message, diagnostic.code);
  if (!diagnostic.excerpt.text.empty()) out += picture_of(diagnostic.excerpt, diagnostic.where);
  for (const Remark& remark : diagnostic.remarks) {
    out += fmt::format("\n  note: {}: {}", diagnostics.describe(remark.where), remark.message);
  }
  if (!diagnostic.help.empty()) out += fmt::format("\n  help: {}", diagnostic.help);
  return out;
}

}  // namespace hald::config
