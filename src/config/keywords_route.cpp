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
      positional(
          special("DESTINATION", "IP[/LEN]|default|any|all", 1, kAny, "", "Target network of the route.")),
      special("to", "DESTINATION", 1, kAny, "", "Introduces the destination."),
      flag("default", "", "Destination meaning everything."),
      flag("any", "", "Alias of default."),
      flag("all", "", "Alias of default."),
      flag("default6", "", "IPv6 default route."),
      flag("inet", "", "Fixes the family to IPv4."),
      flag("inet6", "", "Fixes the family to IPv6."),
      address("src", "none", "Preferred source address."),
      later(special("as", "[to] ADDR", 0, kAny, "", "MPLS label rewrite.")),
      special("via", "[inet|inet6] ADDR", 0, kAny, "none", "Gateway."),
      address("gw", "none", "Old name of via."),
      with_limits("IPv6",
                  special("from", "ADDR[/LEN]", 1, kAny, "none", "Source selector of an IPv6 route.")),
      with_limits("rt_dsfield name or number", text("tos", "TOS", "0", "Type of service selector.")),
      text("dsfield", "TOS", "0", "Alias of tos."),
      with_limits("rt_tables name or number", text("table", "TABLE", "main", "Routing table.")),
      with_limits("rt_protos name or 0..255",
                  text("protocol", "PROTO", "keepalived (18)", "Protocol that owns the route.")),
      with_limits("rt_scopes name or number", text("scope", "SCOPE", "universe", "Route scope.")),
      number("metric", "N", {0, kMaxUint32}, "none", "Route priority."),
      number("priority", "N", {0, kMaxUint32}, "none", "Alias of metric."),
      number("preference", "N", {0, kMaxUint32}, "none", "Alias of metric."),
      text("dev", "IFNAME", "none", "Output interface."),
      text("oif", "IFNAME", "none", "Alias of dev."),
      flag("onlink", "off", "Treats the gateway as directly reachable."),
      options(BlockId::Encap,
              special("encap", "ip|ip6|mpls|ila ...", 1, kAny, "none", "Lightweight tunnel encapsulation.")),
      seconds("expires", {0, kMaxUint32}, "none", "Life time of an IPv6 route."),
      with_unit("byte", lockable("mtu", "Path MTU.")),
      number("hoplimit", "N", {0, 255}, "none", "Hop limit of packets on the route."),
      with_unit("byte", lockable("advmss", "MSS to advertise.")),
      with_limits("200ms..120s (clamped)", with_unit("ms", special("rtt", "[lock] TIME", 0, kAny, "none",
                                                                   "Initial round trip time."))),
      with_limits("200ms..120s (clamped)", with_unit("ms", special("rttvar", "[lock] TIME", 0, kAny, "none",
                                                                   "Initial round trip variance."))),
      lockable("reordering", "Reordering tolerance."),
      with_unit("byte", number("window", "N", {0, kMaxUint32}, "none", "Largest advertised window.")),
      lockable("cwnd", "Congestion window clamp."),
      lockable("ssthresh", "Initial slow start threshold."),
      special("realms", "[FROM/]TO", 0, kAny, "none", "Routing realms."),
      with_limits("200ms..120s (clamped)", with_unit("ms", special("rto_min", "[lock] TIME", 0, kAny, "none",
                                                                   "Smallest retransmission timeout."))),
      number("initcwnd", "N", {0, kMaxUint32}, "none", "Initial congestion window."),
      number("initrwnd", "N", {0, kMaxUint32}, "none", "Initial receive window."),
      with_limits("ecn", special("features", "ecn", 1, kAny, "none", "Route feature flags.")),
      number("quickack", "0|1", {0, 1}, "none", "Quick acknowledgement on the route."),
      special("congctl", "[lock] NAME", 0, kAny, "none", "Congestion control algorithm."),
      number("pref", "low|medium|high|N", {0, 255}, "none", "IPv6 router preference."),
      choice("ttl-propagate", "enabled|disabled", kTtlPropagate, code::kBadChoice, "none",
             "MPLS TTL propagation."),
      number("fastopen_no_cookie", "0|1", {0, 1}, "none", "TCP fast open without cookie."),
      flag("lock", "off", "Locks the metric that follows."),
      flag("add", "off", "Adds like ip route add (fails if present)."),
      flag("prepend", "on", "Adds ahead of existing equal routes."),
      flag("append", "off", "Adds behind existing equal routes."),
      address("or", "none", "Second gateway in the old multipath syntax."),
      options(BlockId::Nexthop, special("nexthop", "[via ..] [dev ..] [weight ..] ...", 0, kAny, "none",
                                        "Starts one leg of a multipath route; must come last.")),
      flag("no_track", "off", "Does not react when the route is removed by others."),
      text("vrf", "NAME", "none", "Uses the table of a VRF."),
      with_limits("unicast local broadcast anycast multicast blackhole unreachable prohibit throw nat "
                  "xresolve or number",
                  special("type", "TYPE", 1, kAny, "unicast",
                          "Route type, written directly before the destination.")),
      flag("unicast", "", "Ordinary route type."),
      flag("local", "", "Route type: deliver here."),
      flag("broadcast", "", "Route type: broadcast."),
      flag("anycast", "", "Route type: anycast."),
      flag("multicast", "", "Route type: multicast."),
      flag("blackhole", "", "Route type: drop silently."),
      flag("unreachable", "", "Route type: reject with unreachable."),
      flag("prohibit", "", "Route type: reject with prohibited."),
      flag("throw", "", "Route type: leave this table."),
      flag("nat", "", "Route type: obsolete NAT."),
      flag("brd", "", "Alias of the route type broadcast."),
      flag("xresolve", "", "Route type: external resolver."),
      later(text("track_group", "NAME", "none", "For static_routes: ties the route to a track_group."))};
  return kRows;
}

std::span<const Keyword> nexthop() {
  static constexpr std::array kRows{
      special("via", "[inet|inet6] ADDR", 0, kAny, "none", "Gateway of this leg."),
      text("dev", "IFNAME", "none", "Interface of this leg."),
      number("weight", "N", {1, 256}, "1", "Share of this leg."),
      flag("onlink", "off", "Treats the gateway as directly reachable."),
      options(BlockId::Encap,
              special("encap", "ip|ip6|mpls|ila ...", 1, kAny, "none", "Encapsulation of this leg.")),
      text("realms", "REALM", "none", "Realm of this leg."),
      later(special("as", "[to] ADDR", 0, kAny, "", "NAT rewrite."))};
  return kRows;
}

std::span<const Keyword> encap() {
  static constexpr std::array kRows{

      special("ip", "id N|dst A|src A|tos T|ttl N|flags N", 1, kAny, "none", "IPv4 tunnel parameters."),
      special("ip6", "id N|dst A|src A|tc T|hoplimit N|flags N", 1, kAny, "none", "IPv6 tunnel parameters."),
      special("mpls", "LABEL[/LABEL...]", 1, kAny, "none", "Pushes MPLS labels."),
      text("ila", "LOCATOR", "none", "Identifier locator addressing."),
      number("id", "N", {0, kMaxUint32}, "none", "Tunnel id."),
      address("dst", "none", "Outer destination."),
      address("src", "none", "Outer source."),
      text("tos", "TOS", "none", "Outer type of service."),
      number("tc", "TC", {0, kMaxUint32}, "none", "Outer traffic class."),
      number("ttl", "N", {0, 255}, "none", "Outer TTL."),
      number("hoplimit", "N", {0, 255}, "none", "Outer hop limit."),
      number("flags", "N", {0, 65535}, "none", "Tunnel flags.")};
  return kRows;
}

std::span<const Keyword> virtual_rules() {
  static constexpr std::array kRows{
      positional(special("RULE", "[options]", 1, kAny, "",
                         "The selectors of the rule and what it does, in any order.")),
      flag("inet", "", "Fixes the family to IPv4."),
      flag("inet6", "", "Fixes the family to IPv6."),
      special("from", "ADDR[/LEN]|default", 1, kAny, "any", "Source selector."),
      special("to", "ADDR[/LEN]|default", 1, kAny, "any", "Destination selector."),
      with_limits("not 0", text("table", "TABLE", "none", "Looks up this table.")),
      with_limits("not 0", text("lookup", "TABLE", "none", "Alias of table.")),
      flag("not", "off", "Inverts the selector."),
      number("preference", "N", {0, kMaxUint32}, "automatic, decreasing, with an error message",
             "Rule priority."),
      number("order", "N", {0, kMaxUint32}, "", "Alias of preference."),
      number("priority", "N", {0, kMaxUint32}, "", "Alias of preference."),
      text("tos", "TOS", "0", "Type of service selector."),
      text("dsfield", "TOS", "0", "Alias of tos."),
      with_limits("0..4294967295",
                  special("fwmark", "MARK[/MASK]", 1, kAny, "none", "Firewall mark selector.")),
      special("realms", "[FROM/]TO", 0, kAny, "none", "Realms assigned to matches."),
      number("suppress_prefixlength", "N", {0, kMaxInt32}, "none",
             "Ignores routes with this prefix length or shorter."),
      number("sup_pl", "N", {0, kMaxInt32}, "none", "Alias of suppress_prefixlength."),

      text("suppress_ifgroup", "GROUP", "none", "Ignores routes leaving through this interface group."),
      text("sup_group", "GROUP", "none", "Alias of suppress_ifgroup."),
      text("dev", "IFNAME", "none", "Incoming interface selector."),
      text("iif", "IFNAME", "none", "Alias of dev."),
      text("oif", "IFNAME", "none", "Outgoing interface selector."),
      number("tunnel-id", "N", {0, kMaxUint32}, "none", "Tunnel id selector."),
      with_limits("uint32", special("uidrange", "FIRST-LAST", 1, kAny, "none", "User id selector.")),
      flag("l3mdev", "off", "Uses the table of the packet's L3 master device."),
      number("protocol", "N", {0, 255}, "keepalived (18)", "Protocol that owns the rule."),
      with_limits("0..255", special("ipproto", "NAME|N", 1, kAny, "none", "IP protocol selector.")),

      with_limits("0..65535", special("sport", "FIRST-LAST", 1, kAny, "none", "Source port selector.")),
      with_limits("0..65535", special("dport", "FIRST-LAST", 1, kAny, "none", "Destination port selector.")),
      special("type", "ACTION", 1, kAny, "", "Optional word before an action."),
      with_limits("must exceed preference",
                  special("goto", "PREF", 1, kAny, "none", "Jumps to a later rule.")),
      flag("nop", "", "Rule without effect."),
      flag("blackhole", "", "Drops silently."),
      flag("unreachable", "", "Rejects with unreachable."),
      flag("prohibit", "", "Rejects with prohibited."),
      flag("no_track", "off", "Does not react when the rule is removed by others."),
      later(text("track_group", "NAME", "none", "For static_rules: ties the rule to a track_group."))};
  return kRows;
}

}  // namespace hald::config::rows
