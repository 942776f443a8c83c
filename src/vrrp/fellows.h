// SPDX-License-Identifier: Apache-2.0
// Fellows: the sync group of an instance, as the instance sees it: it asks before a step and tells after one.
// What it tells may move other instances, and with that come back to it, before the call returns.
#pragma once

#include "vrrp/core/machine.h"

namespace hald::vrrp {

class Instance;

class Fellows {
 public:
  Fellows() = default;
  Fellows(const Fellows&) = delete;
  Fellows& operator=(const Fellows&) = delete;
  virtual ~Fellows() = default;

  /// May it take over now?
  [[nodiscard]] virtual bool agree(const Instance& member) const = 0;
  /// It made a step that changed its state, or that may concern the others all the same.
  virtual void stepped(Instance& member, StateName before, Reason::Kind kind) = 0;
  /// Something of its own began or ceased to keep it in FAULT.
  virtual void hindered(Instance& member) = 0;
};

}  // namespace hald::vrrp
