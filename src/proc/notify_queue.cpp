// SPDX-License-Identifier: Apache-2.0
#include "proc/notify_queue.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace hald::proc {

NotifyQueue::NotifyQueue(std::string object, Spawner& spawner, Scheduler& scheduler, log::Logger& logger,
                         Idle idle)
    : object_(std::move(object)),
      spawner_(spawner),
      scheduler_(scheduler),
      logger_(logger),
      idle_(std::move(idle)) {}

void NotifyQueue::notify(Notification notification) {
  drop(notification.kind);
  ++sequence_;
  for (auto& command : notification.commands)
    pending_.push_back({notification.kind, sequence_, std::move(command), notification.limit});
  if (!running_) start_next();
  watch_the_time();
}

/// Both a script that nobody waits for and one that has been told to end are left alone.
void NotifyQueue::watch_the_time() {
  if (!running_ || pending_.empty() || is_watched_) return;
  is_watched_ = true;
  patience_ = scheduler_.after(kPatience, [this] {
    overdue_ = true;
    running_->stop();
  });
}

void NotifyQueue::stop() {
  counters_.skipped += pending_.size();
  pending_.clear();
  patience_.cancel();
  if (running_) running_->stop();
}

void NotifyQueue::drop(NotifyKind kind) {
  const auto stale = std::remove_if(pending_.begin(), pending_.end(),
                                    [kind](const Pending& pending) { return pending.kind == kind; });
  counters_.skipped += static_cast<unsigned long>(pending_.end() - stale);
  pending_.erase(stale, pending_.end());
}

void NotifyQueue::start_next() {
  if (pending_.empty()) return;
  Pending next = std::move(pending_.front());
  pending_.pop_front();
  ++counters_.started;
  next.command.environment.push_back(fmt::format("HALD_SEQUENCE={}", next.sequence));
  next.command.environment.push_back(fmt::format("HALD_SKIPPED={}", counters_.skipped));
  const std::string program = next.command.argv.empty() ? std::string() : next.command.argv.front();
  RunOptions options;
  options.limit = next.limit;
  options.grace = kGrace;
  running_ = spawner_.start(std::move(next.command), options,
                            {[this, program](const Report& report) { ended(program, report); }});
}

void NotifyQueue::ended(const std::string& program, const Report& report) {
  running_.reset();
  patience_.cancel();
  is_watched_ = false;
  const bool overdue = std::exchange(overdue_, false);
  if (!report.insecure.empty())
    logger_.limited(log::Level::Warning, "notify-insecure " + program,
                    fmt::format("Script {} runs as root, but {}", program, report.insecure),
                    {{"script", program}}, std::chrono::hours(1));
  if (!succeeded(report.ending)) {
    ++counters_.failed;
    if (overdue || std::holds_alternative<TimedOut>(report.ending)) ++counters_.timed_out;
    const std::string how = overdue ? "was ended: it took too long while something newer was to be told"
                                    : describe(report.ending);
    logger_.limited(log::Level::Warning, "notify-failed " + object_,
                    fmt::format("Script {} of {} {}", program, object_, how),
                    {{"script", program}, {"object", object_}});
  }
  start_next();
  watch_the_time();
  if (idle() && idle_) idle_();
}

}  // namespace hald::proc
