// SPDX-License-Identifier: Apache-2.0
// What every kind of check has in common, read off the configuration: its name, target and timing, and when
// two of them are the same check.
#pragma once

#include <string>
#include <string_view>

#include "checker/core/outcome.h"
#include "config/model.h"

namespace hald::checker {

/// As the configuration writes it: "TCP_CHECK".
[[nodiscard]] std::string_view type_name(const config::Check& check);
[[nodiscard]] const Endpoint& target_of(const config::Check& check);
[[nodiscard]] const config::CheckTiming& timing_of(const config::Check& check);

/// Whether both ask the same question of the same target from the same source. Timing does not matter: a
/// check that only got another pace keeps its verdict.
[[nodiscard]] bool same_check(const config::Check& one, const config::Check& other);

/// One or two words for status and logs: "connected", "refused", "timed out".
[[nodiscard]] std::string_view to_string(Kind kind);

}  // namespace hald::checker
