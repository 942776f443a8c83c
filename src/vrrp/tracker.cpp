// SPDX-License-Identifier: Apache-2.0
#include "vrrp/tracker.h"

#include <utility>

#include <fmt/format.h>

namespace hald::vrrp {

Tracker::Tracker(const Environment& environment, Changed changed)
    : environment_(environment),
      changed_(std::move(changed)),
      scripts_(environment, teller(TrackKind::Script)),
      files_(environment, teller(TrackKind::File)),
      processes_(environment, teller(TrackKind::Process)) {}

std::function<void(const std::string&)> Tracker::teller(TrackKind kind) {
  return [this, kind](const std::string& name) { tell({kind, name}); };
}

/// Those that somebody tracks.
template <typename Thing>
std::vector<const Thing*> Tracker::followed(TrackKind kind, const std::vector<Thing>& all) const {
  std::vector<const Thing*> out;
  for (const Thing& each : all) {
    if (followers_.contains({kind, each.name})) out.push_back(&each);
  }
  return out;
}

void Tracker::apply(const config::Config& config, const Prepare& prepare) {
  collect(config);
  interfaces_.clear();
  for (const auto& [key, who] : followers_) {
    if (key.kind == TrackKind::Interface) interfaces_[key.name] = look_at(key.name);
  }
  scripts_.apply(followed(TrackKind::Script, config.track_scripts), prepare);
  files_.create(config.track_files);
  files_.apply(followed(TrackKind::File, config.track_files));
  processes_.apply(followed(TrackKind::Process, config.track_processes));
}

void Tracker::collect(const config::Config& config) {
  items_.clear();
  followers_.clear();
  std::map<std::string_view, const config::SyncGroup*> groups;
  for (const auto& group : config.sync_groups) {
    for (const auto& member : group.members) groups.emplace(member, &group);
  }
  for (const auto& instance : config.instances) {
    const auto group = groups.find(instance.name);
    const Key key = config::key_of(instance);
    const auto [at, fresh] =
        items_.try_emplace(key, items_of(instance, group == groups.end() ? nullptr : group->second));
    if (!fresh) continue;  // only the first of a key runs
    for (const TrackItem& item : at->second) followers_[item.key].push_back(key);
  }
}

void Tracker::look_at(const std::set<std::string>& interfaces) {
  for (const auto& name : interfaces) {
    const auto known = interfaces_.find(name);
    if (known == interfaces_.end()) continue;
    TrackedState now = look_at(name);
    const bool same = now.is == known->second.is;
    known->second = std::move(now);
    if (!same) tell({TrackKind::Interface, name});
  }
}

TrackedState Tracker::look_at(const std::string& interface) const {
  using Is = TrackedState::Is;
  const net::Link* link = environment_.interfaces.find(interface);
  if (link == nullptr) return {Is::Bad, 0, "does not exist"};
  return link->usable() ? TrackedState{Is::Good, 0, "is up"} : TrackedState{Is::Bad, 0, "is down"};
}

void Tracker::set_session(const std::string& name, std::optional<bool> up) {
  const auto known = sessions_.find(name);
  const std::optional<bool> before = known == sessions_.end() ? std::nullopt : std::optional(known->second);
  if (before == up) return;
  if (up) {
    sessions_[name] = *up;
  } else {
    sessions_.erase(name);
  }
  tell({TrackKind::Bfd, name});
}

TrackedState Tracker::session(const std::string& name) const {
  using Is = TrackedState::Is;
  const auto found = sessions_.find(name);
  if (found == sessions_.end()) return {Is::Unknown, 0, "has no session"};
  return found->second ? TrackedState{Is::Good, 0, "is up"} : TrackedState{Is::Bad, 0, "is down"};
}

void Tracker::tell(const TrackKey& key) const {
  const auto who = followers_.find(key);
  if (who == followers_.end()) return;
  const std::string why = describe(key, state_of(key));
  for (const Key& each : who->second) changed_(each, why);
}

void Tracker::stop() {
  scripts_.stop();
  files_.stop();
  processes_.stop();
  items_.clear();
  followers_.clear();
  interfaces_.clear();
}

const std::vector<TrackItem>& Tracker::items(const Key& instance) const {
  static const std::vector<TrackItem> kNone;
  const auto found = items_.find(instance);
  return found == items_.end() ? kNone : found->second;
}

TrackedState Tracker::state_of(const TrackKey& key) const {
  if (key.kind == TrackKind::Script) return scripts_.state(key.name);
  if (key.kind == TrackKind::File) return files_.state(key.name);
  if (key.kind == TrackKind::Process) return processes_.state(key.name);
  if (key.kind == TrackKind::Bfd) return session(key.name);
  const auto found = interfaces_.find(key.name);
  return found == interfaces_.end() ? TrackedState{} : found->second;
}

Influence Tracker::influence(const Key& instance, std::uint8_t base) const {
  const auto& list = items(instance);
  std::vector<TrackedState> states;
  states.reserve(list.size());
  for (const TrackItem& item : list) states.push_back(state_of(item.key));
  return influence_of(base, list, states);
}

std::string Tracker::waits_for(const Key& instance) const {
  for (const TrackItem& item : items(instance)) {
    const bool comes = item.key.kind == TrackKind::Script || item.key.kind == TrackKind::Process;
    if (!comes || item.weight.weight != 0) continue;
    const TrackedState state = state_of(item.key);
    if (state.is == TrackedState::Is::Unknown) return describe(item.key, state);
  }
  return {};
}

std::vector<TrackView> Tracker::views(const Key& instance) const {
  std::vector<TrackView> out;
  for (const TrackItem& item : items(instance)) {
    const TrackedState state = state_of(item.key);
    const Contribution effect = contribution_of(item.weight, state);
    out.push_back({std::string(to_string(item.key.kind)), item.key.name, std::string(to_string(state.is)),
                   state.words, item.weight.weight, item.weight.reverse, effect.priority, effect.fault,
                   item.of_group});
  }
  return out;
}

}  // namespace hald::vrrp
