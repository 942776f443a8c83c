// SPDX-License-Identifier: Apache-2.0
// Sync groups: instances that are MASTER together or not at all. Pure: from what the members are now to what
// each of them is to be told. Calling it again after what it said was done says nothing more, so the shell
// may call it as often as it likes. Rules: keepalived's (keepalived.conf(5), "vrrp_sync_group").
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "vrrp/core/machine.h"

namespace hald::vrrp {

struct SyncMember {
  StateName state = StateName::Init;
  /// It is MASTER, or would be if the others agreed.
  bool wants_master = false;
  /// Something of its own, not of the group, keeps it in FAULT.
  bool blocked_itself = false;
  /// It has said farewell and goes when its own successor is heard, not when that of another is.
  bool gives_way = false;
};

/// What a group as a whole is: FAULT if any member is blocked, MASTER if all are MASTER, else BACKUP; INIT
/// until the first has begun.
[[nodiscard]] StateName group_state(std::span<const SyncMember> members);

/// May this member take over? Yes if each of the others is MASTER or would be. (Params::group_agrees)
[[nodiscard]] bool group_agrees(std::span<const SyncMember> members, std::size_t member);

/// Must this member be in FAULT because of another one? (Blocked{FaultCause::SyncGroup})
[[nodiscard]] bool blocked_by_group(std::span<const SyncMember> members, std::size_t member);

struct SyncOrder {
  std::size_t member = 0;
  Synced event;
};
/// What follows for the others from `member` having changed from `before` to what it is now.
[[nodiscard]] std::vector<SyncOrder> sync_others(std::span<const SyncMember> members, std::size_t member,
                                                 StateName before);
/// `member` follows a MASTER elsewhere: nobody of the group stays one here. (It happens when members come
/// together that were elected apart.)
[[nodiscard]] std::vector<SyncOrder> follow_others(std::span<const SyncMember> members, std::size_t member);

}  // namespace hald::vrrp
