// SPDX-License-Identifier: Apache-2.0
// Environment: the seams that instances and their supervisor work through, and what they tell the outside.
// Everything referred to outlives them.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "base/log.h"
#include "base/scheduler.h"
#include "config/model.h"
#include "net/interfaces.h"
#include "vrrp/announcer.h"
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
  net::AddressHolder& addresses;
  EventObserver on_event{};  ///< may be empty
};

struct StateChange {
  const config::VrrpInstance& instance;
  StateName from = StateName::Init;
  StateName to = StateName::Init;
  std::string reason;
  std::uint8_t priority = 0;  ///< the effective one
};
using StateObserver = std::function<void(const StateChange&)>;

}  // namespace hald::vrrp
