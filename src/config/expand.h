// SPDX-License-Identifier: Apache-2.0
// Expander: from texts to the logical lines of a configuration. It takes comments away, splices included
// files in, keeps or drops the lines marked for one node (`@id`), replaces macros (`$NAME`), repeats lines
// (`~SEQ`, `~LST`), and drops lines that keepalived would not take either (too long, with a NUL byte). It
// knows lines and nothing of words or braces. Whatever is being read lies on a stack of frames: files, macros
// of several lines, repeated lines. Rules: keepalived.conf(5), "advanced configuration".
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "config/budget.h"
#include "config/diagnostics.h"
#include "config/files.h"
#include "config/include.h"
#include "config/line.h"
#include "config/macros.h"
#include "config/predefined.h"
#include "config/sequence.h"
#include "config/source.h"
#include "config/substitute.h"
#include "config/text_store.h"

namespace hald::config {

struct ExpandOptions {
  std::string config_id;    ///< what `@id` lines are compared with
  bool all_checks = false;  ///< plain `include` insists on everything from the start
  std::uint64_t seed = 0;   ///< of ${_RANDOM}
  ExpansionLimits limits;
};

class Expander {
 public:
  /// compat: keepalived takes lines of up to this many bytes and drops longer ones.
  static constexpr std::size_t kMaxLine = 1022;
  /// Files open at one time, the main file being the first.
  static constexpr std::size_t kMaxDepth = 32;
  /// What one include line may ask for in braces.
  static constexpr std::size_t kMaxAlternatives = 256;

  Expander(Sources& sources, const Files& files, Diagnostics& diagnostics, ExpandOptions options);
  Expander(const Expander&) = delete;
  Expander& operator=(const Expander&) = delete;

  /// Begins with `source`; once.
  void open(const Source& source) { open(source, {}); }
  /// The next line to be read as configuration, or false at the end.
  bool next(Line& line);
  /// Takes the rest of a line back: behind a brace it begins anew, and may speak to the preprocessor.
  void give_back(const Line& rest) { given_back_ = rest; }

  // What statements of the configuration say to the preprocessor, from the next line on.
  void check_includes(const IncludeCheck& check) { check_ = check; }
  [[nodiscard]] const IncludeCheck& include_check() const { return check_; }
  void seed(std::uint64_t value) { predefined_.seed(value); }

 private:
  struct FileFrame {
    const Source* source = nullptr;
    std::size_t offset = 0;
    std::uint32_t line = 0;
    IncludeCheck check;  ///< to be restored at the end of the file
    Position twice_at;   ///< line not 0: where an include line names it that keepalived would follow twice
  };
  /// The files that an include line still waits for.
  struct IncludeFrame {
    std::vector<std::string> pending;  ///< last one first
    IncludeCheck insists;
    Position where;
    bool twice = false;  ///< keepalived reads them twice
  };
  /// A macro of several lines.
  struct LinesFrame {
    std::shared_ptr<const Macro::Lines> lines;
    std::size_t next = 0;
    std::uint32_t expansion = 0;
  };
  /// A line that is repeated. One name for each value of a set; a counter has one.
  struct RepeatFrame {
    struct Name {
      std::string_view name;
      std::uint32_t definition = 0;
    };
    Line text;
    std::vector<Name> names;
    Position name_at;
    std::optional<Counter> counter;
    bool hexadecimal = false;
    std::vector<std::vector<Line>> sets;
    std::uint64_t next = 0;
  };
  using Frame = std::variant<FileFrame, IncludeFrame, LinesFrame, RepeatFrame>;

  void open(const Source& source, Position twice_at);
  // Taking lines from the frames.
  bool take(Line& line);
  bool take_from(FileFrame& frame, Line& line);
  bool take_from(LinesFrame& frame, Line& line);
  bool take_from(RepeatFrame& frame, Line& line);
  bool raw_line(FileFrame& frame, Line& line);
  bool usable(const Line& line);
  void uncomment(Line& line);
  bool within_budget(const Line& next);
  void pop();

  // Reading them.
  bool process(Line& line);
  bool keep_for_this_node(Line& line);
  bool define(Line& line);
  bool continue_definition(Macro::Lines& lines);
  void repeat(Line& line);
  void refuse_repeat(const Line& line, std::string_view where, const std::string& message);
  void repeat_counter(const Line& line);
  void repeat_list(const Line& line);
  void push_repeat(RepeatFrame frame, const std::vector<std::string_view>& names, Origins::Kind kind,
                   const Line& line, std::string_view text);
  Substituter::Outcome substitute(Line& line);
  void settle(Line& line);
  void misread(Line& line);
  void report_twice();
  void report_references(const Line& line);
  void report_undefined(const Line& line, std::string_view part, std::string_view name, bool braces);
  std::string_view join_backslash(std::string_view text);

  // Including files.
  bool include(const Line& line);
  std::vector<std::string> find_files(std::string_view argument, const IncludeCheck& insists, Position where);
  void include_next(IncludeFrame& frame);
  void include_file(const std::string& path, const IncludeFrame& frame);
  void refuse_file(const std::string& path, const FileText& file, const IncludeFrame& frame);
  [[nodiscard]] std::size_t open_files() const;
  [[nodiscard]] bool is_open(const FileIdentity& identity) const;
  [[nodiscard]] const Source& current_source() const;
  void complain(bool is_error, Position where, std::string_view code, std::string message);

  Sources& sources_;
  const Files& files_;
  Diagnostics& diagnostics_;
  std::string config_id_;
  IncludeCheck check_;
  Budget budget_;
  Predefined predefined_;
  Macros macros_;
  Substituter substituter_;
  TextStore store_;
  std::vector<Frame> frames_;
  std::optional<Line> given_back_;
  std::size_t twice_open_ = 0;  // files with a twice_at
  bool from_file_ = false;      // the line is one of the innermost file, or what is left of it
  bool plain_include_ = false;  // the line begins with an include word as it stands in the file
};

}  // namespace hald::config
