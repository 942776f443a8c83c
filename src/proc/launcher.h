// SPDX-License-Identifier: Apache-2.0
// Launcher: a few threads that start programs, so that a disk that hangs or a processor that is busy holds up
// those threads and not the loop. They see jobs and give results, and nothing that belongs to the loop. They
// live as long as the launcher: a program is told that its parent died when the thread that started it ends.
#pragma once

#include <atomic>
#include <functional>
#include <memory>

#include "base/result.h"
#include "proc/launch.h"

namespace boost::asio {
class io_context;
}

namespace hald::proc {

class Launcher {
 public:
  struct Job {
    Command command;
    bool capture = false;
    /// What has not begun by then does not begin; the result is a NotStarted with ECANCELED.
    std::atomic<bool> cancelled = false;
  };
  /// Called on the loop, not from within launch(), and not once the launcher is gone.
  using Done = std::function<void(LaunchResult)>;

  Launcher(boost::asio::io_context& io, Baseline baseline);
  Launcher(const Launcher&) = delete;
  Launcher& operator=(const Launcher&) = delete;
  /// What is being started right then is killed.
  ~Launcher();

  /// Some microseconds of the loop's time; the first call also makes the threads.
  void launch(std::shared_ptr<Job> job, Done done);

 private:
  struct Shared;
  struct Waiting;
  [[nodiscard]] bool make_threads();

  std::shared_ptr<Waiting> waiting_;  // the loop's
  std::shared_ptr<Shared> shared_;    // the threads'; one that hangs in a start outlives the launcher
  bool has_threads_ = false;
};

}  // namespace hald::proc
