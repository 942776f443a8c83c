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
  auto& queue = queues_[object];
  if (!queue)
    queue = std::make_unique<NotifyQueue>(object, spawner_, scheduler_, logger_, [this] { queue_is_idle(); });
  retired_.erase(object);
  queue->notify(std::move(notification));
}

void NotifyQueues::retire(const std::string& object) {
  if (queues_.contains(object) && retired_.insert(object).second) queue_is_idle();
}

void NotifyQueues::stop() {
  for (const auto& [object, queue] : queues_) queue->stop();
}

bool NotifyQueues::idle() const {
  return std::all_of(queues_.begin(), queues_.end(), [](const auto& each) { return each.second->idle(); });
}

void NotifyQueues::when_idle(std::function<void()> callback) {
  when_idle_ = std::move(callback);
  queue_is_idle();
}

const NotifyQueue* NotifyQueues::find(const std::string& object) const {
  const auto found = queues_.find(object);
  return found == queues_.end() ? nullptr : found->second.get();
}

NotifyQueue::Counters NotifyQueues::counters() const {
  NotifyQueue::Counters out = of_the_past_;
  for (const auto& [object, queue] : queues_) add(out, queue->counters());
  return out;
}

/// A queue must not be destroyed while it calls: on a later turn.
void NotifyQueues::queue_is_idle() {
  later_ = scheduler_.after(Duration(0), [this] { sweep(); });
}

void NotifyQueues::sweep() {
  for (auto each = retired_.begin(); each != retired_.end();) {
    const auto found = queues_.find(*each);
    if (!found->second->idle()) {
      ++each;
      continue;
    }
    add(of_the_past_, found->second->counters());
    queues_.erase(found);
    each = retired_.erase(each);
  }
  if (!when_idle_ || !idle()) return;
  const auto callback = std::exchange(when_idle_, nullptr);
  callback();
}

}  // namespace hald::proc
