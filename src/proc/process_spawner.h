// SPDX-License-Identifier: Apache-2.0
// ProcessSpawner: real programs. A launcher thread starts them (launcher.h); the loop learns of their end
// through a pidfd, without SIGCHLD, and ends those that take too long together with all that they started.
#pragma once

#include <memory>

#include "base/scheduler.h"
#include "proc/launcher.h"
#include "proc/spawner.h"

namespace hald::proc {

class ProcessSpawner final : public Spawner {
 public:
  ProcessSpawner(boost::asio::io_context& io, Scheduler& scheduler, Baseline baseline);

  [[nodiscard]] std::unique_ptr<Execution> start(Command command, const RunOptions& options,
                                                 Watcher watcher) override;

 private:
  boost::asio::io_context& io_;
  Scheduler& scheduler_;
  Launcher launcher_;
};

}  // namespace hald::proc
