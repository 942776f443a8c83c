// SPDX-License-Identifier: Apache-2.0
// Environment: the seams that instances and their supervisor work through, and what they tell the outside.
// Everything referred to outlives them.
#pragma once

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

struct Environment {
  Scheduler& scheduler;
  log::Logger& log;
  Transport& transport;
  Announcer& announcer;
  net::Interfaces& interfaces;
  net::AddressHolder& addresses;
};

struct StateChange {
  const config::VrrpInstance& instance;
  StateName from = StateName::Init;
  StateName to = StateName::Init;
  std::string reason;
};
using StateObserver = std::function<void(const StateChange&)>;

}  // namespace hald::vrrp
