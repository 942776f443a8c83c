// SPDX-License-Identifier: Apache-2.0
// `hald --handover`: where no service manager sends the signal that ends hald for a restart.
#pragma once

#include <string>

#include "base/result.h"

namespace hald::app {

/// Signals the hald that holds `pid_file` and waits until it has ended, ten seconds at most. ESRCH: none
/// runs.
[[nodiscard]] Result<void> ask_for_handover(const std::string& pid_file);

}  // namespace hald::app
