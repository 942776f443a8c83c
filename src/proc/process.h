// SPDX-License-Identifier: Apache-2.0
// Process: one program from its start to its end, as the loop sees it. Shared, because what Asio still
// watches outlives the Execution that nobody wants any more: a program that was killed has to be reaped.
//
//   starting --> running --limit or stop()--> stopping (SIGTERM sent) --grace--> killed
//
// It is over then when the whole group is gone. Its number cannot be given to somebody else while the
// leader is unreaped or a member lives; between two looks at the members (50 ms) the numbers of a machine
// do not come round.
#pragma once

#include <memory>
#include <optional>

#include <boost/asio/posix/stream_descriptor.hpp>

#include "base/scheduler.h"
#include "proc/captured_output.h"
#include "proc/launcher.h"
#include "proc/spawner.h"

namespace hald::proc {

class Process : public std::enable_shared_from_this<Process> {
 public:
  Process(boost::asio::io_context& io, Scheduler& scheduler, const RunOptions& options, Watcher watcher);

  void begin(Launcher& launcher, Command command);
  void stop();
  /// Nobody wants to know any more: kills what is there, or will be there.
  void abandon();

 private:
  enum class State : unsigned char { Starting, Running, Stopping, Over };

  void launched(LaunchResult result);
  void watch(Started started);
  void wait_for_leader();
  void leader_ended();
  void too_long();
  void end_group();
  void look_for_members();
  void signal_group(int number) const;
  void report(Ending ending);

  boost::asio::io_context& io_;
  Scheduler& scheduler_;
  const RunOptions options_;
  Watcher watcher_;
  Launcher::Cancelled cancel_start_;  ///< while it is being started

  State state_ = State::Starting;
  bool abandoned_ = false;
  bool timed_out_ = false;
  TimePoint begun_;
  pid_t group_ = 0;  ///< 0: there is none, or it is not ours to signal any more
  boost::asio::posix::stream_descriptor pidfd_;
  std::optional<CapturedOutput> output_;
  std::string insecure_;
  std::optional<Ending> leader_ending_;  ///< while members of its group are still there
  TimePoint kill_at_;
  TimerHandle limit_;
  TimerHandle end_;
};

}  // namespace hald::proc
