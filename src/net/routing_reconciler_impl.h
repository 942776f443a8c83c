// SPDX-License-Identifier: Apache-2.0
// The bodies of RoutingReconciler, for the two files that instantiate it.
#pragma once

#include <algorithm>
#include <cerrno>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "net/routing_reconciler.h"

namespace hald::net {

namespace routing_limits {
/// What one turn of the loop may cost, and how many comparisons pass between two looks at the clock.
constexpr Duration kSlice = std::chrono::microseconds(500);
/// Dumps in a row that are thrown away because something changed meanwhile.
constexpr unsigned kDisturbances = 5;
/// Every round either ends the work on a slot or writes.
constexpr int kRounds = 3;
}  // namespace routing_limits

template <typename Kind>
RoutingReconciler<Kind>::RoutingReconciler(Routing& routing, Interfaces& interfaces, Scheduler& scheduler,
                                           log::Logger& logger)
    : routing_(routing),
      interfaces_(interfaces),
      scheduler_(scheduler),
      logger_(logger),
      reports_(scheduler),
      subscription_(interfaces.subscribe([this](const std::string&) { interface_changed(); })) {}

template <typename Kind>
RoutingReconciler<Kind>::~RoutingReconciler() {
  if (listening_) routing_.receive(Routing::Receiver<Entry>{});
}

template <typename Kind>
bool RoutingReconciler<Kind>::settled() const {
  return queue_.empty() && !active_ && !retry_armed_ &&
         std::none_of(shelves_.begin(), shelves_.end(), [](const auto& shelf) { return shelf.second.stale; });
}

// ---------------------------------------------------------------- what is wished

template <typename Kind>
void RoutingReconciler<Kind>::listen() {
  if (listening_) return;
  try {
    routing_.receive(Routing::Receiver<Entry>{[this](const RoutingEvent<Entry>& event) { take_event(event); },
                                              [this] { take_overrun(); }});
    listening_ = true;
  } catch (const std::system_error& problem) {
    logger_.error(fmt::format("cannot follow the {}s of others, until the next change of hald's: {}",
                              Kind::kNoun, problem.what()));
  }
}

template <typename Kind>
void RoutingReconciler<Kind>::declare(const std::string& owner, bool held, std::vector<Wish> wishes) {
  if (!wishes.empty()) listen();
  for (auto& wish : wishes) wish = Kind::canonical(std::move(wish));
  auto concerned = claims_.declare(owner, held, std::move(wishes));
  // What was declared last may stand on what was declared first: it goes first.
  if (!held) std::reverse(concerned.begin(), concerned.end());
  for (const auto& key : concerned) attach(key);
  slice(false);
}

template <typename Kind>
void RoutingReconciler<Kind>::attach(const Key& key) {
  const auto slot = Kind::slot_of(key);
  if (claims_.find(key) == nullptr) return detach(slot, key);
  const auto [entry, fresh] = slots_.try_emplace(slot);
  entry->second.claims.insert(key);
  if (fresh) {
    auto& shelf = shelves_[Kind::shelf_of(slot)];
    shelf.stale = true;
    ++shelf.slots;
  }
  queue_.push(slot);
}

template <typename Kind>
void RoutingReconciler<Kind>::detach(const Slot& slot, const Key& key) {
  const auto found = slots_.find(slot);
  if (found == slots_.end()) return;
  found->second.claims.erase(key);
  if (!found->second.claims.empty()) return;
  slots_.erase(found);
  const auto shelf = shelves_.find(Kind::shelf_of(slot));
  if (shelf != shelves_.end() && --shelf->second.slots == 0) shelves_.erase(shelf);
}

template <typename Kind>
void RoutingReconciler<Kind>::enqueue_all() {
  std::set<Slot> all;
  for (const auto& [slot, state] : slots_) all.insert(slot);
  enqueue(all);
}

/// In the order in which they were declared: one may stand on what another one brings.
template <typename Kind>
void RoutingReconciler<Kind>::enqueue(const std::set<Slot>& slots) {
  std::vector<std::pair<std::uint64_t, Slot>> ordered;
  for (const auto& slot : slots) {
    const auto found = slots_.find(slot);
    if (found == slots_.end()) continue;
    const auto& claims = found->second.claims;
    const auto* claim = claims.empty() ? nullptr : claims_.find(*claims.begin());
    ordered.emplace_back(claim != nullptr ? claim->order : 0, slot);
  }
  std::sort(ordered.begin(), ordered.end());
  for (const auto& [order, slot] : ordered) queue_.push(slot);
}

// ---------------------------------------------------------------- turns

template <typename Kind>
void RoutingReconciler<Kind>::slice(bool from_timer) {
  const TimePoint end = scheduler_.now() + routing_limits::kSlice;
  const bool was_busy = is_busy();
  bool more = work_once();
  while (more && scheduler_.now() < end) more = work_once();
  if (more) go_on();
  if (settled()) backoff_.reset();
  if (from_timer && was_busy && !is_busy() && idle_) idle_();
}

/// False if there was nothing to do.
template <typename Kind>
bool RoutingReconciler<Kind>::work_once() {
  if (!queue_.empty()) {
    reconcile(queue_.pop());
    return true;
  }
  if (active_) {
    read_dump();
    return true;
  }
  return begin_dump();
}

template <typename Kind>
void RoutingReconciler<Kind>::finish() {
  while (!queue_.empty()) reconcile(queue_.pop());
}

template <typename Kind>
void RoutingReconciler<Kind>::go_on() {
  turn_ = scheduler_.at(scheduler_.now(), [this] { slice(true); });
}

// ---------------------------------------------------------------- what is there

template <typename Kind>
bool RoutingReconciler<Kind>::begin_dump() {
  const auto stale =
      std::find_if(shelves_.begin(), shelves_.end(), [](const auto& shelf) { return shelf.second.stale; });
  if (stale == shelves_.end() || dumps_paused_) return false;
  stale->second.stale = stale->second.disturbed = false;
  ++dumps_;
  auto dump = Kind::dump(routing_, stale->first);
  active_.emplace(Active{stale->first, nullptr, {}, {}});
  for (const auto& [slot, state] : slots_) {
    if (Kind::shelf_of(slot) == stale->first) active_->slots.insert(slot);
  }
  if (dump) {
    active_->dump = std::move(*dump);
  } else {
    fail_dump(dump.error());
  }
  return true;
}

template <typename Kind>
void RoutingReconciler<Kind>::read_dump() {
  const auto more = active_->dump->next([this](Entry entry) {
    const auto slot = Kind::slot_of(entry);
    if (active_->slots.count(slot) > 0) active_->collected[slot].push_back(std::move(entry));
  });
  if (!more) {
    fail_dump(more.error());
  } else if (!*more) {
    finish_dump();
  }
}

template <typename Kind>
void RoutingReconciler<Kind>::finish_dump() {
  auto done = std::move(*active_);
  active_.reset();
  const auto shelf = shelves_.find(done.shelf);
  if (shelf == shelves_.end()) return;
  // It tells of some moment between its beginning and now, and nobody can say of which.
  if (shelf->second.disturbed && ++shelf->second.tries < routing_limits::kDisturbances) {
    shelf->second.stale = true;
    return;
  }
  shelf->second.tries = 0;
  for (const auto& slot : done.slots) {
    const auto found = slots_.find(slot);
    if (found != slots_.end()) take_seen(found->second, std::move(done.collected[slot]));
  }
  enqueue(done.slots);
  dump_backoff_.reset();
}

template <typename Kind>
void RoutingReconciler<Kind>::fail_dump(const Error& error) {
  const auto shelf = shelves_.find(active_->shelf);
  active_.reset();
  if (shelf == shelves_.end()) return;
  shelf->second.stale = true;
  const bool changed = error.code.value() == EAGAIN && ++shelf->second.tries < routing_limits::kDisturbances;
  if (changed) return;
  shelf->second.tries = 0;
  logger_.limited(log::Level::Error, fmt::format("net.dump.{}", Kind::kNoun),
                  fmt::format("cannot read the {}s, will try again: {}", Kind::kNoun, error.message()));
  dumps_paused_ = true;
  dump_retry_ = scheduler_.after(dump_backoff_.next(), [this] {
    dumps_paused_ = false;
    slice(true);
  });
}

template <typename Kind>
void RoutingReconciler<Kind>::take_seen(SlotState& state, Entries fresh) {
  for (const auto& before : state.seen) {
    const bool still =
        std::any_of(fresh.begin(), fresh.end(), [&](const auto& now) { return Kind::serves(now, before); });
    if (!still) forgive(state, before);
  }
  state.seen = std::move(fresh);
  state.known = true;
}

/// What vanished with its link was removed by nobody.
template <typename Kind>
void RoutingReconciler<Kind>::forgive(const SlotState& state, const Entry& lost) {
  if (Kind::can_exist(lost, interfaces_)) return;
  for (const auto& key : state.claims) {
    auto* claim = claims_.find(key);
    if (claim != nullptr && Kind::serves(lost, Kind::entry_of(claim->last))) claim->confirmed = false;
  }
}

template <typename Kind>
void RoutingReconciler<Kind>::take_event(const RoutingEvent<Entry>& event) {
  const auto slot = Kind::slot_of(event.entry);
  const auto found = slots_.find(slot);
  if (found == slots_.end()) return;
  const auto shelf = shelves_.find(Kind::shelf_of(slot));
  if (active_ && active_->shelf == shelf->first) shelf->second.disturbed = true;
  if (!found->second.known) return;
  if (event.removed && !event.replaced) forgive(found->second, event.entry);
  if (!Kind::take(found->second.seen, event)) {
    doubt(slot);
  } else {
    queue_.push(slot);
  }
  go_on();
}

template <typename Kind>
void RoutingReconciler<Kind>::take_overrun() {
  logger_.limited(log::Level::Warning, fmt::format("net.overrun.{}", Kind::kNoun),
                  fmt::format("the kernel dropped notifications about {}s; reading them again", Kind::kNoun));
  for (auto& [key, shelf] : shelves_) shelf.stale = shelf.disturbed = true;
  if (!shelves_.empty()) go_on();
}

/// The kernel takes IPv4 routes away with a link or an address and tells nobody; and what was refused for
/// want of either may be possible now.
template <typename Kind>
void RoutingReconciler<Kind>::interface_changed() {
  if (!Kind::kNeedsLinks || shelves_.empty()) return;
  for (auto& [key, shelf] : shelves_) shelf.stale = true;
  if (retry_armed_) return retry();
  go_on();
}

template <typename Kind>
void RoutingReconciler<Kind>::doubt(const Slot& slot) {
  auto& shelf = shelves_[Kind::shelf_of(slot)];
  shelf.stale = true;
  if (active_ && active_->shelf == Kind::shelf_of(slot)) shelf.disturbed = true;
}

// ---------------------------------------------------------------- the difference

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
