// SPDX-License-Identifier: Apache-2.0
#include "checker/socket_probes.h"

#include "base/overloaded.h"
#include "checker/tcp_probe.h"

namespace hald::checker {

std::unique_ptr<Probe> SocketProbes::start(const config::Check& check, Report report) {
  return std::visit(Overloaded{[&](const config::TcpCheck& tcp) {
                      return start_tcp_probe(io_, scheduler_, tcp, std::move(report));
                    }},
                    check);
}

}  // namespace hald::checker
