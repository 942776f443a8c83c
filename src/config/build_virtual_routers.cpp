// SPDX-License-Identifier: Apache-2.0
#include "config/build_virtual_routers.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "config/build_track.h"
#include "config/build_tracking.h"
#include "config/codes.h"
#include "config/complete_group.h"
#include "config/complete_vrrp.h"
#include "config/named_block.h"
#include "config/validate.h"

namespace hald::config {

bool VirtualRouterBuilder::read(const Node& block, Values& values) {
  switch (block.keyword().block) {
    case BlockId::VrrpInstance: {
      const InstanceContext context{known_, routes_, link_names_};
      if (auto draft = read_instance(block, context, values)) instances_.push_back(std::move(*draft));
      return true;
    }
    case BlockId::VrrpSyncGroup:
      if (auto draft = read_sync_group(block, known_, values)) sync_groups_.push_back(std::move(*draft));
      return true;
    case BlockId::TrackGroup:
      if (auto group = read_track_group(block, known_, values)) {
        routes_.add_track_group(group->name);
        track_groups_.push_back(std::move(*group));
      }
      return true;
    case BlockId::VrrpScript: define_script(block, values); return true;
    case BlockId::TrackFile:
    case BlockId::VrrpTrackFile: define_file(block, values); return true;
    case BlockId::VrrpTrackProcess: define_process(block, values); return true;
    default: return interfaces_.read(block, known_, routes_.names(), values);
  }
}

/// keepalived takes a second one of the same name, says nothing, and never finds it again.
bool VirtualRouterBuilder::define(TrackKind kind, const Node& block, const TrackWeight& weight,
                                  Values& values) {
  const Word& name = block.arguments().front();
  if (known_.add(kind, std::string(name.text), {weight, name.where()})) return true;
  values.diagnostics()
      .warning(name.where(), code::kDuplicateName,
               fmt::format("there is a {} {} already: this one is ignored", definer(kind), quote(name.text)))
      .see(known_.find(kind, std::string(name.text))->where, "the first is here");
  return false;
}

void VirtualRouterBuilder::define_script(const Node& block, Values& values) {
  auto script = read_track_script(block, values);
  if (script && define(TrackKind::Script, block, script->weight, values))
    scripts_.push_back(std::move(*script));
}

void VirtualRouterBuilder::define_file(const Node& block, Values& values) {
  auto file = read_track_file(block, values);
  if (file && define(TrackKind::File, block, file->weight, values)) files_.push_back(std::move(*file));
}

void VirtualRouterBuilder::define_process(const Node& block, Values& values) {
  auto process = read_track_process(block, values);
  if (process && define(TrackKind::Process, block, process->weight, values))
    processes_.push_back(std::move(*process));
}

void VirtualRouterBuilder::know(const BfdInstance& session) {
  if (!session.tells_vrrp) return;
  known_.add(TrackKind::Bfd, session.name, {{session.weight, session.weight_reversed}, session.where});
}

/// Scripts that cannot run go, and with them the lines that track them.
void VirtualRouterBuilder::settle_scripts(ScriptChecks& scripts) {
  if (instances_.empty()) return;
  std::set<std::string> gone;
  std::vector<TrackScript> kept;
  for (TrackScript& each : scripts_) {
    if (scripts.usable(each.command, ScriptChecks::Kind::Track)) {
      kept.push_back(std::move(each));
    } else {
      gone.insert(each.name);
    }
  }
  scripts_ = std::move(kept);
  const auto settle = [&](Notifications& notify, Tracking& track) {
    for (const auto member :
         {&Notifications::backup, &Notifications::master, &Notifications::fault, &Notifications::stop,
          &Notifications::any, &Notifications::deleted, &Notifications::master_rx_lower_pri}) {
      Command& command = notify.*member;
      if (!command.words.empty() && !scripts.usable(command, ScriptChecks::Kind::Notify)) command = {};
    }
    track.scripts.erase(std::remove_if(track.scripts.begin(), track.scripts.end(),
                                       [&](const Tracked& each) { return gone.contains(each.name); }),
                        track.scripts.end());
  };
  for (InstanceDraft& each : instances_) settle(each.out.notify, each.out.track);
  for (SyncGroupDraft& each : sync_groups_) settle(each.out.notify, each.out.track);
}

/// `lvs_sync_daemon_interface` of an instance: the first counts, unless global_defs says so itself.
/// compat: its id is 0, not the virtual_router_id; both ends of a pair have to use the same.
void VirtualRouterBuilder::settle_sync_daemon(Global& global, Diagnostics& diagnostics) {
  for (const InstanceDraft& each : instances_) {
    if (each.lvs_sync_interface.empty()) continue;
    const Position where = each.place_of("lvs_sync_daemon_interface");
    if (global.lvs_sync_daemon) {
      diagnostics
          .error(where, code::kRepeatedWord, "there is a sync daemon of IPVS already: the line is ignored")
          .see(global.lvs_sync_daemon->where, "it is here");
      continue;
    }
    global.lvs_sync_daemon.emplace();
    global.lvs_sync_daemon->interface = each.lvs_sync_interface;
    global.lvs_sync_daemon->instance = each.out.name;
    global.lvs_sync_daemon->id = 0;
    global.lvs_sync_daemon->where = where;
  }
}

/// What an instance says of its interface belongs to linkbeat_interfaces.
void VirtualRouterBuilder::settle_polling() {
  std::set<std::string> polled;
  for (const LinkbeatInterface& each : interfaces_.linkbeat) polled.insert(each.name);
  for (const InstanceDraft& each : instances_) {
    const std::string& name = each.out.interface;
    if (each.linkbeat_polling && !name.empty() && polled.insert(name).second)
      interfaces_.linkbeat.push_back({name, LinkbeatInterface::Method::Any});
  }
}

void VirtualRouterBuilder::finish(Config& config, Values& values, ScriptChecks& scripts) {
  Diagnostics& diagnostics = values.diagnostics();
  known_.report_missing(diagnostics);
  settle_scripts(scripts);
  settle_sync_daemon(config.global, diagnostics);
  settle_polling();
  const auto membership = settle_members(sync_groups_, instances_, config.global, diagnostics);
  const CompletionContext context{config.global, values.machine(), diagnostics};
  config.instances.reserve(instances_.size());
  for (InstanceDraft& draft : instances_) {
    const auto group = membership.find(draft.out.name);
    auto instance =
        complete_instance(std::move(draft), group == membership.end() ? nullptr : group->second, context);
    if (instance) config.instances.push_back(std::move(*instance));
  }
  drop_router_conflicts(config.instances, diagnostics);
  for (SyncGroupDraft& each : sync_groups_) config.sync_groups.push_back(std::move(each.out));
  settle_sync_groups(config.sync_groups, config.instances, diagnostics);
  config.track_groups = std::move(track_groups_);
  config.track_scripts = std::move(scripts_);
  config.track_files = std::move(files_);
  config.track_processes = std::move(processes_);
  interfaces_.finish(config.global.default_interface);
  config.garp_groups = std::move(interfaces_.garp_groups);
  config.linkbeat_interfaces = std::move(interfaces_.linkbeat);
  config.interface_delays = std::move(interfaces_.delays);
  config.static_addresses = std::move(interfaces_.addresses);
  settle_track_groups(config, diagnostics);
}

void print_virtual_routers(const Config& config, Document& out) {
  for (const TrackScript& each : config.track_scripts) print_track_script(each, out);
  for (const TrackFile& each : config.track_files) print_track_file(each, out);
  for (const TrackProcess& each : config.track_processes) print_track_process(each, out);
  for (const TrackGroup& each : config.track_groups) print_track_group(each, out);
  print_linkbeat(config.linkbeat_interfaces, out);
  print_delays(config.interface_delays, out);
  for (const GarpGroup& each : config.garp_groups) print_garp_group(each, out);
  print_static_addresses(config.static_addresses, out);
  for (const SyncGroup& each : config.sync_groups) print_sync_group(each, out);
  for (const VrrpInstance& each : config.instances) print_instance(each, out);
}

}  // namespace hald::config
