// SPDX-License-Identifier: Apache-2.0
// TcpProbe: one try of a TCP_CHECK. Connects without blocking and closes again; an accepted connection is a
// pass, whatever the server does with it afterwards. Errors that come from the target or the way to it are
// failures; errors of this machine (no descriptor, the source address is not here) say nothing about it.
// Which is which follows keepalived's behaviour.
#pragma once

#include <memory>

#include "base/scheduler.h"
#include "checker/probe.h"

namespace boost::asio {
class io_context;
}

namespace hald::checker {

[[nodiscard]] std::unique_ptr<Probe> start_tcp_probe(boost::asio::io_context& io, Scheduler& scheduler,
                                                     const config::TcpCheck& check, Probes::Report report);

/// What an errno of connect() means. `immediate`: connect() itself returned it; otherwise the socket reported
/// it later, when the packet had left and only the target or the network can have answered.
[[nodiscard]] Outcome connect_failure(int number, bool immediate);

}  // namespace hald::checker
