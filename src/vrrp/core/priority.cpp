// SPDX-License-Identifier: Apache-2.0
#include "vrrp/core/priority.h"

#include <algorithm>

#include "vrrp/core/packet.h"

namespace hald::vrrp {
namespace {

constexpr std::int64_t kMost = 253;
constexpr std::int64_t kFaultAt = -254;
constexpr std::int64_t kLargestWeight = 254;
// No number beyond this changes anything, whatever the weight, and products of it cannot overflow.
constexpr std::int64_t kLargestNumber = 1 << 20;

}  // namespace

Contribution contribution_of(const TrackWeight& weight, bool good) {
  if (weight.weight == 0) return {0, good == weight.reverse};
  const bool counts = good == (weight.weight > 0);
  if (!counts) return {};
  return {weight.reverse ? -weight.weight : weight.weight, false};
}

Contribution contribution_of(const TrackWeight& weight, std::int64_t number) {
  if (weight.weight == 0) return {0, (number != 0) != weight.reverse};
  const std::int64_t factor = std::clamp<std::int64_t>(weight.weight, -kLargestWeight, kLargestWeight);
  const std::int64_t bounded = std::clamp(number, -kLargestNumber, kLargestNumber);
  const std::int64_t product = bounded * (weight.reverse ? -factor : factor);
  if (product <= kFaultAt) return {0, true};
  return {static_cast<int>(std::min(product, kMost)), false};
}

EffectivePriority effective_priority(std::uint8_t base, std::span<const Contribution> contributions) {
  EffectivePriority out;
  std::int64_t sum = base;
  for (const Contribution& each : contributions) {
    sum += each.priority;
    out.fault = out.fault || each.fault;
  }
  out.priority =
      base == priority_owner ? base : static_cast<std::uint8_t>(std::clamp<std::int64_t>(sum, 1, 254));
  return out;
}

}  // namespace hald::vrrp
