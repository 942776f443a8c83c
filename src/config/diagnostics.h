// SPDX-License-Identifier: Apache-2.0
// Diagnostics: everything that is to be said about a configuration, collected in one pass. Nothing here
// exits, prints or throws; `hald -t`, the log at start and the refusal of a reload are readers of it.
// A position names a place in the text as the operator wrote it, so that an error points at the character.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace hald::config {

/// A place in a source: `file` is an index into Diagnostics::files(); lines and columns count from 1, a
/// column is a byte of the line. Line 0 means "the file as a whole".
struct Position {
  std::uint32_t line = 0;
  std::uint32_t column = 0;
  std::uint16_t file = 0;
  std::uint16_t length = 0;  ///< bytes underlined; 0 underlines one
  friend constexpr auto operator<=>(const Position&, const Position&) = default;
};

enum class Severity : std::uint8_t {
  Error,    ///< `hald -t` exits with 5; a reload keeps the old configuration
  Warning,  ///< legal, and probably not what was meant
  Note      ///< for the operator to know: an old word that still works
};

struct Diagnostic {
  Severity severity = Severity::Error;
  std::string code;     ///< stable identifier of the kind: "unknown-word"
  std::string message;  ///< one sentence, no full stop
  std::string help;     ///< how to mend it, or empty: "did you mean `priority`?"
  Position where;
  std::string excerpt;              ///< the source line as it stands, clipped around `where`; empty: unknown
  std::uint32_t excerpt_start = 1;  ///< column of the first byte of `excerpt`
  bool excerpt_cut = false;         ///< the line goes on behind `excerpt`
};

/// A word of the operator's text made safe for a message: in backquotes, control bytes escaped, clipped.
[[nodiscard]] std::string quote(std::string_view text);

class Diagnostics {
 public:
  /// Of one code at most this many are kept: a binary file, or one old word used in ten thousand servers,
  /// must not bury the rest.
  static constexpr std::size_t kKeptPerCode = 100;

  /// Registers a source and returns its index for Position::file.
  std::uint16_t add_file(std::string_view name);
  void error(Position where, std::string_view code, std::string message, std::string help = {});
  void warning(Position where, std::string_view code, std::string message, std::string help = {});
  void note(Position where, std::string_view code, std::string message, std::string help = {});

  /// True if one more of `code` would be dropped: its message need not be worked out.
  [[nodiscard]] bool full(std::string_view code) const;
  /// "FILE:LINE:COLUMN" of a place, for a message that points at a second one.
  [[nodiscard]] std::string describe(Position where) const;
  /// Called once, when all is said: puts everything in the order of the text and keeps the lines concerned.
  /// `texts` are the contents of files(), in that order.
  void finish(std::span<const std::string_view> texts);

  /// Are there errors other than those of one kind, which is one of errors only? A word of keepalived's that
  /// hald cannot follow yet fails `-t`, but makes the rest of a file no less fit to run.
  [[nodiscard]] bool has_errors_besides(std::string_view code) const;
  [[nodiscard]] bool has_errors() const { return errors_ > 0; }
  [[nodiscard]] std::size_t errors() const { return errors_; }
  [[nodiscard]] const std::vector<Diagnostic>& all() const { return all_; }
  [[nodiscard]] const std::vector<std::string>& files() const { return files_; }
  /// How many were not kept because a hopeless file (a binary, say) would yield millions of them.
  [[nodiscard]] std::size_t dropped() const { return dropped_; }

 private:
  void add(Severity severity, Position where, std::string_view code, std::string message, std::string help);

  std::map<std::string, std::size_t, std::less<>> seen_;  // by code
  std::vector<Diagnostic> all_;
  std::vector<std::string> files_;
  std::size_t errors_ = 0;
  std::size_t dropped_ = 0;
};

}  // namespace hald::config
