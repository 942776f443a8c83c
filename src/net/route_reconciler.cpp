// SPDX-License-Identifier: Apache-2.0
#include "net/route_reconciler.h"

#include "net/routing_reconciler_impl.h"

namespace hald::net {
namespace {

bool is_same(const Route& one, const Route& other) {
  return one.protocol == other.protocol && serves(one, other) && one.nexthops.size() == other.nexthops.size();
}

bool is_up(const Link* link) {
  return link != nullptr && link->up;
}

bool take_removal(std::vector<Route>& seen, const Route& gone) {
  for (auto route = seen.begin(); route != seen.end(); ++route) {
    if (!is_same(*route, gone)) continue;
    seen.erase(route);
    return true;
  }
  // Of a merged IPv6 route a part may have gone, and what the kernel says of it is not all of it.
  return std::none_of(seen.begin(), seen.end(), [](const auto& route) {
    return route.family() == Family::IPv6 && route.nexthops.size() > 1;
  });
}

}  // namespace

WantedRoute RouteKind::canonical(WantedRoute wish) {
  wish.route = net::canonical(std::move(wish.route));
  return wish;
}

std::optional<WantedRoute> RouteKind::resolve(const WantedRoute& wish, const Interfaces& interfaces) {
  auto route = resolved(wish.route, [&](const std::string& name) {
    const auto* link = interfaces.find(name);
    return is_up(link) ? link->index : 0;
  });
  if (!route) return std::nullopt;
  return WantedRoute{std::move(*route), wish.placement};
}

bool RouteKind::can_exist(const Route& route, const Interfaces& interfaces) {
  return std::all_of(route.nexthops.begin(), route.nexthops.end(), [&](const auto& nexthop) {
    return nexthop.link.index == 0 || is_up(interfaces.find(nexthop.link.index));
  });
}

bool RouteKind::take(std::vector<Route>& seen, const RouteEvent& event) {
  if (event.removed) return take_removal(seen, event.entry);
  if (event.replaced) return false;
  for (auto& route : seen) {
    if (!is_same(event.entry, route)) continue;
    route = event.entry;  // the kernel knows more of it than was asked for
    return true;
  }
  return false;  // nobody knows at which place
}

template class RoutingReconciler<RouteKind>;

}  // namespace hald::net
