// SPDX-License-Identifier: Apache-2.0
// RuleReconciler: RoutingReconciler for the rules of the routing policy. A slot is a priority, a shelf a
// family. Rules name their links and wait for none.
#pragma once

#include "net/routing_reconciler.h"
#include "net/rule_diff.h"

namespace hald::net {

struct RuleKind {
  using Wish = Rule;
  using Entry = Rule;
  using Intent = RuleIntent;
  struct Slot {
    Family family = Family::IPv4;
    std::uint32_t priority = 0;
    friend auto operator<=>(const Slot&, const Slot&) = default;
  };
  using Shelf = Family;
  static constexpr const char* kNoun = "rule";
  static constexpr bool kNeedsLinks = false;

  static Wish canonical(Wish wish) { return net::canonical(std::move(wish)); }
  static const Entry& entry_of(const Wish& wish) { return wish; }
  static Slot slot_of(const Entry& entry) { return {entry.family, entry.priority}; }
  static Shelf shelf_of(const Slot& slot) { return slot.family; }
  /// As the kernel will tell of it.
  static std::optional<Wish> resolve(Wish wish, const Interfaces&) {
    wish.restore = true;
    return wish;
  }
  static bool can_exist(const Entry&, const Interfaces&) { return true; }
  static bool may_vanish(const Wish& wish) { return !wish.restore; }
  static bool serves(const Entry& actual, const Entry& wanted) { return net::serves(actual, wanted); }
  static bool is_made_as(const Entry& actual, const Entry& wanted) { return net::is_made_as(actual, wanted); }
  static Result<std::unique_ptr<RoutingDump<Entry>>> dump(Routing& routing, Shelf shelf) {
    return routing.dump_rules(shelf);
  }
  static bool take(std::vector<Entry>& seen, const RuleEvent& event);
};

extern template class RoutingReconciler<RuleKind>;
using RuleReconciler = RoutingReconciler<RuleKind>;

}  // namespace hald::net
