// SPDX-License-Identifier: Apache-2.0
#include "proc/notify_queues.h"

#include <algorithm>
#include <utility>

namespace hald::proc {
namespace {

void add(NotifyQueue::Counters& sum, const NotifyQueue::Counters& more) {
  sum.started += more.started;
  sum.failed += more.failed;
  sum.timed_out += more.timed_out;
  sum.skipped += more.skipped;
}

}  // namespace

NotifyQueues::NotifyQueues(Spawner& spawner, Scheduler& scheduler, log::Logger& logger)
    : spawner_(spawner), scheduler_(scheduler), logger_(logger) {}

void NotifyQueues::notify(const std::string& object, Notification notification) {
  Entry& entry = queues_[object];
  if (!entry.queue)
    entry.queue = std::make_unique<NotifyQueue>(object, spawner_, logger_, [this] { queue_is_idle(); });
  entry.retired = false;
  entry.queue->notify(std::move(notification));
}

void NotifyQueues::retire(const std::string& object) {
  const auto found = queues_.find(object);
  if (found == queues_.end()) return;
  found->second.retired = true;
  queue_is_idle();
}

void NotifyQueues::stop() {
  for (const auto& [object, entry] : queues_) entry.queue->stop();
}

bool NotifyQueues::idle() const {
  return std::all_of(queues_.begin(), queues_.end(),
                     [](const auto& each) { return each.second.queue->idle(); });
}

void NotifyQueues::when_idle(std::function<void()> callback) {
  when_idle_ = std::move(callback);
  queue_is_idle();
}

const NotifyQueue* NotifyQueues::find(const std::string& object) const {
  const auto found = queues_.find(object);
  return found == queues_.end() ? nullptr : found->second.queue.get();
}

NotifyQueue::Counters NotifyQueues::counters() const {
  NotifyQueue::Counters out = of_the_past_;
  for (const auto& [object, entry] : queues_) add(out, entry.queue->counters());
  return out;
}

/// A queue must not be destroyed while it calls: on a later turn.
void NotifyQueues::queue_is_idle() {
  later_ = scheduler_.after(Duration(0), [this] { sweep(); });
}

void NotifyQueues::sweep() {
  for (auto each = queues_.begin(); each != queues_.end();) {
    const Entry& entry = each->second;
    if (entry.retired && entry.queue->idle()) {
      add(of_the_past_, entry.queue->counters());
      each = queues_.erase(each);
    } else {
      ++each;
    }
  }
  if (!when_idle_ || !idle()) return;
  const auto callback = std::exchange(when_idle_, nullptr);
  callback();
}

}  // namespace hald::proc
