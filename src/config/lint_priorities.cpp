// SPDX-License-Identifier: Apache-2.0
// Priorities that decide nothing: equal ones, and weights that cannot move them.
#include <algorithm>

#include <fmt/format.h>

#include "config/codes.h"
#include "config/lint.h"

namespace hald::config {
namespace {

constexpr std::uint8_t kOwner = 255;
constexpr std::uint8_t kHighest = 254;  // of what is not an owner
constexpr std::uint8_t kLowest = 1;

/// Can this weight ever change what the instance advertises?
bool moves(const VrrpInstance& instance, const TrackWeight& weight) {
  if (weight.value == 0) return true;  // FAULT is a move
  if (instance.priority == kOwner) return false;
  const bool raises = (weight.value > 0) != weight.reverse;
  return instance.priority != (raises ? kHighest : kLowest);
}

void weights(const VrrpInstance& instance, const std::vector<Tracked>& list, Diagnostics& diagnostics) {
  for (const Tracked& tracked : list) {
    if (moves(instance, tracked.weight)) continue;
    diagnostics.warning(tracked.where, code::kIdleWeight,
                        fmt::format("the weight of {} changes nothing: {} has priority {}",
                                    quote(tracked.name), quote(instance.name), instance.priority),
                        instance.priority == kOwner
                            ? "an address owner keeps 255 whatever is tracked; take a lower priority"
                            : "leave room for the weight, as with a priority of 100");
  }
}

bool knows(const VrrpInstance& instance, const std::optional<Address>& address) {
  return address && std::any_of(instance.peers.begin(), instance.peers.end(),
                                [&](const UnicastPeer& peer) { return peer.address == *address; });
}

/// Two instances of one file that are each other's peers: a test set-up, or one file for two directors.
void equal_peers(const std::vector<VrrpInstance>& instances, Diagnostics& diagnostics) {
  for (auto one = instances.begin(); one != instances.end(); ++one) {
    if (one->peers.empty() || !one->source) continue;
    for (auto other = std::next(one); other != instances.end(); ++other) {
      const bool rivals = one->vrid == other->vrid && one->family == other->family &&
                          one->priority == other->priority && knows(*one, other->source) &&
                          knows(*other, one->source);
      if (!rivals) continue;
      diagnostics
          .warning(
              other->where, code::kEqualPriority,
              fmt::format("{} and its peer {} have the same priority {}: the higher address becomes MASTER",
                          quote(other->name), quote(one->name), one->priority),
              "give the one that should be MASTER the higher priority")
          .see(one->where, "the peer is here");
    }
  }
}

}  // namespace

namespace lint_parts {

void priorities(const Config& config, Diagnostics& diagnostics) {
  for (const VrrpInstance& instance : config.instances) {
    for (const auto* list : {&instance.track.interfaces, &instance.track.scripts, &instance.track.processes,
                             &instance.track.bfds}) {
      weights(instance, *list, diagnostics);
    }
  }
  equal_peers(config.instances, diagnostics);
}

}  // namespace lint_parts
}  // namespace hald::config
