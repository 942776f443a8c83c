// SPDX-License-Identifier: Apache-2.0
// Diagnostics: everything that is to be said about a configuration, collected in one pass. Nothing here
// exits, prints or throws; `hald -t`, the log at start and the refusal of a reload are readers of it.
// A position names a place in the text as the operator wrote it, so that an error points at the character.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "config/origins.h"
#include "config/position.h"

namespace hald::config {

enum class Severity : std::uint8_t {
  Error,    ///< `hald -t` exits with 5; a reload keeps the old configuration
  Warning,  ///< legal, and probably not what was meant
  Note      ///< for the operator to know: an old word that still works
};

/// What `hald -t` makes of a diagnostic: its exit status is that of the gravest one, as in keepalived.
enum class Verdict : std::uint8_t {
  Clean = 0,      ///< keepalived would say nothing
  Complaint = 5,  ///< keepalived reports it too, or would misread it
  Security = 6    ///< a script would run without script security
};

/// The line a place is on, clipped around the place.
struct Excerpt {
  std::string text;         ///< empty: unknown
  std::uint32_t start = 1;  ///< column of its first byte
  bool cut = false;         ///< the line goes on behind it
};

/// A second place that a diagnostic points at: the first definition of what is defined twice, the line that
/// includes the file, the definition of a macro.
struct Remark {
  Position where;  ///< line 0: a remark about the entry itself
  std::string message;
  Excerpt excerpt;
};

struct Diagnostic {
  Severity severity = Severity::Error;
  Verdict verdict = Verdict::Clean;
  std::string code;     ///< stable identifier of the kind: "unknown-word"
  std::string message;  ///< one sentence, no full stop
  std::string help;     ///< how to mend it, or empty: "did you mean `priority`?"
  Position where;
  Excerpt excerpt;
  std::vector<Remark> remarks;
};

class Diagnostics;

/// What an entry that was just made can still be told. To be used at once.
class Told {
 public:
  Told(Diagnostics& all, Diagnostic* entry) : all_(&all), entry_(entry) {}
  /// Points at a second place. Nothing happens if `where` is no place, or the entry was not kept.
  Told& see(Position where, std::string message);
  /// keepalived reports this as well: `hald -t` fails because of it, whatever the severity.
  Told& as_keepalived();
  Told& as_security();

 private:
  Told& raise(Verdict verdict);

  Diagnostics* all_;
  Diagnostic* entry_;  // null: not kept
};

/// A word of the operator's text made safe for a message: in backquotes, control bytes escaped, clipped.
[[nodiscard]] std::string quote(std::string_view text);

class Diagnostics {
 public:
  /// Of one code at most this many are kept: a binary file, or one old word used in ten thousand servers,
  /// must not bury the rest.
  static constexpr std::size_t kKeptPerCode = 100;
  using Counts = std::map<std::string, std::size_t, std::less<>>;  ///< by code

  /// Registers a source and returns its index for Position::file. `included_at`: the line that asked for it.
  std::uint16_t add_file(std::string_view name, Position included_at = {});
  /// Where lines come from that macros made: places in them are turned into those of the operator's text.
  [[nodiscard]] Origins& origins() { return origins_; }
  Told error(Position where, std::string_view code, std::string message, std::string help = {});
  Told warning(Position where, std::string_view code, std::string message, std::string help = {});
  Told note(Position where, std::string_view code, std::string message, std::string help = {});

  /// True if one more of `code` would be dropped: its message need not be worked out.
  [[nodiscard]] bool full(std::string_view code) const;
  /// "FILE:LINE:COLUMN" of a place, for a message that points at a second one.
  [[nodiscard]] std::string describe(Position where) const;
  /// Called once, when all is said: puts everything in the order of the text, says nothing twice and keeps
  /// the lines concerned.
  /// `texts` are the contents of files(), in that order.
  void finish(std::span<const std::string_view> texts);

  /// Keeps those entries for which `keep` says so, which may add to them.
  void filter(const std::function<bool(Diagnostic&)>& keep);

  /// The gravest of all entries, those not kept included.
  [[nodiscard]] Verdict verdict() const { return verdict_; }
  void raise(Verdict verdict) { verdict_ = std::max(verdict_, verdict); }
  [[nodiscard]] bool has_errors() const { return errors() > 0; }
  [[nodiscard]] std::size_t errors() const { return count(Severity::Error); }
  [[nodiscard]] const std::vector<Diagnostic>& all() const { return all_; }
  [[nodiscard]] const std::vector<std::string>& files() const { return files_; }
  /// Those not kept included.
  [[nodiscard]] std::size_t count(Severity severity) const {
    return counts_[static_cast<std::size_t>(severity)];
  }
  /// How many were not kept because a hopeless file (a binary, say) would yield millions of them.
  [[nodiscard]] std::size_t dropped() const;
  [[nodiscard]] const Counts& dropped_by_code() const { return dropped_; }

 private:
  Told add(Severity severity, Position where, std::string_view code, std::string message, std::string help);
  void drop_repeated();
  [[nodiscard]] Position written(Position where) const;
  void show_includes(Diagnostic& diagnostic) const;

  friend class Told;
  Origins origins_;
  std::vector<Position> included_at_;  // by file; line 0: not included
  Counts seen_;
  Counts dropped_;
  std::vector<Diagnostic> all_;
  std::vector<std::string> files_;
  std::array<std::size_t, 3> counts_{};  // by severity
  Verdict verdict_ = Verdict::Clean;
};

}  // namespace hald::config
