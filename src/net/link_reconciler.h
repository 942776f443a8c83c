// SPDX-License-Identifier: Apache-2.0
// LinkReconciler: desired (claims.h) against actual (virtual_link.h) for the macvlans and ipvlans that hald
// makes. Level-triggered: every declaration, every change of the link, of its base or of the base's VRF,
// every error and every back-off timer leads to the same look. A link that is there already and of the right
// kind is adopted; it is raised only when its kernel parameters (sysctl_keeper.h) are set. The kernel deletes
// it with its base; when the base returns, it is made again. Many links are made a few at a time: nothing
// takes longer than about a millisecond.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <string>

#include "base/log.h"
#include "base/scheduler.h"
#include "net/backoff.h"
#include "net/claims.h"
#include "net/drift.h"
#include "net/interface_table.h"
#include "net/sysctl_keeper.h"
#include "net/virtual_link.h"
#include "net/work_queue.h"

namespace hald::net {

class LinkReconciler {
 public:
  /// All references must outlive the reconciler; `table` must have been started.
  LinkReconciler(Rtnl& rtnl, InterfaceTable& table, SysctlKeeper& sysctls, Scheduler& scheduler,
                 log::Logger& logger);
  LinkReconciler(const LinkReconciler&) = delete;
  LinkReconciler& operator=(const LinkReconciler&) = delete;

  /// These are `owner`'s links. Of several owners of one name the first by name decides.
  void hold(const std::string& owner, std::vector<WantedLink> links);
  /// What `owner` held and nobody else holds is deleted, if it is what was held.
  void forget(const std::string& owner);

  /// It is there, just as it was wanted, and up.
  [[nodiscard]] bool is_ready(const std::string& name) const;
  /// Why it is not, for people; empty if only its base is missing, or nothing is known to be wrong.
  [[nodiscard]] std::string problem(const std::string& name) const;
  [[nodiscard]] bool settled() const { return queue_.empty() && !retry_armed_; }

  /// Counted since the start: links found other than hald had left them, through no doing of hald's.
  [[nodiscard]] std::uint64_t drift() const { return drift_; }
  void on_drift(DriftReports::Receiver receiver) { reports_.receive(std::move(receiver)); }

 private:
  using LinkClaim = Claim<WantedLink>;
  struct State {
    int base = 0;       // the index of the base when the link was last as it should be
    bool made = false;  // or adopted: it is hald's to delete
    std::string problem;
    DriftPace pace;
  };

  void declare(const std::string& owner, std::vector<WantedLink> links);
  void interface_changed(const std::string& name);
  void slice();
  void reconcile(const std::string& name);
  [[nodiscard]] Result<void> realise(const WantedLink& wanted, const LinkPlan& plan);
  [[nodiscard]] Result<void> create(const WantedLink& wanted, const LinkPlan& plan);
  [[nodiscard]] Result<void> finish(const WantedLink& wanted, const LinkChange& change);
  void remove(const std::string& name, const LinkClaim& claim);
  void notify_base(const WantedLink& wanted);
  void note_drift(const std::string& name, LinkClaim& claim, State& state);
  void refused(const std::string& name, LinkClaim* claim, const std::string& why);
  [[nodiscard]] bool is_as_wanted(const WantedLink& wanted, const LinkPlan& plan) const;
  void retry_later(TimePoint when);

  Rtnl& rtnl_;
  InterfaceTable& table_;
  SysctlKeeper& sysctls_;
  Scheduler& scheduler_;
  log::Logger& logger_;
  Claims<WantedLink> claims_;
  std::map<std::string, State> states_;                    // by name
  std::map<std::string, std::set<std::string>> stand_on_;  // names by base
  WorkQueue<std::string> queue_;
  TimerHandle turn_;
  TimerHandle retry_;
  bool retry_armed_ = false;
  Backoff backoff_{std::chrono::milliseconds(100), std::chrono::seconds(30)};
  DriftReports reports_;
  Subscription subscription_;
  std::uint64_t drift_ = 0;
};

}  // namespace hald::net
