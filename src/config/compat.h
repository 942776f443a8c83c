// SPDX-License-Identifier: Apache-2.0
// Compat: what keepalived would make of a file that hald reads in another way. The catalogue knows which
// diagnostics mean that.
#pragma once

#include <string>
#include <vector>

#include "config/check.h"

namespace hald::config {

/// Leaves the diagnostics whose text keepalived reads to another effect, each with a note that says which.
void keep_differences(Diagnostics& diagnostics);

/// check_files for `haldctl check --compat`. The status is that of the files, as without --compat.
[[nodiscard]] CheckReport check_differences(const std::vector<std::string>& files, LoadOptions options,
                                            Format format, bool color);

}  // namespace hald::config
