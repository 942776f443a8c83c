// SPDX-License-Identifier: Apache-2.0
// A configuration as compact text, every field of the model in it, so that a golden file shows any change.
#pragma once

#include <string>

#include "config/load.h"

namespace hald::golden {

[[nodiscard]] std::string print(const config::Config& config);
/// The diagnostics as `hald -t` shows them.
[[nodiscard]] std::string print(const config::Diagnostics& diagnostics);

}  // namespace hald::golden
