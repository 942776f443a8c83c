// SPDX-License-Identifier: Apache-2.0
// CheckView: what the outside may see of one check, as plain values for the status snapshot.
#pragma once

#include <optional>
#include <string>

#include "base/time.h"

namespace hald::checker {

struct CheckView {
  std::string type;    ///< "TCP_CHECK"
  std::string state;   ///< "UP", "DOWN", or "PENDING" before its first verdict
  std::string reason;  ///< in words: "connection refused, 4 of 4 tries failed"
  WallTime since;      ///< when the state was entered
  struct Last {
    std::string outcome;  ///< of the last finished try: "connected", "refused", "timed out", ...
    Duration took{};
  };
  std::optional<Last> last;
};

}  // namespace hald::checker
