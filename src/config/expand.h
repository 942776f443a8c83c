// SPDX-License-Identifier: Apache-2.0
// Expander: from texts to the logical lines of a configuration. It splices included files in, keeps or
// drops the lines marked for one node (`@id`), and drops lines that keepalived would not take either (too
// long, with a NUL byte). Macros ($NAME=, ~SEQ, ~LST) belong here too; they are recognised and refused.
// It knows lines and nothing of words or braces. Rules: keepalived.conf(5), "conditional configuration".
#pragma once

#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "config/diagnostics.h"
#include "config/files.h"
#include "config/include.h"
#include "config/line.h"
#include "config/source.h"

namespace hald::config {

class Expander {
 public:
  /// compat: keepalived takes lines of up to this many bytes and drops longer ones.
  static constexpr std::size_t kMaxLine = 1023;
  /// Files open at one time, the main file being the first.
  static constexpr std::size_t kMaxDepth = 32;
  /// What one include line may ask for in braces.
  static constexpr std::size_t kMaxAlternatives = 256;

  /// `config_id` is what `@id` lines are compared with.
  Expander(Sources& sources, const Files& files, Diagnostics& diagnostics, std::string config_id)
      : sources_(sources), files_(files), diagnostics_(diagnostics), config_id_(std::move(config_id)) {}

  /// Begins with `source`; once.
  void open(const Source& source);
  /// The next line to be read as configuration, or false at the end.
  bool next(Line& line);
  /// True if `word` refers to a macro, which nothing here replaces. Other dollar signs are plain text.
  [[nodiscard]] bool has_macro(std::string_view word) const;

 private:
  /// A file being read, and the files its last include line still waits for.
  struct Frame {
    const Source* source = nullptr;
    std::size_t offset = 0;
    std::uint32_t line = 0;
    std::vector<std::string> pending;  ///< last one first
    const IncludeForm* form = nullptr;
    Position where;
  };

  bool raw_line(Line& line);
  bool usable(const Line& line);
  bool keep_for_this_node(Line& line) const;
  bool directive(const Line& line);
  bool define(const Line& line, std::string_view text);
  void refuse_macro(const Line& line, std::string_view part, std::string_view what);
  void include(const Line& line, const IncludeForm& form, std::string_view argument);
  void find_files(const std::string& pattern, const IncludeForm& form, bool alternative, Position where,
                  std::vector<std::string>& paths);
  void include_next();
  void include_file(const std::string& path, const IncludeForm& form, Position where);
  void refuse_file(const std::string& path, const FileText& file, const IncludeForm& form, Position where);
  [[nodiscard]] bool is_open(const FileIdentity& identity) const;
  void complain(bool is_error, Position where, std::string_view code, std::string message);

  Sources& sources_;
  const Files& files_;
  Diagnostics& diagnostics_;
  std::string config_id_;
  std::set<std::string, std::less<>> macros_;
  std::vector<Frame> frames_;
};

}  // namespace hald::config
