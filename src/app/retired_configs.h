// SPDX-License-Identifier: Apache-2.0
// Ends configurations that were replaced or refused, off the loop: freeing a hundred thousand servers takes
// several milliseconds. The checks' runner lets go of an old configuration piece by piece, so nobody knows
// beforehand who will be its last holder; it is kept here until nobody else is.
#pragma once

#include <memory>
#include <thread>
#include <vector>

#include "base/scheduler.h"
#include "config/model.h"

namespace hald::app {

class RetiredConfigs {
 public:
  /// How often it is looked whether a configuration is still in use.
  static constexpr Duration kPeriod = std::chrono::seconds(1);

  explicit RetiredConfigs(Scheduler& scheduler) : scheduler_(scheduler) {}
  RetiredConfigs(const RetiredConfigs&) = delete;
  RetiredConfigs& operator=(const RetiredConfigs&) = delete;
  ~RetiredConfigs();

  /// Nobody may get new references to it from elsewhere than its present holders. Null is ignored.
  void add(std::shared_ptr<const config::Config> config);

 private:
  void collect();

  Scheduler& scheduler_;
  std::vector<std::shared_ptr<const config::Config>> waiting_;
  TimerHandle timer_;
  std::thread thread_;
};

}  // namespace hald::app
