// SPDX-License-Identifier: Apache-2.0
// AsioScheduler: the event loop. One thread runs everything; what makes it more than an io_context is the
// order of work. On every turn, that is between any two handlers, expired Urgent timers run first, and
// before them the hook that reads the VRRP sockets: an advert that already arrived is never mistaken for
// silence, and no other work can queue up in front of an advert that is due.
#pragma once

#include <map>
#include <memory>
#include <utility>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include "base/scheduler.h"

namespace hald::net {

class AsioScheduler : public Scheduler {
 public:
  using Scheduler::at;

  explicit AsioScheduler(boost::asio::io_context& io);

  [[nodiscard]] TimePoint now() const override;
  [[nodiscard]] WallTime wall_now() const override;
  [[nodiscard]] TimerHandle at(TimePoint when, Callback callback, Urgency urgency) override;
  /// Also safe from another thread: this is how a helper thread hands its result to the loop.
  void post(Callback callback) override;

  /// Called before expired Urgent timers run; reads without blocking what the VRRP sockets hold.
  void before_urgent(Callback hook) { before_urgent_ = std::move(hook); }
  /// Runs until stop(). An exception from a handler passes through: it is a bug, and the caller's last act.
  void run();
  void stop() { stopped_ = true; }

 private:
  using Key = std::pair<TimePoint, unsigned long>;  // the number keeps the order of arming
  using Timers = std::map<Key, Callback>;
  struct Armed;

  void run_urgent();
  bool run_one_normal();
  void wait_for_work();

  boost::asio::io_context& io_;
  boost::asio::steady_timer wake_;
  TimePoint wake_at_ = TimePoint::max();
  Callback before_urgent_;
  unsigned long sequence_ = 0;
  bool stopped_ = false;
  // Shared with the handles, which may outlive the loop.
  std::shared_ptr<Timers> urgent_ = std::make_shared<Timers>();
  std::shared_ptr<Timers> normal_ = std::make_shared<Timers>();
};

}  // namespace hald::net
