// SPDX-License-Identifier: Apache-2.0
// Expander: lines that are repeated.
#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "config/codes.h"
#include "config/expand.h"

namespace hald::config {
namespace {

bool is_name(std::string_view text) {
  return !defined_name(fmt::format("${}=", text)).empty();
}

}  // namespace

void Expander::repeat(Line& line) {
  settle(line);
  if (line.text[1] == 'S') {
    repeat_counter(line);
  } else {
    repeat_list(line);
  }
}

void Expander::refuse_repeat(const Line& line, std::string_view where, const std::string& message) {
  diagnostics_.error(line.position_of(where), code::kBadSequence,
                     fmt::format("{} repeats nothing: {}", quote(line.text.substr(0, 4)), message),
                     line.text[1] == 'S'
                         ? "~SEQ(VAR, START, STEP, END) text; START and STEP may be left out"
                         : "~LST(VAR, VALUE, ...) text, or ~LST({VAR, VAR}, {VALUE, VALUE}, ...) text");
}

void Expander::repeat_counter(const Line& line) {
  const auto parsed = parse_counter(line.text);
  if (const auto* wrong = std::get_if<SequenceFault>(&parsed)) {
    refuse_repeat(line, wrong->where, wrong->message);
    return;
  }
  const CounterText& text = std::get<CounterText>(parsed);
  Line numbers = line;
  numbers.narrow(text.numbers);
  if (substituter_.apply(numbers, current_source().path) == Substituter::Outcome::Failed) return;
  const auto counter = parse_numbers(substituter_.text(), text.hexadecimal);
  if (const auto* wrong = std::get_if<SequenceFault>(&counter)) {
    refuse_repeat(line, text.numbers.substr(0, text.numbers.size() - 1), wrong->message);
    return;
  }
  RepeatFrame frame;
  frame.counter = std::get<Counter>(counter);
  frame.hexadecimal = text.hexadecimal;
  if (frame.counter->assumed) {
    diagnostics_.warning(line.position_of(text.numbers), code::kBadSequence,
                         "a number is missing here and counts as 0");
  }
  push_repeat(std::move(frame), {text.name}, Origins::Kind::Counter, line, text.text);
}

void Expander::repeat_list(const Line& line) {
  const auto parsed = parse_list(line.text);
  if (const auto* wrong = std::get_if<SequenceFault>(&parsed)) {
    refuse_repeat(line, wrong->where, wrong->message);
    return;
  }
  const ListText& text = std::get<ListText>(parsed);
  RepeatFrame frame;
  for (const auto& set : text.sets) {
    auto& values = frame.sets.emplace_back();
    for (const std::string_view value : set) {
      Line& out = values.emplace_back();
      if (!value.empty()) out = line.value(value);
    }
  }
  push_repeat(std::move(frame), text.names, Origins::Kind::List, line, text.text);
}

void Expander::push_repeat(RepeatFrame frame, const std::vector<std::string_view>& names, Origins::Kind kind,
                           const Line& line, std::string_view text) {
  for (const std::string_view name : names) {
    if (!is_name(name)) {
      diagnostics_.warning(line.position_of(name.empty() ? line.text.substr(0, 4) : name), code::kBadSequence,
                           fmt::format("{} is no name: nothing can refer to it", quote(name)),
                           name.starts_with('$') ? "write it without the dollar sign" : "");
    }
    frame.names.push_back({name, diagnostics_.origins().add_definition(name, kind)});
  }
  frame.name_at = diagnostics_.origins().written_at(line.value(names.front()));
  frame.text = line;
  frame.text.narrow(text);
  frames_.emplace_back(std::move(frame));
}

}  // namespace hald::config
