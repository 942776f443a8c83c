// SPDX-License-Identifier: Apache-2.0
#include "vrrp/core/sync_group.h"

#include <algorithm>

namespace hald::vrrp {
namespace {

template <typename Test>
bool all_others(std::span<const SyncMember> members, std::size_t member, Test test) {
  for (std::size_t i = 0; i < members.size(); ++i) {
    if (i != member && !test(members[i])) return false;
  }
  return true;
}

std::vector<SyncOrder> move_others(std::span<const SyncMember> members, std::size_t member, StateName from,
                                   StateName to) {
  std::vector<SyncOrder> out;
  for (std::size_t i = 0; i < members.size(); ++i) {
    if (i != member && members[i].state == from && !members[i].gives_way) out.push_back({i, Synced{to}});
  }
  return out;
}

}  // namespace

StateName group_state(std::span<const SyncMember> members) {
  const auto any = [members](auto test) { return std::any_of(members.begin(), members.end(), test); };
  if (any([](const SyncMember& each) { return each.blocked_itself || each.state == StateName::Fault; })) {
    return StateName::Fault;
  }
  if (!any([](const SyncMember& each) { return each.state != StateName::Init; })) return StateName::Init;
  return any([](const SyncMember& each) { return each.state != StateName::Master; }) ? StateName::Backup
                                                                                     : StateName::Master;
}

bool group_agrees(std::span<const SyncMember> members, std::size_t member) {
  return all_others(members, member, [](const SyncMember& each) {
    return !each.blocked_itself && (each.wants_master || each.state == StateName::Master);
  });
}

bool blocked_by_group(std::span<const SyncMember> members, std::size_t member) {
  return !all_others(members, member, [](const SyncMember& each) { return !each.blocked_itself; });
}

std::vector<SyncOrder> sync_others(std::span<const SyncMember> members, std::size_t member,
                                   StateName before) {
  const StateName now = members[member].state;
  if (now == before) return {};
  if (now == StateName::Master) return move_others(members, member, StateName::Backup, StateName::Master);
  // Leaving MASTER for FAULT moves the others by blocking them.
  if (before == StateName::Master && now == StateName::Backup) {
    return move_others(members, member, StateName::Master, StateName::Backup);
  }
  return {};
}

std::vector<SyncOrder> follow_others(std::span<const SyncMember> members, std::size_t member) {
  return move_others(members, member, StateName::Master, StateName::Backup);
}

}  // namespace hald::vrrp
