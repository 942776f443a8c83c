// SPDX-License-Identifier: Apache-2.0
// What a BACKUP does with an advert, its timer and new settings.
#include <algorithm>

#include "vrrp/core/machine_parts.h"
#include "vrrp/core/timing.h"

namespace hald::vrrp::machine {

namespace {

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

}  // namespace

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

Step resume_backup(const Params& params, const Backup& backup, TimePoint now) {
  Backup next = backup;
  if (params.version != 3 || !next.master) next.master_interval = params.advert_interval;
  const TimePoint heard_by =
      now + next.master_interval + skew_time(params.version, params.priority, next.master_interval);
  next.down_at = std::clamp(backup.down_at, heard_by, now + down_time(params, next.master_interval));
  return Step{next, {ReleaseAddresses{}}, because(Kind::Resumed)};
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

}  // namespace hald::vrrp::machine
