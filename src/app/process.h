// SPDX-License-Identifier: Apache-2.0
// What a daemon does to its own process before it starts: namespace, limits, privileges, modules.
#pragma once

#include <string>

#include "base/result.h"

namespace hald::app {

/// Moves this process into the network namespace `name` (below /run/netns).
[[nodiscard]] Result<void> enter_network_namespace(const std::string& name);

/// Fails with EPERM, naming the first one that this process lacks, unless it has CAP_NET_ADMIN and
/// CAP_NET_RAW: without them VRRP would only find out when it is to take over.
[[nodiscard]] Result<void> require_network_capabilities();

/// Core files as large as they get.
[[nodiscard]] Result<void> allow_core_dumps();

/// One descriptor per check under way is needed: raises the soft limit to the hard one.
void raise_descriptor_limit();

/// Runs `modprobe ip_vs` and waits for it, at most a few seconds. Only at start, before the loop runs.
[[nodiscard]] Result<void> load_ipvs_module();

}  // namespace hald::app
