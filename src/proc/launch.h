// SPDX-License-Identifier: Apache-2.0
// launch: starts one program and returns once it runs. The new process borrows hald's memory until its exec,
// as with vfork, so that a start costs the same however big hald is; the calling thread stands still until
// then, which may be long if a disk hangs. Hence never on the loop: Launcher calls it.
#pragma once

#include <sys/types.h>

#include <string>
#include <variant>

#include "base/unique_fd.h"
#include "proc/baseline.h"
#include "proc/command.h"

namespace hald::proc {

/// A program that runs, with its process group of the same number.
struct Started {
  pid_t pid = 0;
  UniqueFd pidfd;
  UniqueFd output;  ///< what it prints, if that was asked for
  std::string insecure{};
};
using LaunchResult = std::variant<Started, NotStarted, Refused>;

/// Signals must be blocked in the calling thread: until its exec, a handler in the new process would act in
/// hald's memory. `null` is /dev/null, open for both, not one of the standard descriptors.
[[nodiscard]] LaunchResult launch(const Command& command, bool capture, const Baseline& baseline, int null);

}  // namespace hald::proc
