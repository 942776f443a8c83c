// SPDX-License-Identifier: Apache-2.0
// desired_service: which entries the kernel should hold for one virtual server, as a pure function of the
// configuration, of what is known about its real servers and of what operators have ordered. Who is alive,
// and what quorum makes of it, is decided elsewhere and comes in.
#pragma once

#include <vector>

#include "config/model.h"
#include "ipvs/core/admin.h"
#include "ipvs/core/table.h"

namespace hald::ipvs {

/// What a virtual server's real servers are worth right now.
struct ServiceInput {
  /// One per real server, in file order: true for one that is alive. A real server beyond the end is not.
  std::vector<bool> in;
  /// The quorum is there: no sorry server is needed. Without one this makes no difference.
  bool quorum_up = true;
  /// What operators have ordered, one per real server in file order; empty: nothing.
  std::vector<AdminEffect> admin{};
};

/// What the kernel should hold under `key`, which is the server's own or that of a member of its group. A
/// real server that does not take part is absent, or has weight 0 if it says `inhibit_on_failure`. When the
/// quorum is lost, the sorry server takes the place of all others. One that an operator took out is absent in
/// any case; one that is drained stays with weight 0, beside a sorry server too, unless it is dead.
[[nodiscard]] Service desired_service(const config::Service& server, const ServiceKey& key,
                                      const ServiceInput& input);
[[nodiscard]] inline Service desired_service(const config::VirtualServer& server, const ServiceInput& input) {
  return desired_service(server, server.key, input);
}

}  // namespace hald::ipvs
