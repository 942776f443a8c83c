// SPDX-License-Identifier: Apache-2.0
// Carried: what the virtual routers of one run of hald pass on to the next one over a restart without a
// failover, as plain values. Times are of this machine's clocks: they mean nothing after it was booted anew.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "vrrp/core/machine.h"
#include "vrrp/core/script_verdict.h"

namespace hald::vrrp {

struct CarriedInstance {
  std::string id;        ///< what makes it the same instance, in words
  State state = Init{};  ///< Backup or Master
  WallTime since;
  bool yields = false;
  std::uint32_t ah_sequence = 0;  ///< receivers take a lower number for a replay
  std::uint64_t adverts_sent = 0;
  std::uint64_t adverts_received = 0;
  std::uint64_t transitions_to_master = 0;
};
struct CarriedGroup {
  std::string name;
  StateName state = StateName::Init;
  WallTime since;
  std::string reason;
};
struct CarriedScript {
  std::string name;
  std::vector<std::string> command;  ///< another command is another script
  ScriptVerdict verdict;
  std::string words;
};

struct Carried {
  std::vector<CarriedInstance> instances;
  std::vector<CarriedGroup> groups;
  std::vector<CarriedScript> scripts;
};

}  // namespace hald::vrrp
