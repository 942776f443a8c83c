// SPDX-License-Identifier: Apache-2.0
// The names of the states that core/machine.h declares.
#include "vrrp/core/machine.h"

namespace hald::vrrp {

StateName name_of(const State& state) {
  return static_cast<StateName>(state.index());
}

std::string_view to_string(StateName name) {
  switch (name) {
    case StateName::Init: return "INIT";
    case StateName::Backup: return "BACKUP";
    case StateName::Master: return "MASTER";
    case StateName::Fault: return "FAULT";
  }
  return "INIT";
}

}  // namespace hald::vrrp
