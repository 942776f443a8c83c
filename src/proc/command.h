// SPDX-License-Identifier: Apache-2.0
// A command and what became of it, as values: nothing here starts anything.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/result.h"
#include "base/script_check.h"
#include "base/time.h"

namespace hald::proc {

struct Command {
  std::vector<std::string> argv;   ///< the program and its arguments; no shell unless the file needs one
  std::optional<ScriptUser> user;  ///< without: as hald itself
  std::vector<std::string> environment{};  ///< "NAME=value", in addition to what hald was started with
  std::string folder{};                    ///< where it runs; empty: where hald does
  bool keep_links = false;  ///< use_symlink_paths: run the path as written, not the file that links lead to
  bool refuse_insecure = false;  ///< enable_script_security

  friend bool operator==(const Command&, const Command&) = default;
};

struct RunOptions {
  std::optional<Duration> limit;             ///< then SIGTERM to the whole group ...
  Duration grace = std::chrono::seconds(2);  ///< ... and so much later SIGKILL
  std::size_t capture = 0;                   ///< how much of standard output and error is kept; 0: /dev/null
};

/// What failed when a program could not be started.
enum class StartStep : unsigned char { Clone, StandardFiles, Groups, Group, User, Folder, Exec };

struct Exited {
  int status = 0;
};
struct Signaled {
  int signal = 0;
};
/// It ran longer than its limit, and was ended.
struct TimedOut {};
struct NotStarted {
  StartStep step = StartStep::Exec;
  Error error;  ///< says what, of which program
};
/// Somebody else could alter what root would run; the text names what.
struct Refused {
  std::string reason;
};
using Ending = std::variant<Exited, Signaled, TimedOut, NotStarted, Refused>;

struct Report {
  Ending ending;
  std::string output{};    ///< the beginning, as much as was asked for
  std::string insecure{};  ///< not empty: it ran although somebody else could alter it, and this names what
  Duration took{};
};

[[nodiscard]] inline bool succeeded(const Ending& ending) {
  const auto* exited = std::get_if<Exited>(&ending);
  return exited != nullptr && exited->status == 0;
}

/// To put behind the name of the program: "exited with status 3", "was ended by SIGKILL", "took too long".
[[nodiscard]] std::string describe(const Ending& ending);

/// One line for a shell that gives `argv` again; a first word that redirects stays as it is.
[[nodiscard]] std::string shell_line(const std::vector<std::string>& argv);

}  // namespace hald::proc
