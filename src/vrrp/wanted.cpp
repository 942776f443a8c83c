// SPDX-License-Identifier: Apache-2.0
#include "vrrp/wanted.h"

#include <algorithm>
#include <variant>

#include "base/overloaded.h"

namespace hald::vrrp {
namespace {

constexpr std::uint32_t kFeatureEcn = 1;  // RTAX_FEATURE_ECN
constexpr const char* kUsualTable = "keepalived";
constexpr std::uint32_t kWholeMark = 0xffffffffU;

net::Encap wanted(const config::Encapsulation& encapsulation) {
  const auto convert = Overloaded{
      [](const std::monostate&) -> net::Encap { return {}; },
      [](const config::IpEncapsulation& ip) -> net::Encap {
        return net::IpEncap{ip.family,          ip.id.value_or(0),  ip.destination,      ip.source,
                            ip.tos.value_or(0), ip.ttl.value_or(0), ip.flags.value_or(0)};
      },
      [](const config::MplsEncapsulation& mpls) -> net::Encap {
        return net::MplsEncap{mpls.labels, {}};
      },
      [](const config::IlaEncapsulation& ila) -> net::Encap { return net::IlaEncap{ila.locator}; },
  };
  return std::visit(convert, encapsulation);
}

net::RouteMetrics wanted(const config::RouteMetrics& metrics) {
  using net::Metric;
  net::RouteMetrics out;
  const auto set = [&](Metric metric, const std::optional<config::RouteMetric>& value) {
    if (value) out.set(metric, value->value, value->locked);
  };
  set(Metric::Mtu, metrics.mtu);
  set(Metric::HopLimit, metrics.hop_limit);
  set(Metric::AdvMss, metrics.advmss);
  set(Metric::Rtt, metrics.rtt);
  set(Metric::RttVar, metrics.rttvar);
  set(Metric::RtoMin, metrics.rto_min);
  set(Metric::Reordering, metrics.reordering);
  set(Metric::Window, metrics.window);
  set(Metric::Cwnd, metrics.cwnd);
  set(Metric::SsThresh, metrics.ssthresh);
  set(Metric::InitCwnd, metrics.initcwnd);
  set(Metric::InitRwnd, metrics.initrwnd);
  set(Metric::QuickAck, metrics.quickack);
  set(Metric::FastOpenNoCookie, metrics.fastopen_no_cookie);
  if (metrics.ecn) out.set(Metric::Features, kFeatureEcn);
  out.congestion_control = metrics.congestion_control;
  if (metrics.congestion_control_locked) out.locked |= 1U << net::kCongestionControl;
  return out;
}

/// Of the route itself, or of one of its legs. Filled in place: g++ 12 at -O3 minds temporaries of it.
template <typename Way>
void fill(net::Nexthop& into, const Way& way) {
  into.link.name = way.device;
  into.onlink = way.onlink;
  into.gateway = way.gateway;
  into.realms = way.realms;
  into.encap = wanted(way.encapsulation);
}

/// The one that the route itself names, or the legs that follow.
std::vector<net::Nexthop> nexthops_of(const config::Route& route) {
  std::vector<net::Nexthop> out;
  for (const auto& leg : route.nexthops) {
    net::Nexthop& hop = out.emplace_back();
    fill(hop, leg);
    hop.weight = leg.weight;
  }
  if (!out.empty()) return out;
  net::Nexthop& only = out.emplace_back();
  const net::Nexthop nothing = only;
  fill(only, route);
  if (only == nothing) out.clear();
  return out;
}

net::Placement wanted(config::Route::Order order) {
  switch (order) {
    case config::Route::Order::Add: return net::Placement::Exclusive;
    case config::Route::Order::Append: return net::Placement::Append;
    case config::Route::Order::Prepend: break;
  }
  return net::Placement::Prepend;
}

template <typename Number>
std::optional<net::NumberRange<Number>> wanted(const std::optional<config::Bounds<Number>>& bounds) {
  if (!bounds) return std::nullopt;
  return net::NumberRange<Number>{bounds->first, bounds->last};
}

/// An owner answers for its addresses whatever the file says.
bool is_closed(const config::VrrpInstance& instance) {
  return !instance.accept && instance.priority != 255;
}

}  // namespace

const std::string& device_of(const config::VirtualAddress& address, const config::VrrpInstance& instance) {
  return address.device.empty() ? instance.interface : address.device;
}

net::WantedAddress wanted(const config::VirtualAddress& address, const std::string& device) {
  net::WantedAddress out;
  out.device = device;
  out.prefix = address.prefix;
  out.label = address.label;
  out.scope = address.scope;
  out.broadcast = address.broadcast;
  out.detect_duplicates = address.detect_duplicates;
  out.peer = address.peer;
  out.flags = {address.home, address.manage_temporary, address.no_prefix_route, address.auto_join};
  out.preferred_lft = address.preferred_lifetime;
  out.restore = address.track;
  return out;
}

net::WantedRoute wanted(const config::Route& route) {
  net::WantedRoute out;
  out.route.type = net::RouteType{route.type};
  out.route.destination = route.destination;
  out.route.source = route.source;
  out.route.table = route.table;
  out.route.protocol = route.protocol.value_or(config::kRouteProtocol);
  out.route.scope = route.scope;
  out.route.tos = route.tos;
  out.route.metric = route.metric.value_or(0);
  out.route.preferred_source = route.preferred_source;
  out.route.nexthops = nexthops_of(route);
  out.route.metrics = wanted(route.metrics);
  out.route.preference = route.preference;
  out.route.expires = route.expires;
  out.route.ttl_propagate = route.ttl_propagate;
  out.placement = wanted(route.order);
  out.restore = route.track;
  out.vrf = route.vrf;
  return out;
}

net::Rule wanted(const config::Rule& rule) {
  net::Rule out;
  out.family = rule.family;
  out.priority = rule.priority;
  out.invert = rule.invert;
  out.from = rule.from;
  out.to = rule.to;
  out.input_link = rule.input_device;
  out.output_link = rule.output_device;
  out.tos = rule.tos;
  if (rule.mark) {
    out.mark = rule.mark->mark;
    out.mark_mask = rule.mark->mask.value_or(kWholeMark);
  }
  out.tunnel_id = rule.tunnel_id.value_or(0);
  out.users = wanted(rule.users);
  out.ip_protocol = rule.ip_protocol.value_or(0);
  out.source_ports = wanted(rule.source_ports);
  out.destination_ports = wanted(rule.destination_ports);
  out.action = net::RuleAction{static_cast<std::uint8_t>(rule.action)};
  out.table = rule.table;
  out.l3mdev = rule.l3mdev;
  out.target = rule.target;
  out.realms = rule.realms;
  out.suppress_prefix_length = rule.suppress_prefix_length;
  out.suppress_group = rule.suppress_group;
  out.protocol = rule.protocol.value_or(config::kRouteProtocol);
  out.restore = rule.track;
  return out;
}

std::vector<net::WantedRoute> wanted(const std::vector<config::Route>& routes) {
  std::vector<net::WantedRoute> out;
  out.reserve(routes.size());
  for (const auto& route : routes) out.push_back(wanted(route));
  return out;
}

std::vector<net::Rule> wanted(const std::vector<config::Rule>& rules) {
  std::vector<net::Rule> out;
  out.reserve(rules.size());
  for (const auto& rule : rules) out.push_back(wanted(rule));
  return out;
}

net::Holdings wanted_holdings(const config::VrrpInstance& instance) {
  net::Holdings out;
  out.addresses.reserve(instance.addresses.size() + instance.excluded_addresses.size());
  for (const auto* list : {&instance.addresses, &instance.excluded_addresses}) {
    for (const auto& address : *list) {
      const std::string& device = device_of(address, instance);
      out.addresses.push_back(wanted(address, device));
      if (is_closed(instance)) out.closed.push_back({address.prefix.address, device});
    }
  }
  out.routes = wanted(instance.routes);
  out.rules = wanted(instance.rules);
  return out;
}

net::Holdings wanted_statics(const config::Config& config) {
  net::Holdings out;
  out.addresses.reserve(config.static_addresses.size());
  for (const auto& each : config.static_addresses)
    out.addresses.push_back(wanted(each.address, each.address.device));
  out.routes = wanted(config.static_routes);
  out.rules = wanted(config.static_rules);
  return out;
}

net::FilterSettings wanted_filter(const config::Config& config) {
  const config::Global& global = config.global;
  net::FilterSettings out{global.nftables, global.nftables_priority, global.nftables_ifindex,
                          global.nftables_counters};
  const bool closed = std::any_of(config.instances.begin(), config.instances.end(), is_closed);
  // compat: without a word about it the filter is there all the same, in the usual table.
  if (closed && out.table.empty()) out.table = kUsualTable;
  return out;
}

}  // namespace hald::vrrp
