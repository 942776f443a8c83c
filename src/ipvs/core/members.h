// SPDX-License-Identifier: Apache-2.0
// member_keys: which services of the kernel a virtual server of a group stands for: one for each address of
// its ranges and networks, and one for each firewall mark.
#pragma once

#include <vector>

#include "config/model.h"
#include "ipvs/core/desired.h"

namespace hald::ipvs {

/// In the order of the group's lines, addresses before marks; the same one only once.
[[nodiscard]] std::vector<ServiceKey> member_keys(const config::ServerGroup& group,
                                                  const config::GroupServer& server);

/// As desired_service() of a virtual server, for one member.
[[nodiscard]] Service desired_member(const config::GroupServer& server, const ServiceKey& member,
                                     const ServiceInput& input);

}  // namespace hald::ipvs
