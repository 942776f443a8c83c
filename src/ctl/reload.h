// SPDX-License-Identifier: Apache-2.0
// What hald answers to a request for a reload, in words.
#pragma once

#include <string>

#include "base/result.h"

namespace hald::ctl {

struct Reload {
  bool applied = false;
  std::string text;  ///< for the operator, ending in a line end
};

/// Reads the JSON document that hald sends.
[[nodiscard]] Result<Reload> read_reload(const std::string& document);

}  // namespace hald::ctl
