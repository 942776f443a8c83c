// SPDX-License-Identifier: Apache-2.0
// Tuner: keeps time-outs and sync daemons of IPVS what the configuration and the state of a virtual router
// say. Level-triggered like the Reconciler: it reads, writes the difference, looks again after an error and
// once a minute. What runs already and is right is adopted. What the configuration does not speak of is never
// touched; what it no longer speaks of goes back to what it was.
#pragma once

#include <memory>
#include <set>
#include <string>

#include "base/log.h"
#include "base/scheduler.h"
#include "ipvs/tuning_kernel.h"

namespace hald::ipvs {

class Tuner {
 public:
  static constexpr Duration kInterval = std::chrono::seconds(60);
  static constexpr Duration kRetry = std::chrono::seconds(1);

  Tuner(Scheduler& scheduler, log::Logger& logger, std::unique_ptr<TuningKernel> kernel,
        TuningScope scope = {})
      : scheduler_(scheduler), logger_(logger), kernel_(std::move(kernel)), scope_(scope) {}
  Tuner(const Tuner&) = delete;
  Tuner& operator=(const Tuner&) = delete;

  /// Nothing is written before the next turn of the loop.
  void apply(std::shared_ptr<const config::Config> config);
  /// The named virtual router is MASTER, or no longer.
  void master(const std::string& instance, bool is_master);
  /// Puts everything back, at once; apply() may follow.
  void stop();

 private:
  void soon(Duration wait);
  void look();
  [[nodiscard]] bool settle_timeouts(const Timeouts& wanted);
  [[nodiscard]] bool settle_daemons();
  [[nodiscard]] bool run(const SyncOp& op);
  [[nodiscard]] std::vector<SyncDaemon> wanted_daemons() const;
  [[nodiscard]] bool is_master() const;
  bool failed(const Error& error);

  Scheduler& scheduler_;
  log::Logger& logger_;
  std::unique_ptr<TuningKernel> kernel_;
  TuningScope scope_;
  std::shared_ptr<const config::Config> config_;
  std::set<std::string> masters_;
  Timeouts before_;            ///< what hald found, of those it has changed
  bool owns_daemons_ = false;  ///< hald has been told to see to them
  TimerHandle look_;
};

}  // namespace hald::ipvs
