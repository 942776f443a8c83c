// SPDX-License-Identifier: Apache-2.0
// Drops the commands of virtual and real servers that cannot be run, and the MISC_CHECKs that consist of one.
#include <algorithm>

#include "config/build_lvs.h"

namespace hald::config {
namespace {

void check(Command& command, ScriptChecks& scripts) {
  if (!command.words.empty() && !scripts.usable(command, ScriptChecks::Kind::Notify)) command = {};
}

bool is_unusable_check(const Check& check, ScriptChecks& scripts) {
  const auto* misc = std::get_if<Boxed<MiscCheck>>(&check);
  return misc != nullptr && !scripts.usable((*misc)->command, ScriptChecks::Kind::MiscCheck);
}

void check(RealServer& server, ScriptChecks& scripts) {
  server.checks.erase_if([&](const Check& each) { return is_unusable_check(each, scripts); });
  if (!server.extras) return;
  check(server.extras->notify_up, scripts);
  check(server.extras->notify_down, scripts);
  if (*server.extras == RealServerExtras{}) server.extras.reset();
}

void check(Service& service, ScriptChecks& scripts) {
  check(service.quorum_up, scripts);
  check(service.quorum_down, scripts);
  for (RealServer& server : service.real_servers) check(server, scripts);
}

}  // namespace

void check_lvs_scripts(Config& config, ScriptChecks& scripts) {
  for (VirtualServer& server : config.virtual_servers) check(server, scripts);
  for (GroupServer& server : config.group_servers) check(server, scripts);
}

}  // namespace hald::config
