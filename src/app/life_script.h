// SPDX-License-Identifier: Apache-2.0
// LifeScript: the programs that run before hald begins and when it has ended, startup_script and
// shutdown_script. What comes after waits for them, at most their time limit, however they end.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "base/log.h"
#include "base/time.h"
#include "proc/spawner.h"

namespace hald::app {

class LifeScript {
 public:
  LifeScript(log::Logger& logger, proc::Spawner& spawner) : logger_(logger), spawner_(spawner) {}
  LifeScript(const LifeScript&) = delete;
  LifeScript& operator=(const LifeScript&) = delete;

  /// `word` is its name in the log. Without a command `done` is called at once, else when the program has
  /// ended and nothing is left of its process group, or its limit has passed and it was killed.
  void run(const std::string& word, std::optional<proc::Command> command, Duration limit,
           std::function<void()> done);
  [[nodiscard]] bool running() const { return execution_ != nullptr; }
  /// Kills it; nothing is called.
  void cancel() { execution_.reset(); }

 private:
  void report(const std::string& word, const std::string& program, const proc::Report& report);

  log::Logger& logger_;
  proc::Spawner& spawner_;
  std::unique_ptr<proc::Execution> execution_;
};

}  // namespace hald::app
