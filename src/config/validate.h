// SPDX-License-Identifier: Apache-2.0
// What is wrong between instances that are fine by themselves: the same number where adverts meet. Later ones
// give way to earlier ones, with a message that points at both.
#pragma once

#include "config/diagnostics.h"
#include "config/model.h"

namespace hald::config {

/// Removes instances that would get the adverts of an earlier one: with its router id on its interface, in
/// its multicast group or with a peer of its own.
void drop_router_conflicts(std::vector<VrrpInstance>& instances, Diagnostics& diagnostics);

}  // namespace hald::config
