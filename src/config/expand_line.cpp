// SPDX-License-Identifier: Apache-2.0
// Expander: what a line says to the preprocessor, and what becomes of it.
#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "config/codes.h"
#include "config/expand.h"
#include "config/keywords.h"

namespace hald::config {
namespace {

bool repeats(std::string_view text) {
  return text.starts_with("~SEQ") || text.starts_with("~LST");
}

/// Without the backslash at its end and the blanks before it.
std::string_view without_backslash(std::string_view text) {
  return trimmed(text.substr(0, text.size() - 1));
}

}  // namespace

/// False if nothing of the line is configuration.
bool Expander::process(Line& line) {
  for (bool substituted = false; !line.text.empty(); substituted = true) {
    if (substituted) misread(line);
    if (line.text.starts_with('@') && !keep_for_this_node(line)) return false;
    if (line.text.starts_with('$') && define(line)) return false;
    if (repeats(line.text)) {
      repeat(line);
      return false;
    }
    const bool plain = line.text.starts_with('~') || line.text.find('$') == std::string_view::npos;
    if (plain || substituted) break;
    const auto outcome = substitute(line);
    if (outcome == Substituter::Outcome::Failed) return false;
    if (outcome == Substituter::Outcome::Unchanged) break;
  }
  if (line.text.empty()) return false;
  settle(line);
  if (line.text.find('$') != std::string_view::npos) report_references(line);
  if (line.text.starts_with("include") && include(line)) return false;
  return true;
}

bool Expander::keep_for_this_node(Line& line) {
  std::string_view text = line.text.substr(1);
  const bool inverted = text.starts_with('^');
  if (inverted) text.remove_prefix(1);
  const std::string_view id = first_word(text);
  const std::string_view rest = without_leading_blanks(text.substr(id.size()));
  if (rest.empty() || (id == config_id_) == inverted) return false;
  line.narrow(rest);
  if (!rest.starts_with('@')) return true;
  settle(line);
  diagnostics_.error(line.position_of(first_word(rest)), code::kSecondId,
                     "only one @ID may stand before a line: the line is ignored");
  return false;
}

/// A macro of which one line is left, or whose value holds a line for the preprocessor: keepalived does not
/// look at it again.
void Expander::misread(Line& line) {
  const bool speaks = line.text.starts_with('@') || repeats(line.text) || !defined_name(line.text).empty();
  if (!speaks) return;
  settle(line);
  diagnostics_
      .warning(line.position_of(first_word(line.text)), code::kMisread,
               fmt::format(
                   "keepalived 2.4.3 takes {} for a word of the configuration, since it comes out of a macro",
                   quote(first_word(line.text))),
               "hald reads it as it is meant")
      .as_keepalived();
}

/// Handles `$NAME=value`. False if the line is something else.
bool Expander::define(Line& line) {
  const std::string_view name = defined_name(line.text);
  if (name.empty()) return false;
  Line value = line.value(without_leading_blanks(line.text.substr(name.size() + 2)));
  auto lines = std::make_shared<Macro::Lines>();
  Macro macro;
  macro.many = value.text.ends_with('\\');
  if (macro.many) value.narrow(without_backslash(value.text));
  if (!value.text.empty()) lines->push_back(value);
  if (macro.many) macro.many = continue_definition(*lines);
  macro.lines = std::move(lines);
  macro.definition = diagnostics_.origins().add_definition(name, Origins::Kind::Definition);
  macros_.set(name, std::move(macro));
  return true;
}

/// The lines of the file up to one that does not end in a backslash. One that is empty or nothing but a
/// comment ends the definition too. False if the macro stands for one line only.
bool Expander::continue_definition(Macro::Lines& lines) {
  auto* file = std::get_if<FileFrame>(&frames_.back());
  if (!from_file_ || file == nullptr) return !lines.empty();
  for (Line line; raw_line(*file, line) && usable(line);) {
    uncomment(line);
    const bool goes_on = line.text.ends_with('\\');
    const bool many = !lines.empty();
    if (goes_on) line.narrow(without_backslash(line.text));
    if (!line.text.empty()) lines.push_back(line);
    if (!goes_on) return many;  // compat: one line behind an empty first one is no macro of several lines
  }
  return !lines.empty();
}

Substituter::Outcome Expander::substitute(Line& line) {
  const auto outcome = substituter_.apply(line, current_source().path);
  if (outcome != Substituter::Outcome::Changed) return outcome;
  for (const auto& rest : substituter_.rests()) {
    frames_.emplace_back(LinesFrame{rest.lines, 1, rest.expansion});
  }
  const std::string_view text = substituter_.text();
  const Scanned scanned = scan(text);
  const auto begin = static_cast<std::size_t>(scanned.text.data() - text.data());
  line = {};
  line.number =
      diagnostics_.origins().add_line(part_of(substituter_.pieces(), begin, begin + scanned.text.size()));
  line.file = kExpanded;
  line.open_quote = substituter_.open_quote();
  if (!budget_.text(scanned.text.size())) {
    diagnostics_.error(line.position_of({}), code::kExpansionLimit,
                       "macros make too much text: the line is ignored");
    return Substituter::Outcome::Failed;
  }
  line.text = store_.keep(scanned.text);
  if (scanned.open_quote != std::string_view::npos && !line.open_quote) {
    line.open_quote = true;
    diagnostics_.error(line.position_of(line.text), code::kUnterminatedQuote,
                       "what macros make of this line holds a quote that never closes");
  }
  if (line.text.ends_with('\\')) line.text = join_backslash(line.text);
  return outcome;
}

/// Gives a line that was brought here from elsewhere places which tell so.
void Expander::settle(Line& line) {
  if (line.expansion == 0 || line.file == kExpanded) return;
  line.number = diagnostics_.origins().add_line(diagnostics_.origins().pieces_of(line));
  line.file = kExpanded;
  line.column = 1;
  line.expansion = 0;
}

/// References that nothing has replaced: braces around a name that does not exist make no sense, and where
/// macros are used at all, a dollar sign before a word seldom means itself.
void Expander::report_references(const Line& line) {
  bool quoted = false;
  for (std::size_t at = 0; at < line.text.size(); ++at) {
    if (line.text[at] == '"') quoted = !quoted;
    if (quoted || line.text[at] != '$') continue;
    const auto reference = reference_at(line.text, at);
    if (line.text.substr(at + 1).starts_with('{')) {
      const auto close = std::min(line.text.find('}', at), line.text.size() - 1);
      report_undefined(line, line.text.substr(at, close + 1 - at),
                       reference ? reference->name : std::string_view{}, true);
      at = close;
    } else if (reference && !macros_.empty()) {
      report_undefined(line, line.text.substr(at, reference->end - at), reference->name, false);
    }
  }
}

void Expander::report_undefined(const Line& line, std::string_view part, std::string_view name, bool braces) {
  const Macro* known = macros_.find(name);
  std::string message = fmt::format("{} is not defined", quote(part));
  std::string help;
  if (known != nullptr) {
    message = fmt::format("{} cannot be replaced here", quote(part));
    help = known->many ? "a macro of several lines must be the last on its line" : "it takes no parameters";
  } else if (Predefined::find(name)) {
    return;  // its parameters are wrong, and that has been said
  } else if (const auto near = nearest(macros_.names(), name); !near.empty()) {
    help = fmt::format("did you mean {}?", quote(near));
  }
  if (braces) {
    diagnostics_.error(line.position_of(part), code::kUndefinedMacro, message, help);
  } else {
    diagnostics_.warning(line.position_of(part), code::kUndefinedMacro, message + ": it stays as it is",
                         help);
  }
}

/// compat: behind a statement a backslash joins nothing; it becomes a part of the last word.
std::string_view Expander::join_backslash(std::string_view text) {
  const std::string_view before = without_backslash(text);
  const bool apart = !before.empty() && before.size() + 1 < text.size();
  return apart ? store_.keep(fmt::format("{}\\", before)) : text;
}

}  // namespace hald::config
