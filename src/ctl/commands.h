// SPDX-License-Identifier: Apache-2.0
// The commands of haldctl. Each prints what it has to say and returns the exit status.
#pragma once

#include "ctl/options.h"

namespace hald::ctl {

[[nodiscard]] int run_command(const Options& options);

}  // namespace hald::ctl
