// SPDX-License-Identifier: Apache-2.0
// Launcher: starts programs on helper threads, so that a disk that hangs or a processor that is busy holds up
// those threads and not the loop.
#pragma once

#include <atomic>
#include <functional>
#include <memory>

#include "base/unique_fd.h"
#include "proc/helper_threads.h"
#include "proc/launch.h"

namespace hald::proc {

class Launcher {
 public:
  /// Called on the loop, not from within launch(), and not once the launcher is gone.
  using Done = std::function<void(LaunchResult)>;
  /// Set to true: what has not begun yet does not begin, and its result is a NotStarted with ECANCELED.
  using Cancelled = std::shared_ptr<std::atomic<bool>>;

  Launcher(boost::asio::io_context& io, Baseline baseline);

  Cancelled launch(Command command, bool capture, Done done);

 private:
  struct Context {
    Baseline baseline;
    UniqueFd null;
  };
  struct Job;

  boost::asio::io_context& io_;
  std::shared_ptr<const Context> context_;  // the threads read it
  HelperThreads threads_;                   // whatever they are starting when they go is killed
};

}  // namespace hald::proc
