// SPDX-License-Identifier: Apache-2.0
#include "proc/process.h"

#include <sys/wait.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <utility>

#include <fmt/format.h>

#include "base/overloaded.h"

namespace hald::proc {
namespace {

using ErrorCode = boost::system::error_code;
using Descriptor = boost::asio::posix::stream_descriptor;

constexpr auto kLookForMembers = std::chrono::milliseconds(50);

/// Reaps. Nothing if it is not over.
std::optional<Ending> reap(int pidfd) {
  siginfo_t info{};
  const int result = ::waitid(P_PIDFD, static_cast<id_t>(pidfd), &info, WEXITED | WNOHANG | __WALL);
  // Somebody else reaped it; there is no telling how it ended.
  if (result != 0) return errno == EINTR ? std::optional<Ending>() : Ending(Signaled{SIGKILL});
  if (info.si_pid == 0) return {};
  if (info.si_code == CLD_EXITED) return Exited{info.si_status};
  return Signaled{info.si_status};
}

}  // namespace

Process::Process(boost::asio::io_context& io, Scheduler& scheduler, const RunOptions& options,
                 Watcher watcher)
    : io_(io), scheduler_(scheduler), options_(options), watcher_(std::move(watcher)), pidfd_(io) {}

void Process::begin(Launcher& launcher, Command command) {
  begun_ = scheduler_.now();
  cancel_start_ = launcher.launch(
      std::move(command), options_.capture > 0,
      [self = shared_from_this()](LaunchResult result) { self->launched(std::move(result)); });
  if (options_.limit) limit_ = scheduler_.after(*options_.limit, [this] { too_long(); });
}

void Process::launched(LaunchResult result) {
  cancel_start_.reset();
  std::visit(Overloaded{[this](Started& started) { watch(std::move(started)); },
                        [this](NotStarted& failure) { report(std::move(failure)); },
                        [this](Refused& refused) { report(std::move(refused)); }},
             result);
}

void Process::watch(Started started) {
  group_ = started.pid;
  insecure_ = std::move(started.insecure);
  ErrorCode error;
  pidfd_.assign(started.pidfd.get(), error);
  if (error) {
    // No descriptor left to watch it with: it must not run unwatched.
    signal_group(SIGKILL);
    group_ = 0;
    siginfo_t ignored{};
    ::waitid(P_PIDFD, static_cast<id_t>(started.pidfd.get()), &ignored, WEXITED | __WALL);
    return report(NotStarted{StartStep::Clone, errno_error(error.value(), "watch a program")});
  }
  [[maybe_unused]] const int owned_by_asio = started.pidfd.release();
  if (started.output.valid()) output_.emplace(io_, scheduler_, std::move(started.output), options_.capture);
  wait_for_leader();
  if (abandoned_) return signal_group(SIGKILL);
  if (state_ == State::Stopping) return end_group();
  state_ = State::Running;
}

void Process::wait_for_leader() {
  pidfd_.async_wait(Descriptor::wait_read, [self = shared_from_this()](const ErrorCode& error) {
    if (!error) self->leader_ended();
  });
}

void Process::leader_ended() {
  auto ending = reap(pidfd_.native_handle());
  if (!ending) return wait_for_leader();
  ErrorCode ignored;
  pidfd_.close(ignored);
  if (state_ != State::Stopping || abandoned_) {
    group_ = 0;
    return report(*std::move(ending));
  }
  leader_ending_ = std::move(ending);
  look_for_members();
}

void Process::too_long() {
  timed_out_ = true;
  const auto self = shared_from_this();  // the callbacks may let go of us
  if (const auto late = watcher_.late) late();
  if (abandoned_) return;
  if (state_ == State::Running) return end_group();
  // A start that hangs: it is killed should it come to life after all.
  auto watcher = std::move(watcher_);
  abandon();
  watcher_ = std::move(watcher);
  report(TimedOut{});
}

void Process::stop() {
  if (state_ == State::Running) return end_group();
  if (state_ == State::Starting) state_ = State::Stopping;  // as soon as it is there
}

void Process::end_group() {
  state_ = State::Stopping;
  limit_.cancel();
  signal_group(SIGTERM);
  kill_at_ = scheduler_.now() + options_.grace;
  end_ = scheduler_.at(kill_at_, [this] { signal_group(SIGKILL); });
}

/// The leader is gone and reaped; what it started may still be there.
void Process::look_for_members() {
  const bool alone = ::kill(-group_, 0) != 0 && errno == ESRCH;
  if (!alone && scheduler_.now() < kill_at_) {
    end_ = scheduler_.at(std::min<TimePoint>(kill_at_, scheduler_.now() + kLookForMembers),
                         [this] { look_for_members(); });
    return;
  }
  if (!alone) signal_group(SIGKILL);
  group_ = 0;
  report(*std::move(leader_ending_));
}

void Process::abandon() {
  abandoned_ = true;
  watcher_ = {};
  limit_.cancel();
  end_.cancel();
  if (cancel_start_) *cancel_start_ = true;
  signal_group(SIGKILL);
  output_.reset();
}

void Process::signal_group(int number) const {
  if (group_ > 0) ::kill(-group_, number);
}

void Process::report(Ending ending) {
  const auto self = shared_from_this();  // the callback may let go of us
  state_ = State::Over;
  limit_.cancel();
  end_.cancel();
  Report out{timed_out_ ? Ending(TimedOut{}) : std::move(ending), {}, std::move(insecure_), {}};
  out.took = scheduler_.now() - begun_;
  if (output_) out.output = output_->finish();
  output_.reset();
  const auto watcher = std::exchange(watcher_, {});
  if (watcher.ended) watcher.ended(std::move(out));
}

}  // namespace hald::proc
