// SPDX-License-Identifier: Apache-2.0
#include "ipvs/core/desired.h"

namespace hald::ipvs {
namespace {

using config::LvsMethod;

std::uint32_t flags_of(const config::Service& server) {
  std::uint32_t flags = 0;
  if (server.one_packet) flags |= service_flag::OnePacket;
  if ((server.scheduler_flags & config::scheduler_flag::First) != 0) flags |= service_flag::Scheduler1;
  if ((server.scheduler_flags & config::scheduler_flag::Second) != 0) flags |= service_flag::Scheduler2;
  if ((server.scheduler_flags & config::scheduler_flag::Third) != 0) flags |= service_flag::Scheduler3;
  return flags;
}

/// compat: without persistence its engine and its granularity mean nothing and do not reach the kernel.
ServiceSettings settings_of(const config::Service& server, Family family) {
  ServiceSettings settings;
  settings.scheduler = server.scheduler;
  settings.flags = flags_of(server);
  settings.prefix = full_prefix(family);
  if (server.persistence_timeout == 0) return settings;
  settings.flags |= service_flag::Persistent;
  settings.timeout = server.persistence_timeout;
  settings.persistence_engine = server.persistence_engine;
  settings.prefix = server.persistence_prefix;
  return settings;
}

/// DR and TUN cannot change the port, so it is that of the service; a firewall mark has none.
std::uint16_t port_of(const Endpoint& server, const LvsMethod& method, const ServiceKey& key) {
  if (method.forwarding == Forwarding::Nat) return server.port;
  const auto* address = std::get_if<config::ServiceAddress>(&key);
  return address == nullptr ? std::uint16_t{0} : address->endpoint.port;
}

/// Only tunnels lead to the other family: the kernel refuses everything else.
bool reachable(const Endpoint& server, const LvsMethod& method, Family family) {
  return server.address.family() == family || method.forwarding == Forwarding::Tunnel;
}

Destination destination_of(const Endpoint& server, const LvsMethod& method, const ServiceKey& key) {
  Destination out;
  out.endpoint = {server.address, port_of(server, method, key)};
  out.forwarding = method.forwarding;
  if (method.forwarding != Forwarding::Tunnel) return out;
  out.tunnel_type = method.tunnel;
  out.tunnel_port = method.port;
  out.tunnel_flags = static_cast<std::uint16_t>(method.checksum);
  return out;
}

/// The kernel refuses a server that would be relieved above the count at which it is overloaded.
void put_thresholds(const config::RealServerExtras& extras, Destination& out) {
  out.upper_threshold = extras.upper_threshold;
  if (extras.lower_threshold <= extras.upper_threshold) out.lower_threshold = extras.lower_threshold;
}

class Building {
 public:
  Building(const config::Service& server, const ServiceKey& key, const ServiceInput& input)
      : server_(server),
        input_(input),
        family_(config::family_of(key)),
        sorry_(server.sorry_server ? &*server.sorry_server : nullptr),
        out_{key, settings_of(server, family_), {}} {}

  Service run() {
    out_.destinations.reserve(server_.real_servers.size() + 1);
    const bool needed = sorry_ != nullptr && !input_.quorum_up;
    // Of two with one endpoint the first stays: a sorry server may be a real server as well.
    if (needed) sorry(1);
    for (std::size_t i = 0; i < server_.real_servers.size(); ++i)
      real(server_.real_servers[i], i < input_.in.size() && input_.in[i], needed, effect(i));
    if (sorry_ != nullptr && !needed && sorry_->inhibit) sorry(0);
    normalise(out_);
    return std::move(out_);
  }

 private:
  [[nodiscard]] AdminEffect effect(std::size_t i) const {
    return i < input_.admin.size() ? input_.admin[i] : AdminEffect{};
  }
  void real(const config::RealServer& server, bool alive, bool replaced, const AdminEffect& admin) {
    if (admin.part == AdminEffect::Part::Out) return;
    const bool drains = admin.part == AdminEffect::Part::Drain;
    const bool takes_part = alive && (drains || !replaced);
    if (!takes_part && !server.inhibit_on_failure) return;
    if (!reachable(server.endpoint, server.method, family_)) return;
    Destination destination = destination_of(server.endpoint, server.method, out_.key);
    destination.weight = takes_part ? weight_of(admin, server.weight) : 0;
    if (server.extras) put_thresholds(*server.extras, destination);
    out_.destinations.push_back(destination);
  }
  void sorry(std::int32_t weight) {
    if (!reachable(sorry_->endpoint, sorry_->method, family_)) return;
    Destination destination = destination_of(sorry_->endpoint, sorry_->method, out_.key);
    destination.weight = weight;
    out_.destinations.push_back(destination);
  }

  const config::Service& server_;
  const ServiceInput& input_;
  Family family_;
  const config::SorryServer* sorry_;
  Service out_;
};

}  // namespace

Service desired_service(const config::Service& server, const ServiceKey& key, const ServiceInput& input) {
  return Building(server, key, input).run();
}

}  // namespace hald::ipvs
