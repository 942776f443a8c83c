// SPDX-License-Identifier: Apache-2.0
// desired_service: which entries the kernel should hold for one virtual server, as a pure function of the
// configuration and of what is known about its real servers. Who is alive, and what quorum makes of it, is
// decided elsewhere and comes in.
#pragma once

#include <vector>

#include "config/model.h"
#include "ipvs/core/table.h"

namespace hald::ipvs {

/// What a virtual server's real servers are worth right now.
struct ServiceInput {
  /// One per real server, in file order: true puts it into the table with its weight. A real server beyond
  /// the end is out.
  std::vector<bool> in;
};

/// A real server that is out is absent (not weight 0).
[[nodiscard]] Service desired_service(const config::VirtualServer& server, const ServiceInput& input);

}  // namespace hald::ipvs
