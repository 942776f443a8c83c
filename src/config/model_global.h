// SPDX-License-Identifier: Apache-2.0
// The part of the model about the daemon as a whole: global_defs and the words at the top of the file.
#pragma once

#include <string>

namespace hald::config {

struct Global {
  std::string router_id;  ///< host name when not given
  friend bool operator==(const Global&, const Global&) = default;
};

}  // namespace hald::config
