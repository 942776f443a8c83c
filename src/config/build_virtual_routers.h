// SPDX-License-Identifier: Apache-2.0
// Builds everything about virtual routers: instances, sync groups, what they track, static addresses and how
// interfaces are treated. Blocks come one after another, in the order of the file; what depends on other
// blocks is settled in finish().
#pragma once

#include <set>
#include <string>
#include <vector>

#include "config/build_group.h"
#include "config/build_interface.h"
#include "config/build_route.h"
#include "config/build_vrrp.h"
#include "config/definitions.h"
#include "config/document.h"
#include "config/model.h"
#include "config/script_check.h"

namespace hald::config {

class VirtualRouterBuilder {
 public:
  /// `routes` reads the routes and rules of instances.
  explicit VirtualRouterBuilder(RouteBuilder& routes) : routes_(routes) {}

  /// Takes the block if it is one of these; false if not.
  bool read(const Node& block, Values& values);
  /// A session that instances below it may track, unless it is for checks alone.
  void know(const BfdInstance& session);
  /// Those that were read so far.
  [[nodiscard]] const std::vector<TrackFile>& files() const { return files_; }
  /// Once, when all is read and the global part of `config` is complete.
  void finish(Config& config, Values& values, ScriptChecks& scripts);

 private:
  void define_script(const Node& block, Values& values);
  void define_file(const Node& block, Values& values);
  void define_process(const Node& block, Values& values);
  bool define(TrackKind kind, const Node& block, const TrackWeight& weight, Values& values);
  void settle_scripts(ScriptChecks& scripts);
  void settle_sync_daemon(Global& global, Diagnostics& diagnostics);
  void settle_polling();

  RouteBuilder& routes_;
  Definitions known_;
  std::set<std::string, std::less<>> link_names_;
  std::vector<InstanceDraft> instances_;
  std::vector<SyncGroupDraft> sync_groups_;
  std::vector<TrackGroup> track_groups_;
  std::vector<TrackScript> scripts_;
  std::vector<TrackFile> files_;
  std::vector<TrackProcess> processes_;
  InterfaceBuilder interfaces_;
};

void print_virtual_routers(const Config& config, Document& out);

}  // namespace hald::config
