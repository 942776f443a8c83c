// SPDX-License-Identifier: Apache-2.0
#include "vrrp/core/announce_schedule.h"

#include <algorithm>

namespace hald::vrrp {
namespace {

bool take_if_due(std::optional<TimePoint>& when, TimePoint now) {
  if (!when || now < *when) return false;
  when.reset();
  return true;
}

}  // namespace

AnnounceStep announce_as_master(const config::Announcing& settings, TimePoint now) {
  AnnounceStep out;
  out.repeat = settings.master_repeat;
  if (settings.master_delay > Duration::zero()) out.next.delayed_at = now + settings.master_delay;
  if (settings.master_refresh > Duration::zero()) {
    out.next.refresh_at = now + settings.master_delay + settings.master_refresh;
  }
  return out;
}

AnnounceStep announce_again(const config::Announcing& settings, const AnnounceState& state, TimePoint now) {
  AnnounceStep out{state, 0};
  if (settings.lower_prio_repeat == 0) return out;
  if (settings.lower_prio_delay > Duration::zero()) out.next.again_at = now + settings.lower_prio_delay;
  if (state.quiet_until && now < *state.quiet_until) return out;
  out.next.quiet_until = now + announce_pause;
  out.repeat = settings.lower_prio_repeat;
  return out;
}

AnnounceStep announce_due(const config::Announcing& settings, const AnnounceState& state, TimePoint now) {
  AnnounceStep out{state, 0};
  if (take_if_due(out.next.delayed_at, now)) out.repeat = std::max(out.repeat, settings.master_repeat);
  if (take_if_due(out.next.again_at, now)) out.repeat = std::max(out.repeat, settings.lower_prio_repeat);
  if (take_if_due(out.next.refresh_at, now)) {
    out.repeat = std::max(out.repeat, settings.master_refresh_repeat);
    if (settings.master_refresh > Duration::zero()) out.next.refresh_at = now + settings.master_refresh;
  }
  return out;
}

std::optional<TimePoint> deadline(const AnnounceState& state) {
  std::optional<TimePoint> earliest;
  for (const auto& when : {state.delayed_at, state.again_at, state.refresh_at}) {
    if (when && (!earliest || *when < *earliest)) earliest = when;
  }
  return earliest;
}

}  // namespace hald::vrrp
