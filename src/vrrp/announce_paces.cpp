// SPDX-License-Identifier: Apache-2.0
#include "vrrp/announce_paces.h"

namespace hald::vrrp {

void AnnouncePaces::configure(const config::Config& config) {
  global_ = Gaps{config.global.garp_interval.value_or(Duration::zero()),
                 config.global.gna_interval.value_or(Duration::zero())};
  grouped_.clear();
  for (const config::GarpGroup& group : config.garp_groups) {
    if (group.interfaces.empty()) continue;
    Pace pace;
    pace.name = group.interfaces.front();
    pace.gaps =
        Gaps{group.garp_interval.value_or(global_.arp), group.gna_interval.value_or(global_.advertisement)};
    for (const std::string& device : group.interfaces) grouped_.emplace(device, pace);
  }
}

AnnouncePaces::Pace AnnouncePaces::pace_of(const std::string& device) const {
  const auto found = grouped_.find(device);
  return found == grouped_.end() ? Pace{device, global_} : found->second;
}

Duration AnnouncePaces::take(const std::string& device, Family family, TimePoint now) {
  const Pace pace = pace_of(device);
  const Duration gap = family == Family::IPv4 ? pace.gaps.arp : pace.gaps.advertisement;
  if (gap <= Duration::zero()) return Duration::zero();
  TimePoint& next = next_[{pace.name, family}];
  if (now < next) return next - now;
  next = now + gap;
  return Duration::zero();
}

}  // namespace hald::vrrp
