// SPDX-License-Identifier: Apache-2.0
// What ServerSide shows of virtual and real servers.
#include <utility>

#include "app/server_side.h"

namespace hald::app {

/// Of a group, its first member stands for all.
std::optional<config::ServiceKey> ServerSide::shown_key(const checker::ServiceRef& server) const {
  if (const auto* own = server.own()) return own->key;
  const auto found = running_.find(server.id());
  if (found == running_.end() || found->second.members.empty()) return std::nullopt;
  return found->second.members.front();
}

status::VirtualServerView ServerSide::view(const checker::ServiceRef& server) const {
  status::VirtualServerView view;
  const checker::ServiceId id = server.id();
  const auto found = running_.find(id);
  const auto shown = shown_key(server);
  if (const auto* own = server.own()) {
    view.key = own->key;
  } else {
    view.group = checker::to_string(id);
    if (found != running_.end()) view.members = found->second.members.size();
    const auto protocol = checker::protocol_of(id);
    view.key = protocol ? config::ServiceKey(config::ServiceAddress{*protocol, {}}) : config::FirewallMark{};
  }
  view.scheduler = server->scheduler;
  view.forwarding = server->method.forwarding;
  view.persistence_timeout = server->persistence_timeout;
  view.quorum_up = found != running_.end() && found->second.quorum_up;
  view.real_servers.reserve(server->real_servers.size());
  for (const auto& real_server : server->real_servers)
    view.real_servers.push_back(this->view(id, shown, real_server));
  return view;
}

status::RealServerView ServerSide::view(const checker::ServiceId& service,
                                        const std::optional<config::ServiceKey>& key,
                                        const config::RealServer& server) const {
  checker::ServerView seen = runner_.view(service, server);
  status::RealServerView out{server.endpoint,
                             server.weight,
                             server.method.forwarding,
                             seen.alive,
                             seen.since,
                             std::move(seen.reason),
                             key ? in_kernel(*key, server) : std::nullopt,
                             std::move(seen.checks)};
  if (admin_.empty()) return out;
  const std::string name = checker::to_string(service);
  if (const auto* order = admin_.find(name, server.endpoint)) {
    out.admin = *order;
    out.connections = drains_.connections({name, server.endpoint});
  }
  return out;
}

std::optional<status::RealServerView> ServerSide::view(const AdminTarget& target) const {
  const auto server = find(target.service);
  if (!server) return std::nullopt;
  const checker::ServiceRef& service = *server;
  for (const auto& real_server : service->real_servers) {
    if (real_server.endpoint == target.place.server)
      return view(target.service, shown_key(service), real_server);
  }
  return std::nullopt;
}

}  // namespace hald::app
