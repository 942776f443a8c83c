// SPDX-License-Identifier: Apache-2.0
// ManualScheduler: time that moves only when the test says so. Timers run in the order (time, urgency,
// order of arming), posted callbacks before any timer, so every run of a test is the same run. What has
// become due while time moved without running anything (freeze) runs as on the real loop: urgent first.
#pragma once

#include <algorithm>
#include <deque>
#include <map>
#include <memory>
#include <tuple>
#include <utility>

#include "base/scheduler.h"

namespace hald::fakes {

class ManualScheduler : public Scheduler {
 public:
  using Scheduler::at;

  [[nodiscard]] TimePoint now() const override { return now_; }
  [[nodiscard]] WallTime wall_now() const override {
    return WallTime(std::chrono::duration_cast<WallTime::duration>(now_.time_since_epoch()) + wall_offset_);
  }
  [[nodiscard]] TimerHandle at(TimePoint when, Callback callback, Urgency urgency) override {
    const Key key{when, urgency, ++sequence_};
    timers_->emplace(key, std::move(callback));
    return TimerHandle(std::make_unique<Armed>(timers_, key));
  }
  void post(Callback callback) override { posted_.push_back(std::move(callback)); }

  /// Moves time forward and runs all that falls due on the way, each at its own time.
  void advance(Duration by) { run_until(now_ + by); }
  void run_until(TimePoint end) {
    run_posted();
    for (;;) {
      if (run_one_due()) continue;
      if (timers_->empty()) break;
      const TimePoint next = std::get<0>(timers_->begin()->first);
      if (next > end) break;
      now_ = next;
    }
    now_ = std::max(now_, end);
  }
  /// Called before each urgent timer that is due, as the real loop does to read the VRRP sockets.
  void before_urgent(Callback hook) { before_urgent_ = std::move(hook); }
  /// Moves time forward without running anything: the process was stopped, or the machine slept.
  void freeze(Duration by) { now_ += by; }
  void run_posted() {
    while (!posted_.empty()) {
      Callback callback = std::move(posted_.front());
      posted_.pop_front();
      callback();
    }
  }
  void step_wall_clock(WallTime::duration by) { wall_offset_ += by; }
  [[nodiscard]] std::size_t armed() const { return timers_->size(); }
  [[nodiscard]] bool idle() const { return timers_->empty() && posted_.empty(); }
  /// When the next timer is due; call only if one is armed.
  [[nodiscard]] TimePoint next_due() const { return std::get<0>(timers_->begin()->first); }

 private:
  using Key = std::tuple<TimePoint, Urgency, unsigned long>;
  using Timers = std::map<Key, Callback>;

  struct Armed : TimerHandle::Entry {
    Armed(std::shared_ptr<Timers> timers, Key key) : timers_(std::move(timers)), key_(key) {}
    ~Armed() override { timers_->erase(key_); }
    std::shared_ptr<Timers> timers_;
    Key key_;
  };

  /// The timer that a real loop would run next at this instant, or the end.
  Timers::iterator next_due_now() {
    const auto due = [this](const auto& timer) { return std::get<0>(timer.first) <= now_; };
    auto found = timers_->begin();
    while (found != timers_->end() && due(*found) && std::get<1>(found->first) != Urgency::Urgent) ++found;
    if (found != timers_->end() && due(*found)) return found;
    return !timers_->empty() && due(*timers_->begin()) ? timers_->begin() : timers_->end();
  }

  bool run_one_due() {
    auto due = next_due_now();
    if (due == timers_->end()) return false;
    if (before_urgent_ && std::get<1>(due->first) == Urgency::Urgent) {
      before_urgent_();
      due = next_due_now();  // the hook may have moved or cancelled it
      if (due == timers_->end()) return true;
    }
    auto node = timers_->extract(due);
    node.mapped()();
    run_posted();
    return true;
  }

  TimePoint now_{std::chrono::hours(1)};
  WallTime::duration wall_offset_{};
  unsigned long sequence_ = 0;
  std::shared_ptr<Timers> timers_ = std::make_shared<Timers>();
  std::deque<Callback> posted_;
  Callback before_urgent_;
};

}  // namespace hald::fakes
