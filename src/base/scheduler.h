// SPDX-License-Identifier: Apache-2.0
// Scheduler: the event loop as the shells see it. One thread; callbacks never run inside at() or post().
// Timers are RAII handles: destroying the handle cancels the callback, also from within the callback
// itself. Production is net::AsioScheduler; tests drive fakes::ManualScheduler.
#pragma once

#include <functional>
#include <memory>
#include <utility>

#include "base/time.h"

namespace hald {

/// Which expired timer runs first. VRRP is Urgent: on every turn of the loop the adverts come before all
/// else (docs/architecture.md, "Time"). Everything else is Normal.
enum class Urgency : unsigned char { Urgent, Normal };

/// Owns one armed timer. Movable; destruction or cancel() guarantees that the callback will not run.
class TimerHandle {
 public:
  /// What a scheduler keeps for a timer; its destructor cancels.
  class Entry {
   public:
    Entry() = default;
    Entry(const Entry&) = delete;
    Entry& operator=(const Entry&) = delete;
    virtual ~Entry() = default;
  };

  TimerHandle() = default;
  explicit TimerHandle(std::unique_ptr<Entry> entry) : entry_(std::move(entry)) {}

  void cancel() { entry_.reset(); }

 private:
  std::unique_ptr<Entry> entry_;
};

class Scheduler : public Clock {
 public:
  using Callback = std::function<void()>;

  /// Calls `callback` once, at `when` or as soon after as the loop comes round; a time that has passed
  /// means the next turn. The callback must see to it that it runs no longer than a millisecond.
  [[nodiscard]] virtual TimerHandle at(TimePoint when, Callback callback, Urgency urgency) = 0;
  [[nodiscard]] TimerHandle at(TimePoint when, Callback callback) {
    return at(when, std::move(callback), Urgency::Normal);
  }
  [[nodiscard]] TimerHandle after(Duration delay, Callback callback) {
    return at(now() + delay, std::move(callback), Urgency::Normal);
  }
  /// Calls `callback` on a later turn of the loop, after what is due now. Cannot be cancelled: capture
  /// only what outlives the loop, or a weak pointer.
  virtual void post(Callback callback) = 0;
};

}  // namespace hald
