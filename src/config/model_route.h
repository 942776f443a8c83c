// SPDX-License-Identifier: Apache-2.0
// The part of the model about routes and policy rules: those that go with an instance, and static ones. The
// numbers are those of rtnetlink; names were looked up while building.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/ip.h"
#include "config/place.h"

namespace hald::config {

/// The protocol (RTA_PROTOCOL, FRA_PROTOCOL) that marks what hald put into the kernel, as keepalived does.
inline constexpr std::uint8_t kRouteProtocol = 18;

/// A tunnel over IPv4 or IPv6, according to its addresses.
struct IpEncapsulation {
  Family family = Family::IPv4;
  std::optional<std::uint64_t> id;
  std::optional<Address> destination;
  std::optional<Address> source;
  std::optional<std::uint8_t> tos;  ///< of IPv6: traffic class
  std::optional<std::uint8_t> ttl;  ///< of IPv6: hop limit
  std::optional<std::uint16_t> flags;
  friend bool operator==(const IpEncapsulation&, const IpEncapsulation&) = default;
};

struct MplsEncapsulation {
  std::vector<std::uint32_t> labels;  ///< outermost first, 20 bits each, at least one
  friend bool operator==(const MplsEncapsulation&, const MplsEncapsulation&) = default;
};

struct IlaEncapsulation {
  std::uint64_t locator = 0;
  friend bool operator==(const IlaEncapsulation&, const IlaEncapsulation&) = default;
};

using Encapsulation = std::variant<std::monostate, IpEncapsulation, MplsEncapsulation, IlaEncapsulation>;

struct RouteMetric {
  std::uint32_t value = 0;
  bool locked = false;  ///< the kernel must not adapt it
  friend bool operator==(const RouteMetric&, const RouteMetric&) = default;
};

/// RTAX_*; what is not there is the kernel's choice.
struct RouteMetrics {
  std::optional<RouteMetric> mtu;
  std::optional<RouteMetric> hop_limit;  ///< 0..255
  std::optional<RouteMetric> advmss;
  std::optional<RouteMetric> rtt;      ///< in 1/8 ms
  std::optional<RouteMetric> rttvar;   ///< in 1/4 ms
  std::optional<RouteMetric> rto_min;  ///< in ms
  std::optional<RouteMetric> reordering;
  std::optional<RouteMetric> window;
  std::optional<RouteMetric> cwnd;
  std::optional<RouteMetric> ssthresh;
  std::optional<RouteMetric> initcwnd;
  std::optional<RouteMetric> initrwnd;
  std::optional<RouteMetric> quickack;            ///< 0 or 1
  std::optional<RouteMetric> fastopen_no_cookie;  ///< 0 or 1
  bool ecn = false;
  std::string congestion_control;  ///< name of the algorithm; empty: none is set
  bool congestion_control_locked = false;
  friend bool operator==(const RouteMetrics&, const RouteMetrics&) = default;
};

/// One leg of a route that has several.
struct Nexthop {
  std::optional<Address> gateway;
  std::string device;
  std::uint16_t weight = 1;  ///< 1..256
  bool onlink = false;
  std::uint32_t realms = 0;  ///< from << 16 | to
  Encapsulation encapsulation;
  friend bool operator==(const Nexthop&, const Nexthop&) = default;
};

struct Route {
  /// What happens if there is an equal route already.
  enum class Order : std::uint8_t { Prepend, Add, Append };

  Family family = Family::IPv4;
  std::uint8_t type = 1;                    ///< RTN_*; 1 is unicast
  Prefix destination;                       ///< length 0: the default route
  std::optional<Prefix> source;             ///< `from`: packets from there only; IPv6
  std::optional<Address> preferred_source;  ///< `src`
  std::optional<Address> gateway;
  std::string device;
  bool onlink = false;
  std::uint8_t tos = 0;
  std::uint32_t table = 254;
  std::string vrf;                       ///< not empty: its table instead of `table`
  std::optional<std::uint8_t> protocol;  ///< of tracked routes kRouteProtocol
  std::uint8_t scope = 0;
  std::optional<std::uint32_t> metric;
  std::uint32_t realms = 0;                ///< from << 16 | to; IPv4
  std::optional<std::uint32_t> expires;    ///< seconds; IPv6
  std::optional<std::uint8_t> preference;  ///< ICMPV6_ROUTER_PREF_*; IPv6
  std::optional<bool> ttl_propagate;
  RouteMetrics metrics;
  Encapsulation encapsulation;
  Order order = Order::Prepend;
  bool track = true;        ///< its removal by others is noticed
  std::string track_group;  ///< of static routes; empty: none
  std::vector<Nexthop> nexthops;
  Place where;
  friend bool operator==(const Route&, const Route&) = default;
};

template <typename T>
struct Bounds {
  T first{};
  T last{};
  friend bool operator==(const Bounds&, const Bounds&) = default;
};

struct FirewallMarkMask {
  std::uint32_t mark = 0;
  std::optional<std::uint32_t> mask;
  friend bool operator==(const FirewallMarkMask&, const FirewallMarkMask&) = default;
};

/// A policy rule.
struct Rule {
  /// FR_ACT_*
  enum class Action : std::uint8_t {
    Lookup = 1,
    Goto = 2,
    Nop = 3,
    Blackhole = 6,
    Unreachable = 7,
    Prohibit = 8
  };

  Family family = Family::IPv4;
  std::uint32_t priority = 0;
  bool invert = false;
  std::optional<Prefix> from;
  std::optional<Prefix> to;
  std::uint8_t tos = 0;
  std::optional<FirewallMarkMask> mark;
  std::string input_device;
  std::string output_device;
  std::optional<std::uint64_t> tunnel_id;
  std::optional<Bounds<std::uint32_t>> users;
  std::optional<std::uint8_t> ip_protocol;
  std::optional<Bounds<std::uint16_t>> source_ports;
  std::optional<Bounds<std::uint16_t>> destination_ports;
  Action action = Action::Lookup;
  std::uint32_t table = 0;   ///< of Lookup; 0 with l3mdev
  bool l3mdev = false;       ///< Lookup in the table of the packet's layer 3 master
  std::uint32_t target = 0;  ///< of Goto
  std::uint32_t realms = 0;  ///< from << 16 | to; IPv4
  std::optional<std::uint32_t> suppress_prefix_length;
  std::optional<std::uint32_t> suppress_group;
  std::optional<std::uint8_t> protocol;  ///< of tracked rules kRouteProtocol
  bool track = true;                     ///< its removal by others is noticed
  std::string track_group;               ///< of static rules; empty: none
  Place where;
  friend bool operator==(const Rule&, const Rule&) = default;
};

}  // namespace hald::config
