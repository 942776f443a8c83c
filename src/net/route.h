// SPDX-License-Identifier: Apache-2.0
// Route: one route with everything ip-route(8) can say of it, as a value. The same type describes a wish,
// whose links have names, and what the kernel holds, whose links have indexes; route_match.h compares the
// two. The numbers are those of linux/rtnetlink.h.
#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/ip.h"

namespace hald::net {

/// A link by the name that somebody wrote, by the index that the kernel gave it, or both once it is found.
struct LinkRef {
  std::string name;
  int index = 0;

  [[nodiscard]] bool is_given() const { return !name.empty() || index != 0; }
  friend auto operator<=>(const LinkRef&, const LinkRef&) = default;
};

enum class RouteType : std::uint8_t {
  Unicast = 1,
  Local = 2,
  Broadcast = 3,
  Anycast = 4,
  Multicast = 5,
  Blackhole = 6,
  Unreachable = 7,
  Prohibit = 8,
  Throw = 9,
  Nat = 10
};

/// Encapsulation in another IPv4 or IPv6 packet ("ip" and "ip6").
struct IpEncap {
  Family family = Family::IPv4;  ///< of the outer packet
  std::uint64_t id = 0;
  std::optional<Address> destination{};
  std::optional<Address> source{};
  std::uint8_t tos = 0;     ///< or traffic class
  std::uint8_t ttl = 0;     ///< or hop limit
  std::uint16_t flags = 0;  ///< TUNNEL_*, as the attribute holds them
  friend auto operator<=>(const IpEncap&, const IpEncap&) = default;
};
struct MplsEncap {
  std::vector<std::uint32_t> labels{};  ///< from the top of the stack
  std::optional<std::uint8_t> ttl{};
  friend auto operator<=>(const MplsEncap&, const MplsEncap&) = default;
};
struct IlaEncap {
  std::uint64_t locator = 0;
  friend auto operator<=>(const IlaEncap&, const IlaEncap&) = default;
};
/// One that hald does not look into.
struct OtherEncap {
  std::uint16_t type = 0;
  std::vector<std::uint8_t> bytes{};
  friend auto operator<=>(const OtherEncap&, const OtherEncap&) = default;
};
using Encap = std::variant<std::monostate, IpEncap, MplsEncap, IlaEncap, OtherEncap>;

struct Nexthop {
  std::optional<Address> gateway{};  ///< of either family
  LinkRef link{};
  bool onlink = false;       ///< the gateway is there, whatever the addresses of the link say
  std::uint16_t weight = 1;  ///< 1 to 256, among several
  std::uint32_t realms = 0;  ///< IPv4: source realm << 16 | destination realm
  Encap encap{};
  friend auto operator<=>(const Nexthop&, const Nexthop&) = default;
};

/// RTAX_*, apart from the lock bits and the congestion control, which are no numbers of their own.
enum class Metric : std::uint16_t {
  Mtu = 2,
  Window = 3,
  Rtt = 4,     ///< in eighths of a millisecond
  RttVar = 5,  ///< in quarters of a millisecond
  SsThresh = 6,
  Cwnd = 7,
  AdvMss = 8,
  Reordering = 9,
  HopLimit = 10,
  InitCwnd = 11,
  Features = 12,
  RtoMin = 13,  ///< in milliseconds
  InitRwnd = 14,
  QuickAck = 15,
  FastOpenNoCookie = 17
};
constexpr unsigned kCongestionControl = 16;  ///< its RTAX_ number, for the lock bit

struct RouteMetrics {
  std::map<Metric, std::uint32_t> values{};
  std::string congestion_control{};
  std::uint32_t locked = 0;  ///< 1 << RTAX_*: the kernel must not learn better

  void set(Metric metric, std::uint32_t value, bool lock = false) {
    values[metric] = value;
    if (lock) locked |= 1U << static_cast<unsigned>(metric);
  }
  friend auto operator<=>(const RouteMetrics&, const RouteMetrics&) = default;
};

struct Route {
  static constexpr std::uint32_t kMainTable = 254;
  static constexpr std::uint8_t kKeepalived = 18;  ///< RTPROT_KEEPALIVED

  RouteType type = RouteType::Unicast;
  Prefix destination{Address{}, 0};  ///< length 0: default; its family is the route's
  std::optional<Prefix> source{};    ///< IPv6: only for packets from there
  std::uint32_t table = kMainTable;
  std::uint8_t protocol = kKeepalived;  ///< who made it: by this hald knows what it or its like left behind
  std::uint8_t scope = 0;
  std::uint8_t tos = 0;
  std::uint32_t metric = 0;  ///< also called priority or preference
  std::optional<Address> preferred_source{};
  std::vector<Nexthop> nexthops{};  ///< none for a route to nowhere
  RouteMetrics metrics{};
  std::optional<std::uint8_t> preference{};  ///< IPv6, ICMPV6_ROUTER_PREF_*
  std::optional<std::uint32_t> expires{};    ///< IPv6, in seconds from when it is added
  std::optional<bool> ttl_propagate{};       ///< MPLS; IP routes of the kernel do not keep it
  std::uint32_t nexthop_id = 0;              ///< of a nexthop object, which hald makes none of

  [[nodiscard]] Family family() const { return destination.address.family(); }
  /// "default via 10.0.0.1 dev eth0 table 100 metric 5", much as ip-route(8) shows it.
  [[nodiscard]] std::string to_string() const;
  friend auto operator<=>(const Route&, const Route&) = default;
};

/// Where among the routes to the same destination a new one goes.
enum class Placement : std::uint8_t {
  Prepend,   ///< in front of its like: what keepalived and the kernel do if nobody says otherwise
  Append,    ///< behind its like
  Exclusive  ///< only where there is none like it ("add" of ip-route)
};

/// A route that somebody wants.
struct WantedRoute {
  Route route;
  Placement placement = Placement::Prepend;
  bool restore = true;  ///< false: if somebody else takes it away, it stays away
  std::string vrf{};    ///< not empty: the table is that of this VRF (vrf_holder.h)
  friend bool operator==(const WantedRoute&, const WantedRoute&) = default;
};
[[nodiscard]] inline const Route& key_of(const WantedRoute& wanted) {
  return wanted.route;
}

}  // namespace hald::net
