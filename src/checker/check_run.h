// SPDX-License-Identifier: Apache-2.0
// CheckRun: the shell of one check. It owns the check's timer, its probe under way and its verdict; the
// policy is core/verdict's and the pace core/schedule's. It writes keepalived's log lines about the check,
// and says to its owner only that its state changed.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "base/log.h"
#include "base/scheduler.h"
#include "checker/core/carried.h"
#include "checker/core/outer_hosts.h"
#include "checker/core/round.h"
#include "checker/core/schedule.h"
#include "checker/core/verdict.h"
#include "checker/core/view.h"
#include "checker/probe.h"
#include "config/model.h"

namespace hald::checker {

/// What all runs share.
struct RunContext {
  Scheduler& scheduler;
  log::Logger& logger;
  Probes& probes;
  Rng& rng;
  bool log_all_failures = false;  ///< of every check
};

/// What a run asks of the one that owns it.
class RunOwner {
 public:
  virtual ~RunOwner() = default;
  /// The way log lines name the real server: "[10.0.0.7]:tcp:80".
  [[nodiscard]] virtual std::string server_name() const = 0;
  /// ... and the virtual server.
  [[nodiscard]] virtual std::string service_name() const = 0;
  /// A run went up or down. The owner must not destroy the run during this call.
  virtual void state_changed() = 0;
};

class CheckRun {
 public:
  /// `check` is one that is run (core/check.h). It and `hosts` must stay valid until follow() names others,
  /// `owner` for the life of the run.
  CheckRun(const RunContext& context, RunOwner& owner, const config::Check& check, const OuterHosts& hosts,
           bool down);
  CheckRun(const CheckRun&) = delete;
  CheckRun& operator=(const CheckRun&) = delete;

  [[nodiscard]] bool same_as(const config::Check& check) const;
  /// Goes on with `check`, the same check in a newer configuration; a new pace takes effect at once.
  void follow(const config::Check& check, const OuterHosts& hosts);

  /// What the run before had come to; right after the beginning.
  void resume(const CarriedCheck& carried);
  /// Nothing before its first verdict.
  [[nodiscard]] std::optional<CarriedCheck> carry() const;
  /// Its kind and target: "TCP_CHECK 10.0.0.7:80".
  [[nodiscard]] std::string what() const;

  [[nodiscard]] bool up() const { return state_.up; }
  [[nodiscard]] bool decided() const { return state_.decided; }
  /// "TCP_CHECK 10.0.0.7:80: connection refused, try 2 of 4"
  [[nodiscard]] std::string story() const;
  [[nodiscard]] CheckView view() const;

 private:
  void arm(TimePoint when);
  void start();
  void finish(const Outcome& outcome);
  [[nodiscard]] TimePoint after(const Outcome& outcome) const;
  void log_try(const Outcome& outcome, const Decision& decision, bool was_up) const;

  const RunContext& context_;
  RunOwner& owner_;
  const config::Check* check_;
  OuterHosts hosts_;
  VerdictState state_;
  Round round_;
  Next next_ = Next::Regular;
  bool tried_ = false;
  Layer last_layer_ = Layer::Local;
  Kind last_kind_ = Kind::NotAttempted;
  Duration last_took_{};
  TimePoint ended_;  // of the last try
  TimePoint due_;    // of the next one
  WallTime since_;
  std::string reason_;
  TimerHandle timer_;
  std::unique_ptr<Probe> probe_;
};

}  // namespace hald::checker
