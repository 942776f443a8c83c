// SPDX-License-Identifier: Apache-2.0
#include <array>

#include <fmt/format.h>

#include "base/overloaded.h"
#include "net/route.h"

namespace hald::net {
namespace {

using Out = std::back_insert_iterator<std::string>;

constexpr std::array<const char*, 11> kTypes{"unspec",   "unicast",   "local",     "broadcast",
                                             "anycast",  "multicast", "blackhole", "unreachable",
                                             "prohibit", "throw",     "nat"};
constexpr std::array<std::pair<Metric, const char*>, 15> kMetrics{
    {{Metric::Mtu, "mtu"},
     {Metric::Window, "window"},
     {Metric::Rtt, "rtt"},
     {Metric::RttVar, "rttvar"},
     {Metric::SsThresh, "ssthresh"},
     {Metric::Cwnd, "cwnd"},
     {Metric::AdvMss, "advmss"},
     {Metric::Reordering, "reordering"},
     {Metric::HopLimit, "hoplimit"},
     {Metric::InitCwnd, "initcwnd"},
     {Metric::Features, "features"},
     {Metric::RtoMin, "rto_min"},
     {Metric::InitRwnd, "initrwnd"},
     {Metric::QuickAck, "quickack"},
     {Metric::FastOpenNoCookie, "fastopen_no_cookie"}}};

std::string text_of(const Prefix& prefix) {
  if (prefix.length == 0) return "default";
  return prefix.length == prefix.address.bytes().size() * 8 ? prefix.address.to_string() : prefix.to_string();
}

std::string text_of(const LinkRef& link) {
  return link.name.empty() ? fmt::format("#{}", link.index) : link.name;
}

void put_realms(Out out, std::uint32_t realms) {
  if (realms == 0) return;
  fmt::format_to(out, " realms {}/{}", realms >> 16U, realms & 0xffffU);
}

void put_encap(Out out, const Encap& encap) {
  std::visit(
      Overloaded{
          [](const std::monostate&) {},
          [&](const IpEncap& ip) {
            fmt::format_to(out, " encap {} id {}", ip.family == Family::IPv4 ? "ip" : "ip6", ip.id);
            if (ip.source) fmt::format_to(out, " src {}", ip.source->to_string());
            if (ip.destination) fmt::format_to(out, " dst {}", ip.destination->to_string());
          },
          [&](const MplsEncap& mpls) { fmt::format_to(out, " encap mpls {}", fmt::join(mpls.labels, "/")); },
          [&](const IlaEncap& ila) { fmt::format_to(out, " encap ila {:x}", ila.locator); },
          [&](const OtherEncap& other) { fmt::format_to(out, " encap #{}", other.type); }},
      encap);
}

void put_nexthop(Out out, const Nexthop& nexthop, Family family) {
  put_encap(out, nexthop.encap);
  if (nexthop.gateway) {
    const char* other = nexthop.gateway->family() == family ? ""
                        : nexthop.gateway->is_v4()          ? "inet "
                                                            : "inet6 ";
    fmt::format_to(out, " via {}{}", other, nexthop.gateway->to_string());
  }
  if (nexthop.link.is_given()) fmt::format_to(out, " dev {}", text_of(nexthop.link));
  if (nexthop.onlink) fmt::format_to(out, " onlink");
  put_realms(out, nexthop.realms);
}

void put_metrics(Out out, const RouteMetrics& metrics) {
  for (const auto& [metric, name] : kMetrics) {
    const auto found = metrics.values.find(metric);
    if (found == metrics.values.end()) continue;
    const bool locked = (metrics.locked & 1U << static_cast<unsigned>(metric)) != 0;
    fmt::format_to(out, " {}{} {}", name, locked ? " lock" : "", found->second);
  }
  if (!metrics.congestion_control.empty()) fmt::format_to(out, " congctl {}", metrics.congestion_control);
}

}  // namespace

std::string Route::to_string() const {
  std::string text;
  Out out(text);
  if (type != RouteType::Unicast) {
    const auto number = static_cast<std::size_t>(type);
    fmt::format_to(out, "{} ", number < kTypes.size() ? kTypes.at(number) : "unknown");
  }
  if (family() == Family::IPv6 && destination.length == 0) text += "inet6 ";
  text += text_of(destination);
  if (source) fmt::format_to(out, " from {}", text_of(*source));
  if (tos != 0) fmt::format_to(out, " tos {:#04x}", tos);
  if (nexthops.size() == 1) put_nexthop(out, nexthops.front(), family());
  if (table != kMainTable) fmt::format_to(out, " table {}", table);
  if (protocol != kKeepalived) fmt::format_to(out, " proto {}", protocol);
  if (scope != 0) fmt::format_to(out, " scope {}", scope);
  if (preferred_source) fmt::format_to(out, " src {}", preferred_source->to_string());
  if (metric != 0) fmt::format_to(out, " metric {}", metric);
  put_metrics(out, metrics);
  if (preference) fmt::format_to(out, " pref {}", *preference);
  if (expires) fmt::format_to(out, " expires {}", *expires);
  if (nexthops.size() > 1) {
    for (const auto& nexthop : nexthops) {
      text += " nexthop";
      put_nexthop(out, nexthop, family());
      fmt::format_to(out, " weight {}", nexthop.weight);
    }
  }
  return text;
}

}  // namespace hald::net
