// SPDX-License-Identifier: Apache-2.0
// Reads and builds a configuration off the loop: a file of a hundred thousand servers takes hundreds of
// milliseconds, and no advert waits for it. The helper thread returns a value and touches nothing else.
#pragma once

#include <functional>
#include <string>
#include <thread>

#include "base/scheduler.h"
#include "config/load.h"

namespace hald::app {

class ConfigLoader {
 public:
  using Done = std::function<void(config::Loaded)>;

  explicit ConfigLoader(Scheduler& scheduler) : scheduler_(scheduler) {}
  ConfigLoader(const ConfigLoader&) = delete;
  ConfigLoader& operator=(const ConfigLoader&) = delete;
  ~ConfigLoader();

  [[nodiscard]] bool busy() const { return busy_; }
  /// Also loads the kernel modules that the configuration needs, if `modules`. Calls `done` on the loop. Only
  /// one load at a time: not while busy().
  void load(const std::string& path, config::LoadOptions options, bool modules, Done done);

 private:
  Scheduler& scheduler_;
  std::thread thread_;
  bool busy_ = false;
};

}  // namespace hald::app
