// SPDX-License-Identifier: Apache-2.0
// RouteReconciler: RoutingReconciler for routes. A slot is what the kernel chooses one route of
// (route_match.h), a shelf one routing table of one family. A route whose link is missing or down waits for
// it without an error.
#pragma once

#include "net/route_diff.h"
#include "net/route_match.h"
#include "net/routing_reconciler.h"

namespace hald::net {

struct RouteKind {
  using Wish = WantedRoute;
  using Entry = Route;
  using Slot = RouteSlot;
  using Intent = RouteIntent;
  struct Shelf {
    Family family = Family::IPv4;
    std::uint32_t table = 0;
    friend auto operator<=>(const Shelf&, const Shelf&) = default;
  };
  static constexpr const char* kNoun = "route";
  /// Routes lead over links and stand on addresses: what changes there changes what is possible.
  static constexpr bool kNeedsLinks = true;

  static Wish canonical(Wish wish);
  static const Entry& entry_of(const Wish& wish) { return wish.route; }
  static Slot slot_of(const Entry& entry) { return net::slot_of(entry); }
  static Shelf shelf_of(const Slot& slot) { return {slot.destination.address.family(), slot.table}; }
  /// With the indexes of its links; nothing while one of them is missing or down.
  static std::optional<Wish> resolve(const Wish& wish, const Interfaces& interfaces);
  /// The links of an entry are there and up.
  static bool can_exist(const Entry& entry, const Interfaces& interfaces);
  /// It runs out by itself, or nobody minds.
  static bool may_vanish(const Wish& wish) { return wish.route.expires.has_value() || !wish.restore; }
  static bool serves(const Entry& actual, const Entry& wanted) { return net::serves(actual, wanted); }
  static bool is_made_as(const Entry& actual, const Entry& wanted) { return net::is_made_as(actual, wanted); }
  static Result<std::unique_ptr<RoutingDump<Entry>>> dump(Routing& routing, const Shelf& shelf) {
    return routing.dump_routes(shelf.family, shelf.table);
  }
  /// Takes an event into the picture of its slot; false if it does not tell enough for that.
  static bool take(std::vector<Entry>& seen, const RouteEvent& event);
};

extern template class RoutingReconciler<RouteKind>;
using RouteReconciler = RoutingReconciler<RouteKind>;

}  // namespace hald::net
