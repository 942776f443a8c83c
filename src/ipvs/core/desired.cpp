// SPDX-License-Identifier: Apache-2.0
#include "ipvs/core/desired.h"

#include <algorithm>

namespace hald::ipvs {
namespace {

ServiceSettings settings_of(const config::VirtualServer& server) {
  ServiceSettings settings;
  settings.scheduler = server.scheduler;
  settings.prefix = full_prefix(config::family_of(server.key));
  if (server.one_packet) settings.flags |= service_flag::OnePacket;
  if (server.persistence_timeout > 0) {
    settings.flags |= service_flag::Persistent;
    settings.timeout = server.persistence_timeout;
    settings.prefix = server.persistence_prefix;
  }
  return settings;
}

}  // namespace

Service desired_service(const config::VirtualServer& server, const ServiceInput& input) {
  Service service{server.key, settings_of(server), {}};
  const std::size_t count = std::min(server.real_servers.size(), input.in.size());
  service.destinations.reserve(count);
  for (std::size_t i = 0; i < count; ++i) {
    if (!input.in[i]) continue;
    const config::RealServer& real = server.real_servers[i];
    Destination destination;
    destination.endpoint = real.endpoint;
    destination.forwarding = real.method.forwarding;
    destination.weight = real.weight;
    service.destinations.push_back(destination);
  }
  normalise(service);
  return service;
}

}  // namespace hald::ipvs
