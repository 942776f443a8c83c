// SPDX-License-Identifier: Apache-2.0
#include "net/asio_scheduler.h"

#include <algorithm>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>

namespace hald::net {

struct AsioScheduler::Armed : TimerHandle::Entry {
  Armed(std::shared_ptr<Timers> timers, Key key) : timers_(std::move(timers)), key_(key) {}
  ~Armed() override { timers_->erase(key_); }

 private:
  std::shared_ptr<Timers> timers_;
  Key key_;
};

AsioScheduler::AsioScheduler(boost::asio::io_context& io) : io_(io), wake_(io) {}

TimePoint AsioScheduler::now() const {
  return std::chrono::steady_clock::now();
}
WallTime AsioScheduler::wall_now() const {
  return std::chrono::system_clock::now();
}

TimerHandle AsioScheduler::at(TimePoint when, Callback callback, Urgency urgency) {
  const auto& timers = urgency == Urgency::Urgent ? urgent_ : normal_;
  const Key key{when, ++sequence_};
  timers->emplace(key, std::move(callback));
  return TimerHandle(std::make_unique<Armed>(timers, key));
}

void AsioScheduler::post(Callback callback) {
  boost::asio::post(io_, std::move(callback));
}

void AsioScheduler::run() {
  const auto guard = boost::asio::make_work_guard(io_);
  while (!stopped_) {
    run_urgent();
    // One timer and one handler a turn: neither kind can starve the other, and both wait for the adverts.
    const bool timer_ran = run_one_normal();
    run_urgent();
    if (stopped_) break;
    if (io_.poll_one() == 0 && !timer_ran) wait_for_work();
  }
}

void AsioScheduler::run_urgent() {
  if (urgent_->empty() || urgent_->begin()->first.first > now()) return;
  if (before_urgent_) before_urgent_();
  // The hook may have cancelled or moved any timer, and a callback may do the same: look afresh each time.
  const TimePoint turn = now();
  while (!urgent_->empty() && urgent_->begin()->first.first <= turn) {
    auto node = urgent_->extract(urgent_->begin());
    node.mapped()();
  }
}

bool AsioScheduler::run_one_normal() {
  if (normal_->empty() || normal_->begin()->first.first > now()) return false;
  auto node = normal_->extract(normal_->begin());
  node.mapped()();
  return true;
}

void AsioScheduler::wait_for_work() {
  TimePoint next = TimePoint::max();
  for (const auto& timers : {urgent_, normal_}) {
    if (!timers->empty()) next = std::min(next, timers->begin()->first.first);
  }
  if (next <= now()) return;
  if (next != wake_at_) {
    wake_at_ = next;
    wake_.expires_at(next);
    wake_.async_wait([this, next](const boost::system::error_code&) {
      if (wake_at_ == next) wake_at_ = TimePoint::max();
    });
  }
  io_.run_one();
}

}  // namespace hald::net
