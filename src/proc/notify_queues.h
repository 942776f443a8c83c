// SPDX-License-Identifier: Apache-2.0
// NotifyQueues: one NotifyQueue for each object, by its name. An object that is gone keeps its queue until
// its last script has run: what is told about its end is part of its life.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>

#include "base/log.h"
#include "base/scheduler.h"
#include "proc/notify_queue.h"

namespace hald::proc {

class NotifyQueues {
 public:
  NotifyQueues(Spawner& spawner, Scheduler& scheduler, log::Logger& logger);
  NotifyQueues(const NotifyQueues&) = delete;
  NotifyQueues& operator=(const NotifyQueues&) = delete;

  /// Makes the queue at the first call.
  void notify(const std::string& object, Notification notification);
  /// The object is gone; its counters stay in those of all.
  void retire(const std::string& object);
  /// Ends all scripts.
  void stop();

  [[nodiscard]] bool idle() const;
  /// Calls `callback` once as soon as nothing runs, on a later turn of the loop.
  void when_idle(std::function<void()> callback);

  [[nodiscard]] const NotifyQueue* find(const std::string& object) const;
  /// Of all queues, those of retired objects included.
  [[nodiscard]] NotifyQueue::Counters counters() const;

 private:
  void queue_is_idle();
  void sweep();

  Spawner& spawner_;
  Scheduler& scheduler_;
  log::Logger& logger_;
  std::map<std::string, std::unique_ptr<NotifyQueue>> queues_;
  std::set<std::string> retired_;  // of those
  NotifyQueue::Counters of_the_past_;
  std::function<void()> when_idle_;
  TimerHandle later_;
};

}  // namespace hald::proc
