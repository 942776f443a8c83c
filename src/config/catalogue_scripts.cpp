// SPDX-License-Identifier: Apache-2.0
// Catalogue: scripts, and who they run as.
#include <array>

#include "config/catalogue.h"
#include "config/codes.h"

namespace hald::config::entries {

std::span<const Explanation> scripts() {
  static constexpr std::array kEntries{
      Explanation{
          code::kUnknownAccount, "a user or group that does not exist",
          "A script is to run as a user or with a group that this machine does not have. The script is "
          "ignored.",
          "Nothing runs where a script was meant to.", "The same.", Reading::Alike, Around::NotText,
          "script_user keepalivd", "script_user keepalived"},
      Explanation{
          code::kScriptMissing, "a script that is not there",
          "The program does not exist, or its user may not search one of the directories above it. The "
          "script is ignored.",
          "What it would have watched or done is neither watched nor done.", "The same.", Reading::Alike,
          Around::NotText, "notify_master /etc/hald/mastr.sh", "notify_master /etc/hald/master.sh"},
      Explanation{code::kScriptNotExecutable, "a script that cannot be executed",
                  "The file is there and its user may not execute it. The script is ignored.",
                  "What it would have watched or done is neither watched nor done.", "The same.",
                  Reading::Alike, Around::NotText, "chmod 644 /etc/hald/master.sh",
                  "chmod 755 /etc/hald/master.sh"},
      Explanation{
          code::kScriptInsecure, "a script that others can change",
          "root would run a program that somebody else may write, or that lies below a directory which "
          "somebody else may write. With enable_script_security it is ignored; without, it runs, and "
          "this is said.",
          "Whoever can change the program, or put another one in its place, is root.", "The same.",
          Reading::Alike, Around::NotText, "chmod 777 /etc/hald/master.sh", "chmod 755 /etc/hald/master.sh"},
      Explanation{
          code::kNoScriptSecurity, "scripts without script security",
          "The file runs scripts and enable_script_security is not in global_defs. Nobody checks who can "
          "change them.",
          "A script that others can change, run by root, gives them the machine. `hald -t` exits with 6.",
          "The same: its configuration test exits with 6.", Reading::Alike, Around::NotText,
          "global_defs { }", "global_defs { enable_script_security }"},
  };
  return kEntries;
}

}  // namespace hald::config::entries
