// SPDX-License-Identifier: Apache-2.0
// BusyScheduler: real time, one thread, no event loop behind it, and a record of the longest turn. For lab
// programs that measure one part of hald by itself.
#pragma once

#include <algorithm>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <thread>
#include <utility>

#include "base/scheduler.h"

namespace hald::lab {

class BusyScheduler : public Scheduler {
 public:
  using Scheduler::at;

  [[nodiscard]] TimePoint now() const override { return std::chrono::steady_clock::now(); }
  [[nodiscard]] WallTime wall_now() const override { return std::chrono::system_clock::now(); }
  [[nodiscard]] TimerHandle at(TimePoint when, Callback callback, Urgency urgency) override {
    const Key key{when, urgency, ++sequence_};
    timers_->emplace(key, std::move(callback));
    return TimerHandle(std::make_unique<Armed>(timers_, key));
  }
  void post(Callback callback) override { posted_.push_back(std::move(callback)); }

  /// Until `done` or a minute has passed.
  void run_until(const std::function<bool()>& done) {
    const TimePoint end = now() + std::chrono::minutes(1);
    while (!done() && now() < end) turn();
  }
  void run_for(Duration duration) {
    const TimePoint end = now() + duration;
    while (now() < end) turn();
  }
  void reset_longest() {
    longest_ = Duration::zero();
    turns_ = 0;
  }
  [[nodiscard]] unsigned long turns() const { return turns_; }
  [[nodiscard]] Duration longest_turn() const { return longest_; }

 private:
  using Key = std::tuple<TimePoint, Urgency, unsigned long>;
  using Timers = std::map<Key, Callback>;
  struct Armed : TimerHandle::Entry {
    Armed(std::shared_ptr<Timers> timers, Key key) : timers_(std::move(timers)), key_(key) {}
    ~Armed() override { timers_->erase(key_); }
    std::shared_ptr<Timers> timers_;
    Key key_;
  };

  void turn() {
    const TimePoint began = now();
    if (!posted_.empty()) {
      const Callback callback = std::move(posted_.front());
      posted_.pop_front();
      callback();
    } else if (!timers_->empty() && std::get<0>(timers_->begin()->first) <= began) {
      auto node = timers_->extract(timers_->begin());
      node.mapped()();
    } else {
      std::this_thread::sleep_for(std::chrono::microseconds(100));
      return;
    }
    longest_ = std::max(longest_, now() - began);
    ++turns_;
  }

  unsigned long sequence_ = 0;
  std::shared_ptr<Timers> timers_ = std::make_shared<Timers>();
  std::deque<Callback> posted_;
  Duration longest_{};
  unsigned long turns_ = 0;
};

}  // namespace hald::lab
