// SPDX-License-Identifier: Apache-2.0
// The include lines of Expander: which files are meant, and what is wrong with them. Every limit here is
// about a configuration that includes itself, directly or in circles, or half the file system.
#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "config/codes.h"
#include "config/expand.h"

namespace hald::config {

void Expander::complain(bool is_error, Position where, std::string_view code, std::string message) {
  if (is_error) {
    diagnostics_.error(where, code, std::move(message));
  } else {
    diagnostics_.warning(where, code, std::move(message));
  }
}

/// False if the line includes nothing.
bool Expander::include(const Line& line) {
  const std::string_view word = first_word(line.text);
  const IncludeForm* form = include_form(word);
  const std::string_view argument = without_leading_blanks(line.text.substr(word.size()));
  if (form == nullptr || argument.empty()) return false;
  IncludeFrame frame;
  frame.insists = form->insists | check_;
  frame.where = line.position_of(argument);
  frame.twice = !plain_include_;
  if (!budget_.include()) {
    diagnostics_.error(frame.where, code::kIncludeLimit, "too many lines include files: no more are read");
    return true;
  }
  frame.pending = find_files(argument, frame.insists, frame.where);
  std::reverse(frame.pending.begin(), frame.pending.end());
  frames_.emplace_back(std::move(frame));
  return true;
}

/// The files that `argument` stands for, in their order. Says which are missing.
std::vector<std::string> Expander::find_files(std::string_view argument, const IncludeCheck& insists,
                                              Position where) {
  const auto patterns = expand_braces(beside(current_source().path, argument), kMaxAlternatives);
  if (patterns.empty()) {
    diagnostics_.error(where, code::kIncludeLimit,
                       fmt::format("the braces stand for more than {} names", kMaxAlternatives));
  }
  std::vector<std::string> found;
  std::vector<std::pair<std::string, bool>>
      missing;  // and whether it matched nothing in a folder that exists
  for (const std::string& pattern : patterns) {
    Matches matches = files_.match(pattern);
    if (matches.paths.empty()) missing.emplace_back(pattern, has_wildcard(pattern) && matches.folder_exists);
    found.insert(found.end(), std::make_move_iterator(matches.paths.begin()),
                 std::make_move_iterator(matches.paths.end()));
  }
  const bool braces = argument.find('{') != std::string_view::npos;
  const bool any_absent =
      std::any_of(missing.begin(), missing.end(), [](const auto& each) { return !each.second; });
  for (const auto& [pattern, no_match] : missing) {
    if (no_match && found.empty() && !any_absent && !insists.wildcard_match) continue;  // an optional folder
    const bool is_error = !found.empty() ? insists.brace_match && !no_match
                          : !any_absent  ? insists.wildcard_match
                          : braces       ? insists.brace_match
                                         : insists.match;
    complain(is_error, where, code::kIncludeMissing,
             has_wildcard(pattern) ? fmt::format("no file matches {}", quote(pattern))
                                   : fmt::format("the included file {} does not exist", quote(pattern)));
  }
  if (any_absent && insists.brace_match) found.clear();  // compat: then none of the alternatives is read
  return found;
}

void Expander::include_next(IncludeFrame& frame) {
  const std::string path = std::move(frame.pending.back());
  frame.pending.pop_back();
  include_file(path, frame);  // invalidates `frame`
}

void Expander::include_file(const std::string& path, const IncludeFrame& frame) {
  if (open_files() >= kMaxDepth || sources_.full()) {
    diagnostics_.error(frame.where, code::kIncludeLimit,
                       fmt::format("{} is not read: more than {} files within one another, or {} in all",
                                   quote(path), kMaxDepth, Sources::kMaxFiles));
    return;
  }
  FileText file = files_.read(path, sources_.room());
  const std::string_view format = foreign_format(file.text);
  if (file.outcome != ReadOutcome::Read) {
    refuse_file(path, file, frame);
  } else if (is_open(file.identity)) {
    diagnostics_.error(frame.where, code::kIncludeLoop, fmt::format("{} includes itself", quote(path)));
  } else if (file.executable) {  // compat: a pattern often catches the scripts beside the configuration
    complain(frame.insists.read, frame.where, code::kExecutable,
             fmt::format("{} is executable: not included", quote(path)));
  } else if (!format.empty()) {
    diagnostics_.error(frame.where, code::kBinary,
                       fmt::format("{} is {}: not included", quote(path), format));
  } else {
    open(sources_.add(path, std::move(file.text), file.identity, frame.where),
         frame.twice ? frame.where : Position{});
  }
}

/// A line of configuration has come out of files that keepalived would read twice. Definitions do no harm.
void Expander::report_twice() {
  for (Frame& frame : frames_) {
    auto* file = std::get_if<FileFrame>(&frame);
    if (file == nullptr || file->twice_at.line == 0) continue;
    diagnostics_
        .warning(file->twice_at, code::kMisread, "keepalived 2.4.3 reads the files of this line twice",
                 "let `include` be the first word of a line, outside @ID, ~SEQ and macros")
        .as_keepalived();
    file->twice_at = {};
  }
  twice_open_ = 0;
}

void Expander::refuse_file(const std::string& path, const FileText& file, const IncludeFrame& frame) {
  const bool missing = file.outcome == ReadOutcome::Missing;
  complain(frame.insists.read, frame.where, missing ? code::kIncludeMissing : code::kUnreadable,
           fmt::format("the included file {} {}", quote(path), file.reason));
}

std::size_t Expander::open_files() const {
  return static_cast<std::size_t>(std::count_if(frames_.begin(), frames_.end(), [](const Frame& frame) {
    return std::holds_alternative<FileFrame>(frame);
  }));
}

bool Expander::is_open(const FileIdentity& identity) const {
  return std::any_of(frames_.begin(), frames_.end(), [&identity](const Frame& frame) {
    const auto* file = std::get_if<FileFrame>(&frame);
    return file != nullptr && file->source->identity == identity && identity != FileIdentity{};
  });
}

/// The file that is being read, innermost.
const Source& Expander::current_source() const {
  const auto found = std::find_if(frames_.rbegin(), frames_.rend(), [](const Frame& frame) {
    return std::holds_alternative<FileFrame>(frame);
  });
  return *std::get<FileFrame>(*found).source;
}

}  // namespace hald::config
