// SPDX-License-Identifier: Apache-2.0
// The status document as tables for a terminal.
#pragma once

#include <string>

#include "base/result.h"
#include "base/time.h"

namespace hald::ctl {

/// Renders the JSON of `haldctl status --json`. `now` turns points in time into ages.
[[nodiscard]] Result<std::string> render_status(const std::string& document, WallTime now);

/// "12s", "3m05s", "4h07m", "12d03h": an age at a glance.
[[nodiscard]] std::string to_age(Duration age);

}  // namespace hald::ctl
