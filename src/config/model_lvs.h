// SPDX-License-Identifier: Apache-2.0
// The part of the model about virtual servers, their real servers and groups of virtual addresses.
#pragma once

#include <compare>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/boxed.h"
#include "base/ip.h"
#include "base/short_list.h"
#include "config/model_check.h"
#include "config/model_script.h"
#include "config/place.h"

namespace hald::config {

enum class Protocol : std::uint8_t { Tcp = 6, Udp = 17, Sctp = 132 };
/// The numbers are the kernel's (IP_VS_CONN_F_FWD_MASK).
enum class Forwarding : std::uint8_t { Nat = 0, Tunnel = 2, Direct = 3 };
/// The numbers are the kernel's, as are those below.
enum class TunnelType : std::uint8_t { Ipip = 0, Gue = 1, Gre = 2 };
enum class TunnelChecksum : std::uint8_t { None = 0, Checksum = 1, Remote = 2 };

/// How packets reach a server: what `lb_kind` and `lvs_method` say.
struct LvsMethod {
  Forwarding forwarding = Forwarding::Nat;
  TunnelType tunnel = TunnelType::Ipip;
  TunnelChecksum checksum = TunnelChecksum::None;  ///< gue and gre; Remote: gue only
  std::uint16_t port = 0;                          ///< gue only
  friend bool operator==(const LvsMethod&, const LvsMethod&) = default;
};

/// What few real servers have.
struct RealServerExtras {
  std::uint32_t upper_threshold = 0;  ///< connections at which it is overloaded; 0: none
  std::uint32_t lower_threshold = 0;  ///< connections below which it no longer is; 0: none
  Command notify_up;
  Command notify_down;
  std::string virtualhost;  ///< default of HTTP checks
  std::string snmp_name;
  friend bool operator==(const RealServerExtras&, const RealServerExtras&) = default;
};

/// A hundred thousand of these fit into a few megabytes: keep it small.
struct RealServer {
  Endpoint endpoint;
  LvsMethod method;
  std::int32_t weight = 1;          ///< 0..2147483647
  bool inhibit_on_failure = false;  ///< weight 0 instead of removal
  std::optional<bool> smtp_alert;   ///< nothing: as global_defs say, else true
  Place where;
  Boxed<RealServerExtras> extras;  ///< empty if there is none
  ShortList<Check> checks;         ///< in file order
  friend bool operator==(const RealServer&, const RealServer&) = default;
};
static_assert(sizeof(RealServer) <= 104, "a hundred thousand of these are kept");

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

struct SorryServer {
  Endpoint endpoint;
  LvsMethod method;
  bool inhibit = false;  ///< weight 0 instead of removal
  friend bool operator==(const SorryServer&, const SorryServer&) = default;
};

/// The kernel's flags of schedulers, bit by bit: sh-fallback, mh-fallback and flag-1 are one, so are sh-port,
/// mh-port and flag-2.
namespace scheduler_flag {
inline constexpr std::uint8_t First = 1;
inline constexpr std::uint8_t Second = 2;
inline constexpr std::uint8_t Third = 4;
}  // namespace scheduler_flag

/// What a virtual server is, however it is found.
struct Service {
  std::string scheduler = "wlc";          ///< kernel name, at most 15 characters
  std::uint8_t scheduler_flags = 0;       ///< scheduler_flag::*
  LvsMethod method;                       ///< default of the real servers
  std::string persistence_engine;         ///< kernel name, at most 15 characters; empty: none
  std::uint32_t persistence_timeout = 0;  ///< seconds; 0: none
  /// persistence_granularity: IPv4 a netmask as prefix length 0..32, IPv6 1..128.
  std::uint8_t persistence_prefix = 32;
  bool one_packet = false;         ///< `ops`
  bool ha_suspend = false;         ///< no checks while the address is elsewhere
  bool omega = false;              ///< scripts run at shutdown
  std::optional<bool> smtp_alert;  ///< nothing: as global_defs say, else false
  std::uint32_t quorum = 1;
  std::uint32_t hysteresis = 0;
  Duration delay_loop = std::chrono::seconds(60);  ///< time limit of MISC_CHECKs that have none
  std::string virtualhost;                         ///< default of HTTP checks
  std::string snmp_name;
  Command quorum_up;
  Command quorum_down;
  Boxed<SorryServer> sorry_server;
  std::vector<RealServer> real_servers;  ///< in file order
  Place where;
  friend bool operator==(const Service&, const Service&) = default;
};

struct VirtualServer : Service {
  ServiceKey key;
  friend bool operator==(const VirtualServer&, const VirtualServer&) = default;
};

/// One line of a virtual_server_group: one address, or all from `first` to `last`.
struct AddressRange {
  Address first;
  Address last;
  std::uint16_t port = 0;  ///< 0: all
  friend bool operator==(const AddressRange&, const AddressRange&) = default;
};
struct GroupMark {
  std::uint32_t mark = 0;
  std::optional<Family> family;
  friend bool operator==(const GroupMark&, const GroupMark&) = default;
};

struct ServerGroup {
  std::string name;
  std::vector<AddressRange> addresses;  ///< in file order
  std::vector<GroupMark> marks;         ///< in file order
  Place where;
  friend bool operator==(const ServerGroup&, const ServerGroup&) = default;
};

/// A virtual server of a whole group of addresses.
struct GroupServer : Service {
  std::string group;
  std::uint32_t number = 0;          ///< among the virtual servers of this group, from 0
  std::optional<Protocol> protocol;  ///< nothing if the group has no addresses
  std::optional<Family> family;      ///< nothing if the group mixes them
  friend bool operator==(const GroupServer&, const GroupServer&) = default;
};

/// TLS of this machine towards real servers.
struct Ssl {
  std::string password;
  std::string ca;
  std::string certificate;
  std::string key;
  friend bool operator==(const Ssl&, const Ssl&) = default;
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
/// The same for one of a group: "[web]:0".
[[nodiscard]] inline std::string name_of(const GroupServer& server) {
  return "[" + server.group + "]:" + std::to_string(server.number);
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
