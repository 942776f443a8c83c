// SPDX-License-Identifier: Apache-2.0
// The one way from a file to a Config: read, lex, expand, parse, build, validate. Runs off the loop (it may
// take hundreds of milliseconds for a big file), touches nothing but the files it reads, never throws for
// bad input and never stops at the first problem.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "config/budget.h"
#include "config/diagnostics.h"
#include "config/files.h"
#include "config/machine.h"
#include "config/model.h"

namespace hald::config {

struct Loaded {
  /// What could be understood; never null. keepalived runs with this even when there are errors, and so
  /// does hald at start; a reload with errors does not use it.
  std::shared_ptr<const Config> config;
  Diagnostics diagnostics;
  /// False if there was no text at all to judge: file missing, not readable, a directory.
  bool readable = true;
};

struct LoadOptions {
  /// What `@id` lines are compared with; empty: the host name up to its first dot.
  std::string config_id;
  /// Where files come from; null: the system's for load_file, none at all for load_text.
  const Files* files = nullptr;
  /// What the configuration is checked against; null: this machine for load_file (host names are trusted, so
  /// that nothing waits), a machine that has everything for load_text.
  const Machine* machine = nullptr;
  /// A note for each word that keepalived does not know, though hald does.
  bool note_own_words = false;
  /// -e: plain `include` insists on its files, as `includea` does.
  bool all_includes = false;
  /// Of ${_RANDOM}, until `random_seed` says otherwise; nothing: another one each time.
  std::optional<std::uint64_t> random_seed;
  /// How much macros may make of a text.
  ExpansionLimits limits;
};

/// Reads the file at `path` and everything it includes.
[[nodiscard]] Loaded load_file(const std::string& path, const LoadOptions& options = {});
/// The same for text already in memory, known as `name` in diagnostics. For tests and fuzzing.
[[nodiscard]] Loaded load_text(std::string_view text, const std::string& name,
                               const LoadOptions& options = {});

}  // namespace hald::config
