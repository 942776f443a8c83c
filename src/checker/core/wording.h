// SPDX-License-Identifier: Apache-2.0
// keepalived's wording of what became of a check, which differs between kinds: operators search for these
// lines.
#pragma once

#include <cstdint>
#include <string>

#include "config/model_check.h"

namespace hald::checker {

/// `server` and `service`: as log lines name them.
[[nodiscard]] std::string success_line(const config::Check& check, const std::string& server);
[[nodiscard]] std::string failure_line(const config::Check& check, const std::string& server,
                                       const std::string& service, std::uint32_t retries);

}  // namespace hald::checker
