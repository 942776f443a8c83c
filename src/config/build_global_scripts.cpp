// SPDX-License-Identifier: Apache-2.0
// global_defs: programs that run at start, at the end and to read changes from a pipe, and whom scripts run
// as.
#include <utility>

#include <fmt/format.h>

#include "config/build_global.h"
#include "config/codes.h"
#include "config/global_rows.h"
#include "config/script.h"

namespace hald::config {
namespace {

/// compat: the account that scripts run as if nobody says otherwise and it exists.
constexpr std::string_view kUsualUser = "keepalived_script";

void drop_unusable(Command& command, ScriptChecks::Kind kind, ScriptChecks& scripts) {
  if (!command.words.empty() && !scripts.usable(command, kind)) command = {};
}

/// A pipe needs an owner: its own, or whom scripts run as.
void settle_owner(NotifyFifo& fifo, const Global& global, const Machine& machine, Diagnostics& diagnostics) {
  if (fifo.path.empty()) return;
  if (!fifo.owner.user.empty()) {
    if (account_of(fifo.owner, machine)) return;
    diagnostics.warning(fifo.owner.where, code::kUnknownAccount,
                        fmt::format("{} is ignored: there is no user {} with that group", quote(fifo.path),
                                    quote(fifo.owner.user)));
  } else {
    const bool needs_one = global.script_security && global.script_user.user.empty();
    if (!needs_one || machine.user(std::string(kUsualUser))) return;
    diagnostics.error(fifo.owner.where, code::kUnknownAccount,
                      fmt::format("{} is ignored: there is no account for scripts", quote(fifo.path)),
                      fmt::format("name one with script_user, or create {}", kUsualUser));
  }
  fifo = {};
}

/// What goes into one pipe twice would be read twice.
void settle_same_pipes(Global& global, Diagnostics& diagnostics) {
  const NotifyFifo& general = global.notify_fifo;
  for (NotifyFifo* each : {&global.vrrp_notify_fifo, &global.lvs_notify_fifo}) {
    if (each->path.empty() || each->path != general.path) continue;
    diagnostics
        .warning(
            each->owner.where, code::kContradiction,
            fmt::format("{} is the pipe for all changes already: this line is ignored", quote(each->path)))
        .see(general.owner.where, "it is named here");
    *each = {};
  }
  NotifyFifo& lvs = global.lvs_notify_fifo;
  const NotifyFifo& vrrp = global.vrrp_notify_fifo;
  if (lvs.path.empty() || lvs.path != vrrp.path || lvs.script.words.empty() || vrrp.script.words.empty())
    return;
  diagnostics
      .warning(lvs.script.where, code::kContradiction,
               fmt::format("{} has a reader already: this one is ignored", quote(lvs.path)))
      .see(vrrp.script.where, "it is named here");
  lvs.script = {};
}

}  // namespace

void settle_global_scripts(Config& config, const Machine& machine, ScriptChecks& scripts,
                           Diagnostics& diagnostics) {
  using Kind = ScriptChecks::Kind;
  Global& global = config.global;
  drop_unusable(global.startup_script, Kind::Start, scripts);
  drop_unusable(global.shutdown_script, Kind::Start, scripts);
  for (NotifyFifo* each : {&global.notify_fifo, &global.vrrp_notify_fifo, &global.lvs_notify_fifo})
    settle_owner(*each, global, machine, diagnostics);
  settle_same_pipes(global, diagnostics);
  // compat: readers are looked at only where there is somebody to write.
  const bool has_instances = !config.instances.empty();
  const bool has_services = !config.virtual_servers.empty();
  if (has_instances) drop_unusable(global.vrrp_notify_fifo.script, Kind::Notify, scripts);
  if (has_services) drop_unusable(global.lvs_notify_fifo.script, Kind::Notify, scripts);
  if (has_instances || has_services) drop_unusable(global.notify_fifo.script, Kind::Notify, scripts);
}

namespace global_rows {
namespace {

/// USER [GROUP]
void take_script_user(Values& values, const Node& node, RunAs& into) {
  RunAs out;
  if (!take(values, node, out)) return;
  if (!account_of(out, values.machine())) {
    values.diagnostics().error(
        out.where, code::kUnknownAccount,
        fmt::format("there is no user {}{}: no script runs", quote(out.user),
                    out.group.empty() ? std::string{} : fmt::format(" with group {}", quote(out.group))));
  }
  into = std::move(out);
}

/// PATH [USER [GROUP]]
void take_fifo(Values&, const Node& node, NotifyFifo& into) {
  const auto arguments = node.arguments();
  into.path = arguments.front().text;
  into.owner.where = arguments.front().where();
  if (arguments.size() < 2) return;
  into.owner.user = arguments[1].text;
  into.owner.where = arguments[1].where();
  if (arguments.size() > 2) into.owner.group = arguments[2].text;
}

void put_fifo(const NotifyFifo& from, const Keyword& keyword, Document& out) {
  if (from.path.empty()) return;
  Item item = statement(keyword.name, {from.path});
  if (!from.owner.user.empty()) item.values.emplace_back(from.owner.user);
  if (!from.owner.group.empty()) item.values.emplace_back(from.owner.group);
  out.push_back(std::move(item));
}

}  // namespace

Rows scripts() {
  using F = NotifyFifo;
  return {
      field_by<take_script_user, &Global::script_user>("script_user"),
      field<&Global::startup_script>("startup_script"),
      field<&Global::startup_script_timeout>("startup_script_timeout"),
      field<&Global::shutdown_script>("shutdown_script"),
      field<&Global::shutdown_script_timeout>("shutdown_script_timeout"),
      field_with<take_fifo, put_fifo, &Global::notify_fifo>("notify_fifo"),
      field<&Global::notify_fifo, &F::script>("notify_fifo_script"),
      field_with<take_fifo, put_fifo, &Global::vrrp_notify_fifo>("vrrp_notify_fifo"),
      field<&Global::vrrp_notify_fifo, &F::script>("vrrp_notify_fifo_script"),
      field_with<take_fifo, put_fifo, &Global::lvs_notify_fifo>("lvs_notify_fifo"),
      field<&Global::lvs_notify_fifo, &F::script>("lvs_notify_fifo_script"),
  };
}

}  // namespace global_rows
}  // namespace hald::config
