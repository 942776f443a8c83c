// SPDX-License-Identifier: Apache-2.0
// What is wrong between things that are fine by themselves: the same name, number or address twice, a quorum
// that cannot be reached. Later ones give way to earlier ones, with a message that points at both.
#pragma once

#include "config/diagnostics.h"
#include "config/model.h"

namespace hald::config {

/// Removes real servers given twice. False if none is left, which is reported: the service is of no use.
[[nodiscard]] bool drop_unusable_servers(VirtualServer& service, Diagnostics& diagnostics);

/// compat: a quorum above the sum of the weights is lowered to it, a hysteresis not below the quorum to one
/// less. The positions are those of the words, line 0 where they are not written.
void settle_quorum(VirtualServer& service, Position quorum, Position hysteresis, Diagnostics& diagnostics);

/// Removes instances that would get the adverts of an earlier one: with its router id on its interface, in
/// its multicast group or with a peer of its own.
void drop_router_conflicts(std::vector<VrrpInstance>& instances, Diagnostics& diagnostics);

/// Removes virtual servers with the key of an earlier one.
void drop_duplicates(Config& config, Diagnostics& diagnostics);

}  // namespace hald::config
