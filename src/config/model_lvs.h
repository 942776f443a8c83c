// SPDX-License-Identifier: Apache-2.0
// The part of the model about virtual servers and their real servers.
#pragma once

#include <compare>
#include <cstdint>
#include <functional>
#include <string>
#include <variant>
#include <vector>

#include "base/ip.h"
#include "config/model_check.h"
#include "config/place.h"

namespace hald::config {

enum class Protocol : std::uint8_t { Tcp = 6, Udp = 17, Sctp = 132 };
/// The numbers are the kernel's (IP_VS_CONN_F_FWD_MASK).
enum class Forwarding : std::uint8_t { Nat = 0, Tunnel = 2, Direct = 3 };

/// A hundred thousand of these fit into a few megabytes: keep it small.
struct RealServer {
  Endpoint endpoint;
  Forwarding forwarding = Forwarding::Nat;
  std::int32_t weight = 1;  ///< 0..65535
  bool alpha = false;       ///< starts as failed until its checks pass
  std::vector<Check> checks;
  Place where;
  friend bool operator==(const RealServer&, const RealServer&) = default;
};

/// A virtual server is found by address or by firewall mark.
struct ServiceAddress {
  Protocol protocol = Protocol::Tcp;
  Endpoint endpoint;
  friend auto operator<=>(const ServiceAddress&, const ServiceAddress&) = default;
};
struct FirewallMark {
  std::uint32_t mark = 0;
  Family family = Family::IPv4;
  friend auto operator<=>(const FirewallMark&, const FirewallMark&) = default;
};
/// Identity of a virtual server, in the configuration, in the kernel and across reloads.
using ServiceKey = std::variant<ServiceAddress, FirewallMark>;

struct VirtualServer {
  ServiceKey key;
  std::string scheduler = "wlc";  ///< kernel name, at most 15 characters
  Forwarding forwarding = Forwarding::Nat;
  std::uint32_t persistence_timeout = 0;  ///< seconds; 0: none
  /// persistence_granularity: IPv4 a netmask as prefix length 0..32, IPv6 1..128.
  std::uint8_t persistence_prefix = 32;
  bool one_packet = false;  ///< `ops`
  std::uint32_t quorum = 1;
  std::uint32_t hysteresis = 0;
  std::vector<RealServer> real_servers;  ///< in file order
  Place where;
  friend bool operator==(const VirtualServer&, const VirtualServer&) = default;
};

/// "tcp", "udp", "sctp".
[[nodiscard]] constexpr const char* to_string(Protocol protocol) {
  switch (protocol) {
    case Protocol::Udp: return "udp";
    case Protocol::Sctp: return "sctp";
    case Protocol::Tcp: break;
  }
  return "tcp";
}
/// "NAT", "TUN", "DR", as the configuration writes them.
[[nodiscard]] constexpr const char* to_string(Forwarding forwarding) {
  switch (forwarding) {
    case Forwarding::Tunnel: return "TUN";
    case Forwarding::Direct: return "DR";
    case Forwarding::Nat: break;
  }
  return "NAT";
}

/// The way keepalived's log lines name a virtual server: "[10.0.0.3]:tcp:80" or "FWM 7".
[[nodiscard]] inline std::string to_string(const ServiceKey& key) {
  if (const auto* mark = std::get_if<FirewallMark>(&key)) return "FWM " + std::to_string(mark->mark);
  const auto& service = std::get<ServiceAddress>(key);
  return "[" + service.endpoint.address.to_string() + "]:" + to_string(service.protocol) + ":" +
         std::to_string(service.endpoint.port);
}
/// The family of the service's clients.
[[nodiscard]] inline Family family_of(const ServiceKey& key) {
  if (const auto* mark = std::get_if<FirewallMark>(&key)) return mark->family;
  return std::get<ServiceAddress>(key).endpoint.address.family();
}

}  // namespace hald::config

template <>
struct std::hash<hald::config::ServiceKey> {
  std::size_t operator()(const hald::config::ServiceKey& key) const noexcept {
    if (const auto* mark = std::get_if<hald::config::FirewallMark>(&key)) {
      return hald::hash_mix(static_cast<std::size_t>(mark->family), mark->mark);
    }
    const auto& service = std::get<hald::config::ServiceAddress>(key);
    return hald::hash_mix(static_cast<std::size_t>(service.protocol),
                          std::hash<hald::Endpoint>{}(service.endpoint));
  }
};
