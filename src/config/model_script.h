// SPDX-License-Identifier: Apache-2.0
// The part of the model about commands: what is run at a change of state or to find out how things are.
#pragma once

#include <string>
#include <vector>

#include "config/place.h"

namespace hald::config {

/// Whom a command runs as.
struct RunAs {
  std::string user;   ///< empty: script_user of global_defs
  std::string group;  ///< empty: the user's own; a colon in front adds the user's further groups
  Place where;        ///< of the user
  friend bool operator==(const RunAs&, const RunAs&) = default;
};

struct Command {
  std::vector<std::string> words;  ///< the program and its arguments; empty: no command
  RunAs run_as;
  Place where;
  friend bool operator==(const Command&, const Command&) = default;
};

}  // namespace hald::config
