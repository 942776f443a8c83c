// SPDX-License-Identifier: Apache-2.0
// NotifyQueue: the scripts that are told about one object (an instance, a group, a virtual or real server),
// one after the other. What has become of the object matters, not how: a newer notification of a kind takes
// the place of what is left of an older one, so that a slow script is told the present and not the past. The
// queue is thereby never longer than one notification of each kind. A script may run as long as it likes
// while nothing waits behind it; if something does, it is given a while and then ended.
#pragma once

#include <array>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/log.h"
#include "base/scheduler.h"
#include "proc/spawner.h"

namespace hald::proc {

/// What replaces what. An event does not change the state, and must not make a script miss one.
enum class NotifyKind : unsigned char { State, Event };

struct Notification {
  NotifyKind kind = NotifyKind::State;
  std::vector<Command> commands;  ///< in their order; none: older ones of the kind are void all the same
  std::optional<Duration> limit;  ///< for each, whether something waits or not
};

class NotifyQueue {
 public:
  struct Counters {
    unsigned long started = 0;
    unsigned long failed = 0;     ///< of those: not started, or ended with something else than status 0
    unsigned long timed_out = 0;  ///< of those: took longer than their limit, or than what waited could
    unsigned long skipped = 0;    ///< never started, because there was something newer to tell
  };
  using Idle = std::function<void()>;
  /// How long a script may run on when something waits behind it.
  static constexpr Duration kPatience = std::chrono::seconds(30);
  /// From SIGTERM to SIGKILL.
  static constexpr Duration kGrace = std::chrono::seconds(1);

  /// `object` is its name in the log: "VRRP instance VI_1". `idle` is called when nothing is left to do.
  NotifyQueue(std::string object, Spawner& spawner, Scheduler& scheduler, log::Logger& logger, Idle idle);
  NotifyQueue(const NotifyQueue&) = delete;
  NotifyQueue& operator=(const NotifyQueue&) = delete;

  /// Each command gets HALD_SEQUENCE, which grows with every notification of this queue, and HALD_SKIPPED,
  /// how many commands were skipped before it.
  void notify(Notification notification);
  /// Forgets what has not begun, and ends what runs.
  void stop();

  [[nodiscard]] bool idle() const { return !running_ && pending_.empty(); }
  [[nodiscard]] const Counters& counters() const { return counters_; }

 private:
  struct Pending {
    NotifyKind kind;
    unsigned long sequence;
    Command command;
    std::optional<Duration> limit;
  };

  void drop(NotifyKind kind);
  void start_next();
  void watch_the_time();
  void ended(const std::string& program, const Report& report);

  std::string object_;
  Spawner& spawner_;
  Scheduler& scheduler_;
  log::Logger& logger_;
  Idle idle_;
  Counters counters_;
  unsigned long sequence_ = 0;
  std::deque<Pending> pending_;
  std::unique_ptr<Execution> running_;
  bool is_watched_ = false;  // the timer runs, or has fired for the script that runs
  bool overdue_ = false;
  TimerHandle patience_;
};

}  // namespace hald::proc
