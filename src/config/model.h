// SPDX-License-Identifier: Apache-2.0
// The configuration as hald runs it: typed, complete (every default filled in), immutable once built and
// shared as shared_ptr<const Config>. It holds what the operator wrote and nothing that changes at run
// time; run-time state lives elsewhere, keyed by the identities defined here. Values were checked while
// building: a consumer may rely on every range stated below.
#pragma once

#include <compare>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/ip.h"
#include "base/time.h"
#include "config/diagnostics.h"

namespace hald::config {

// ---------------------------------------------------------------- VRRP

/// One line of virtual_ipaddress.
struct VirtualAddress {
  Prefix prefix;                     ///< as written; without a length /32 or /128
  std::string device;                ///< `dev`; the instance's interface when not given
  std::string label;                 ///< `label`, at most 15 characters; empty: none
  std::uint8_t scope = 0;            ///< `scope` as rtnetlink numbers it; 0 is global
  std::optional<Address> broadcast;  ///< `brd`
  friend bool operator==(const VirtualAddress&, const VirtualAddress&) = default;
};

enum class InitialState : std::uint8_t { Backup, Master };
enum class AuthType : std::uint8_t { None, Pass };

/// When and how often gratuitous ARPs are sent.
struct Announcing {
  Duration master_delay = std::chrono::seconds(5);  ///< second batch after becoming MASTER; 0: none
  unsigned master_repeat = 5;                       ///< announcements in a batch
  Duration master_refresh{};                        ///< period of refreshes as MASTER; 0: none
  unsigned master_refresh_repeat = 1;
  Duration lower_prio_delay = std::chrono::seconds(5);  ///< second batch after a losing advert; 0: none
  unsigned lower_prio_repeat = 5;
  friend bool operator==(const Announcing&, const Announcing&) = default;
};

struct VrrpInstance {
  std::string name;
  std::string interface;
  std::uint8_t vrid = 0;  ///< 1..255
  Family family = Family::IPv4;
  std::uint8_t version = 2;  ///< 2 or 3
  InitialState initial_state = InitialState::Backup;
  std::uint8_t priority = 100;                         ///< 1..255; 255 is the address owner
  Duration advert_interval = std::chrono::seconds(1);  ///< v2: whole seconds 1..255; v3: 10 ms .. 40.95 s
  unsigned down_timer_adverts = 3;                     ///< adverts missed before a MASTER is dead, 1..100
  bool preempt = true;                                 ///< false: `nopreempt`
  Duration preempt_delay{};                            ///< 0..1000 s
  bool v3_checksum_as_v2 = false;                      ///< v3 IPv4 checksum without pseudo-header
  bool lower_prio_no_advert = false;                   ///< stay silent at a losing advert
  bool higher_prio_send_advert = false;                ///< one more advert before yielding
  AuthType auth_type = AuthType::None;
  std::string auth_password;  ///< PASS: 1..8 octets used
  Announcing announcing;
  std::vector<VirtualAddress> addresses;  ///< in file order; those of `family` are advertised
  Position where;
  friend bool operator==(const VrrpInstance&, const VrrpInstance&) = default;
};

/// What makes an instance the same one across reloads.
struct InstanceKey {
  std::string interface;
  Family family = Family::IPv4;
  std::uint8_t vrid = 0;
  friend auto operator<=>(const InstanceKey&, const InstanceKey&) = default;
};
[[nodiscard]] inline InstanceKey key_of(const VrrpInstance& instance) {
  return {instance.interface, instance.family, instance.vrid};
}

// ---------------------------------------------------------------- virtual servers

enum class Protocol : std::uint8_t { Tcp = 6, Udp = 17, Sctp = 132 };
/// The numbers are the kernel's (IP_VS_CONN_F_FWD_MASK).
enum class Forwarding : std::uint8_t { Nat = 0, Tunnel = 2, Direct = 3 };

/// How often and how patiently a real server is checked; every field resolved from checker, real server,
/// virtual server and built-in default, in this order.
struct CheckTiming {
  Duration delay_loop = std::chrono::seconds(60);         ///< from the end of one run to the next
  Duration delay_before_retry = std::chrono::seconds(1);  ///< from the end of a failing try to the next
  Duration connect_timeout = std::chrono::seconds(5);
  Duration warmup = std::chrono::seconds(60);  ///< the first run is spread over this; default: delay_loop
  std::uint32_t retry = 1;                     ///< further tries before a failure counts
  friend bool operator==(const CheckTiming&, const CheckTiming&) = default;
};

struct TcpCheck {
  CheckTiming timing;
  Endpoint target;               ///< connect_ip and connect_port, else the real server
  std::optional<Endpoint> bind;  ///< bindto and bind_port
  friend bool operator==(const TcpCheck&, const TcpCheck&) = default;
};

using Check = std::variant<TcpCheck>;

/// A hundred thousand of these fit into a few megabytes: keep it small.
struct RealServer {
  Endpoint endpoint;
  Forwarding forwarding = Forwarding::Nat;
  std::int32_t weight = 1;  ///< 0..65535
  bool alpha = false;       ///< starts as failed until its checks pass
  std::vector<Check> checks;
  Position where;
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
  Position where;
};

// ---------------------------------------------------------------- the whole

struct Global {
  std::string router_id;  ///< host name when not given
};

struct Config {
  Global global;
  std::vector<VrrpInstance> instances;
  std::vector<VirtualServer> virtual_servers;
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
