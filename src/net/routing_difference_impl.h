// SPDX-License-Identifier: Apache-2.0
// The bodies of RoutingReconciler that compare what is wished with what is there, and write the difference.
// For routing_reconciler_impl.h, which includes it at its end.
#pragma once

#include <cerrno>
#include <utility>

#include <fmt/format.h>

#include "net/routing_reconciler.h"

namespace hald::net {

namespace routing_limits {
/// Every round either ends the work on a slot or writes.
constexpr int kRounds = 3;
}  // namespace routing_limits

template <typename Kind>
void RoutingReconciler<Kind>::reconcile(const Slot& slot) {
  const auto found = slots_.find(slot);
  if (found == slots_.end() || !found->second.known) return;
  auto& state = found->second;
  if (state.pace.is_contested(scheduler_.now())) return retry_later(state.pace.until());
  for (int round = routing_limits::kRounds; round > 0; --round) {
    const auto operations = diff(state.seen, compare(state));
    if (operations.empty()) {
      state.looked_again = false;
      break;
    }
    bool all_done = true;
    for (const auto& operation : operations) all_done = execute(slot, state, operation) && all_done;
    if (!all_done) break;
  }
  const auto claims = state.claims;
  for (const auto& key : claims) {
    if (claims_.find(key) == nullptr) detach(slot, key);
  }
}

/// What is to be done about the slot. Notes what is as it should be, and what no longer is.
template <typename Kind>
typename RoutingReconciler<Kind>::Intent RoutingReconciler<Kind>::compare(SlotState& state) {
  Intent intent;
  std::vector<std::pair<std::uint64_t, Key>> ordered;
  for (const auto& key : state.claims) {
    if (const auto* claim = claims_.find(key)) ordered.emplace_back(claim->order, key);
  }
  std::sort(ordered.begin(), ordered.end());
  for (const auto& [order, key] : ordered) compare_one(key, state, intent);
  return intent;
}

template <typename Kind>
void RoutingReconciler<Kind>::compare_one(const Key& key, SlotState& state, Intent& intent) {
  auto& claim = *claims_.find(key);
  const Wish* held = claim.held();
  const auto wish = Kind::resolve(held != nullptr ? *held : claim.last, interfaces_);
  const bool there = wish && is_there(state, claim, *wish);
  const bool met = there == (held != nullptr);
  const bool was_met = std::exchange(claim.confirmed, met && (wish || held == nullptr));
  if (held != nullptr && !wish) return;  // as soon as its link is there
  if (!met && was_met && held != nullptr && Kind::may_vanish(*held)) {
    claim.confirmed = true;
    return;
  }
  if (!met && was_met) note_drift(key, state, claim);
  if (met) claim.leaving = false;
  const bool try_it = met || !claim.postponed;
  if (held != nullptr && try_it) intent.present.push_back(*wish);
  if (held == nullptr && wish && try_it) intent.absent.push_back(Kind::entry_of(*wish));
  if (met && claim.owners.empty()) claims_.erase(key);
}

template <typename Kind>
bool RoutingReconciler<Kind>::is_there(const SlotState& state, const Claim<Wish>& claim,
                                       const Wish& wish) const {
  const auto& wanted = Kind::entry_of(wish);
  const bool held = claim.held() != nullptr;
  return std::any_of(state.seen.begin(), state.seen.end(), [&](const auto& actual) {
    return held ? Kind::serves(actual, wanted) : Kind::is_made_as(actual, wanted);
  });
}

template <typename Kind>
void RoutingReconciler<Kind>::note_drift(const Key& key, SlotState& state, const Claim<Wish>& claim) {
  ++drift_;
  state.pace.note(scheduler_.now());
  const bool held = claim.held() != nullptr;
  const auto object = fmt::format("{} {}", Kind::kNoun, key.to_string());
  for (const auto& [name, owner] : claim.owners) {
    if (owner.held == held) reports_.report({held ? Drift::What::Removed : Drift::What::Added, name, object});
  }
  logger_.limited(
      log::Level::Warning, fmt::format("net.drift.{}", Kind::kNoun),
      fmt::format("{} was {} by somebody else; repairing it", object, held ? "removed or changed" : "added"));
}

/// False if the picture turned out to be wrong, or the kernel refused.
template <typename Kind>
bool RoutingReconciler<Kind>::execute(const Slot& slot, SlotState& state, const Operation& operation) {
  using What = typename Operation::What;
  ++writes_;
  if (active_ && active_->shelf == Kind::shelf_of(slot)) shelves_[active_->shelf].disturbed = true;
  const auto done = routing_.write(operation);
  if (done) {
    apply(state.seen, operation);
    return true;
  }
  const int number = done.error().code.value();
  if (operation.what == What::Remove && (number == ESRCH || number == ENOENT)) {
    // Gone already, or not hald's: either way there is nothing to remove.
    apply(state.seen, operation);
    return true;
  }
  // The picture was wrong. Believed once; when a fresh dump says the same as before, it is an error like any
  // other.
  const bool surprising = operation.what != What::Remove && (number == EEXIST || number == ENOENT);
  if (surprising && !std::exchange(state.looked_again, true)) {
    doubt(slot);
  } else {
    refused(state, operation, done.error());
  }
  return false;
}

template <typename Kind>
void RoutingReconciler<Kind>::refused(const SlotState& state, const Operation& operation,
                                      const Error& error) {
  logger_.limited(log::Level::Error, fmt::format("net.{}", Kind::kNoun),
                  error.message() + "; will try again");
  for (const auto& key : state.claims) {
    auto* claim = claims_.find(key);
    if (claim == nullptr) continue;
    const auto wish = Kind::resolve(claim->last, interfaces_);
    if (wish && Kind::serves(operation.entry, Kind::entry_of(*wish))) claim->postponed = true;
  }
  retry_later(scheduler_.now() + backoff_.next());
}

template <typename Kind>
void RoutingReconciler<Kind>::retry_later(TimePoint when) {
  if (std::exchange(retry_armed_, true)) return;
  retry_ = scheduler_.at(when, [this] { retry(); });
}

template <typename Kind>
void RoutingReconciler<Kind>::retry() {
  retry_.cancel();
  retry_armed_ = false;
  claims_.resume_postponed();
  enqueue_all();
  go_on();
}

}  // namespace hald::net
