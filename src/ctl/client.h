// SPDX-License-Identifier: Apache-2.0
// Asks a running hald: one request line over its control socket, one JSON document back.
#pragma once

#include <string>

#include "base/result.h"
#include "base/time.h"

namespace hald::ctl {

inline constexpr const char* kDefaultSocket = "/run/hald/control.sock";

/// Sends `request` to the hald that listens at `path` and returns its whole answer. Waits at most `patience`
/// for each part of it.
[[nodiscard]] Result<std::string> ask(const std::string& path, const std::string& request,
                                      Duration patience = std::chrono::seconds(10));

}  // namespace hald::ctl
