// SPDX-License-Identifier: Apache-2.0
// What can be known about a command before it runs: that its account and its program exist, that the account
// may run it, and that nobody but root can change what root would run. Asked when the whole file is read,
// because global_defs may come last. The rules are those of base/script_check.h, which are asked
// again at each run.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "config/diagnostics.h"
#include "config/machine.h"
#include "config/model_script.h"

namespace hald::config {

struct ScriptFinding {
  enum class Fault : std::uint8_t {
    None,
    Missing,        ///< or out of reach of the account
    NotExecutable,  ///< by the account
    WrongType,      ///< a part of the path is a link, or the file is none
    Unsafe          ///< root runs it, and others can change it
  };
  Fault fault = Fault::None;
  std::string path;        ///< the file, or the part of its path that is at fault
  std::string text;        ///< what is wrong with it: "/opt is writable by group 100 (owner 0, mode 0775)"
  bool is_program = true;  ///< false for "</PATH": whether that file can be read is all that is asked
};
[[nodiscard]] ScriptFinding examine_script(const std::string& program, Account account,
                                           const Machine& machine);

/// Nothing if there is no such user or group.
[[nodiscard]] std::optional<Account> account_of(const RunAs& run_as, const Machine& machine);

/// What global_defs says about scripts.
struct ScriptRules {
  RunAs user;             ///< script_user
  bool security = false;  ///< enable_script_security
};

class ScriptChecks {
 public:
  enum class Kind : std::uint8_t { Notify, Track, MiscCheck, Start };

  ScriptChecks(const Machine& machine, ScriptRules rules, Diagnostics& diagnostics);

  /// False if the command cannot be run, which is then said; what needs it is to be dropped.
  bool usable(const Command& command, Kind kind);
  /// After the last one: says once that scripts run without script security.
  void finish();

 private:
  [[nodiscard]] std::optional<Account> account(const RunAs& run_as);
  [[nodiscard]] const ScriptFinding& examine(const std::string& program, Account account);
  bool report(const Command& command, const ScriptFinding& finding, Kind kind);
  void complain(Position where, std::string_view code, std::string message, std::string help, bool is_error);

  const Machine& machine_;
  ScriptRules rules_;
  Diagnostics& diagnostics_;
  std::map<std::pair<std::string, std::string>, std::optional<Account>> accounts_;
  std::map<std::pair<std::string, Account>, ScriptFinding> findings_;
  std::optional<Position> first_script_;
};

}  // namespace hald::config
