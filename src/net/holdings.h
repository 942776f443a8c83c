// SPDX-License-Identifier: Apache-2.0
// Holdings: everything an owner (a VRRP instance, the static entries) has in the kernel while it holds it.
// The keeper declares it to the three reconcilers in the right order: routes come after the addresses that
// they stand on, rules after the routes that they lead to, and they go the other way round. Removing many
// routes may take some turns of the loop; the addresses stay until it was tried.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "net/interfaces.h"
#include "net/route_reconciler.h"
#include "net/rule_reconciler.h"

namespace hald::net {

struct Holdings {
  std::vector<WantedAddress> addresses{};
  std::vector<WantedRoute> routes{};
  std::vector<Rule> rules{};
  friend bool operator==(const Holdings&, const Holdings&) = default;
};

class HoldingsKeeper {
 public:
  /// All references must outlive the keeper, which becomes the one that the two reconcilers tell of being
  /// idle.
  HoldingsKeeper(AddressHolder& addresses, RouteReconciler& routes, RuleReconciler& rules);
  ~HoldingsKeeper();
  HoldingsKeeper(const HoldingsKeeper&) = delete;
  HoldingsKeeper& operator=(const HoldingsKeeper&) = delete;

  /// These are `owner`'s and they are to be present.
  void hold(const std::string& owner, Holdings holdings);
  /// These are `owner`'s and they are to be absent.
  void release(const std::string& owner, Holdings holdings);
  /// `owner` is gone: what it held is removed, then nothing of it is known any more.
  void forget(const std::string& owner);
  /// Addresses wait for routes to go.
  [[nodiscard]] bool is_waiting() const { return !waiting_.empty(); }

 private:
  void let_addresses_go(const std::string& owner, std::vector<WantedAddress> addresses);
  void idle();

  AddressHolder& addresses_;
  RouteReconciler& routes_;
  RuleReconciler& rules_;
  std::map<std::string, std::vector<WantedAddress>> waiting_;  // to be released; none: to be forgotten
};

}  // namespace hald::net
