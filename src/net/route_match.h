// SPDX-License-Identifier: Apache-2.0
// route_match: when what the kernel holds is the route that somebody wants. Pure. The kernel fills in what
// was left open (the link of a gateway, the metric of IPv6), drops what is zero, cuts what is too big, and
// merges IPv6 routes that differ in the nexthop only into one; all of that is looked through here.
#pragma once

#include <functional>
#include <optional>

#include "net/route.h"

namespace hald::net {

/// The same route as the kernel would describe it, as far as that can be said without asking.
[[nodiscard]] Route canonical(Route route);

/// Routes of one slot are each other's alternatives; the kernel uses the first.
struct RouteSlot {
  Prefix destination;
  std::optional<Prefix> source;
  std::uint32_t table = 0;
  std::uint8_t tos = 0;
  std::uint32_t metric = 0;
  friend auto operator<=>(const RouteSlot&, const RouteSlot&) = default;
};
[[nodiscard]] RouteSlot slot_of(const Route& route);

/// Packets go where `wanted` wants them to go, whoever made the route. Both canonical, the links of `wanted`
/// resolved.
[[nodiscard]] bool serves(const Route& actual, const Route& wanted);
/// And hald, or one of its kind, may have made it: it carries the protocol that was asked for. In a merged
/// IPv6 route that shows of the first part only.
[[nodiscard]] bool is_made_as(const Route& actual, const Route& wanted);
/// What is to be removed of `actual` so that `wanted` is gone: all of it, or the nexthops of `wanted` in a
/// merged route.
[[nodiscard]] Route part_of(const Route& actual, const Route& wanted);

/// The same with an index for every link that has a name; nothing if `index_of` gives 0 for one of them.
[[nodiscard]] std::optional<Route> resolved(Route route,
                                            const std::function<int(const std::string&)>& index_of);

}  // namespace hald::net
