// SPDX-License-Identifier: Apache-2.0
#include "config/build_tracking.h"

#include <cstdlib>
#include <map>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "config/codes.h"
#include "config/line_words.h"

namespace hald::config {
namespace {

constexpr std::int64_t kLargestOfAll = 254;
constexpr std::string_view kLineIgnored = "the line is ignored";

/// What differs between the kinds.
struct Rules {
  BlockId block;
  std::int64_t limit = kLargestOfAll;  ///< of the weight, either way
  bool lowers_largest = false;         ///< compat: 254 is taken and counts as 253
  bool knows_noreverse = true;
  bool strict = false;  ///< an unknown word behind the weight costs the line, not only the word
};

Rules rules_of(TrackKind kind) {
  switch (kind) {
    case TrackKind::Script: return {BlockId::TrackScript, kLargestOfAll, true, true, false};
    case TrackKind::File: return {BlockId::TrackFileLines, kLargestOfAll, false, true, true};
    case TrackKind::Process: return {BlockId::TrackProcess, kLargestOfAll, false, true, false};
    case TrackKind::Bfd: return {BlockId::TrackBfd, kLargestOfAll - 1, false, true, true};
    case TrackKind::Interface: break;
  }
  return {BlockId::TrackInterface, kLargestOfAll, true, false, false};
}

std::optional<std::int16_t> weight_in(const Word& word, std::int64_t limit, std::string_view consequence,
                                      Values& values) {
  const auto number = parse_whole(word.text);
  if (number && *number >= -limit && *number <= limit) return static_cast<std::int16_t>(*number);
  values.diagnostics().error(word.where(), number ? code::kOutOfRange : code::kBadNumber,
                             fmt::format("{} is no weight: {}", quote(word.text), consequence),
                             fmt::format("a weight is -{}..{}", limit, limit));
  return {};
}

class TrackLine {
 public:
  TrackLine(const Node& line, TrackKind kind, Values& values)
      : words_(line.words()), rules_(rules_of(kind)), values_(values) {}

  /// `weight` is the default and what is then to be used. False if the line must go.
  bool read(TrackWeight& weight) {
    words_.take();
    if (words_.done()) return true;
    const Block& options = block_of(rules_.block);
    const Keyword& row = *find_keyword(options, "weight");
    const Word& word = words_.take();
    if (word.text != row.name) {
      report_unknown_option(word, options.name(), options, kLineIgnored, values_);
      return false;
    }
    if (words_.done()) {
      report_missing_value(word, row, kLineIgnored, values_);
      return false;
    }
    number(weight.value);
    return words_.done() || direction(weight.reverse);
  }

 private:
  void number(std::int16_t& into) {
    const Word& word = words_.take();
    const auto value = weight_in(word, rules_.limit, "it is ignored", values_);
    if (!value) return;
    into = *value;
    if (!rules_.lowers_largest || std::abs(*value) < kLargestOfAll) return;
    into = static_cast<std::int16_t>(*value > 0 ? kLargestOfAll - 1 : 1 - kLargestOfAll);
    values_.diagnostics()
        .warning(word.where(), code::kOutOfRange,
                 fmt::format("{} is no weight here: {} is used", quote(word.text), into))
        .as_keepalived();
  }

  bool direction(bool& reverse) {
    const Word& word = words_.take();
    if (word.text == "reverse" || (rules_.knows_noreverse && word.text == "noreverse")) {
      reverse = word.text == "reverse";
      if (!words_.done()) report_extra();
      return true;
    }
    report_unknown_option(word, block_of(rules_.block).name(), block_of(rules_.block),
                          rules_.strict ? kLineIgnored : "it is ignored", values_);
    return !rules_.strict;
  }

  void report_extra() {
    values_.diagnostics().warning(words_.peek().where(), code::kExtraWords,
                                  fmt::format("{} and what follows is ignored", quote(words_.peek().text)));
  }

  LineWords words_;
  Rules rules_;
  Values& values_;
};

/// The default weight of what the line names; nothing, with a message, if there is no such thing.
std::optional<TrackWeight> default_weight(const Word& name, TrackKind kind, Definitions& known,
                                          Values& values) {
  if (kind == TrackKind::Interface) {
    if (!values.existing_interface(name)) return {};
    return TrackWeight{};
  }
  const auto* found = known.find(kind, std::string(name.text));
  if (found != nullptr) return found->weight;
  known.missing(kind, std::string(name.text), name.where());
  return {};
}

std::vector<Tracked> Tracking::*list_of(TrackKind kind) {
  switch (kind) {
    case TrackKind::Script: return &Tracking::scripts;
    case TrackKind::File: return &Tracking::files;
    case TrackKind::Process: return &Tracking::processes;
    case TrackKind::Bfd: return &Tracking::bfds;
    case TrackKind::Interface: break;
  }
  return &Tracking::interfaces;
}

}  // namespace

void read_tracking(const Node& block, TrackKind kind, Definitions& known, Values& values,
                   std::vector<Tracked>& into) {
  std::map<std::string, Position> seen;
  for (const Tracked& each : into) seen.emplace(each.name, each.where);
  for (const Node line : block.children()) {
    const Word& name = line.words().front();
    auto weight = default_weight(name, kind, known, values);
    if (!weight) continue;
    const auto [first, is_new] = seen.try_emplace(std::string(name.text), name.where());
    if (!is_new) {
      values.diagnostics()
          .error(name.where(), code::kRepeatedWord,
                 fmt::format("{} is tracked twice: the line is ignored", quote(name.text)))
          .see(first->second, "the first is here");
      continue;
    }
    if (TrackLine(line, kind, values).read(*weight)) {
      into.push_back({std::string(name.text), *weight, name.where()});
    } else {
      seen.erase(first);
    }
  }
}

std::vector<Tracked>& tracked(Tracking& tracking, TrackKind kind) {
  return tracking.*list_of(kind);
}

const std::vector<Tracked>& tracked(const Tracking& tracking, TrackKind kind) {
  return tracking.*list_of(kind);
}

void print_tracking(const std::vector<Tracked>& from, TrackKind kind, const Keyword& keyword, Document& out) {
  if (from.empty()) return;
  Document lines;
  for (const Tracked& each : from) {
    Item line = line_item("name", {each.name});
    line.inside.push_back(statement("weight", {static_cast<std::int64_t>(each.weight.value)}));
    line.inside.push_back(flag_item("reverse", each.weight.reverse));
    if (!each.weight.reverse && rules_of(kind).knows_noreverse)
      line.inside.push_back(flag_item("noreverse", true));
    lines.push_back(std::move(line));
  }
  out.push_back(block_item(keyword.name, {}, std::move(lines)));
}

bool take_weight(Values& values, const Node& node, std::int64_t limit, TrackWeight& into) {
  const auto arguments = node.arguments();
  const auto value = weight_in(arguments.front(), limit, "the line is ignored", values);
  if (!value) return false;
  into.value = *value;
  if (arguments.size() < 2) return true;
  if (arguments[1].text == "reverse") {
    into.reverse = true;
  } else {
    values.diagnostics().error(
        arguments[1].where(), code::kUnknownWord,
        fmt::format("{} is no option of `weight`: it is ignored", quote(arguments[1].text)),
        "weight N [reverse]");
  }
  return true;
}

bool take_first_weight(Values& values, const Node& node, std::int64_t limit, std::int16_t usual,
                       TrackWeight& into) {
  if (into.value == usual) return take_weight(values, node, limit, into);
  values.diagnostics().error(node.where(), code::kRepeatedWord,
                             fmt::format("the weight is {} already: the line is ignored", into.value));
  return false;
}

void put_weight(const TrackWeight& from, const Keyword& keyword, Document& out) {
  Item item = statement(keyword.name, {static_cast<std::int64_t>(from.value)});
  item.inside.push_back(flag_item("reverse", from.reverse));
  out.push_back(std::move(item));
}

}  // namespace hald::config
