// SPDX-License-Identifier: Apache-2.0
// HandoverRecord: what one run of hald passes on to the next one, so that a restart or an upgrade is no
// failover. Written as one line of header (version, SHA-256, length) and JSON behind it. Untrusted when it is
// read: another version, a cut or changed one is refused as a whole.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "app/server_side.h"
#include "base/result.h"
#include "base/time.h"
#include "net/sysctls.h"
#include "vrrp/core/carried.h"

namespace hald::app {

/// Where and when a run was: what it says means something in the same place only.
struct RunPlace {
  std::string boot_id;
  std::uint64_t network_namespace = 0;  ///< inode
  std::string config_file;
};

struct HandoverRecord {
  std::string hald;  ///< version of the program, for people
  RunPlace place;
  TimePoint written;  ///< by the clock of this boot
  /// It ended for a restart and knew of the next one. If not, it was killed, nobody knows when, and what it
  /// knew of servers is not in here.
  bool ended = false;
  std::string config;  ///< the whole configuration that ran, as hald prints it
  vrrp::Carried routers;
  CarriedServers servers;
  std::vector<net::RememberedSysctl> sysctls;
};

/// Of the layout, not of the program.
inline constexpr int kHandoverVersion = 1;
/// Nobody waits longer than this for a program that is being started anew.
inline constexpr Duration kHandoverAge = std::chrono::minutes(10);

[[nodiscard]] std::string encode(const HandoverRecord& record);
/// Total: anything but what encode() wrote is an error that says what is wrong.
[[nodiscard]] Result<HandoverRecord> decode(std::string_view bytes);

/// Why a run at `here` and `now` cannot go on with it; empty: it can.
[[nodiscard]] std::string refusal(const HandoverRecord& record, const RunPlace& here, TimePoint now);

}  // namespace hald::app
