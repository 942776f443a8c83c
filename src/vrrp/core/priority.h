// SPDX-License-Identifier: Apache-2.0
// How what is tracked moves the priority of an instance: each interface, script, process, BFD session or file
// contributes, and the sum, kept between 1 and 254, is what the instance advertises. A weight of 0 moves
// nothing: what is bad then puts the instance into FAULT. An address owner (255) never changes.
// Rules: keepalived's (keepalived.conf(5), "track_script" and its neighbours).
#pragma once

#include <cstdint>
#include <span>

namespace hald::vrrp {

/// How one tracked thing counts for one instance.
struct TrackWeight {
  int weight = 0;        ///< -254..254; 0: bad means FAULT
  bool reverse = false;  ///< the effect is turned round; with weight 0: good means FAULT
  friend bool operator==(const TrackWeight&, const TrackWeight&) = default;
};

struct Contribution {
  int priority = 0;
  bool fault = false;
  friend bool operator==(const Contribution&, const Contribution&) = default;
};

/// Of what is either good or bad. A positive weight is added while it is good, a negative one while it is
/// bad.
[[nodiscard]] Contribution contribution_of(const TrackWeight& weight, bool good);
/// Of a file: its number times the weight. -254 and below puts into FAULT, 253 is the most. With weight 0 any
/// number but 0 puts into FAULT (reverse: 0 does).
[[nodiscard]] Contribution contribution_of(const TrackWeight& weight, std::int64_t number);

/// What all of them come to.
struct EffectivePriority {
  std::uint8_t priority = 100;
  bool fault = false;
  friend bool operator==(const EffectivePriority&, const EffectivePriority&) = default;
};
/// `base` is 1..255. An owner stays 255, but may be put into FAULT.
[[nodiscard]] EffectivePriority effective_priority(std::uint8_t base,
                                                   std::span<const Contribution> contributions);

}  // namespace hald::vrrp
