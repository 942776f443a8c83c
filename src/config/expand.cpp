// SPDX-License-Identifier: Apache-2.0
#include "config/expand.h"

#include <algorithm>

#include <fmt/format.h>

#include "config/codes.h"

namespace hald::config {
namespace {

constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";

bool is_name_byte(char byte) {
  return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || (byte >= '0' && byte <= '9') ||
         byte == '_';
}

/// The name at the beginning of `text`, maybe empty.
std::string_view leading_name(std::string_view text) {
  const auto* end = std::find_if_not(text.begin(), text.end(), is_name_byte);
  return text.substr(0, static_cast<std::size_t>(end - text.begin()));
}

std::string_view first_word(std::string_view text) {
  const auto* end = std::find_if(text.begin(), text.end(), is_blank);
  return text.substr(0, static_cast<std::size_t>(end - text.begin()));
}

bool is_predefined(std::string_view name) {
  return name == "_PWD" || name == "_INSTANCE" || name == "_RANDOM" || name == "_ENV" || name == "_HASH" ||
         name == "_BANG";
}

/// Reduces `line` to `part`, a piece of it.
void narrow(Line& line, std::string_view part) {
  line.column = static_cast<std::uint16_t>(line.column + (part.data() - line.text.data()));
  line.text = part;
}

bool ends_reference(std::string_view rest) {
  return rest.empty() || rest[0] == ',' || rest[0] == ')';
}

}  // namespace

void Expander::open(const Source& source) {
  Frame frame;
  frame.source = &source;
  frames_.push_back(std::move(frame));
}

bool Expander::next(Line& line) {
  while (raw_line(line)) {
    if (!usable(line)) continue;
    narrow(line, trimmed(line.text));
    if (keep_for_this_node(line) && !line.text.empty() && !directive(line)) return true;
  }
  return false;
}

bool Expander::raw_line(Line& line) {
  while (!frames_.empty()) {
    Frame& frame = frames_.back();
    if (!frame.pending.empty()) {
      include_next();
      continue;
    }
    const std::string_view text = frame.source->text;
    if (frame.offset >= text.size()) {
      frames_.pop_back();
      continue;
    }
    const auto end = std::min(text.find('\n', frame.offset), text.size());
    line = {text.substr(frame.offset, end - frame.offset), ++frame.line, 1, frame.source->index};
    frame.offset = end + 1;
    if (line.number == 1 && line.text.starts_with(kByteOrderMark)) {
      // keepalived takes the mark for a part of the first word and loses that block.
      diagnostics_.error(line.position_of(line.text.substr(0, kByteOrderMark.size())), code::kByteOrderMark,
                         "the file begins with a byte order mark", "save it as UTF-8 without the mark");
      line.text.remove_prefix(kByteOrderMark.size());
      line.column = static_cast<std::uint16_t>(line.column + kByteOrderMark.size());
    }
    return true;
  }
  return false;
}

bool Expander::usable(const Line& line) {
  if (line.text.size() > kMaxLine) {
    diagnostics_.error(line.position_of(line.text.substr(0, 1)), code::kLongLine,
                       fmt::format("the line has {} bytes and is ignored", line.text.size()),
                       fmt::format("a line may have {} bytes", kMaxLine));
    return false;
  }
  const auto nul = line.text.find('\0');
  if (nul == std::string_view::npos) return true;
  diagnostics_.error(line.position_of(line.text.substr(nul, 1)), code::kNulByte,
                     "the line holds a NUL byte and is ignored");
  return false;
}

bool Expander::keep_for_this_node(Line& line) const {
  while (line.text.starts_with('@')) {
    std::string_view text = line.text.substr(1);
    const bool inverted = text.starts_with('^');
    if (inverted) text.remove_prefix(1);
    const std::string_view id = first_word(text);
    if ((id == config_id_) == inverted) return false;
    narrow(line, trimmed(text.substr(id.size())));
  }
  return true;
}

/// Handles a line that speaks to the preprocessor. Returns false if it is configuration.
bool Expander::directive(const Line& line) {
  const std::string_view text = line.text;
  if (text[0] == '$') return define(line, text);
  if (text.starts_with("~SEQ") || text.starts_with("~LST")) {
    refuse_macro(line, text.substr(0, std::min(text.find('('), text.size())), "repeated lines");
    return true;
  }
  if (!text.starts_with("include")) return false;
  const std::string_view word = first_word(text);
  const IncludeForm* form = include_form(word);
  const std::string_view argument = trimmed(without_comment(text.substr(word.size())));
  if (form == nullptr || argument.empty()) return false;
  include(line, *form, argument);
  return true;
}

bool Expander::define(const Line& line, std::string_view text) {
  const std::string_view name = leading_name(text.substr(1));
  if (name.empty() || !text.substr(1 + name.size()).starts_with('=')) return false;
  macros_.emplace(name);
  refuse_macro(line, text.substr(0, 1 + name.size()), "macros");
  // The definition goes on for as long as its lines end in a backslash.
  Line more = line;
  while (trimmed(more.text).ends_with('\\') && raw_line(more)) {
  }
  return true;
}

void Expander::refuse_macro(const Line& line, std::string_view part, std::string_view what) {
  diagnostics_.error(line.position_of(part), code::kPreprocessor,
                     fmt::format("{} are not supported yet: {} is ignored", what, quote(part)));
}

bool Expander::has_macro(std::string_view word) const {
  for (auto at = word.find('$'); at != std::string_view::npos; at = word.find('$', at + 1)) {
    std::string_view rest = word.substr(at + 1);
    const bool braced = rest.starts_with('{');
    if (braced) rest.remove_prefix(1);
    const std::string_view name = leading_name(rest);
    if (braced ? is_predefined(name) || macros_.contains(name)
               : macros_.contains(name) && ends_reference(rest.substr(name.size()))) {
      return true;
    }
  }
  return false;
}

}  // namespace hald::config
