// SPDX-License-Identifier: Apache-2.0
// What hald answers to a request for a failover, in words.
#pragma once

#include <string>

#include "base/result.h"

namespace hald::ctl {

struct Failover {
  bool done = false;
  std::string text;  ///< for the operator, ending in a line end
};

/// Reads the JSON document that hald sends. `undo`: it was asked to take part as before.
[[nodiscard]] Result<Failover> read_failover(const std::string& document, bool undo);

}  // namespace hald::ctl
