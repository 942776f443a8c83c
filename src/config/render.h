// SPDX-License-Identifier: Apache-2.0
// How diagnostics look: to a person, to an editor, to a program, in the log. The lines shown come from files
// that may hold anything; nothing of them, nor of a message, reaches a terminal unchecked.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/diagnostics.h"
#include "config/paint.h"

namespace hald::config {

enum class Format : std::uint8_t {
  Human,  ///< the line, the columns underlined, notes, help, and a summary at the end
  Json,   ///< one document (docs: hald.conf(5), DIAGNOSTICS)
  Gcc     ///< FILE:LINE:COLUMN: error: message [code]
};

/// "human", "json", "gcc"; nothing for anything else.
[[nodiscard]] std::optional<Format> format_of(std::string_view name);

/// Everything that is to be said about some files, ending in a line end; empty if that is nothing (Json never
/// is). `files` are the ones that were asked for, in the order of `diagnostics`.
struct Checked {
  std::string file;
  const Diagnostics* diagnostics = nullptr;
  int exit_status = 0;
};
[[nodiscard]] std::string report(const std::vector<Checked>& files, Format format, bool color = false);
[[nodiscard]] std::string report(const Diagnostics& diagnostics, bool color = false);

/// One diagnostic as an operator reads it, without a line end behind it:
///
///     error[unknown-word]: unknown word `prioritty` in vrrp_instance
///       --> hald.conf:12:5
///        |
///     12 |     prioritty 100
///        |     ^~~~~~~~~
///        = help: did you mean `priority`?
[[nodiscard]] std::string render(const Diagnostics& diagnostics, const Diagnostic& diagnostic,
                                 const Paint& paint = Paint());

/// The same on one line, for the log: no source line, the help after a semicolon.
[[nodiscard]] std::string render_line(const Diagnostics& diagnostics, const Diagnostic& diagnostic);

/// "error", "warning", "note".
[[nodiscard]] std::string_view to_string(Severity severity);
/// "clean", "complaint", "security".
[[nodiscard]] std::string_view to_string(Verdict verdict);

// One for each format; `report` picks.
[[nodiscard]] std::string report_human(const std::vector<Checked>& files, const Paint& paint);
[[nodiscard]] std::string report_json(const std::vector<Checked>& files);
[[nodiscard]] std::string report_gcc(const std::vector<Checked>& files);

/// "140 errors, 1 warning; 40 of unknown-word not shown"; empty if there is nothing.
[[nodiscard]] std::string summary_of(const std::vector<Checked>& files);

}  // namespace hald::config
