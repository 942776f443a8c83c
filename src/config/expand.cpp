// SPDX-License-Identifier: Apache-2.0
// Expander: taking lines from what is being read.
#include "config/expand.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "config/codes.h"

namespace hald::config {
namespace {

constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";

}  // namespace

Expander::Expander(Sources& sources, const Files& files, Diagnostics& diagnostics, ExpandOptions options)
    : sources_(sources),
      files_(files),
      diagnostics_(diagnostics),
      config_id_(options.config_id),
      budget_(options.limits),
      predefined_(files, std::move(options.config_id), options.seed),
      substituter_(macros_, predefined_, diagnostics, budget_) {
  if (options.all_checks) check_ = {true, true, true, true};
}

void Expander::open(const Source& source, Position twice_at) {
  FileFrame frame;
  frame.twice_at = twice_at;
  if (twice_at.line > 0) ++twice_open_;
  frame.source = &source;
  frame.check = check_;
  frames_.emplace_back(frame);
}

bool Expander::next(Line& line) {
  while (take(line)) {
    if (!process(line)) continue;
    if (twice_open_ > 0) report_twice();
    return true;
  }
  return false;
}

bool Expander::take(Line& line) {
  plain_include_ = false;
  if (given_back_) {
    line = *given_back_;
    given_back_.reset();
    return true;
  }
  from_file_ = false;
  while (!frames_.empty()) {
    Frame& top = frames_.back();
    bool taken = false;
    if (auto* file = std::get_if<FileFrame>(&top)) {
      taken = take_from(*file, line);
    } else if (auto* files = std::get_if<IncludeFrame>(&top)) {
      if (!files->pending.empty()) {
        include_next(*files);
        continue;
      }
    } else if (auto* lines = std::get_if<LinesFrame>(&top)) {
      taken = take_from(*lines, line);
    } else if (auto* repeat = std::get_if<RepeatFrame>(&top)) {
      taken = take_from(*repeat, line);
    }
    if (taken) return true;
    pop();
  }
  return false;
}

void Expander::pop() {
  if (const auto* file = std::get_if<FileFrame>(&frames_.back())) {
    check_ = file->check;
    if (file->twice_at.line > 0) --twice_open_;
  }
  frames_.pop_back();
}

bool Expander::take_from(FileFrame& frame, Line& line) {
  while (raw_line(frame, line)) {
    if (!usable(line)) continue;
    uncomment(line);
    if (line.text.empty()) continue;
    if (line.text.ends_with('\\')) line.text = join_backslash(line.text);
    from_file_ = true;
    plain_include_ = line.text.starts_with("include");
    return true;
  }
  return false;
}

bool Expander::take_from(LinesFrame& frame, Line& line) {
  if (frame.next >= frame.lines->size() || !within_budget((*frame.lines)[frame.next])) return false;
  line = (*frame.lines)[frame.next++];
  if (line.file ==
      kExpanded) {  // defined by a line that macros made: its places lead to where it was written
    std::vector<Piece> pieces = diagnostics_.origins().pieces_of(line);
    for (Piece& piece : pieces) piece.origin.expansion = frame.expansion;
    line.number = diagnostics_.origins().add_line(pieces);
    line.column = 1;
  } else {
    line.expansion = frame.expansion;
  }
  return true;
}

bool Expander::take_from(RepeatFrame& frame, Line& line) {
  const std::uint64_t count = frame.counter ? frame.counter->count : frame.sets.size();
  if (frame.next >= count || !within_budget(frame.text)) return false;
  for (std::size_t i = 0; i < frame.names.size(); ++i) {
    Macro macro;
    Line value;
    if (frame.counter) {
      value.text = store_.keep(counted(*frame.counter, frame.next, frame.hexadecimal));
      macro.counted_at = frame.name_at;
    } else {
      value = frame.sets[frame.next][i];
    }
    macro.lines = std::make_shared<const Macro::Lines>(1, value);
    macro.definition = frame.names[i].definition;
    macros_.set(frame.names[i].name, std::move(macro));
  }
  ++frame.next;
  line = frame.text;
  return true;
}

/// False if macros have made too many lines; that is said once.
bool Expander::within_budget(const Line& next) {
  if (budget_.spent()) return false;
  if (budget_.line()) return true;
  diagnostics_.error(next.position_of(next.text), code::kExpansionLimit,
                     "macros make too many lines: no more are made",
                     "the numbers of ~SEQ, or macros within macros, multiply");
  return false;
}

bool Expander::raw_line(FileFrame& frame, Line& line) {
  const std::string_view text = frame.source->text;
  if (frame.offset >= text.size()) return false;
  const auto end = std::min(text.find('\n', frame.offset), text.size());
  line = {};
  line.text = text.substr(frame.offset, end - frame.offset);
  line.number = ++frame.line;
  line.file = frame.source->index;
  frame.offset = end + 1;
  if (line.number == 1 && line.text.starts_with(kByteOrderMark)) {
    // keepalived takes the mark for a part of the first word and loses that block.
    diagnostics_.error(line.position_of(line.text.substr(0, kByteOrderMark.size())), code::kByteOrderMark,
                       "the file begins with a byte order mark", "save it as UTF-8 without the mark");
    line.narrow(line.text.substr(kByteOrderMark.size()));
  }
  return true;
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

/// Reduces a line of a file to what is configuration in it.
void Expander::uncomment(Line& line) {
  const Scanned scanned = scan(line.text);
  if (scanned.open_quote != std::string_view::npos) {
    line.open_quote = true;
    diagnostics_.error(line.position_of(line.text.substr(scanned.open_quote)), code::kUnterminatedQuote,
                       "the quoted text does not end on this line");
  }
  if (scanned.escaped_mark != std::string_view::npos) {
    diagnostics_.warning(line.position_of(line.text.substr(scanned.escaped_mark, 2)), code::kEscapedComment,
                         "keepalived 2.4.3 begins a comment here, in spite of the backslash",
                         "put the word into double quotes, without the backslash");
  }
  line.narrow(scanned.text);
}

}  // namespace hald::config
