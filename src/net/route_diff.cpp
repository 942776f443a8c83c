// SPDX-License-Identifier: Apache-2.0
#include "net/route_diff.h"

#include <algorithm>

#include "net/route_match.h"

namespace hald::net {
namespace {

using What = RouteOperation::What;

bool serves_any(const Route& actual, const std::vector<WantedRoute>& wanted) {
  return std::any_of(wanted.begin(), wanted.end(),
                     [&](const auto& one) { return serves(actual, one.route); });
}

/// Whether hald makes routes with its own protocol here, so that others with it are leftovers.
bool is_haldish(const RouteIntent& intent) {
  return std::any_of(intent.present.begin(), intent.present.end(),
                     [](const auto& one) { return one.route.protocol == Route::kKeepalived; }) ||
         std::any_of(intent.absent.begin(), intent.absent.end(),
                     [](const auto& one) { return one.protocol == Route::kKeepalived; });
}

/// `part` without the nexthops that somebody wants; the kernel merged them.
Route without_wanted(Route part, const std::vector<WantedRoute>& present) {
  if (part.family() == Family::IPv4) return part;
  auto& nexthops = part.nexthops;
  const auto is_wanted = [&](const Nexthop& nexthop) {
    Route alone = part;
    alone.nexthops = {nexthop};
    return std::any_of(present.begin(), present.end(), [&](const auto& one) {
      return std::any_of(one.route.nexthops.begin(), one.route.nexthops.end(), [&](const auto& other) {
        Route wanted = alone;
        wanted.nexthops = {other};
        return serves(alone, wanted);
      });
    });
  };
  nexthops.erase(std::remove_if(nexthops.begin(), nexthops.end(), is_wanted), nexthops.end());
  return part;
}

bool can_merge(const Route& route) {
  return route.family() == Family::IPv6 && route.type == RouteType::Unicast && !route.expires &&
         !route.nexthops.empty() &&
         std::all_of(route.nexthops.begin(), route.nexthops.end(),
                     [](const auto& nexthop) { return nexthop.gateway.has_value(); });
}

bool is_same(const Route& actual, const Route& named) {
  return actual.protocol == named.protocol && serves(actual, named) &&
         actual.nexthops.size() == named.nexthops.size();
}

void add(std::vector<Route>& seen, const RouteOperation& operation) {
  const auto& fresh = operation.entry;
  if (can_merge(fresh)) {
    const auto twin = std::find_if(seen.begin(), seen.end(), can_merge);
    if (twin != seen.end()) {
      twin->nexthops.insert(twin->nexthops.end(), fresh.nexthops.begin(), fresh.nexthops.end());
      return;
    }
  }
  const bool first = fresh.family() == Family::IPv4 && operation.placement == Placement::Prepend;
  seen.insert(first ? seen.begin() : seen.end(), fresh);
}

void remove(std::vector<Route>& seen, const Route& named) {
  auto found = std::find_if(seen.begin(), seen.end(), [&](const auto& one) { return is_same(one, named); });
  if (found != seen.end()) {
    seen.erase(found);
    return;
  }
  if (named.family() == Family::IPv4) return;
  found = std::find_if(seen.begin(), seen.end(), [&](const auto& one) { return serves(one, named); });
  if (found == seen.end()) return;
  for (const auto& nexthop : part_of(*found, named).nexthops) {
    const auto place = std::find(found->nexthops.begin(), found->nexthops.end(), nexthop);
    if (place != found->nexthops.end()) found->nexthops.erase(place);
  }
  if (found->nexthops.empty()) seen.erase(found);
}

/// What is to go of `actual`: nothing, all of it, or in a merged route a part for each that is declared
/// absent.
std::vector<Route> unwanted_parts(const Route& actual, const RouteIntent& intent, bool haldish) {
  std::vector<Route> out;
  std::vector<Route> rest{actual};
  for (const auto& absent : intent.absent) {
    if (rest.empty() || !is_made_as(rest.front(), absent)) continue;
    auto part = without_wanted(part_of(rest.front(), absent), intent.present);
    const bool by_nexthops = actual.family() == Family::IPv6 && !absent.nexthops.empty();
    if (by_nexthops ? part.nexthops.empty() : serves_any(rest.front(), intent.present)) continue;
    remove(rest, part);
    out.push_back(std::move(part));
  }
  const bool stale =
      haldish && !rest.empty() && actual.protocol == Route::kKeepalived && actual.nexthop_id == 0;
  if (stale && !serves_any(rest.front(), intent.present)) out.push_back(std::move(rest.front()));
  return out;
}

}  // namespace

std::vector<RouteOperation> diff(const std::vector<Route>& seen, const RouteIntent& intent) {
  std::vector<WantedRoute> missing;
  for (const auto& wanted : intent.present) {
    if (std::none_of(seen.begin(), seen.end(), [&](const auto& one) { return serves(one, wanted.route); }))
      missing.push_back(wanted);
  }
  std::vector<RouteOperation> out;
  const bool haldish = is_haldish(intent);
  for (std::size_t i = 0; i < seen.size(); ++i) {
    auto parts = unwanted_parts(seen[i], intent, haldish);
    const bool hit_by_replace = i == 0 && (seen[i].family() == Family::IPv4 || seen.size() == 1);
    const bool whole = parts.size() == 1 && parts.front().nexthops.size() == seen[i].nexthops.size();
    if (hit_by_replace && whole && !missing.empty()) {
      out.push_back({What::Replace, missing.front().route, missing.front().placement});
      missing.erase(missing.begin());
      continue;
    }
    for (auto& part : parts) out.push_back({What::Remove, std::move(part)});
  }
  // What is removed above was in the shadow of something else, and could not be told from what is added here.
  for (auto& wanted : missing) out.push_back({What::Add, std::move(wanted.route), wanted.placement});
  return out;
}

void apply(std::vector<Route>& seen, const RouteOperation& operation) {
  switch (operation.what) {
    case What::Add: return add(seen, operation);
    case What::Replace:
      if (seen.empty()) return add(seen, operation);
      seen.front() = operation.entry;
      return;
    case What::Remove: return remove(seen, operation.entry);
  }
}

}  // namespace hald::net
