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

void Expander::include(const Line& line, const IncludeForm& form, std::string_view argument) {
  const Position where = line.position_of(argument);
  const auto patterns = expand_braces(beside(frames_.back().source->path, argument), kMaxAlternatives);
  if (patterns.empty()) {
    diagnostics_.error(where, code::kIncludeLimit,
                       fmt::format("the braces stand for more than {} names", kMaxAlternatives));
    return;
  }
  std::vector<std::string> paths;
  for (const std::string& pattern : patterns) find_files(pattern, form, patterns.size() > 1, where, paths);
  std::reverse(paths.begin(), paths.end());
  Frame& frame = frames_.back();
  frame.pending = std::move(paths);
  frame.form = &form;
  frame.where = where;
}

void Expander::include_next() {
  Frame& frame = frames_.back();
  const std::string path = std::move(frame.pending.back());
  frame.pending.pop_back();
  include_file(path, *frame.form, frame.where);
}

void Expander::find_files(const std::string& pattern, const IncludeForm& form, bool alternative,
                          Position where, std::vector<std::string>& paths) {
  if (!has_wildcard(pattern)) {
    paths.push_back(pattern);
    return;
  }
  auto found = files_.match(pattern);
  if (found.empty() && (alternative ? form.braces : form.wildcard)) {
    diagnostics_.error(where, code::kIncludeMissing, fmt::format("no file matches {}", quote(pattern)));
  }
  paths.insert(paths.end(), std::make_move_iterator(found.begin()), std::make_move_iterator(found.end()));
}

void Expander::include_file(const std::string& path, const IncludeForm& form, Position where) {
  if (frames_.size() >= kMaxDepth || sources_.full()) {
    diagnostics_.error(where, code::kIncludeLimit,
                       fmt::format("{} is not read: more than {} files within one another, or {} in all",
                                   quote(path), kMaxDepth, Sources::kMaxFiles));
    return;
  }
  FileText file = files_.read(path, sources_.room());
  const std::string_view format = foreign_format(file.text);
  if (file.outcome != ReadOutcome::Read) {
    refuse_file(path, file, form, where);
  } else if (is_open(file.identity)) {
    diagnostics_.error(where, code::kIncludeLoop, fmt::format("{} includes itself", quote(path)));
  } else if (file.executable) {  // compat: a pattern often catches the scripts beside the configuration
    diagnostics_.warning(where, code::kExecutable,
                         fmt::format("{} is executable: not included", quote(path)));
  } else if (!format.empty()) {
    diagnostics_.error(where, code::kBinary, fmt::format("{} is {}: not included", quote(path), format));
  } else {
    open(sources_.add(path, std::move(file.text), file.identity));
  }
}

void Expander::refuse_file(const std::string& path, const FileText& file, const IncludeForm& form,
                           Position where) {
  const bool missing = file.outcome == ReadOutcome::Missing;
  complain(missing ? form.literal || form.braces : form.readable, where,
           missing ? code::kIncludeMissing : code::kUnreadable,
           fmt::format("the included file {} {}", quote(path), file.reason));
}

bool Expander::is_open(const FileIdentity& identity) const {
  return std::any_of(frames_.begin(), frames_.end(), [&identity](const Frame& frame) {
    return frame.source->identity == identity && identity != FileIdentity{};
  });
}

}  // namespace hald::config
