// SPDX-License-Identifier: Apache-2.0
#include "config/origins.h"

#include <algorithm>

namespace hald::config {
namespace {

constexpr std::size_t kMaxSteps = 64;  // more than the expander nests
constexpr std::size_t kMaxShown = 8;   // definitions named for one word

/// The last piece that begins at or before `at`; pieces are never empty and the first begins at 0.
std::size_t index_at(std::span<const Piece> pieces, std::size_t at) {
  const auto next =
      std::upper_bound(pieces.begin(), pieces.end(), at,
                       [](std::size_t value, const Piece& piece) { return value < piece.begin; });
  return static_cast<std::size_t>(next - pieces.begin()) - (next == pieces.begin() ? 0 : 1);
}

/// Adds a step; one in the same line of the same definition as another only widens that.
void note_step(const Origins::Step& step, std::vector<Origins::Step>& steps) {
  for (Origins::Step& known : steps) {
    if (known.name != step.name || known.where.file != step.where.file || known.where.line != step.where.line)
      continue;
    const std::uint32_t begin = std::min(known.where.column, step.where.column);
    const std::uint32_t end =
        std::max(known.where.column + known.where.length, step.where.column + step.where.length);
    known.where.column = begin;
    known.where.length = static_cast<std::uint16_t>(end - begin);
    return;
  }
  if (steps.size() < kMaxShown) steps.push_back(step);
}

/// Makes `whole` reach over `part` too, if that goes on in the same line.
void widen(Position& whole, const Position& part) {
  const bool goes_on = part.file == whole.file && part.line == whole.line && part.column >= whole.column;
  if (goes_on) whole.length = static_cast<std::uint16_t>(part.column + part.length - whole.column);
}

}  // namespace

Origin origin_at(std::span<const Piece> pieces, std::size_t at) {
  if (pieces.empty()) return {};
  const Piece& piece = pieces[index_at(pieces, at)];
  Origin out = piece.origin;
  if (!piece.whole) out.spelled.column += static_cast<std::uint32_t>(at - piece.begin);
  return out;
}

std::uint32_t Origins::add_definition(std::string_view name, Kind kind) {
  definitions_.push_back({std::string(name), kind});
  return static_cast<std::uint32_t>(definitions_.size() - 1);
}

std::uint32_t Origins::add_expansion(std::uint32_t definition, const Origin& reference) {
  expansions_.push_back({definition, reference});
  return static_cast<std::uint32_t>(expansions_.size());
}

std::uint32_t Origins::add_line(std::span<const Piece> pieces) {
  pieces_.insert(pieces_.end(), pieces.begin(), pieces.end());
  line_ends_.push_back(pieces_.size());
  return static_cast<std::uint32_t>(line_ends_.size());
}

std::span<const Piece> Origins::line(std::uint32_t number) const {
  if (number == 0 || number > line_ends_.size()) return {};
  const std::size_t begin = number == 1 ? 0 : line_ends_[number - 2];
  return std::span(pieces_).subspan(begin, line_ends_[number - 1] - begin);
}

std::vector<Piece> Origins::pieces_of(const Line& line) const {
  if (line.text.empty()) return {};
  Piece piece;
  if (line.file != kExpanded) {
    piece.origin = {{line.number, line.column, line.file, 0}, line.expansion};
    return {piece};
  }
  std::vector<Piece> out;
  const auto all = this->line(line.number);
  const std::size_t begin = line.column - 1U;
  for (std::size_t i = index_at(all, begin); i < all.size() && all[i].begin < begin + line.text.size(); ++i) {
    piece = all[i];
    piece.begin = 0;
    if (all[i].begin > begin) {
      piece.begin = static_cast<std::uint16_t>(all[i].begin - begin);
    } else {
      piece.origin = origin_at(all, begin);
    }
    out.push_back(piece);
  }
  return out;
}

Position Origins::written_at(const Line& line) const {
  const auto pieces = pieces_of(line);
  Position out = pieces.empty() ? Position{} : pieces.front().origin.spelled;
  if (out.length == 0) out.length = static_cast<std::uint16_t>(line.text.size());
  return out;
}

std::size_t Origins::depth(std::uint32_t expansion, std::size_t limit) const {
  std::size_t out = 0;
  for (; expansion != 0 && out < limit; ++out) expansion = expansions_[expansion - 1].reference.expansion;
  return out;
}

bool Origins::is_within(std::uint32_t expansion, std::uint32_t definition) const {
  for (std::size_t step = 0; expansion != 0 && step < kMaxSteps; ++step) {
    const Expansion& around = expansions_[expansion - 1];
    if (around.definition == definition) return true;
    expansion = around.reference.expansion;
  }
  return false;
}

/// From a byte out to the operator's line; the definitions passed are noted, the innermost first.
Position Origins::follow(Origin origin, std::vector<Step>* steps) const {
  for (std::size_t step = 0; origin.expansion != 0 && step < kMaxSteps; ++step) {
    const Expansion& expansion = expansions_[origin.expansion - 1];
    const Definition& definition = definitions_[expansion.definition];
    if (steps != nullptr && definition.kind != Kind::Predefined)
      steps->push_back({origin.spelled, definition.name, definition.kind});
    origin = expansion.reference;
  }
  return origin.spelled;
}

Origins::Trace Origins::trace(Position where) const {
  Trace out;
  const auto pieces = line(where.line);
  if (pieces.empty()) return out;
  const std::size_t begin = std::max(where.column, 1U) - 1U;
  const std::size_t end = begin + std::max<std::size_t>(where.length, 1);
  for (std::size_t i = index_at(pieces, begin); i < pieces.size() && pieces[i].begin < end; ++i) {
    const bool last = i + 1 == pieces.size();
    const std::size_t from = std::max<std::size_t>(begin, pieces[i].begin);
    const std::size_t to = last ? end : std::min<std::size_t>(end, pieces[i + 1].begin);
    Origin origin = origin_at(pieces, from);
    if (!pieces[i].whole) origin.spelled.length = static_cast<std::uint16_t>(to - from);
    std::vector<Step> steps;
    const Position outermost = follow(origin, &steps);
    if (out.where.line == 0) out.where = outermost;
    widen(out.where, outermost);
    for (auto step = steps.rbegin(); step != steps.rend(); ++step) note_step(*step, out.steps);
  }
  return out;
}

}  // namespace hald::config
