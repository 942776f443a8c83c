// SPDX-License-Identifier: Apache-2.0
// How the kernel schedules the loop: real-time, so that adverts leave on time whatever else the machine does;
// nice value, processors and locked memory as the configuration asks.
// Only the loop's thread is raised: helper threads, scripts and modprobe are born ordinary. The threads that
// start scripts follow the loop (proc/launcher.h).
#pragma once

#include <string>
#include <vector>

#include "config/model.h"

namespace hald::app {

/// Applies the vrrp_* words of the configuration to the calling thread, the loop's; those that begin with
/// checker_ if it has no instances. Without a word about it, a configuration with instances gets the lowest
/// real-time priority where the process may have one, and says nothing where it may not. Returns what was
/// asked for and could not be had, one sentence each. What an earlier configuration set and this one does not
/// is taken back.
[[nodiscard]] std::vector<std::string> apply_scheduling(const config::Config& config);

/// "real-time 1", or "nice -5"; for the status and the log.
[[nodiscard]] std::string scheduling_in_words();

}  // namespace hald::app
