// SPDX-License-Identifier: Apache-2.0
// A tracked process: which of the machine's processes it means, and whether as many of them run as should.
// Rules: keepalived's (keepalived.conf(5), "vrrp_track_process").
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "base/time.h"
#include "config/model_track.h"

namespace hald::vrrp {

/// More of a command line is never looked at.
constexpr std::size_t command_line_bytes = 4096;

/// `name` is the short one (15 bytes at most), `command_line` the words of the command, each with a zero byte
/// behind it.
[[nodiscard]] bool matches(const config::TrackProcess& wanted, std::string_view name,
                           std::string_view command_line);

/// How many of them run, and what that is taken for.
struct ProcessQuorum {
  unsigned count = 0;
  bool known = false;  ///< they have been counted
  bool good = false;
  std::optional<TimePoint> turns_at;  ///< `good` will be what the count says, unless that changes again

  friend bool operator==(const ProcessQuorum&, const ProcessQuorum&) = default;
};
/// After counting. The first count holds at once; later terminate_delay is granted to what ended, and
/// fork_delay to what began. Also to be called at `turns_at`.
[[nodiscard]] ProcessQuorum fold(const config::TrackProcess& wanted, const ProcessQuorum& before,
                                 unsigned count, TimePoint now);

}  // namespace hald::vrrp
