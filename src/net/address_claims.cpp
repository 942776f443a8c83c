// SPDX-License-Identifier: Apache-2.0
#include "net/address_claims.h"

#include <algorithm>
#include <set>

namespace hald::net {

const WantedAddress* AddressClaim::held() const {
  for (const auto& [name, owner] : owners) {
    if (owner.held) return &owner.wanted;
  }
  return nullptr;
}

AddressClaims::Prefixes AddressClaims::declare(const std::string& owner, bool held,
                                               std::vector<WantedAddress> addresses) {
  std::set<Prefix> seen;
  addresses.erase(std::remove_if(addresses.begin(), addresses.end(),
                                 [&](const auto& wanted) { return !seen.insert(wanted.prefix).second; }),
                  addresses.end());
  Declaration fresh{held, std::move(addresses)};
  const auto known = declarations_.find(owner);
  const Declaration before = known != declarations_.end() ? known->second : Declaration{};
  Prefixes concerned;
  if (fresh == before) {
    for (const auto& wanted : fresh.addresses) concerned.push_back(wanted.prefix);
    return concerned;
  }
  claim(owner, fresh, concerned);
  withdraw(owner, before, concerned);
  if (fresh.addresses.empty()) {
    declarations_.erase(owner);
  } else {
    declarations_[owner] = std::move(fresh);
  }
  return concerned;
}

void AddressClaims::claim(const std::string& owner, const Declaration& declaration, Prefixes& concerned) {
  for (const auto& wanted : declaration.addresses) {
    auto& claim = claims_[wanted.prefix];
    claim.owners[owner] = {declaration.held, wanted};
    claim.order = ++order_;
    claim.confirmed = claim.postponed = false;
    concerned.push_back(wanted.prefix);
  }
}

/// What `owner` declared before and no longer does: the last word on what it held is that it must go.
void AddressClaims::withdraw(const std::string& owner, const Declaration& before, Prefixes& concerned) {
  const std::set<Prefix> still(concerned.begin(), concerned.end());
  for (const auto& wanted : before.addresses) {
    if (still.count(wanted.prefix) > 0) continue;
    auto& claim = claims_[wanted.prefix];
    claim.owners.erase(owner);
    claim.leaving = claim.leaving || before.held;
    claim.confirmed = claim.postponed = false;
    concerned.push_back(wanted.prefix);
    if (claim.owners.empty() && !claim.leaving) claims_.erase(wanted.prefix);
  }
}

AddressClaims::Prefixes AddressClaims::all() const {
  Prefixes out;
  out.reserve(claims_.size());
  for (const auto& [prefix, claim] : claims_) out.push_back(prefix);
  return out;
}

AddressClaim* AddressClaims::find(const Prefix& prefix) {
  const auto found = claims_.find(prefix);
  return found == claims_.end() ? nullptr : &found->second;
}

const AddressClaim* AddressClaims::find(const Prefix& prefix) const {
  const auto found = claims_.find(prefix);
  return found == claims_.end() ? nullptr : &found->second;
}

void AddressClaims::forget_seen() {
  for (auto entry = claims_.begin(); entry != claims_.end();) {
    auto& claim = entry->second;
    claim.leaving = claim.confirmed = claim.postponed = false;
    entry = claim.owners.empty() ? claims_.erase(entry) : std::next(entry);
  }
}

void AddressClaims::resume_postponed() {
  for (auto& [prefix, claim] : claims_) claim.postponed = false;
}

}  // namespace hald::net
