// SPDX-License-Identifier: Apache-2.0
#include "vrrp/core/tracked.h"

#include <algorithm>

#include <fmt/format.h>

namespace hald::vrrp {
namespace {

TrackWeight weight_of(const config::TrackWeight& weight) {
  return {weight.value, weight.reverse};
}

void add(TrackKind kind, const std::vector<config::Tracked>& list, bool of_group,
         std::vector<TrackItem>& out) {
  const std::size_t own = out.size();
  for (const config::Tracked& each : list) {
    const TrackKey key{kind, each.name};
    const auto same = std::find_if(out.begin(), out.begin() + static_cast<std::ptrdiff_t>(own),
                                   [&key](const TrackItem& item) { return item.key == key; });
    if (same == out.begin() + static_cast<std::ptrdiff_t>(own)) {
      out.push_back({key, weight_of(each.weight), of_group});
    } else if (same->weight.weight != 0) {
      same->weight = weight_of(each.weight);
    }
  }
}

void add(const config::Tracking& tracking, bool of_group, std::vector<TrackItem>& out) {
  add(TrackKind::Interface, tracking.interfaces, of_group, out);
  add(TrackKind::Script, tracking.scripts, of_group, out);
  add(TrackKind::File, tracking.files, of_group, out);
  add(TrackKind::Process, tracking.processes, of_group, out);
  add(TrackKind::Bfd, tracking.bfds, of_group, out);
}

}  // namespace

std::string_view to_string(TrackKind kind) {
  switch (kind) {
    case TrackKind::Interface: return "interface";
    case TrackKind::Script: return "script";
    case TrackKind::File: return "file";
    case TrackKind::Process: return "process";
    case TrackKind::Bfd: return "bfd";
  }
  return "thing";
}

std::string_view to_string(TrackedState::Is is) {
  switch (is) {
    case TrackedState::Is::Unknown: return "unknown";
    case TrackedState::Is::Good: return "good";
    case TrackedState::Is::Bad: return "bad";
    case TrackedState::Is::Number: return "number";
  }
  return "unknown";
}

std::vector<TrackItem> items_of(const config::VrrpInstance& instance, const config::SyncGroup* group) {
  std::vector<TrackItem> out;
  add(instance.track, false, out);
  if (group != nullptr) add(group->track, true, out);
  return out;
}

Contribution contribution_of(const TrackWeight& weight, const TrackedState& state) {
  switch (state.is) {
    case TrackedState::Is::Unknown: return {};
    case TrackedState::Is::Good: return contribution_of(weight, true);
    case TrackedState::Is::Bad: return contribution_of(weight, false);
    case TrackedState::Is::Number: return contribution_of(weight, state.number);
  }
  return {};
}

Influence influence_of(std::uint8_t base, std::span<const TrackItem> items,
                       std::span<const TrackedState> states) {
  Influence out;
  std::vector<Contribution> contributions;
  contributions.reserve(items.size());
  for (std::size_t i = 0; i < items.size(); ++i) {
    contributions.push_back(contribution_of(items[i].weight, states[i]));
    if (contributions.back().fault && out.fault.empty()) out.fault = describe(items[i].key, states[i]);
  }
  out.priority = effective_priority(base, contributions).priority;
  return out;
}

std::string describe(const TrackKey& key, const TrackedState& state) {
  return fmt::format("{} {} {}", to_string(key.kind), key.name, state.words);
}

}  // namespace hald::vrrp
