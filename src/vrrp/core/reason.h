// SPDX-License-Identifier: Apache-2.0
// Why the machine did what it did: a kind and the values that belong to it, and the words for people. Kinds
// are what tests compare and what the log chooses its line by.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/ip.h"
#include "base/time.h"

namespace hald::vrrp {

/// What keeps an instance from taking part.
enum class FaultCause : std::uint8_t {
  InterfaceMissing,
  InterfaceDown,
  NoSourceAddress,
  SourceLost,  ///< track_src_ip: the configured one is not on the interface
  NoSocket,
  Configuration,  ///< something in its configuration cannot work
  Tracked,        ///< something that it tracks
  SyncGroup
};
/// "the interface is down".
[[nodiscard]] std::string_view to_string(FaultCause cause);

struct Reason {
  enum class Kind : std::uint8_t {
    // starting and stopping
    StartedAsBackup,
    StartedWantingMaster,  ///< `state MASTER` below 255: takes over after one interval
    StartedAsOwner,
    Resumed,  ///< goes on as what it was before hald was restarted
    Stopped,
    Blocked,
    Recovered,
    // BACKUP
    Followed,            ///< an advert that keeps us BACKUP
    FollowedAsAsked,     ///< a lower one, tolerated since we were asked to hand over
    FollowedWhileDelay,  ///< a lower one, tolerated while preempt_delay runs
    LowerDiscarded,      ///< a lower one; the timer runs on
    MasterLeaves,        ///< priority 0
    MasterTimedOut,
    HeldByGroup,     ///< the timer ran out, but the sync group does not want to be MASTER yet
    BackupWokeLate,  ///< listens once more before it takes over
    // MASTER
    AdvertDue,
    OtherLeaves,  ///< priority 0 heard as MASTER
    LosingAdvert,
    HigherPriority,
    HigherAddress,     ///< same priority
    TwoOwnersWeYield,  ///< both 255, the other address is higher
    TwoOwnersWeStay,
    MasterWokeLate,  ///< sends nothing until it has listened
    Deposed,         ///< somebody else was MASTER while we slept
    NobodyElse,      ///< listened, heard nobody: goes on
    Leaving,         ///< said farewell, keeps the addresses until the successor is heard
    SuccessorHeard,
    NoSuccessor,  ///< said farewell, and nobody took over in time
    HandingOver,  ///< said farewell because it was asked to, keeps the addresses until the successor is heard
    HandedOver,   ///< and is its BACKUP
    NobodyTookOver,  ///< and stays MASTER
    // all states
    SyncedToMaster,  ///< another member of the sync group became MASTER
    SyncedToBackup,
    Reconfigured,
    PriorityMoved,  ///< by something that is tracked
    Waiting,        ///< has not begun yet
    TimerEarly,
    NotListening,  ///< an advert in INIT or FAULT
    OwnAddressHeard,
    Meaningless,  ///< this event says nothing in this state
  };

  Kind kind = Kind::Meaningless;
  std::optional<Address> address;  ///< whose advert it was
  std::uint8_t priority = 0;       ///< its priority
  std::uint8_t own_priority = 0;
  Duration late{};                  ///< woke late: by how much
  std::optional<FaultCause> cause;  ///< Blocked
  std::string thing{};              ///< what is tracked: "script chk_haproxy failed"
};

/// "heard nothing from 10.0.0.5 for its master-down time"; a phrase without a full stop.
[[nodiscard]] std::string to_string(const Reason& reason);

}  // namespace hald::vrrp
