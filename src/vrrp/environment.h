// SPDX-License-Identifier: Apache-2.0
// Environment: the seams that instances and their supervisor work through, and what they tell the outside.
// Everything referred to outlives them.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "base/log.h"
#include "base/scheduler.h"
#include "config/model.h"
#include "net/holder.h"
#include "net/interfaces.h"
#include "proc/process_list.h"
#include "proc/spawner.h"
#include "proc/watched_files.h"
#include "vrrp/announcer.h"
#include "vrrp/core/lateness.h"
#include "vrrp/core/machine.h"
#include "vrrp/transport.h"

namespace hald::vrrp {

/// Worth telling, but no change of state.
struct InstanceEvent {
  enum class Kind : unsigned char {
    LowerAdvertHeard,  ///< as MASTER, from a router that thinks it is one too
    PriorityChanged,
  };
  const config::VrrpInstance& instance;
  Kind kind = Kind::LowerAdvertHeard;
  StateName state = StateName::Init;
  std::uint8_t priority = 0;  ///< the effective one
};
using EventObserver = std::function<void(const InstanceEvent&)>;

struct Environment {
  Scheduler& scheduler;
  log::Logger& log;
  Transport& transport;
  Announcer& announcer;
  net::Interfaces& interfaces;
  net::Holder& holdings;
  proc::Spawner* spawner = nullptr;        ///< runs the scripts that are tracked; nullptr: none run
  proc::WatchedFiles* files = nullptr;     ///< nullptr: none are watched
  proc::ProcessList* processes = nullptr;  ///< nullptr: none are counted
  EventObserver on_event{};                ///< may be empty
  Lateness* lateness = nullptr;            ///< of all instances; the supervisor sets it
};

/// A command of the configuration, ready to be started; nothing if there is no account to run it as.
using Prepare = std::function<std::optional<proc::Command>(const config::Command&)>;

struct StateChange {
  const config::VrrpInstance& instance;
  StateName from = StateName::Init;
  StateName to = StateName::Init;
  std::string reason;
  std::uint8_t priority = 0;  ///< the effective one
  bool resumed = false;       ///< it was that before hald was restarted: nothing has changed
};
using StateObserver = std::function<void(const StateChange&)>;

/// A sync group as a whole changed, and with it, before that, its members.
struct GroupChange {
  const config::SyncGroup& group;
  StateName from = StateName::Init;
  StateName to = StateName::Init;
  std::string reason;    ///< "VI_1: the interface is down"
  bool resumed = false;  ///< it was that before hald was restarted: nothing has changed
};
using GroupObserver = std::function<void(const GroupChange&)>;

}  // namespace hald::vrrp
