// SPDX-License-Identifier: Apache-2.0
#include "config/substitute.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "config/codes.h"

namespace hald::config {

std::vector<Piece> part_of(const std::vector<Piece>& pieces, std::size_t begin, std::size_t end) {
  std::vector<Piece> out;
  for (std::size_t i = 0; i < pieces.size() && pieces[i].begin < end; ++i) {
    const std::size_t next = i + 1 < pieces.size() ? pieces[i + 1].begin : end;
    if (next <= begin) continue;
    Piece piece = pieces[i];
    const std::size_t from = std::max<std::size_t>(begin, piece.begin);
    piece.origin = origin_at(std::span(&piece, 1), from);
    piece.begin = static_cast<std::uint16_t>(from - begin);
    out.push_back(piece);
  }
  return out;
}

Substituter::Outcome Substituter::apply(const Line& line, const std::string& path) {
  text_ = line.text;
  pieces_ = diagnostics_.origins().pieces_of(line);
  rests_.clear();
  open_quote_ = line.open_quote;
  bool changed = false;
  for (std::size_t at = text_.find('$'); at != std::string::npos; at = text_.find('$', at)) {
    const auto reference = reference_at(text_, at);
    const Step step = reference ? replace(*reference, path) : Step::Left;
    if (step == Step::Failed) return Outcome::Failed;
    if (step == Step::Left) ++at;
    changed = changed || step != Step::Left;
    if (step == Step::Last) break;
  }
  return changed ? Outcome::Changed : Outcome::Unchanged;
}

Substituter::Step Substituter::replace(const Reference& reference, const std::string& path) {
  if (const Macro* macro = macros_.find(reference.name)) {
    const bool fits = reference.parameters.empty() && (!macro->many || reference.end == text_.size());
    return fits ? replace_macro(reference, *macro) : Step::Left;
  }
  if (const auto name = Predefined::find(reference.name)) return replace_predefined(reference, *name, path);
  return Step::Left;
}

Substituter::Step Substituter::replace_macro(const Reference& reference, const Macro& macro) {
  Origins& origins = diagnostics_.origins();
  const Origin origin = origin_of(reference);
  if (origins.is_within(origin.expansion, macro.definition))
    return fail(reference, code::kMacroRecursion,
                fmt::format("{} stands for itself", quote(fmt::format("${}", reference.name))));
  if (origins.depth(origin.expansion, kMaxNesting) == kMaxNesting) {
    return fail(reference, code::kMacroRecursion,
                fmt::format("more than {} macros stand within one another", kMaxNesting));
  }
  const std::uint32_t expansion = origins.add_expansion(macro.definition, origin);
  const Line value = macro.lines->empty() ? Line{} : macro.lines->front();
  std::vector<Piece> pieces = origins.pieces_of(value);
  if (macro.counted_at.line > 0) {
    pieces.front().whole = true;
    pieces.front().origin.spelled = macro.counted_at;
  }
  for (Piece& piece : pieces) piece.origin.expansion = expansion;
  if (!splice(reference, value.text, std::move(pieces))) return Step::Failed;
  open_quote_ = open_quote_ || value.open_quote;
  if (macro.lines->size() > 1) rests_.push_back({macro.lines, expansion});
  // compat: a value that repeats lines ends the replacing, so that its own names are still to come.
  return trimmed(value.text).starts_with('~') ? Step::Last : Step::Replaced;
}

Substituter::Step Substituter::replace_predefined(const Reference& reference, Predefined::Name name,
                                                  const std::string& path) {
  const Predefined::Value value = predefined_.value(name, reference.parameters, path);
  if (!value.fault.empty()) diagnostics_.error(place(reference), code::kBadReference, value.fault);
  if (!value.usable) return Step::Left;
  Piece piece;
  piece.whole = true;
  piece.origin = origin_of(reference);
  piece.origin.expansion =
      diagnostics_.origins().add_expansion(predefined_definition(name, reference.name), piece.origin);
  std::vector<Piece> pieces;
  if (!value.text.empty()) pieces.push_back(piece);
  return splice(reference, value.text, std::move(pieces)) ? Step::Replaced : Step::Failed;
}

std::uint32_t Substituter::predefined_definition(Predefined::Name name, std::string_view word) {
  const auto index = static_cast<std::size_t>(name);
  if (predefined_definitions_.size() <= index) predefined_definitions_.resize(index + 1);
  std::uint32_t& known = predefined_definitions_[index];
  if (known == 0) known = diagnostics_.origins().add_definition(word, Origins::Kind::Predefined) + 1;
  return known - 1;
}

bool Substituter::splice(const Reference& reference, std::string_view value, std::vector<Piece> pieces) {
  const std::size_t length = text_.size() - (reference.end - reference.begin) + value.size();
  if (length > kMaxLine || !budget_.reference()) {
    fail(reference, code::kExpansionLimit,
         length > kMaxLine ? fmt::format("it would grow beyond {} bytes", kMaxLine)
                           : std::string("macros are used too often, and no more are replaced"));
    return false;
  }
  std::vector<Piece> all = part_of(pieces_, 0, reference.begin);
  for (Piece& piece : pieces) {
    piece.begin = static_cast<std::uint16_t>(piece.begin + reference.begin);
    all.push_back(piece);
  }
  for (Piece& piece : part_of(pieces_, reference.end, text_.size())) {
    piece.begin = static_cast<std::uint16_t>(piece.begin + reference.begin + value.size());
    all.push_back(piece);
  }
  pieces_ = std::move(all);
  text_.replace(reference.begin, reference.end - reference.begin, value);
  return true;
}

Origin Substituter::origin_of(const Reference& reference) const {
  Origin out = origin_at(pieces_, reference.begin);
  if (out.spelled.length == 0)
    out.spelled.length = static_cast<std::uint16_t>(reference.end - reference.begin);
  return out;
}

Position Substituter::place(const Reference& reference) {
  Position out;
  out.file = kExpanded;
  out.line = diagnostics_.origins().add_line(pieces_);
  out.column = static_cast<std::uint32_t>(reference.begin + 1);
  out.length = static_cast<std::uint16_t>(reference.end - reference.begin);
  return out;
}

Substituter::Step Substituter::fail(const Reference& reference, std::string_view code,
                                    const std::string& message) {
  diagnostics_.error(place(reference), code, message + ": the line is ignored");
  return Step::Failed;
}

}  // namespace hald::config
