// SPDX-License-Identifier: Apache-2.0
// Runner: runs every check of the configuration and knows which real servers are alive. It arms the timers,
// starts the probes, lets core/verdict decide, and tells an observer when a real server's aliveness changes.
// What is done with a dead server (removal, weight 0, sorry server) is none of its business.
// State is keyed by service, real server and check (type, target, source), so a reload restarts nothing that
// did not change; a check whose timing alone changed keeps its verdict.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/log.h"
#include "base/scheduler.h"
#include "checker/core/carried.h"
#include "checker/core/schedule.h"
#include "checker/core/service_ref.h"
#include "checker/core/view.h"
#include "checker/probe.h"
#include "config/model.h"

namespace hald::checker {

struct RunContext;

/// One real server as the outside may see it.
struct ServerView {
  bool alive = true;
  std::string reason;  ///< in words: "TCP_CHECK 10.0.0.7:80: connection refused, 4 of 4 tries failed"
  std::optional<WallTime> since;  ///< when it became alive or dead; nothing for one without checks
  std::vector<CheckView> checks;
};

class Runner {
 public:
  /// Called when a real server becomes alive or dead, from the loop or from within apply(). It must not call
  /// apply() or stop() itself.
  using Observer = std::function<void(const ServiceId& service, const Endpoint& real_server, bool alive,
                                      const std::string& reason)>;

  /// `seed` decides how the first runs are spread. All references must outlive the runner.
  Runner(Scheduler& scheduler, log::Logger& logger, Probes& probes, std::uint64_t seed, Observer observer);
  ~Runner();
  Runner(const Runner&) = delete;
  Runner& operator=(const Runner&) = delete;

  /// Before the first apply(): what the run before had come to. Checks that are the same go on from there.
  void resume(Carried carried);
  [[nodiscard]] Carried carry() const;
  /// Makes the running checks those of `config`: starts, keeps and cancels. A big configuration is worked off
  /// in slices, the first before this returns, the others on later turns of the loop; alive() and view() give
  /// the right answer throughout. Called again meanwhile, it goes over to the newer configuration.
  void apply(std::shared_ptr<const config::Config> config);
  /// Cancels everything and forgets all states.
  void stop();

  /// A real server is alive when none of its checks is failed; one without checks that are run always is.
  /// `real_server` is the configuration's own entry, so that one which was not reached yet is answered
  /// rightly (alpha).
  [[nodiscard]] bool alive(const ServiceId& service, const config::RealServer& real_server) const;
  [[nodiscard]] ServerView view(const ServiceId& service, const config::RealServer& real_server) const;
  /// Checks that exist now.
  [[nodiscard]] std::size_t size() const { return checks_; }
  /// Slices of apply() are still to come.
  [[nodiscard]] bool busy() const { return work_ != nullptr; }

 private:
  struct Server;
  struct Service;
  struct Work;

  void work();
  bool visit_some(std::size_t& budget);
  bool sweep_some(std::size_t& budget);
  void visit(const ServiceId& key, const config::Service& service, const config::RealServer& real_server);
  void adopt(Server& server, const config::RealServer& real_server, const OuterHosts& hosts, bool existed);
  void resume(Server& server) const;
  void drop_checks(Service& service, const Endpoint& real_server);
  void sweep(const ServiceId& key);
  void judge(Server& server);
  [[nodiscard]] const Server* find(const ServiceId& service, const Endpoint& real_server) const;

  std::unique_ptr<RunContext> context_;
  Scheduler& scheduler_;
  log::Logger& logger_;
  Rng rng_;
  Observer observer_;
  std::shared_ptr<const config::Config> config_;
  std::unordered_map<ServiceId, Service> services_;
  std::unordered_map<std::string, CarriedServer> carried_;  ///< until the first apply() is done
  std::unique_ptr<Work> work_;
  TimerHandle next_slice_;
  std::size_t checks_ = 0;
  std::uint32_t generation_ = 0;
};

}  // namespace hald::checker
