// SPDX-License-Identifier: Apache-2.0
// What an instance tracks, what it is like, and what follows for the instance: the values between those who
// watch things (tracker.h and its sources) and core/priority.h.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "config/model_vrrp.h"
#include "vrrp/core/priority.h"

namespace hald::vrrp {

enum class TrackKind : std::uint8_t { Interface, Script, File, Process, Bfd };
/// "interface", "script", "file", "process", "bfd".
[[nodiscard]] std::string_view to_string(TrackKind kind);

struct TrackKey {
  TrackKind kind = TrackKind::Interface;
  std::string name;
  friend auto operator<=>(const TrackKey&, const TrackKey&) = default;
};

/// What a tracked thing is like now.
struct TrackedState {
  enum class Is : std::uint8_t { Unknown, Good, Bad, Number };
  Is is = Is::Unknown;
  std::int64_t number = 0;  ///< of a file
  std::string words{};      ///< to be put behind its name: "failed (exited with status 1)"
};

/// "unknown", "good", "bad", "number".
[[nodiscard]] std::string_view to_string(TrackedState::Is is);

/// One thing that one instance tracks.
struct TrackItem {
  TrackKey key;
  TrackWeight weight;
  bool of_group = false;  ///< its sync group tracks it, for all members
};

/// What an instance tracks by itself and through its group (nullptr: none).
/// compat: what both track counts once, with the weight of the group unless the instance has none.
[[nodiscard]] std::vector<TrackItem> items_of(const config::VrrpInstance& instance,
                                              const config::SyncGroup* group);

/// What is not known counts for nothing.
[[nodiscard]] Contribution contribution_of(const TrackWeight& weight, const TrackedState& state);

/// What all that it tracks comes to, for one instance.
struct Influence {
  std::uint8_t priority = 100;
  std::string fault{};  ///< what keeps it in FAULT: "script chk_haproxy failed"; empty: nothing
  friend bool operator==(const Influence&, const Influence&) = default;
};
/// `states` are those of `items`, in their order.
[[nodiscard]] Influence influence_of(std::uint8_t base, std::span<const TrackItem> items,
                                     std::span<const TrackedState> states);

/// "script chk_haproxy failed (exited with status 1)".
[[nodiscard]] std::string describe(const TrackKey& key, const TrackedState& state);

}  // namespace hald::vrrp
