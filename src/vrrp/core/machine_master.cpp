// SPDX-License-Identifier: Apache-2.0
// What a MASTER does with an advert, its timer and new settings, and how it leaves or hands over.
#include <algorithm>
#include <optional>
#include <utility>

#include "vrrp/core/machine_parts.h"
#include "vrrp/core/timing.h"

namespace hald::vrrp::machine {

Step leave_master(const Params& params, Duration master_interval, Reason reason, TimePoint now) {
  return Step{
      fresh_backup(params, master_interval, now), {ReleaseAddresses{}, StopAnnouncing{}}, std::move(reason)};
}

namespace {

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

}  // namespace

Step left(Reason reason) {
  return Step{Init{}, {ReleaseAddresses{}, StopAnnouncing{}}, std::move(reason)};
}

namespace {

/// Every successor, whatever its priority, has had the time to take over when its skew has passed.
TimePoint end_of_succession(const Params& params, TimePoint now) {
  return now + skew_time(params.version, lowest_priority, params.advert_interval);
}

}  // namespace

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

namespace {

/// Announcing begins anew: who handed over has stopped it, and may have overslept after that.
Step go_on(const Params& params, Kind why, TimePoint now) {
  return Step{Master{now + params.advert_interval},
              {SendAdvert{params.priority}, HoldAddresses{}, Announce{false}},
              because(why)};
}

}  // namespace

Step timer_in_master(const Params& params, const Master& master, TimePoint now) {
  if (now < master.advert_at) return keep(master, because(Kind::TimerEarly));
  if (master.leaving) return left(because(Kind::NoSuccessor));
  // Others of the group have their successors, and ours is not heard: it would be MASTER in part.
  if (master.handing_over && !params.group_agrees)
    return leave_master(params, params.advert_interval, because(Kind::SyncedToBackup), now);
  if (const auto late = overslept(params, master, now)) return listen(params, *late, now);
  if (master.handing_over) return go_on(params, Kind::NobodyTookOver, now);
  if (master.listening) return go_on(params, Kind::NobodyElse, now);
  // From the deadline, not from now: lateness must not add up to drift.
  TimePoint next = master.advert_at + params.advert_interval;
  if (next <= now) next = now + params.advert_interval;
  return Step{Master{next}, {SendAdvert{params.priority}}, because(Kind::AdvertDue)};
}

namespace {

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

}  // namespace

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

Step resume_master(const Params& params, const Master& master, TimePoint now) {
  if (const auto late = overslept(params, master, now)) {
    Step out = listen(params, *late, now);
    out.actions.emplace_back(HoldAddresses{});
    return out;
  }
  Master next = master;
  if (next.listening) {
    next.advert_at = std::clamp(master.advert_at, now, after_one_interval(params, now));
    return Step{next, {HoldAddresses{}}, because_late(Kind::MasterWokeLate, Duration::zero())};
  }
  next.advert_at = std::clamp(master.advert_at, now, now + params.advert_interval);
  return Step{next, {HoldAddresses{}, Announce{}}, because(Kind::Resumed)};
}

Step reconfigured_master(const Params& params, const Master& master, TimePoint now) {
  Master next = master;
  if (!next.listening && !next.leaving && !next.handing_over)
    next.advert_at = std::min(next.advert_at, now + params.advert_interval);
  return Step{next, {}, because(Kind::Reconfigured)};
}

}  // namespace hald::vrrp::machine
