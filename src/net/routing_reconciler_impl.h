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

}  // namespace hald::net

#include "net/routing_difference_impl.h"
