// SPDX-License-Identifier: Apache-2.0
// Carried: what the checks of one run of hald pass on to the next one over a restart: verdicts and the way
// to them, so that no real server is taken out or put back because hald began anew.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/ip.h"
#include "base/time.h"

namespace hald::checker {

/// A check that has come to a verdict.
struct CarriedCheck {
  std::string what;  ///< kind and target; of several that are named alike the order tells
  bool up = true;
  std::uint32_t failed = 0;  ///< tries since the verdict
  WallTime since;
  std::string reason;
};
struct CarriedServer {
  std::string service;  ///< as to_string(ServiceId)
  Endpoint endpoint;
  WallTime since;
  std::vector<CarriedCheck> checks;
};
using Carried = std::vector<CarriedServer>;

}  // namespace hald::checker
