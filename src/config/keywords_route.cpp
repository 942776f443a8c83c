// SPDX-License-Identifier: Apache-2.0
// Rows of the keyword table: the lines of virtual_routes, static_routes, virtual_rules and static_rules,
// which are those of ip-route(8) and ip-rule(8).
#include <array>

#include "config/keyword_rows.h"

namespace hald::config::rows {
namespace {

constexpr std::array<std::string_view, 2> kTtlPropagate{"enabled", "disabled"};

/// A number, and before it maybe `lock`.
constexpr Keyword lockable(std::string_view name, std::string_view help) {
  return with_arguments(number(name, "", {0, kMaxUint32}, "none", help), "[lock] N", 1, 2);
}

}  // namespace

std::span<const Keyword> virtual_routes() {
  static constexpr std::array kRows{
      later(positional(special("DESTINATION", "IP[/LEN]|default|any|all", 1, kAny, "mandatory",
                               "Target network of the route."))),
      later(special("to", "DESTINATION", 1, kAny, "", "Introduces the destination.")),
      later(flag("default", "", "Destination meaning everything.")),
      later(flag("any", "", "Alias of default.")),
      later(flag("all", "", "Alias of default.")),
      later(flag("default6", "", "IPv6 default route.")),
      later(flag("inet", "", "Fixes the family to IPv4.")),
      later(flag("inet6", "", "Fixes the family to IPv6.")),
      later(address("src", "none", "Preferred source address.")),
      later(special("as", "[to] ADDR", 0, kAny, "", "MPLS label rewrite.")),
      later(special("via", "[inet|inet6] ADDR", 0, kAny, "none", "Gateway.")),
      later(address("gw", "none", "Old name of via.")),
      later(with_limits("IPv6",
                        special("from", "ADDR[/LEN]", 1, kAny, "none", "Source selector of an IPv6 route."))),
      later(with_limits("rt_dsfield name or number", text("tos", "TOS", "0", "Type of service selector."))),
      later(text("dsfield", "TOS", "0", "Alias of tos.")),
      later(with_limits("rt_tables name or number", text("table", "TABLE", "main", "Routing table."))),
      later(with_limits("rt_protos name or 0..255",
                        text("protocol", "PROTO", "keepalived (18)", "Protocol that owns the route."))),
      later(with_limits("rt_scopes name or number", text("scope", "SCOPE", "universe", "Route scope."))),
      later(number("metric", "N", {0, kMaxUint32}, "none", "Route priority.")),
      later(number("priority", "N", {0, kMaxUint32}, "none", "Alias of metric.")),
      later(number("preference", "N", {0, kMaxUint32}, "none", "Alias of metric.")),
      later(text("dev", "IFNAME", "none", "Output interface.")),
      later(text("oif", "IFNAME", "none", "Alias of dev.")),
      later(flag("onlink", "off", "Treats the gateway as directly reachable.")),
      options(BlockId::Encap, later(special("encap", "ip|ip6|mpls|ila ...", 1, kAny, "none",
                                            "Lightweight tunnel encapsulation."))),
      later(seconds("expires", {0, kMaxUint32}, "none", "Life time of an IPv6 route.")),
      later(with_unit("byte", lockable("mtu", "Path MTU."))),
      later(number("hoplimit", "N", {0, 255}, "none", "Hop limit of packets on the route.")),
      later(with_unit("byte", lockable("advmss", "MSS to advertise."))),
      later(with_limits(
          "200ms..120s (clamped)",
          with_unit("ms", special("rtt", "[lock] TIME", 0, kAny, "none", "Initial round trip time.")))),
      later(with_limits("200ms..120s (clamped)",
                        with_unit("ms", special("rttvar", "[lock] TIME", 0, kAny, "none",
                                                "Initial round trip variance.")))),
      later(lockable("reordering", "Reordering tolerance.")),
      later(with_unit("byte", number("window", "N", {0, kMaxUint32}, "none", "Largest advertised window."))),
      later(lockable("cwnd", "Congestion window clamp.")),
      later(lockable("ssthresh", "Initial slow start threshold.")),
      later(special("realms", "[FROM/]TO", 0, kAny, "none", "Routing realms.")),
      later(with_limits("200ms..120s (clamped)",
                        with_unit("ms", special("rto_min", "[lock] TIME", 0, kAny, "none",
                                                "Smallest retransmission timeout.")))),
      later(number("initcwnd", "N", {0, kMaxUint32}, "none", "Initial congestion window.")),
      later(number("initrwnd", "N", {0, kMaxUint32}, "none", "Initial receive window.")),
      later(with_limits("ecn", special("features", "ecn", 1, kAny, "none", "Route feature flags."))),
      later(number("quickack", "0|1", {0, 1}, "none", "Quick acknowledgement on the route.")),
      later(special("congctl", "[lock] NAME", 0, kAny, "none", "Congestion control algorithm.")),
      later(number("pref", "low|medium|high|N", {0, 255}, "none", "IPv6 router preference.")),
      later(choice("ttl-propagate", "enabled|disabled", kTtlPropagate, code::kBadChoice, "none",
                   "MPLS TTL propagation.")),
      later(number("fastopen_no_cookie", "0|1", {0, 1}, "none", "TCP fast open without cookie.")),
      later(flag("lock", "off", "Locks the metric that follows.")),
      later(flag("add", "off", "Adds like ip route add (fails if present).")),
      later(flag("prepend", "on", "Adds ahead of existing equal routes.")),
      later(flag("append", "off", "Adds behind existing equal routes.")),
      later(address("or", "none", "Second gateway in the old multipath syntax.")),
      options(BlockId::Nexthop, later(special("nexthop", "[via ..] [dev ..] [weight ..] ...", 0, kAny, "none",
                                              "Starts one leg of a multipath route; must come last."))),
      later(flag("no_track", "off", "Does not react when the route is removed by others.")),
      later(text("vrf", "NAME", "none", "Uses the table of a VRF.")),
      later(with_limits("unicast local broadcast anycast multicast blackhole unreachable prohibit throw nat "
                        "xresolve or number",
                        special("type", "TYPE", 1, kAny, "unicast",
                                "Route type, written directly before the destination."))),
      later(flag("unicast", "", "Ordinary route type.")),
      later(flag("local", "", "Route type: deliver here.")),
      later(flag("broadcast", "", "Route type: broadcast.")),
      later(flag("anycast", "", "Route type: anycast.")),
      later(flag("multicast", "", "Route type: multicast.")),
      later(flag("blackhole", "", "Route type: drop silently.")),
      later(flag("unreachable", "", "Route type: reject with unreachable.")),
      later(flag("prohibit", "", "Route type: reject with prohibited.")),
      later(flag("throw", "", "Route type: leave this table.")),
      later(flag("nat", "", "Route type: obsolete NAT.")),
      later(flag("brd", "", "Alias of the route type broadcast.")),
      later(flag("xresolve", "", "Route type: external resolver.")),
      later(text("track_group", "NAME", "none", "For static_routes: ties the route to a track_group."))};
  return kRows;
}

std::span<const Keyword> nexthop() {
  static constexpr std::array kRows{
      later(special("via", "[inet|inet6] ADDR", 0, kAny, "none", "Gateway of this leg.")),
      later(text("dev", "IFNAME", "none", "Interface of this leg.")),
      later(number("weight", "N", {1, 256}, "1", "Share of this leg.")),
      later(flag("onlink", "off", "Treats the gateway as directly reachable.")),
      options(BlockId::Encap,
              later(special("encap", "ip|ip6|mpls|ila ...", 1, kAny, "none", "Encapsulation of this leg."))),
      later(text("realms", "REALM", "none", "Realm of this leg.")),
      later(special("as", "[to] ADDR", 0, kAny, "", "NAT rewrite."))};
  return kRows;
}

std::span<const Keyword> encap() {
  static constexpr std::array kRows{
      later(
          special("ip", "id N|dst A|src A|tos T|ttl N|flags N", 1, kAny, "none", "IPv4 tunnel parameters.")),
      later(special("ip6", "id N|dst A|src A|tc T|hoplimit N|flags N", 1, kAny, "none",
                    "IPv6 tunnel parameters.")),
      later(special("mpls", "LABEL[/LABEL...]", 1, kAny, "none", "Pushes MPLS labels.")),
      later(text("ila", "LOCATOR", "none", "Identifier locator addressing.")),
      later(number("id", "N", {0, kMaxUint32}, "none", "Tunnel id.")),
      later(address("dst", "none", "Outer destination.")),
      later(address("src", "none", "Outer source.")),
      later(text("tos", "TOS", "none", "Outer type of service.")),
      later(number("tc", "TC", {0, kMaxUint32}, "none", "Outer traffic class.")),
      later(number("ttl", "N", {0, 255}, "none", "Outer TTL.")),
      later(number("hoplimit", "N", {0, 255}, "none", "Outer hop limit.")),
      later(number("flags", "N", {0, 65535}, "none", "Tunnel flags."))};
  return kRows;
}

std::span<const Keyword> virtual_rules() {
  static constexpr std::array kRows{
      later(positional(special("RULE", "[options]", 1, kAny, "",
                               "The selectors of the rule and what it does, in any order."))),
      later(flag("inet", "", "Fixes the family to IPv4.")),
      later(flag("inet6", "", "Fixes the family to IPv6.")),
      later(special("from", "ADDR[/LEN]|default", 1, kAny, "any", "Source selector.")),
      later(special("to", "ADDR[/LEN]|default", 1, kAny, "any", "Destination selector.")),
      later(with_limits("not 0", text("table", "TABLE", "none", "Looks up this table."))),
      later(with_limits("not 0", text("lookup", "TABLE", "none", "Alias of table."))),
      later(flag("not", "off", "Inverts the selector.")),
      later(number("preference", "N", {0, kMaxUint32}, "automatic, decreasing, with an error message",
                   "Rule priority.")),
      later(number("order", "N", {0, kMaxUint32}, "", "Alias of preference.")),
      later(number("priority", "N", {0, kMaxUint32}, "", "Alias of preference.")),
      later(text("tos", "TOS", "0", "Type of service selector.")),
      later(text("dsfield", "TOS", "0", "Alias of tos.")),
      later(with_limits("0..4294967295",
                        special("fwmark", "MARK[/MASK]", 1, kAny, "none", "Firewall mark selector."))),
      later(special("realms", "[FROM/]TO", 0, kAny, "none", "Realms assigned to matches.")),
      later(number("suppress_prefixlength", "N", {0, kMaxInt32}, "none",
                   "Ignores routes with this prefix length or shorter.")),
      later(number("sup_pl", "N", {0, kMaxInt32}, "none", "Alias of suppress_prefixlength.")),
      later(
          text("suppress_ifgroup", "GROUP", "none", "Ignores routes leaving through this interface group.")),
      later(text("sup_group", "GROUP", "none", "Alias of suppress_ifgroup.")),
      later(text("dev", "IFNAME", "none", "Incoming interface selector.")),
      later(text("iif", "IFNAME", "none", "Alias of dev.")),
      later(text("oif", "IFNAME", "none", "Outgoing interface selector.")),
      later(number("tunnel-id", "N", {0, kMaxUint32}, "none", "Tunnel id selector.")),
      later(with_limits("uint32", special("uidrange", "FIRST-LAST", 1, kAny, "none", "User id selector."))),
      later(flag("l3mdev", "off", "Uses the table of the packet's L3 master device.")),
      later(number("protocol", "N", {0, 255}, "keepalived (18)", "Protocol that owns the rule.")),
      later(with_limits("0..255", special("ipproto", "NAME|N", 1, kAny, "none", "IP protocol selector."))),
      later(
          with_limits("0..65535", special("sport", "FIRST-LAST", 1, kAny, "none", "Source port selector."))),
      later(with_limits("0..65535",
                        special("dport", "FIRST-LAST", 1, kAny, "none", "Destination port selector."))),
      later(special("type", "ACTION", 1, kAny, "", "Optional word before an action.")),
      later(with_limits("must exceed preference",
                        special("goto", "PREF", 1, kAny, "none", "Jumps to a later rule."))),
      later(flag("nop", "", "Rule without effect.")),
      later(flag("blackhole", "", "Drops silently.")),
      later(flag("unreachable", "", "Rejects with unreachable.")),
      later(flag("prohibit", "", "Rejects with prohibited.")),
      later(flag("no_track", "off", "Does not react when the rule is removed by others.")),
      later(text("track_group", "NAME", "none", "For static_rules: ties the rule to a track_group."))};
  return kRows;
}

}  // namespace hald::config::rows
