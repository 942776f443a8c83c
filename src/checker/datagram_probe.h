// SPDX-License-Identifier: Apache-2.0
// DatagramProbe: one try with one datagram: UDP_CHECK, DNS_CHECK, PING_CHECK. The socket is connected, so
// that only the target's answers and errors about it arrive.
#pragma once

#include <memory>

#include "base/scheduler.h"
#include "checker/core/exchange.h"
#include "checker/probe.h"

namespace boost::asio {
class io_context;
}

namespace hald::checker {

enum class DatagramKind : unsigned char { Udp, Ping };

[[nodiscard]] std::unique_ptr<Probe> start_datagram_probe(boost::asio::io_context& io, Scheduler& scheduler,
                                                          const config::NetworkCheck& check,
                                                          DatagramKind kind,
                                                          std::unique_ptr<Exchange> exchange,
                                                          Probes::Report report);

}  // namespace hald::checker
