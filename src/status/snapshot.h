// SPDX-License-Identifier: Apache-2.0
// The ONE view of everything hald does, as plain values. Every writer (JSON now; text, metrics, D-Bus and
// SNMP later) reads these and nothing else. Source hands the view out in parts, so that ten thousand
// virtual servers never have to be rendered in one turn of the loop.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/ip.h"
#include "base/time.h"
#include "checker/core/view.h"
#include "config/model.h"
#include "ipvs/core/admin.h"
#include "vrrp/core/lateness.h"
#include "vrrp/core/view.h"

namespace hald::status {

struct NodeView {
  std::string name;  ///< router_id
  int pid = 0;
  std::string version;
};

struct ConfigView {
  std::string file;
  WallTime loaded_at;
  bool stale = false;      ///< the file was refused at the last reload; the configuration before it runs on
  std::string reason;      ///< why it is stale, or what was wrong at start; empty: nothing to say
  std::size_t errors = 0;  ///< found in the file that was read last
};

/// What hald wrote to the kernel since it started, and found changed by others.
struct KernelView {
  std::string ipvs;  ///< "kernel", "memory" (nothing reaches the kernel) or "off"
  std::uint64_t ipvs_writes = 0;
  std::uint64_t ipvs_errors = 0;
  std::uint64_t ipvs_drift = 0;
  std::uint64_t address_writes = 0;
  std::uint64_t address_drift = 0;
  std::uint64_t routing_writes = 0;  ///< of routes and rules
  std::uint64_t routing_drift = 0;
  std::uint64_t filter_writes = 0;  ///< to nftables
  std::uint64_t filter_drift = 0;
  std::uint64_t sysctl_drift = 0;
  std::vector<std::string> sysctl_problems{};  ///< parameters that are not what they should be, and why
};

/// VRRP packets that concerned no instance.
struct StrayPackets {
  std::uint64_t unknown_vrid = 0;
  std::uint64_t unreadable = 0;  ///< too short to name a VRID
};

struct Head {
  NodeView node;
  ConfigView config;
  KernelView kernel;
  StrayPackets stray_packets;
  vrrp::Lateness lateness;  ///< of the adverts of all instances
  std::vector<vrrp::InstanceView> instances;
  std::vector<vrrp::GroupView> sync_groups;
};

struct RealServerView {
  Endpoint endpoint;
  std::int32_t weight = 0;  ///< as configured
  config::Forwarding forwarding = config::Forwarding::Nat;
  bool up = false;
  std::optional<WallTime> since;  ///< nothing: no check has watched it
  std::string reason;
  std::optional<std::int32_t> in_kernel;  ///< the weight IPVS holds; nothing: not in the table
  std::vector<checker::CheckView> checks;
  std::optional<ipvs::AdminOrder> admin{};     ///< what an operator has ordered
  std::optional<std::uint64_t> connections{};  ///< while it is drained, when they were counted last
};

struct VirtualServerView {
  config::ServiceKey key;   ///< of a group: its protocol alone, or a mark
  std::string group;        ///< "[web]:0"; empty: it stands by itself
  std::size_t members = 0;  ///< addresses and marks of the group
  std::string scheduler;
  config::Forwarding forwarding = config::Forwarding::Nat;
  std::uint32_t persistence_timeout = 0;  ///< seconds; 0: none
  bool quorum_up = false;
  std::vector<RealServerView> real_servers;
};

/// Hands out the view. One Source serves one question: it keeps the configuration it started with, so the
/// indices stay good even if a reload happens between two parts.
class Source {
 public:
  virtual ~Source() = default;
  [[nodiscard]] virtual Head head() const = 0;
  [[nodiscard]] virtual std::size_t virtual_servers() const = 0;
  [[nodiscard]] virtual VirtualServerView virtual_server(std::size_t index) const = 0;
};

}  // namespace hald::status
