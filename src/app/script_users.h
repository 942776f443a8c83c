// SPDX-License-Identifier: Apache-2.0
// ScriptUsers: whom the commands of a configuration run as, looked up once. A name service can take its time
// over an account, so this is made where the configuration is read, off the loop, and asked on the loop.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/script_check.h"
#include "config/machine.h"
#include "config/model.h"
#include "proc/command.h"

namespace hald::app {

class ScriptUsers {
 public:
  ScriptUsers() = default;
  ScriptUsers(const config::Config& config, const config::Machine& machine);

  /// What is to be run, with the words in `more` behind its own. Nothing if there is no command, or no
  /// account for it, about which the configuration complained.
  [[nodiscard]] std::optional<proc::Command> command(const config::Command& command,
                                                     std::vector<std::string> more = {}) const;
  /// Whom it runs as; of a FIFO, who owns it.
  [[nodiscard]] std::optional<ScriptUser> user(const config::RunAs& run_as) const;

 private:
  using Name = std::pair<std::string, std::string>;  // the account and its group, as written

  void add(const config::Command& command, const config::Machine& machine);
  void add(const config::RunAs& run_as, const config::Machine& machine);
  void add_scripts_of(const config::Config& config, const config::Machine& machine);

  std::map<Name, std::optional<ScriptUser>> known_;
  bool all_groups_ = false;
  bool keep_links_ = false;
  bool refuse_insecure_ = false;
};

}  // namespace hald::app
