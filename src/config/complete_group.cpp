// SPDX-License-Identifier: Apache-2.0
#include "config/complete_group.h"

#include <algorithm>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "config/build_tracking.h"
#include "config/codes.h"

namespace hald::config {
namespace {

constexpr std::uint8_t kOwner = 255;

using Drafts = std::map<std::string_view, const InstanceDraft*, std::less<>>;

/// The members of one group that are left, in order.
class Members {
 public:
  Members(SyncGroupDraft& group, const Drafts& instances, std::map<std::string, Position>& taken,
          Diagnostics& diagnostics)
      : group_(group), instances_(instances), taken_(taken), diagnostics_(diagnostics) {}

  void settle() {
    std::vector<std::string> kept;
    for (std::size_t i = 0; i < group_.out.members.size(); ++i) {
      std::string& name = group_.out.members[i];
      if (usable(name, group_.member_places[i])) kept.push_back(std::move(name));
    }
    group_.out.members = std::move(kept);
  }

 private:
  bool usable(const std::string& name, Position where) {
    const auto instance = instances_.find(name);
    if (instance == instances_.end()) {
      diagnostics_.error(where, code::kUnknownName,
                         fmt::format("there is no vrrp_instance {}: it is ignored", quote(name)));
      return false;
    }
    const auto [first, is_new] = taken_.try_emplace(name, where);
    if (!is_new) {
      diagnostics_
          .error(where, code::kDuplicateMember,
                 fmt::format("{} is in a sync group already: it is ignored here", quote(name)))
          .see(first->second, "it was put into one here");
      return false;
    }
    owners(*instance->second, where);
    return true;
  }

  /// Said, as keepalived does, only where the first ones are owners and MASTER, and a later one is written as
  /// BACKUP.
  void owners(const InstanceDraft& member, Position where) {
    if (all_owners_ && member.state == InitialState::Backup) {
      diagnostics_
          .warning(where, code::kStateConflict,
                   "the members before it own their addresses, and this one is BACKUP: they never agree")
          .as_keepalived();
    }
    const bool is_owner = member.state == InitialState::Master && member.priority == kOwner;
    all_owners_ = is_owner && (first_ || all_owners_);
    first_ = false;
  }

  SyncGroupDraft& group_;
  const Drafts& instances_;
  std::map<std::string, Position>& taken_;
  Diagnostics& diagnostics_;
  bool all_owners_ = false;
  bool first_ = true;
};

void report_size(const SyncGroup& group, Diagnostics& diagnostics) {
  if (group.members.empty()) {
    diagnostics.error(group.where, code::kMissingArgument,
                      fmt::format("{} has no members left: the group is ignored", quote(group.name)));
  } else if (group.members.size() == 1) {
    diagnostics
        .warning(group.where, code::kLonelyMember,
                 fmt::format("{} has one member, which changes with nobody", quote(group.name)))
        .as_keepalived();
  }
}

void clear_weights(SyncGroup& group, Diagnostics& diagnostics) {
  for (const TrackKind kind :
       {TrackKind::Script, TrackKind::File, TrackKind::Process, TrackKind::Bfd, TrackKind::Interface}) {
    for (Tracked& each : tracked(group.track, kind)) {
      if (each.weight.value == 0) continue;
      diagnostics.error(each.where, code::kWeightIgnored,
                        "the priority of an owner never moves, and a member is one: the weight is ignored",
                        "write `weight 0`");
      each.weight.value = 0;
    }
  }
}

template <typename Group>
void keep_members(Group& group, const std::set<std::string_view>& names) {
  auto& members = group.members;
  members.erase(std::remove_if(members.begin(), members.end(),
                               [&](const std::string& name) { return !names.contains(name); }),
                members.end());
}

template <typename Group>
void drop_empty(std::vector<Group>& groups) {
  groups.erase(
      std::remove_if(groups.begin(), groups.end(), [](const Group& group) { return group.members.empty(); }),
      groups.end());
}

std::set<std::string_view> names_of(const std::vector<VrrpInstance>& instances) {
  std::set<std::string_view> out;
  for (const VrrpInstance& each : instances) out.insert(each.name);
  return out;
}

}  // namespace

Membership settle_members(std::vector<SyncGroupDraft>& groups, const std::vector<InstanceDraft>& instances,
                          const Global& global, Diagnostics& diagnostics) {
  Drafts drafts;
  for (const InstanceDraft& each : instances) drafts.emplace(each.out.name, &each);
  std::map<std::string, Position> taken;
  for (SyncGroupDraft& group : groups) {
    Members(group, drafts, taken, diagnostics).settle();
    report_size(group.out, diagnostics);
    group.out.smtp_alert = group.smtp_alert.value_or(global.vrrp.smtp_alert.value_or(false));
  }
  groups.erase(std::remove_if(groups.begin(), groups.end(),
                              [](const SyncGroupDraft& group) { return group.out.members.empty(); }),
               groups.end());
  Membership out;
  for (const SyncGroupDraft& group : groups) {
    for (const std::string& name : group.out.members) out.emplace(name, &group.out);
  }
  return out;
}

void settle_sync_groups(std::vector<SyncGroup>& groups, const std::vector<VrrpInstance>& instances,
                        Diagnostics& diagnostics) {
  const auto names = names_of(instances);
  std::set<std::string_view> owners;
  for (const VrrpInstance& each : instances) {
    if (each.priority == kOwner) owners.insert(each.name);
  }
  for (SyncGroup& group : groups) {
    keep_members(group, names);
    const bool has_owner = std::any_of(group.members.begin(), group.members.end(),
                                       [&](const std::string& name) { return owners.contains(name); });
    if (has_owner) clear_weights(group, diagnostics);
  }
  drop_empty(groups);
}

void settle_track_groups(Config& config, Diagnostics& diagnostics) {
  const auto names = names_of(config.instances);
  for (TrackGroup& group : config.track_groups) {
    const auto before = group.members.size();
    keep_members(group, names);
    if (group.members.size() == before) continue;
    diagnostics.warning(
        group.where, code::kUnknownName,
        group.members.empty()
            ? fmt::format("{} has no member that is an instance: the group is ignored", quote(group.name))
            : fmt::format("{} has members that are no instances: they are ignored", quote(group.name)));
  }
  drop_empty(config.track_groups);
  std::set<std::string> left;
  for (const TrackGroup& each : config.track_groups) left.insert(each.name);
  const auto settle = [&left](auto& list) {
    for (auto& each : list) {
      if (!left.contains(each.track_group)) each.track_group.clear();
    }
  };
  settle(config.static_addresses);
  settle(config.static_routes);
  settle(config.static_rules);
}

}  // namespace hald::config
