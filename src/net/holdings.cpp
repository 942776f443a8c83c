// SPDX-License-Identifier: Apache-2.0
#include "net/holdings.h"

#include <utility>

namespace hald::net {

HoldingsKeeper::HoldingsKeeper(AddressHolder& addresses, RouteReconciler& routes, RuleReconciler& rules,
                               FilterKeeper* filter)
    : addresses_(addresses), routes_(routes), rules_(rules), filter_(filter) {
  routes_.on_idle([this] { idle(); });
  rules_.on_idle([this] { idle(); });
}

HoldingsKeeper::~HoldingsKeeper() {
  routes_.on_idle({});
  rules_.on_idle({});
}

void HoldingsKeeper::hold(const std::string& owner, Holdings holdings) {
  waiting_.erase(owner);
  if (filter_ != nullptr) filter_->declare(owner, true, std::move(holdings.closed));
  addresses_.hold(owner, std::move(holdings.addresses));
  routes_.hold(owner, std::move(holdings.routes));
  rules_.hold(owner, std::move(holdings.rules));
}

void HoldingsKeeper::release(const std::string& owner, Holdings holdings) {
  rules_.release(owner, std::move(holdings.rules));
  routes_.release(owner, std::move(holdings.routes));
  let_addresses_go(owner, std::move(holdings.addresses));
  if (filter_ != nullptr) filter_->declare(owner, false, std::move(holdings.closed));
}

void HoldingsKeeper::forget(const std::string& owner) {
  rules_.forget(owner);
  routes_.forget(owner);
  let_addresses_go(owner, {});
  if (filter_ != nullptr) filter_->declare(owner, false, {});
}

void HoldingsKeeper::finish() {
  rules_.finish();
  routes_.finish();
  idle();
  if (filter_ != nullptr) filter_->finish();
}

void HoldingsKeeper::let_addresses_go(const std::string& owner, std::vector<WantedAddress> addresses) {
  waiting_[owner] = std::move(addresses);
  if (!routes_.is_busy() && !rules_.is_busy()) idle();
}

void HoldingsKeeper::idle() {
  if (routes_.is_busy() || rules_.is_busy()) return;
  for (auto& [owner, addresses] : std::exchange(waiting_, {})) {
    if (addresses.empty()) {
      addresses_.forget(owner);
    } else {
      addresses_.release(owner, std::move(addresses));
    }
  }
}

}  // namespace hald::net
