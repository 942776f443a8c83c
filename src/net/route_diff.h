// SPDX-License-Identifier: Apache-2.0
// route_diff: what must be done to the routes of one slot so that they are as declared. Pure. What the intent
// does not name is left alone, unless it carries the protocol of hald and its like and lies where hald was
// told to make routes: such a one was left behind by an older configuration. diff(apply(diff)) is empty.
#pragma once

#include <vector>

#include "net/routing.h"

namespace hald::net {

/// What somebody declared about the routes of one slot; canonical, with resolved links.
struct RouteIntent {
  std::vector<WantedRoute> present;  ///< in the order in which they are to be added
  std::vector<Route> absent;
};

/// In the order in which they are to be done. What is in the way of a wish is replaced in one step, where it
/// is the first of its slot and therefore the one that `Replace` hits.
[[nodiscard]] std::vector<RouteOperation> diff(const std::vector<Route>& seen, const RouteIntent& intent);

/// What the operation, if it succeeds, makes of the routes of the slot.
void apply(std::vector<Route>& seen, const RouteOperation& operation);

}  // namespace hald::net
