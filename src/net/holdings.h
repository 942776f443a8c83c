// SPDX-License-Identifier: Apache-2.0
// HoldingsKeeper: Holder over the three reconcilers and the packet filter, to which it declares things in the
// right order: routes come after the addresses that they stand on, rules after the routes that they lead to,
// and they go the other way round. Removing many routes may take some turns of the loop; the addresses stay
// until it was tried.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "net/filter_keeper.h"
#include "net/holder.h"
#include "net/route_reconciler.h"
#include "net/rule_reconciler.h"

namespace hald::net {

class HoldingsKeeper : public Holder {
 public:
  /// All references must outlive the keeper, which becomes the one that the two reconcilers tell of being
  /// idle. Without a filter every address takes packets.
  HoldingsKeeper(AddressHolder& addresses, RouteReconciler& routes, RuleReconciler& rules,
                 FilterKeeper* filter = nullptr);
  ~HoldingsKeeper() override;
  HoldingsKeeper(const HoldingsKeeper&) = delete;
  HoldingsKeeper& operator=(const HoldingsKeeper&) = delete;

  void hold(const std::string& owner, Holdings holdings) override;
  void release(const std::string& owner, Holdings holdings) override;
  void forget(const std::string& owner) override;
  /// Addresses wait for routes to go.
  [[nodiscard]] bool is_waiting() const { return !waiting_.empty(); }
  /// Nothing waits when it returns, however long that takes: for the end of the process.
  void finish();

 private:
  void let_addresses_go(const std::string& owner, std::vector<WantedAddress> addresses);
  void idle();

  AddressHolder& addresses_;
  RouteReconciler& routes_;
  RuleReconciler& rules_;
  FilterKeeper* filter_;
  std::map<std::string, std::vector<WantedAddress>> waiting_;  // to be released; none: to be forgotten
};

}  // namespace hald::net
