// SPDX-License-Identifier: Apache-2.0
// The configuration as hald runs it: typed, complete (every default filled in), immutable once built and
// shared as shared_ptr<const Config>. It holds what the operator wrote and nothing that changes at run
// time; run-time state lives elsewhere, keyed by the identities defined here. Values were checked while
// building: a consumer may rely on every range stated below.
#pragma once

#include <optional>
#include <vector>

#include "config/model_bfd.h"
#include "config/model_global.h"
#include "config/model_interface.h"
#include "config/model_lvs.h"
#include "config/model_route.h"
#include "config/model_track.h"
#include "config/model_vrrp.h"

namespace hald::config {

struct Config {
  Global global;
  std::vector<Route> static_routes;
  std::vector<Rule> static_rules;
  std::vector<BfdInstance> bfd_instances;
  std::vector<VrrpInstance> instances;
  std::vector<SyncGroup> sync_groups;
  std::vector<TrackScript> track_scripts;
  std::vector<TrackFile> track_files;  ///< for instances and for checks
  std::vector<TrackProcess> track_processes;
  std::vector<TrackGroup> track_groups;
  std::vector<StaticAddress> static_addresses;
  std::vector<GarpGroup> garp_groups;
  std::vector<LinkbeatInterface> linkbeat_interfaces;
  std::vector<InterfaceDelay> interface_delays;
  std::vector<VirtualServer> virtual_servers;
  std::vector<ServerGroup> server_groups;
  std::vector<GroupServer> group_servers;
  std::optional<Ssl> ssl;
  friend bool operator==(const Config&, const Config&) = default;
};

}  // namespace hald::config
