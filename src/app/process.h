// SPDX-License-Identifier: Apache-2.0
// What a daemon does to its own process before it starts: namespace, limits, privileges, modules.
#pragma once

#include <string>

#include "base/result.h"
#include "config/model.h"

namespace hald::app {

/// Moves this process into the network namespace `name` (below /run/netns).
[[nodiscard]] Result<void> enter_network_namespace(const std::string& name);

/// Fails with EPERM, naming the first one that this process lacks, unless it has CAP_NET_ADMIN and
/// CAP_NET_RAW: without them VRRP would only find out when it is to take over.
[[nodiscard]] Result<void> require_network_capabilities();

/// What ps and top call this process; empty: its own name.
void name_process(const std::string& name);

/// Core files as large as they get.
[[nodiscard]] Result<void> allow_core_dumps();

/// One descriptor per check under way is needed: raises the soft limit to the hard one.
void raise_descriptor_limit();

/// Runs `modprobe` for a kernel module and waits for it, at most some seconds: never on the loop.
[[nodiscard]] Result<void> load_module(const std::string& name);

/// Loads the modules of the schedulers and persistence engines that `config` uses and the kernel lacks.
/// Without this the kernel loads each one within the request that first uses it, and the loop stands still
/// meanwhile. A failure says nothing yet: a scheduler may be built in, and if there is none the kernel's
/// refusal names the service.
void load_scheduler_modules(const config::Config& config);

}  // namespace hald::app
