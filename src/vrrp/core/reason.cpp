// SPDX-License-Identifier: Apache-2.0
#include "vrrp/core/reason.h"

#include <fmt/format.h>

namespace hald::vrrp {
namespace {

std::string who(const Reason& reason) {
  return reason.address ? reason.address->to_string() : std::string("the MASTER");
}

double milliseconds(Duration duration) {
  return std::chrono::duration<double, std::milli>(duration).count();
}

std::string in_backup(const Reason& reason) {
  using Kind = Reason::Kind;
  switch (reason.kind) {
    case Kind::Followed: return fmt::format("follows {} with priority {}", who(reason), reason.priority);
    case Kind::FollowedAsAsked:
      return fmt::format("follows {} with lower priority {} because it was asked to hand over", who(reason),
                         reason.priority);
    case Kind::FollowedWhileDelay:
      return fmt::format("follows {} with lower priority {} while preempt_delay runs", who(reason),
                         reason.priority);
    case Kind::LowerDiscarded:
      return fmt::format("discarded an advert of {} with lower priority {}, ours {}", who(reason),
                         reason.priority, reason.own_priority);
    case Kind::MasterLeaves: return fmt::format("{} said that it leaves", who(reason));
    case Kind::MasterTimedOut: return fmt::format("heard no advert of {} in time", who(reason));
    case Kind::HeldByGroup: return "would be MASTER, and waits for the others of its sync group";
    case Kind::BackupWokeLate:
      return fmt::format("woke {:.0f} ms late: listens once more before it takes over",
                         milliseconds(reason.late));
    default: return "nothing to do";
  }
}

std::string in_master(const Reason& reason) {
  using Kind = Reason::Kind;
  switch (reason.kind) {
    case Kind::AdvertDue: return "an advert was due";
    case Kind::OtherLeaves: return fmt::format("{} said that it leaves", who(reason));
    case Kind::LosingAdvert:
      return fmt::format("{} with priority {} loses against ours, {}", who(reason), reason.priority,
                         reason.own_priority);
    case Kind::HigherPriority:
      return fmt::format("{} has the higher priority {}, ours {}", who(reason), reason.priority,
                         reason.own_priority);
    case Kind::HigherAddress:
      return fmt::format("{} has the same priority {} and the higher address", who(reason), reason.priority);
    case Kind::TwoOwnersWeYield:
      return fmt::format("{} is configured as address owner too and has the higher address", who(reason));
    case Kind::TwoOwnersWeStay:
      return fmt::format("{} is configured as address owner too and has the lower address", who(reason));
    case Kind::MasterWokeLate:
      if (reason.late <= Duration::zero()) return "listens before it sends again";
      return fmt::format("woke {:.0f} ms late: listens before it sends again", milliseconds(reason.late));
    case Kind::Deposed: return fmt::format("{} became MASTER while this router was not running", who(reason));
    case Kind::Leaving: return "leaving: waiting for a successor's advert";
    case Kind::SuccessorHeard: return fmt::format("{} took over", who(reason));
    case Kind::NoSuccessor: return "nobody took over in time";
    case Kind::HandingOver: return "was asked to hand over, and waits for its successor";
    case Kind::HandedOver: return fmt::format("was asked to hand over, and {} took over", who(reason));
    case Kind::NobodyTookOver: return "was asked to hand over, but nobody took over";
    case Kind::NobodyElse: return "nobody else became MASTER while this router was not running";
    default: return in_backup(reason);
  }
}

}  // namespace

std::string_view to_string(FaultCause cause) {
  switch (cause) {
    case FaultCause::InterfaceMissing: return "the interface does not exist";
    case FaultCause::InterfaceDown: return "the interface is down";
    case FaultCause::NoSourceAddress: return "the interface has no usable source address";
    case FaultCause::SourceLost: return "the interface has lost the configured source address";
    case FaultCause::NoSocket: return "the VRRP socket cannot be opened";
    case FaultCause::Configuration: return "its configuration cannot work";
    case FaultCause::Tracked: return "something that it tracks is bad";
    case FaultCause::SyncGroup: return "another member of the sync group is in FAULT";
  }
  return "unknown";
}

std::string to_string(const Reason& reason) {
  using Kind = Reason::Kind;
  switch (reason.kind) {
    case Kind::StartedAsBackup: return "started";
    case Kind::StartedWantingMaster: return "started with state MASTER";
    case Kind::StartedAsOwner: return "started as the address owner";
    case Kind::Resumed: return "goes on as before hald was restarted";
    case Kind::Stopped: return "stopped";
    case Kind::Blocked:
      if (!reason.thing.empty()) return reason.thing;
      return std::string(to_string(reason.cause.value_or(FaultCause::InterfaceDown)));
    case Kind::Recovered: return "what kept it in FAULT is gone";
    case Kind::SyncedToMaster: return "another member of the sync group became MASTER";
    case Kind::SyncedToBackup: return "another member of the sync group became BACKUP";
    case Kind::Reconfigured: return "the configuration changed";
    case Kind::PriorityMoved: return fmt::format("the priority was moved: {}", reason.thing);
    case Kind::Waiting: return fmt::format("has not begun yet: {}", reason.thing);
    case Kind::TimerEarly: return "the timer was early";
    case Kind::NotListening: return "adverts do not count in this state";
    case Kind::OwnAddressHeard: return fmt::format("{} is our own address", who(reason));
    case Kind::Meaningless: return "nothing to do";
    default: return in_master(reason);
  }
}

}  // namespace hald::vrrp
