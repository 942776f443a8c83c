// SPDX-License-Identifier: Apache-2.0
#include "vrrp/core/machine_parts.h"

#include <utility>

#include "vrrp/core/timing.h"

namespace hald::vrrp::machine {

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

TimePoint after_one_interval(const Params& params, TimePoint now) {
  return now + params.advert_interval + skew_time(params.version, highest_priority, params.advert_interval);
}

Step become_master(const Params& params, TimePoint now, Reason reason) {
  // RFC 9568 6.4.2: the advert first, so that the others know before the neighbours do.
  return Step{Master{now + params.advert_interval},
              {SendAdvert{params.priority}, HoldAddresses{}, Announce{}},
              std::move(reason)};
}

}  // namespace hald::vrrp::machine
