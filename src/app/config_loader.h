// SPDX-License-Identifier: Apache-2.0
// Reads and builds a configuration off the loop: a file of a hundred thousand servers takes hundreds of
// milliseconds, and no advert waits for it. The helper thread returns a value and touches nothing else.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <thread>

#include "app/script_users.h"
#include "base/scheduler.h"
#include "config/load.h"

namespace hald::app {

class ConfigLoader {
 public:
  struct Request {
    std::string path;
    config::LoadOptions options;
    bool modules = false;  ///< also load the kernel modules that the configuration needs
    std::shared_ptr<const config::Config> running;
  };
  struct Outcome {
    config::Loaded loaded;
    std::shared_ptr<const ScriptUsers> users;
    std::string changes;  ///< against the running configuration, in words
  };
  using Done = std::function<void(const Outcome&)>;

  explicit ConfigLoader(Scheduler& scheduler) : scheduler_(scheduler) {}
  ConfigLoader(const ConfigLoader&) = delete;
  ConfigLoader& operator=(const ConfigLoader&) = delete;
  ~ConfigLoader();

  [[nodiscard]] bool busy() const { return busy_; }
  /// Calls `done` on the loop. Only one load at a time: not while busy().
  void load(Request request, Done done);

 private:
  Scheduler& scheduler_;
  std::thread thread_;
  bool busy_ = false;
};

/// Whom the scripts of `config` run as, here and now. May wait for a name service.
[[nodiscard]] std::shared_ptr<const ScriptUsers> script_users(const config::Config& config);

/// "2 instances changed, 1 virtual server added", or "nothing changed".
[[nodiscard]] std::string describe_changes(const config::Config& before, const config::Config& after);

}  // namespace hald::app
