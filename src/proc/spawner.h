// SPDX-License-Identifier: Apache-2.0
// Spawner: programs as the shells see them. A program is started as a process group of its own, and how it
// ended is reported once. Production is ProcessSpawner; tests use fakes::FakeSpawner.
#pragma once

#include <functional>
#include <memory>

#include "proc/command.h"

namespace hald::proc {

/// One run of a program. Destroying it kills what is left of the process group, and nothing is reported.
class Execution {
 public:
  Execution() = default;
  Execution(const Execution&) = delete;
  Execution& operator=(const Execution&) = delete;
  virtual ~Execution() = default;

  /// SIGTERM to the whole group now, SIGKILL after the grace. What it then ends with is reported as ever.
  virtual void stop() = 0;
};

/// Whom a run tells. Neither is called from within start() or stop(); both may destroy the run.
struct Watcher {
  std::function<void(Report)> ended;
  std::function<void()> late{};  ///< the limit has passed: `ended` with TimedOut follows when all is over
};

class Spawner {
 public:
  Spawner() = default;
  Spawner(const Spawner&) = delete;
  Spawner& operator=(const Spawner&) = delete;
  virtual ~Spawner() = default;

  [[nodiscard]] virtual std::unique_ptr<Execution> start(Command command, const RunOptions& options,
                                                         Watcher watcher) = 0;
};

}  // namespace hald::proc
