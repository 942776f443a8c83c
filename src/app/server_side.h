// SPDX-License-Identifier: Apache-2.0
// The balancing half of hald, put together: checks decide which real servers are alive, quorum makes of it
// whether a virtual server counts as up, and the reconciler brings the kernel's table there. This is the
// only place where checker and ipvs meet. Left out with -P, and when there are no virtual servers.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "app/admin_request.h"
#include "app/server_drains.h"
#include "app/server_news.h"
#include "base/log.h"
#include "base/scheduler.h"
#include "checker/core/service_ref.h"
#include "checker/runner.h"
#include "config/model.h"
#include "ipvs/core/desired.h"
#include "ipvs/kernel.h"
#include "ipvs/reconciler.h"
#include "status/snapshot.h"

namespace hald::app {

/// What the virtual servers of one run of hald pass on to the next one over a restart.
struct CarriedServers {
  struct Quorum {
    std::string service;  ///< as to_string(ServiceId)
    bool up = false;
  };
  std::vector<Quorum> quorums;
  checker::Carried servers;
};

class ServerSide {
 public:
  /// All references must outlive it. `seed` decides how the first checks are spread.
  ServerSide(Scheduler& scheduler, log::Logger& logger, std::unique_ptr<ipvs::Kernel> kernel,
             checker::Probes& probes, std::uint64_t seed);
  ServerSide(const ServerSide&) = delete;
  ServerSide& operator=(const ServerSide&) = delete;

  /// Whom it tells of changes; before the first apply().
  void observe(ServerObserver observer) { observer_ = std::move(observer); }
  /// Before the first apply(): what the run before, with this configuration, had come to. What is equal stays
  /// as it is in the kernel and nobody is told anything of it; services that are gone are deleted.
  void resume(const config::Config& former, CarriedServers carried);
  [[nodiscard]] CarriedServers carry() const;
  /// Makes the served virtual servers those of `config`, in slices. What is equal keeps its verdicts and is
  /// not written again.
  void apply(std::shared_ptr<const config::Config> config);
  /// Ends all checks; unless `keep_table`, takes every service of hald out of the kernel. `done` gets the
  /// number of services that could not be taken out, on a later turn or before this returns.
  void stop(bool keep_table, std::function<void(std::size_t left)> done);

  // What operators order (server_side_admin.cpp).

  /// A real server of a virtual server that runs.
  struct AdminTarget {
    checker::ServiceId service;
    ipvs::AdminBook::Place place;
  };
  /// Before the first apply(): what had been ordered. `changed` is told of all orders whenever they change.
  void admin(ipvs::AdminBook book, std::function<void(const ipvs::AdminBook&)> changed);
  [[nodiscard]] std::vector<AdminTarget> admin_targets(const AdminRequest& request) const;
  /// Nothing: what was ordered before ends. False: there are too many orders, and nothing was done.
  [[nodiscard]] bool order(const std::vector<AdminTarget>& targets,
                           const std::optional<ipvs::AdminOrder>& order);
  /// What was ordered is in the table.
  [[nodiscard]] bool admin_settled() const { return touched_.empty() && reconciler_.settled(); }
  /// Nothing: it is gone meanwhile.
  [[nodiscard]] std::optional<status::RealServerView> view(const AdminTarget& target) const;

  [[nodiscard]] std::string_view backend() const { return kernel_->name(); }
  [[nodiscard]] ipvs::Reconciler::Counters counters() const { return reconciler_.counters(); }
  [[nodiscard]] status::VirtualServerView view(const checker::ServiceRef& server) const;

 private:
  struct Running {
    std::uint32_t index = 0;       ///< in the row of services of config_
    std::uint32_t generation = 0;  ///< of the apply() that reached it last
    bool started = false;
    bool quorum_up = false;
    std::vector<config::ServiceKey> members;  ///< of a group: what it stands for in the kernel
  };

  void apply_slice();
  [[nodiscard]] bool reach(const checker::ServiceRef& server, std::size_t& work);
  [[nodiscard]] std::vector<config::ServiceKey> claim_members(const config::GroupServer& server);
  void resume(const checker::ServiceRef& server, Running& running);
  void finish_apply();
  void verdict(const checker::ServiceId& service, const Endpoint& endpoint, bool alive,
               const std::string& reason);
  void reevaluate(const checker::ServiceId& service);
  [[nodiscard]] std::vector<ipvs::AdminEffect> admin_effects(const checker::ServiceRef& server);
  void admin_changed(const ipvs::AdminBook::Place& place);
  void touch_some();
  void arm_admin_tick();
  void admin_tick();
  void drain_ended(const ipvs::AdminBook::Place& place);
  [[nodiscard]] std::vector<DrainTarget> drain_targets();
  [[nodiscard]] std::optional<DrainTarget> drain_target(const ipvs::AdminBook::Place& place) const;
  [[nodiscard]] ipvs::ServiceInput evaluate(const checker::ServiceRef& server, Running& running);
  void fold_quorum(const checker::ServiceRef& server, Running& running, std::uint64_t live_weight);
  void tell_quorum(const checker::ServiceRef& server, bool up, std::uint64_t live_weight, bool at_start);
  void log_sorry_server(const checker::ServiceRef& server, bool quorum_up) const;
  void log_verdict(const checker::ServiceId& service, const config::RealServer& real_server, bool alive,
                   const std::string& reason) const;
  void tell_server(const checker::ServiceRef& server, const Endpoint& endpoint, bool alive,
                   const std::string& reason) const;
  void tell_initial(const checker::ServiceRef& server) const;
  void tell_removed(const checker::ServiceRef& before, const config::Service* now,
                    const Running& running) const;
  void tell_gone_services() const;
  void tell_the_end() const;
  [[nodiscard]] std::optional<checker::ServiceRef> find(const checker::ServiceId& service) const;
  [[nodiscard]] static Endpoint endpoint_under(const config::ServiceKey& key,
                                               const config::RealServer& server);
  [[nodiscard]] std::optional<std::int32_t> in_kernel(const config::ServiceKey& key,
                                                      const config::RealServer& server) const;
  void settled(const ipvs::Reconciler::Settled& result);
  [[nodiscard]] std::optional<config::ServiceKey> shown_key(const checker::ServiceRef& server) const;
  [[nodiscard]] status::RealServerView view(const checker::ServiceId& service,
                                            const std::optional<config::ServiceKey>& key,
                                            const config::RealServer& server) const;

  Scheduler& scheduler_;
  log::Logger& logger_;
  std::unique_ptr<ipvs::Kernel> kernel_;
  ipvs::Reconciler reconciler_;
  checker::Runner runner_;
  ServerObserver observer_;
  std::shared_ptr<const config::Config> config_;
  std::shared_ptr<const config::Config> previous_;  // while an apply() is under way
  std::unordered_map<checker::ServiceId, Running> running_;
  std::unordered_set<config::ServiceKey> claimed_;         ///< by groups; while an apply() is under way
  std::unordered_map<std::string, bool> carried_quorums_;  ///< until the first apply() is done
  std::vector<config::ServiceKey> carried_keys_;           ///< likewise
  std::uint32_t generation_ = 0;
  std::uint32_t next_index_ = 0;  ///< of the slice to come
  std::size_t next_member_ = 0;   ///< of the group there
  TimerHandle slice_;

  ipvs::AdminBook admin_;
  std::function<void(const ipvs::AdminBook&)> admin_changed_;
  std::unordered_map<std::string, checker::ServiceId> ordered_;  ///< services that orders belong to, by name
  std::deque<checker::ServiceId> touched_;                       ///< by orders; to be evaluated
  std::optional<ipvs::AdminBook::Place> looked_at_;              ///< the last one of the last look
  ServerDrains drains_;
  bool ticking_ = false;
  TimerHandle touch_;
  TimerHandle tick_;
};

}  // namespace hald::app
