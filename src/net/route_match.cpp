// SPDX-License-Identifier: Apache-2.0
#include "net/route_match.h"

#include <algorithm>

#include "net/network_of.h"

namespace hald::net {
namespace {

constexpr std::uint32_t kDefaultMetricV6 = 1024;

bool leads_nowhere(RouteType type) {
  return type == RouteType::Blackhole || type == RouteType::Unreachable || type == RouteType::Prohibit ||
         type == RouteType::Throw;
}

/// What the kernel makes of too big a value.
std::uint32_t clamped(Metric metric, std::uint32_t value) {
  switch (metric) {
    case Metric::AdvMss: return std::min<std::uint32_t>(value, 65535 - 40);
    case Metric::Mtu: return std::min<std::uint32_t>(value, 65535 - 15);
    case Metric::HopLimit: return std::min<std::uint32_t>(value, 255);
    default: return value;
  }
}

/// Zero is the absence of a value; locks without a value mean nothing.
RouteMetrics canonical(const RouteMetrics& metrics) {
  RouteMetrics out;
  out.congestion_control = metrics.congestion_control;
  for (const auto& [metric, value] : metrics.values) {
    if (value != 0) out.values[metric] = clamped(metric, value);
  }
  if (!out.values.empty() || !out.congestion_control.empty()) out.locked = metrics.locked;
  return out;
}

bool serves(const Nexthop& actual, const Nexthop& wanted, bool among_several) {
  if (actual.gateway != wanted.gateway || actual.onlink != wanted.onlink) return false;
  if (actual.realms != wanted.realms || actual.encap != wanted.encap) return false;
  if (among_several && actual.weight != wanted.weight) return false;
  return wanted.link.index == 0 || wanted.link.index == actual.link.index;
}

/// For each nexthop of `wanted` the place in `actual` of one that is it, no place twice; nothing if one has
/// none.
std::optional<std::vector<std::size_t>> places_of(const Route& wanted, const Route& actual) {
  const bool among_several = wanted.nexthops.size() > 1;
  std::vector<bool> used(actual.nexthops.size());
  std::vector<std::size_t> out;
  for (const auto& nexthop : wanted.nexthops) {
    std::size_t place = 0;
    while (place < used.size() && (used[place] || !serves(actual.nexthops[place], nexthop, among_several)))
      ++place;
    if (place == used.size()) return std::nullopt;
    used[place] = true;
    out.push_back(place);
  }
  return out;
}

/// IPv6 only: `actual` is `wanted` and something else, made one by the kernel.
bool is_merged(const Route& actual, const Route& wanted) {
  return actual.family() == Family::IPv6 && !wanted.nexthops.empty() &&
         actual.nexthops.size() > wanted.nexthops.size();
}

bool same_attributes(const Route& actual, const Route& wanted) {
  if (actual.metrics != wanted.metrics || actual.preferred_source != wanted.preferred_source) return false;
  if (actual.family() == Family::IPv4) return actual.scope == wanted.scope;
  return actual.preference.value_or(0) == wanted.preference.value_or(0);
}

}  // namespace

Route canonical(Route route) {
  route.destination = network_of(route.destination);
  if (route.source)
    route.source = route.source->length > 0 ? std::optional(network_of(*route.source)) : std::nullopt;
  if (route.nexthops.size() == 1) route.nexthops.front().weight = 1;
  for (auto& nexthop : route.nexthops) {
    nexthop.weight = std::clamp<std::uint16_t>(nexthop.weight, 1, 256);
    if (nexthop.gateway && nexthop.gateway->is_unspecified()) nexthop.gateway.reset();
  }
  if (route.nexthops.size() == 1 && route.nexthops.front() == Nexthop{}) route.nexthops.clear();
  if (route.family() == Family::IPv6) {
    route.scope = 0;
    if (route.metric == 0) route.metric = kDefaultMetricV6;
  }
  route.metrics = canonical(route.metrics);
  return route;
}

RouteSlot slot_of(const Route& route) {
  return {route.destination, route.source, route.table, route.tos, route.metric};
}

bool serves(const Route& actual, const Route& wanted) {
  if (slot_of(actual) != slot_of(wanted) || actual.type != wanted.type) return false;
  if (actual.nexthop_id != wanted.nexthop_id) return false;
  // The kernel lets IPv6 routes to nowhere lead over the loopback link.
  if (leads_nowhere(wanted.type)) return same_attributes(actual, wanted);
  if (!places_of(wanted, actual)) return false;
  // Of a merged route the kernel describes the first part only.
  if (is_merged(actual, wanted)) return true;
  return actual.nexthops.size() == wanted.nexthops.size() && same_attributes(actual, wanted);
}

bool is_made_as(const Route& actual, const Route& wanted) {
  return serves(actual, wanted) && (actual.protocol == wanted.protocol || is_merged(actual, wanted));
}

Route part_of(const Route& actual, const Route& wanted) {
  if (!is_merged(actual, wanted)) return actual;
  Route out = wanted;
  out.nexthops.clear();
  const auto places = places_of(wanted, actual);
  if (!places) return actual;
  for (const auto place : *places) out.nexthops.push_back(actual.nexthops[place]);
  return canonical(std::move(out));
}

std::optional<Route> resolved(Route route, const std::function<int(const std::string&)>& index_of) {
  for (auto& nexthop : route.nexthops) {
    if (nexthop.link.name.empty()) continue;
    const int index = index_of(nexthop.link.name);
    if (index == 0) return std::nullopt;
    nexthop.link.index = index;  // the name stays, for people
  }
  return route;
}

}  // namespace hald::net
