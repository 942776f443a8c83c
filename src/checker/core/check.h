// SPDX-License-Identifier: Apache-2.0
// What every kind of check has in common, read off the configuration: its name, target and timing, when two
// of them are the same check, and which kinds hald runs yet. Those it does not run count as nothing: neither
// up nor down.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "checker/core/outcome.h"
#include "config/model.h"

namespace hald::checker {

/// As the configuration writes it: "TCP_CHECK".
[[nodiscard]] std::string_view type_name(const config::Check& check);
/// Null for a check that does not use the network.
[[nodiscard]] const Endpoint* target_of(const config::Check& check);
/// Null for a check that is not repeated: it follows a file or a session.
[[nodiscard]] const config::CheckSettings* settings_of(const config::Check& check);

/// How many questions it consists of, which are asked one after the other.
[[nodiscard]] std::size_t parts_of(const config::Check& check);

[[nodiscard]] bool is_run(const config::Check& check);
/// How many of a server's checks are run.
[[nodiscard]] std::size_t count_run(const config::RealServer& server);
/// Whether a check that is run makes the server start as dead.
[[nodiscard]] bool starts_dead(const config::RealServer& server);

/// Whether both ask the same question of the same target from the same source. Timing does not matter: a
/// check that only got another pace keeps its verdict.
[[nodiscard]] bool same_check(const config::Check& one, const config::Check& other);

/// One or two words for status and logs: "connected", "refused", "timed out".
[[nodiscard]] std::string_view to_string(Layer layer, Kind kind);

}  // namespace hald::checker
