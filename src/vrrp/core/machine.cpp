// SPDX-License-Identifier: Apache-2.0
// See machine.h. One function per state and event; step() at the end only dispatches.
#include "vrrp/core/machine.h"

#include <algorithm>
#include <utility>

#include "base/overloaded.h"
#include "vrrp/core/timing.h"

namespace hald::vrrp {
namespace {

using Kind = Reason::Kind;
/// The skew of the lowest and of the highest priority that may be used.
constexpr std::uint8_t lowest_priority = 1;
constexpr std::uint8_t highest_priority = 255;

Reason because(Kind kind) {
  Reason reason;
  reason.kind = kind;
  return reason;
}

Reason because(Kind kind, const Params& params, const AdvertReceived& advert) {
  Reason reason;
  reason.kind = kind;
  reason.address = advert.source;
  reason.priority = advert.priority;
  reason.own_priority = params.priority;
  return reason;
}

Reason because_late(Kind kind, Duration late) {
  Reason reason = because(kind);
  reason.late = late;
  return reason;
}

Reason because_blocked(const Blocked& blocked) {
  Reason reason = because(Kind::Blocked);
  reason.cause = blocked.cause;
  reason.thing = blocked.thing;
  return reason;
}

Step keep(const State& state, Reason reason) {
  return Step{state, {}, std::move(reason)};
}

Duration down_time(const Params& params, Duration master_interval) {
  return master_down_time(params.version, params.priority, master_interval, params.down_timer_adverts);
}

Backup fresh_backup(const Params& params, Duration master_interval, TimePoint now) {
  Backup backup;
  backup.master_interval = master_interval;
  backup.down_at = now + down_time(params, master_interval);
  return backup;
}

/// One interval and the skew of 255: the wait of whoever is entitled to be MASTER.
TimePoint after_one_interval(const Params& params, TimePoint now) {
  return now + params.advert_interval + skew_time(params.version, highest_priority, params.advert_interval);
}

Step become_master(const Params& params, TimePoint now, Reason reason) {
  // RFC 9568 6.4.2: the advert first, so that the others know before the neighbours do.
  return Step{Master{now + params.advert_interval},
              {SendAdvert{params.priority}, HoldAddresses{}, Announce{}},
              std::move(reason)};
}

// ---------------------------------------------------------------- INIT

Step start(const Params& params, const Startup& startup, TimePoint now) {
  if (startup.blocked)
    return Step{Fault{startup.blocked->cause}, {ReleaseAddresses{}}, because_blocked(*startup.blocked)};
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

// ---------------------------------------------------------------- BACKUP

/// May an advert of this priority make us wait on? RFC 9568 6.4.2, and preempt_delay.
bool tolerates(const Params& params, const Backup& backup, std::uint8_t priority, TimePoint now) {
  if (priority >= params.priority || params.yields) return true;
  if (!params.preempt && !params.owner()) return true;
  return params.preempt_delay > Duration::zero() && (!backup.preempt_at || now < *backup.preempt_at);
}

Step follow(const Params& params, Backup backup, const AdvertReceived& advert, TimePoint now) {
  const bool lower = advert.priority < params.priority;
  if (params.version == 3) backup.master_interval = advert.interval;
  backup.down_at = now + down_time(params, backup.master_interval);
  backup.master = Backup::Sender{advert.source, advert.priority};
  backup.listened = false;
  backup.wants_master = false;
  const bool preempts = (params.preempt || params.owner()) && !params.yields;
  const bool delayed = lower && preempts && params.preempt_delay > Duration::zero();
  if (!lower) backup.preempt_at.reset();
  // compat: the delay starts with the first lower advert, not with the state.
  if (delayed && !backup.preempt_at) backup.preempt_at = now + params.preempt_delay;
  Kind kind = delayed ? Kind::FollowedWhileDelay : Kind::Followed;
  if (lower && params.yields) kind = Kind::FollowedAsAsked;
  return Step{backup, {}, because(kind, params, advert)};
}

Step advert_in_backup(const Params& params, const Backup& backup, const AdvertReceived& advert,
                      TimePoint now) {
  if (advert.priority == priority_release) {
    Backup next = backup;
    next.down_at = now + skew_time(params.version, params.priority, backup.master_interval);
    return Step{next, {}, because(Kind::MasterLeaves, params, advert)};
  }
  if (tolerates(params, backup, advert.priority, now)) return follow(params, backup, advert, now);
  return keep(backup, because(Kind::LowerDiscarded, params, advert));
}

Step timer_in_backup(const Params& params, const Backup& backup, TimePoint now) {
  if (now < backup.down_at) return keep(backup, because(Kind::TimerEarly));
  const Duration late = now - backup.down_at;
  if (late > down_time(params, backup.master_interval) && !backup.listened) {
    // The whole machine may have slept, and then the MASTER's adverts were lost rather than never sent.
    // Once only, or a loop that is always late would never take over.
    Backup next = backup;
    next.listened = true;
    next.down_at =
        now + backup.master_interval + skew_time(params.version, params.priority, backup.master_interval);
    return Step{next, {}, because_late(Kind::BackupWokeLate, late)};
  }
  if (!params.group_agrees) {
    // The others of the group need time to come to the same end; how long does not matter.
    Backup next = backup;
    next.wants_master = true;
    next.down_at = now + down_time(params, backup.master_interval);
    return Step{next, {}, because(Kind::HeldByGroup)};
  }
  Reason reason = because(Kind::MasterTimedOut);
  if (backup.master) reason.address = backup.master->address;
  reason.own_priority = params.priority;
  return become_master(params, now, reason);
}

Step reconfigured_backup(const Params& params, const Backup& backup, const Params& before, TimePoint now) {
  Backup next = backup;
  const bool learned = params.version == 3 && before.version == 3 && backup.master;
  if (!learned) next.master_interval = params.advert_interval;
  // compat: the running timer is shifted by what the down time changed.
  next.down_at += down_time(params, next.master_interval) - down_time(before, backup.master_interval);
  next.down_at = std::max(next.down_at, now);
  if (params.preempt_delay != before.preempt_delay || !params.preempt) next.preempt_at.reset();
  return Step{next, {}, because(Kind::Reconfigured)};
}

// ---------------------------------------------------------------- MASTER

Step leave_master(const Params& params, Duration master_interval, Reason reason, TimePoint now) {
  return Step{
      fresh_backup(params, master_interval, now), {ReleaseAddresses{}, StopAnnouncing{}}, std::move(reason)};
}

/// By how much the advert is overdue if that is long enough for the one of the highest priority to have given
/// us up, and with the lowest for everybody; else nothing.
std::optional<Duration> overslept(const Params& params, const Master& master, TimePoint now) {
  const Duration late = now - master.advert_at;
  const Duration theirs = master_down_time(params.version, params.highest_other, params.advert_interval,
                                           params.down_timer_adverts);
  if (late <= theirs - params.advert_interval) return std::nullopt;
  return late;
}

Step listen(const Params& params, Duration late, TimePoint now) {
  return Step{Master{after_one_interval(params, now), true}, {}, because_late(Kind::MasterWokeLate, late)};
}

/// The end of leaving.
Step left(Reason reason) {
  return Step{Init{}, {ReleaseAddresses{}, StopAnnouncing{}}, std::move(reason)};
}

/// Every successor, whatever its priority, has had the time to take over when its skew has passed.
TimePoint end_of_succession(const Params& params, TimePoint now) {
  return now + skew_time(params.version, lowest_priority, params.advert_interval);
}

Step begin_leaving(const Params& params, TimePoint now) {
  return Step{Master{end_of_succession(params, now), false, true},
              {SendAdvert{priority_release}, StopAnnouncing{}},
              because(Kind::Leaving)};
}

Step hand_over(const Params& params, const State& state, TimePoint now) {
  const auto* master = std::get_if<Master>(&state);
  if (master == nullptr || master->leaving || master->handing_over)
    return keep(state, because(Kind::Meaningless));
  return Step{Master{end_of_succession(params, now), false, false, true},
              {SendAdvert{priority_release}, StopAnnouncing{}},
              because(Kind::HandingOver)};
}

/// Announcing begins anew: who handed over has stopped it, and may have overslept after that.
Step go_on(const Params& params, Kind why, TimePoint now) {
  return Step{Master{now + params.advert_interval},
              {SendAdvert{params.priority}, HoldAddresses{}, Announce{false}},
              because(why)};
}

Step timer_in_master(const Params& params, const Master& master, TimePoint now) {
  if (now < master.advert_at) return keep(master, because(Kind::TimerEarly));
  if (master.leaving) return left(because(Kind::NoSuccessor));
  if (const auto late = overslept(params, master, now)) return listen(params, *late, now);
  if (master.handing_over) return go_on(params, Kind::NobodyTookOver, now);
  if (master.listening) return go_on(params, Kind::NobodyElse, now);
  // From the deadline, not from now: lateness must not add up to drift.
  TimePoint next = master.advert_at + params.advert_interval;
  if (next <= now) next = now + params.advert_interval;
  return Step{Master{next}, {SendAdvert{params.priority}}, because(Kind::AdvertDue)};
}

/// Another router was elected: we are its BACKUP, whatever its priority.
Step follow_successor(const Params& params, Kind why, const AdvertReceived& advert, TimePoint now) {
  const Step left = leave_master(params, params.advert_interval, because(why, params, advert), now);
  const Step followed = advert_in_backup(params, std::get<Backup>(left.next), advert, now);
  return Step{followed.next, left.actions, left.reason};
}

/// The first thing heard after too long a sleep. Who advertises was elected meanwhile, and we win it back in
/// order. A farewell may be as old as the sleep, and its sender long replaced: it proves nothing.
Step advert_after_sleep(const Params& params, const Master& master, const AdvertReceived& advert,
                        TimePoint now) {
  if (advert.priority == priority_release) {
    if (master.listening) return keep(master, because(Kind::OtherLeaves, params, advert));
    return listen(params, now - master.advert_at, now);
  }
  return follow_successor(params, Kind::Deposed, advert, now);
}

Step other_leaves(const Params& params, const AdvertReceived& advert, TimePoint now) {
  return Step{Master{now + params.advert_interval},
              {SendAdvert{params.priority}},
              because(Kind::OtherLeaves, params, advert)};
}

Step losing_advert(const Params& params, const Master& master, const AdvertReceived& advert, TimePoint now) {
  const bool two_owners = params.owner() && advert.priority == priority_owner;
  Step out{master, {}, because(two_owners ? Kind::TwoOwnersWeStay : Kind::LosingAdvert, params, advert)};
  if (!params.lower_prio_no_advert) {
    out.next = Master{now + params.advert_interval};
    out.actions.emplace_back(SendAdvert{params.priority});
  }
  out.actions.emplace_back(Announce{true});
  return out;
}

Step winning_advert(const Params& params, const AdvertReceived& advert, TimePoint now) {
  Kind kind = Kind::HigherPriority;
  if (advert.priority == params.priority)
    kind = params.owner() ? Kind::TwoOwnersWeYield : Kind::HigherAddress;
  const Duration interval = params.version == 3 ? advert.interval : params.advert_interval;
  Step out = leave_master(params, interval, because(kind, params, advert), now);
  std::get<Backup>(out.next).master = Backup::Sender{advert.source, advert.priority};
  if (params.higher_prio_send_advert) out.actions.insert(out.actions.begin(), SendAdvert{params.priority});
  return out;
}

Step advert_in_master(const Params& params, const Master& master, const AdvertReceived& advert,
                      TimePoint now) {
  if (advert.source == params.source) return keep(master, because(Kind::OwnAddressHeard, params, advert));
  if (master.leaving) {
    if (advert.priority == priority_release) return keep(master, because(Kind::OtherLeaves, params, advert));
    return left(because(Kind::SuccessorHeard, params, advert));
  }
  if (master.handing_over) {
    if (advert.priority == priority_release) return keep(master, because(Kind::OtherLeaves, params, advert));
    return follow_successor(params, Kind::HandedOver, advert, now);
  }
  if (master.listening || overslept(params, master, now))
    return advert_after_sleep(params, master, advert, now);
  if (advert.priority == priority_release) return other_leaves(params, advert, now);
  const auto rival = std::make_pair(advert.priority, advert.source);
  const auto ours = std::make_pair(params.priority, params.source);
  return rival < ours ? losing_advert(params, master, advert, now) : winning_advert(params, advert, now);
}

Step reconfigured_master(const Params& params, const Master& master, TimePoint now) {
  Master next = master;
  if (!next.listening && !next.leaving && !next.handing_over)
    next.advert_at = std::min(next.advert_at, now + params.advert_interval);
  return Step{next, {}, because(Kind::Reconfigured)};
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
  if (to == StateName::Backup && master != nullptr && !master->leaving) {
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
