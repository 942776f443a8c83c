// SPDX-License-Identifier: Apache-2.0
// From the command line to a running Daemon, or to the one line that says why not.
#pragma once

namespace hald::app {

/// The program. Returns the exit status (exit_status.h).
[[nodiscard]] int start(int argc, char** argv);

}  // namespace hald::app
