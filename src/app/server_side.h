// SPDX-License-Identifier: Apache-2.0
// The balancing half of hald, put together: checks decide which real servers are alive, quorum makes of it
// whether a virtual server counts as up, and the reconciler brings the kernel's table there. This is the
// only place where checker and ipvs meet. Left out with -P, and when there are no virtual servers.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <unordered_map>
#include <utility>

#include "app/server_news.h"
#include "base/log.h"
#include "base/scheduler.h"
#include "checker/runner.h"
#include "config/model.h"
#include "ipvs/kernel.h"
#include "ipvs/reconciler.h"
#include "status/snapshot.h"

namespace hald::app {

class ServerSide {
 public:
  /// All references must outlive it. `seed` decides how the first checks are spread.
  ServerSide(Scheduler& scheduler, log::Logger& logger, std::unique_ptr<ipvs::Kernel> kernel,
             checker::Probes& probes, std::uint64_t seed);
  ServerSide(const ServerSide&) = delete;
  ServerSide& operator=(const ServerSide&) = delete;

  /// Whom it tells of changes; before the first apply().
  void observe(ServerObserver observer) { observer_ = std::move(observer); }
  /// Makes the served virtual servers those of `config`, in slices. What is equal keeps its verdicts and is
  /// not written again.
  void apply(std::shared_ptr<const config::Config> config);
  /// Ends all checks; unless `keep_table`, takes every service of hald out of the kernel. `done` gets the
  /// number of services that could not be taken out, on a later turn or before this returns.
  void stop(bool keep_table, std::function<void(std::size_t left)> done);

  [[nodiscard]] std::string_view backend() const { return kernel_->name(); }
  [[nodiscard]] ipvs::Reconciler::Counters counters() const { return reconciler_.counters(); }
  [[nodiscard]] status::VirtualServerView view(const config::VirtualServer& server) const;

 private:
  struct Running {
    std::uint32_t index = 0;       ///< into config_->virtual_servers
    std::uint32_t generation = 0;  ///< of the apply() that reached it last
    bool started = false;
    bool quorum_up = false;
  };

  void apply_slice();
  void finish_apply();
  void verdict(const config::ServiceKey& key, const Endpoint& endpoint, bool alive,
               const std::string& reason);
  [[nodiscard]] ipvs::Service evaluate(const config::VirtualServer& server, Running& running);
  void fold_quorum(const config::VirtualServer& server, Running& running, std::uint64_t live_weight);
  void tell_quorum(const config::VirtualServer& server, bool up, std::uint64_t live_weight, bool at_start);
  void log_sorry_server(const config::VirtualServer& server, bool quorum_up) const;
  void log_verdict(const config::VirtualServer& server, const config::RealServer& real_server, bool alive,
                   const std::string& reason) const;
  void tell_server(const config::VirtualServer& server, const Endpoint& endpoint, bool alive,
                   const std::string& reason) const;
  void tell_initial(const config::VirtualServer& server) const;
  void tell_removed(const config::VirtualServer& before, const config::VirtualServer* now) const;
  void tell_gone_services() const;
  void tell_the_end() const;
  [[nodiscard]] const config::VirtualServer* find(const config::ServiceKey& key) const;
  void settled(const ipvs::Reconciler::Settled& result);
  [[nodiscard]] status::RealServerView view(const config::ServiceKey& key,
                                            const config::RealServer& server) const;

  Scheduler& scheduler_;
  log::Logger& logger_;
  std::unique_ptr<ipvs::Kernel> kernel_;
  ipvs::Reconciler reconciler_;
  checker::Runner runner_;
  ServerObserver observer_;
  std::shared_ptr<const config::Config> config_;
  std::shared_ptr<const config::Config> previous_;  // while an apply() is under way
  std::unordered_map<config::ServiceKey, Running> running_;
  std::uint32_t generation_ = 0;
  std::uint32_t next_index_ = 0;  ///< of the slice to come
  TimerHandle slice_;
};

}  // namespace hald::app
