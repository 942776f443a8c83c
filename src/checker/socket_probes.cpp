// SPDX-License-Identifier: Apache-2.0
#include "checker/socket_probes.h"

#include "checker/tcp_probe.h"

namespace hald::checker {

std::unique_ptr<Probe> SocketProbes::start(const config::Check& check, Report report) {
  return start_tcp_probe(io_, scheduler_, std::get<config::TcpCheck>(check), std::move(report));
}

}  // namespace hald::checker
