// SPDX-License-Identifier: Apache-2.0
// RoutingReconciler: desired (claims.h) against actual for the kernel's routes and rules; route_reconciler.h
// and rule_reconciler.h say which. Level-triggered: every declaration, every event, every change of an
// interface, every error and every back-off timer leads to the same look at what is there and what should be.
//
// Tables may be big and wishes many, so nothing is done in one go: what is known is compared and written slot
// by slot, what is not known is dumped piece by piece, and after half a millisecond the loop has its turn. Of
// a dump only the slots that somebody declared are kept. A slot that is known needs no dump: its first wishes
// are written before hold() returns.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/log.h"
#include "base/scheduler.h"
#include "net/backoff.h"
#include "net/claims.h"
#include "net/drift.h"
#include "net/interfaces.h"
#include "net/routing.h"
#include "net/work_queue.h"

namespace hald::net {

template <typename Kind>
class RoutingReconciler {
 public:
  using Wish = typename Kind::Wish;

  /// All references must outlive the reconciler, which becomes the receiver of `routing`'s events of its
  /// kind with the first declaration: a machine without routes of hald is not told of any.
  RoutingReconciler(Routing& routing, Interfaces& interfaces, Scheduler& scheduler, log::Logger& logger);
  ~RoutingReconciler();
  RoutingReconciler(const RoutingReconciler&) = delete;
  RoutingReconciler& operator=(const RoutingReconciler&) = delete;

  /// These are `owner`'s and they are to be present, as soon as the links they need are there and up.
  void hold(const std::string& owner, std::vector<Wish> wishes) { declare(owner, true, std::move(wishes)); }
  /// These are `owner`'s and they are to be absent.
  void release(const std::string& owner, std::vector<Wish> wishes) {
    declare(owner, false, std::move(wishes));
  }
  /// `owner` is gone: what it held is removed, then nothing of it is known any more.
  void forget(const std::string& owner) { declare(owner, false, {}); }

  /// Something declared can be written and was not tried yet, because it would have taken too long in one go.
  [[nodiscard]] bool is_busy() const { return !queue_.empty(); }
  /// Works until it is not busy, in one go.
  void finish();
  /// Called on later turns, whenever it stopped being busy.
  void on_idle(std::function<void()> idle) { idle_ = std::move(idle); }
  /// From now on every owner concerned by a drift is named to `receiver`, on a later turn of the loop.
  void on_drift(DriftReports::Receiver receiver) { reports_.receive(std::move(receiver)); }

  /// Counted since the start: netlink messages that changed, or tried to change, something.
  [[nodiscard]] std::uint64_t writes() const { return writes_; }
  /// Counted since the start: what was found other than hald had left it, through no doing of hald's.
  [[nodiscard]] std::uint64_t drift() const { return drift_; }
  /// Counted since the start: dumps begun.
  [[nodiscard]] std::uint64_t dumps() const { return dumps_; }
  /// Nothing is left to be done.
  [[nodiscard]] bool settled() const;

 private:
  using Entry = typename Kind::Entry;
  using Slot = typename Kind::Slot;
  using Shelf = typename Kind::Shelf;
  using Intent = typename Kind::Intent;
  using Operation = RoutingOperation<Entry>;
  using Key = typename Claims<Wish>::Key;
  using Entries = std::vector<Entry>;

  struct SlotState {
    std::set<Key> claims;
    Entries seen;        // in the kernel's order
    bool known = false;  // `seen` was read since the slot was declared
    bool looked_again = false;
    DriftPace pace;
  };
  /// What one dump reads.
  struct ShelfState {
    bool stale = true;       // to be dumped
    bool disturbed = false;  // something changed on it while it was dumped
    unsigned tries = 0;      // dumps in a row that were disturbed
    unsigned slots = 0;
  };
  struct Active {
    Shelf shelf;
    std::unique_ptr<RoutingDump<Entry>> dump;
    std::set<Slot> slots;  // those declared when it began
    std::map<Slot, Entries> collected;
  };

  // ---- what is wished
  void listen();
  void declare(const std::string& owner, bool held, std::vector<Wish> wishes);
  void attach(const Key& key);
  void detach(const Slot& slot, const Key& key);
  void enqueue_all();
  void enqueue(const std::set<Slot>& slots);

  // ---- turns
  void slice(bool from_timer);
  [[nodiscard]] bool work_once();
  void go_on();

  // ---- what is there
  [[nodiscard]] bool begin_dump();
  void read_dump();
  void finish_dump();
  void fail_dump(const Error& error);
  void take_seen(SlotState& state, Entries fresh);
  void forgive(const SlotState& state, const Entry& lost);
  void take_event(const RoutingEvent<Entry>& event);
  void take_overrun();
  void interface_changed();
  void doubt(const Slot& slot);

  // ---- the difference
  void reconcile(const Slot& slot);
  [[nodiscard]] Intent compare(SlotState& state);
  void compare_one(const Key& key, SlotState& state, Intent& intent);
  [[nodiscard]] bool is_there(const SlotState& state, const Claim<Wish>& claim, const Wish& wish) const;
  void note_drift(const Key& key, SlotState& state, const Claim<Wish>& claim);
  [[nodiscard]] bool execute(const Slot& slot, SlotState& state, const Operation& operation);
  void refused(const SlotState& state, const Operation& operation, const Error& error);
  void retry_later(TimePoint when);
  void retry();

  Routing& routing_;
  Interfaces& interfaces_;
  Scheduler& scheduler_;
  log::Logger& logger_;
  bool listening_ = false;
  Claims<Wish> claims_;
  std::map<Slot, SlotState> slots_;
  std::map<Shelf, ShelfState> shelves_;
  WorkQueue<Slot> queue_;  // to be compared
  std::optional<Active> active_;
  TimerHandle turn_;
  TimerHandle retry_;
  bool retry_armed_ = false;
  TimerHandle dump_retry_;
  bool dumps_paused_ = false;
  Backoff dump_backoff_{std::chrono::milliseconds(100), std::chrono::seconds(30)};
  Backoff backoff_{std::chrono::milliseconds(100), std::chrono::seconds(30)};
  DriftReports reports_;
  std::function<void()> idle_;
  Subscription subscription_;
  std::uint64_t writes_ = 0;
  std::uint64_t drift_ = 0;
  std::uint64_t dumps_ = 0;
};

}  // namespace hald::net
