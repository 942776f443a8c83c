// SPDX-License-Identifier: Apache-2.0
// See machine.h. One function per state and event; step() at the end only dispatches.
#include "vrrp/core/machine.h"

#include <utility>

#include "base/overloaded.h"
#include "vrrp/core/machine_parts.h"

namespace hald::vrrp {
using namespace machine;  // its other files

namespace {

// ---------------------------------------------------------------- INIT

/// Who was leaving or handing over when the run before ended has said farewell: that one starts anew.
std::optional<Step> resume(const Params& params, const State& carried, TimePoint now) {
  if (const auto* backup = std::get_if<Backup>(&carried)) return resume_backup(params, *backup, now);
  const auto* master = std::get_if<Master>(&carried);
  if (master == nullptr || master->leaving || master->handing_over) return std::nullopt;
  return resume_master(params, *master, now);
}

Step start(const Params& params, const Startup& startup, TimePoint now) {
  if (startup.blocked)
    return Step{Fault{startup.blocked->cause}, {ReleaseAddresses{}}, because_blocked(*startup.blocked)};
  if (startup.carried) {
    if (auto resumed = resume(params, *startup.carried, now)) return *resumed;
  }
  const bool wants_master = params.initial_state == config::InitialState::Master;
  if (wants_master && params.owner() && params.group_agrees)
    return become_master(params, now, because(Kind::StartedAsOwner));
  Backup backup = fresh_backup(params, params.advert_interval, now);
  // compat: `state MASTER` below 255 waits for about one interval only (V-62).
  if (wants_master) backup.down_at = after_one_interval(params, now);
  backup.wants_master = wants_master;
  // What an earlier run left behind must not answer while somebody else is MASTER.
  return Step{backup,
              {ReleaseAddresses{}},
              because(wants_master ? Kind::StartedWantingMaster : Kind::StartedAsBackup)};
}

// ---------------------------------------------------------------- FAULT, and leaving

Step block(const State& state, const Blocked& blocked) {
  if (std::holds_alternative<Init>(state)) return keep(state, because(Kind::Meaningless));
  Step out{Fault{blocked.cause}, {}, because_blocked(blocked)};
  if (std::holds_alternative<Backup>(state)) out.actions = {ReleaseAddresses{}};
  if (const auto* master = std::get_if<Master>(&state)) {
    if (master->leaving) return left(because_blocked(blocked));
    out.actions = {SendAdvert{priority_release}, ReleaseAddresses{}, StopAnnouncing{}};
  }
  return out;
}

Step unblock(const Params& params, TimePoint now) {
  Backup backup = fresh_backup(params, params.advert_interval, now);
  if (params.owner()) backup.down_at = after_one_interval(params, now);
  return Step{backup, {}, because(Kind::Recovered)};
}

Step synced(const Params& params, const State& state, StateName to, TimePoint now) {
  if (to == StateName::Master && std::holds_alternative<Backup>(state)) {
    return become_master(params, now, because(Kind::SyncedToMaster));
  }
  const auto* master = std::get_if<Master>(&state);
  const bool gives_way = master != nullptr && (master->leaving || master->handing_over);
  if (to == StateName::Backup && master != nullptr && !gives_way) {
    return leave_master(params, params.advert_interval, because(Kind::SyncedToBackup), now);
  }
  return keep(state, because(Kind::Meaningless));
}

Step shut_down(const State& state) {
  Step out{Init{}, {}, because(Kind::Stopped)};
  const auto* master = std::get_if<Master>(&state);
  if (master != nullptr && !master->leaving) out.actions.emplace_back(SendAdvert{priority_release});
  if (!std::holds_alternative<Init>(state)) out.actions.emplace_back(ReleaseAddresses{});
  if (master != nullptr) out.actions.emplace_back(StopAnnouncing{});
  return out;
}

Step leave(const Params& params, const State& state, TimePoint now) {
  const auto* master = std::get_if<Master>(&state);
  if (master == nullptr) return shut_down(state);
  return master->leaving ? keep(state, because(Kind::Meaningless)) : begin_leaving(params, now);
}

Step receive(const Params& params, const State& state, const AdvertReceived& advert, TimePoint now) {
  if (const auto* backup = std::get_if<Backup>(&state)) return advert_in_backup(params, *backup, advert, now);
  if (const auto* master = std::get_if<Master>(&state)) return advert_in_master(params, *master, advert, now);
  return keep(state, because(Kind::NotListening, params, advert));
}

Step fire(const Params& params, const State& state, TimePoint now) {
  if (const auto* backup = std::get_if<Backup>(&state)) return timer_in_backup(params, *backup, now);
  if (const auto* master = std::get_if<Master>(&state)) return timer_in_master(params, *master, now);
  return keep(state, because(Kind::Meaningless));
}

Step reconfigured(const Params& params, const State& state, const Params& before, TimePoint now) {
  if (const auto* backup = std::get_if<Backup>(&state))
    return reconfigured_backup(params, *backup, before, now);
  if (const auto* master = std::get_if<Master>(&state)) return reconfigured_master(params, *master, now);
  return keep(state, because(Kind::Reconfigured));
}

Step reconfigure(const Params& params, const State& state, const Reconfigured& change, TimePoint now) {
  Step out = reconfigured(params, state, change.before, now);
  if (change.why.empty()) return out;
  out.reason.kind = Kind::PriorityMoved;
  out.reason.thing = change.why;
  out.reason.priority = change.before.priority;
  out.reason.own_priority = params.priority;
  return out;
}

}  // namespace

Params params_of(const config::VrrpInstance& instance, const Address& source) {
  Params out;
  out.version = instance.version;
  out.priority = instance.priority;
  out.initial_state = instance.initial_state;
  out.advert_interval = instance.advert_interval;
  out.down_timer_adverts = instance.down_timer_adverts;
  out.preempt = instance.preempt;
  out.preempt_delay = instance.preempt_delay;
  out.lower_prio_no_advert = instance.lower_prio_no_advert;
  out.higher_prio_send_advert = instance.higher_prio_send_advert;
  out.highest_other = instance.timer_expired_backup.value_or(lowest_priority);
  out.source = source;
  return out;
}

Step step(const Params& params, const State& state, const Event& event, TimePoint now) {
  const auto in_state = Overloaded{
      [&](const Startup& startup) {
        if (std::holds_alternative<Init>(state)) return start(params, startup, now);
        return keep(state, because(Kind::Meaningless));
      },
      [&](const TimerFired&) { return fire(params, state, now); },
      [&](const AdvertReceived& advert) { return receive(params, state, advert, now); },
      [&](const Blocked& blocked) { return block(state, blocked); },
      [&](const Unblocked&) {
        if (std::holds_alternative<Fault>(state)) return unblock(params, now);
        return keep(state, because(Kind::Meaningless));
      },
      [&](const Synced& group) { return synced(params, state, group.to, now); },
      [&](const Reconfigured& change) { return reconfigure(params, state, change, now); },
      [&](const Leave&) { return leave(params, state, now); },
      [&](const HandOver&) { return hand_over(params, state, now); },
      [&](const Shutdown&) { return shut_down(state); },
  };
  return std::visit(in_state, event);
}

std::optional<TimePoint> deadline(const State& state) {
  if (const auto* backup = std::get_if<Backup>(&state)) return backup->down_at;
  if (const auto* master = std::get_if<Master>(&state)) return master->advert_at;
  return std::nullopt;
}

}  // namespace hald::vrrp
