// SPDX-License-Identifier: Apache-2.0
// What is settled about groups when all instances are known: whether members exist, and are in one group
// only, and whether what the group tracks can move their priorities.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "config/build_group.h"
#include "config/build_vrrp.h"
#include "config/model.h"

namespace hald::config {

/// Which group an instance is in.
using Membership = std::map<std::string, const SyncGroup*, std::less<>>;

/// Before instances are completed. Groups without members go.
Membership settle_members(std::vector<SyncGroupDraft>& groups, const std::vector<InstanceDraft>& instances,
                          const Global& global, Diagnostics& diagnostics);

/// Afterwards: members that could not be completed go, and so do weights where an owner is a member.
void settle_sync_groups(std::vector<SyncGroup>& groups, const std::vector<VrrpInstance>& instances,
                        Diagnostics& diagnostics);

/// Members that are no instances go, with a warning, and so do groups without any; what is static and follows
/// such a group then follows none.
void settle_track_groups(Config& config, Diagnostics& diagnostics);

}  // namespace hald::config
