// SPDX-License-Identifier: Apache-2.0
#include "app/script_users.h"

#include <grp.h>

#include "config/script_check.h"

namespace hald::app {
namespace {

constexpr const char* kUsualUser = "keepalived_script";

std::vector<gid_t> groups_of(const std::string& user, gid_t primary) {
  int count = 64;
  std::vector<gid_t> out(64);
  if (::getgrouplist(user.c_str(), primary, out.data(), &count) < 0) {
    out.resize(static_cast<std::size_t>(count));
    if (::getgrouplist(user.c_str(), primary, out.data(), &count) < 0) count = 0;
  }
  out.resize(static_cast<std::size_t>(count));
  return out;
}

ScriptUser script_user(const config::Account& account) {
  return {account.user, account.group, {}};
}

}  // namespace

ScriptUsers::ScriptUsers(const config::Config& config, const config::Machine& machine)
    : all_groups_(config.global.set_supplementary_groups),
      keep_links_(config.global.use_symlink_paths),
      refuse_insecure_(config.global.script_security) {
  // compat: without script_user there may be an account of a certain name for it, else it is hald's own.
  const config::RunAs& usual = config.global.script_user;
  std::optional<ScriptUser>& nobody_named = known_[Name()];
  if (!usual.user.empty()) {
    add(usual, machine);
    nobody_named = known_[Name(usual.user, usual.group)];
  } else if (const auto account = machine.user(kUsualUser)) {
    nobody_named = script_user(*account);
    if (all_groups_) nobody_named->groups = groups_of(kUsualUser, account->group);
  } else if (!refuse_insecure_) {
    nobody_named = script_user(machine.self());
  }
  add_scripts_of(config, machine);
}

void ScriptUsers::add_scripts_of(const config::Config& config, const config::Machine& machine) {
  const config::Global& global = config.global;
  add(global.startup_script, machine);
  add(global.shutdown_script, machine);
  for (const auto* fifo : {&global.notify_fifo, &global.vrrp_notify_fifo, &global.lvs_notify_fifo}) {
    add(fifo->owner, machine);
    add(fifo->script, machine);
  }
  const auto add_all = [&](const config::Notifications& notify) {
    for (const auto* each : {&notify.backup, &notify.master, &notify.fault, &notify.stop, &notify.any,
                             &notify.deleted, &notify.master_rx_lower_pri})
      add(*each, machine);
  };
  for (const auto& instance : config.instances) add_all(instance.notify);
  for (const auto& group : config.sync_groups) add_all(group.notify);
  for (const auto& script : config.track_scripts) add(script.command, machine);
  const auto add_service = [&](const config::Service& server) {
    add(server.quorum_up, machine);
    add(server.quorum_down, machine);
    for (const auto& real_server : server.real_servers) {
      if (!real_server.extras) continue;
      add(real_server.extras->notify_up, machine);
      add(real_server.extras->notify_down, machine);
    }
  };
  for (const auto& server : config.virtual_servers) add_service(server);
  for (const auto& server : config.group_servers) add_service(server);
}

void ScriptUsers::add(const config::Command& command, const config::Machine& machine) {
  if (!command.words.empty()) add(command.run_as, machine);
}

void ScriptUsers::add(const config::RunAs& run_as, const config::Machine& machine) {
  if (run_as.user.empty()) return;
  const auto [known, is_new] = known_.try_emplace(Name(run_as.user, run_as.group));
  if (!is_new) return;
  const auto account = config::account_of(run_as, machine);
  if (!account) return;
  known->second = script_user(*account);
  // compat: a colon before the group asks for the further groups of this one account.
  if (all_groups_ || run_as.group.starts_with(':'))
    known->second->groups = groups_of(run_as.user, account->group);
}

std::optional<ScriptUser> ScriptUsers::user(const config::RunAs& run_as) const {
  const auto found = known_.find(run_as.user.empty() ? Name() : Name(run_as.user, run_as.group));
  return found == known_.end() ? std::nullopt : found->second;
}

std::optional<proc::Command> ScriptUsers::command(const config::Command& command,
                                                  std::vector<std::string> more) const {
  if (command.words.empty()) return {};
  auto runs_as = user(command.run_as);
  if (!runs_as) return {};
  proc::Command out;
  out.argv = command.words;
  for (auto& word : more) out.argv.push_back(std::move(word));
  out.user = std::move(runs_as);
  out.keep_links = keep_links_;
  out.refuse_insecure = refuse_insecure_;
  return out;
}

}  // namespace hald::app
