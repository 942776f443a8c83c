// SPDX-License-Identifier: Apache-2.0
#include "ipvs/core/tuning.h"

#include <algorithm>

namespace hald::ipvs {
namespace {

// What the kernel takes where nothing is said (net/netfilter/ipvs/ip_vs_sync.c).
constexpr std::uint16_t kPort = 8848;
constexpr std::uint8_t kTtl = 1;
constexpr std::uint32_t kGroup = 0xe0000051;  // 224.0.0.81
constexpr std::uint16_t kLeastLength = 1024;
constexpr std::uint16_t kMostLength = 65535 - 48;  // a header of IPv6; one of IPv4 leaves more

std::optional<std::uint32_t> seconds(const std::optional<Duration>& time) {
  if (!time || *time <= Duration::zero()) return {};
  return static_cast<std::uint32_t>(std::chrono::duration_cast<std::chrono::seconds>(*time).count());
}

std::optional<std::uint32_t> unlike(const std::optional<std::uint32_t>& actual,
                                    const std::optional<std::uint32_t>& wanted) {
  return wanted == actual ? std::nullopt : wanted;
}

/// An old kernel does not tell: then it is right.
template <typename Value>
bool fits(const std::optional<Value>& actual, const Value& wanted) {
  return !actual || *actual == wanted;
}

/// The kernel keeps the length within limits.
bool length_fits(const std::optional<std::uint16_t>& actual, const std::optional<std::uint16_t>& wanted) {
  if (!actual || !wanted || *actual == *wanted) return true;
  return *actual == kLeastLength ? *wanted < kLeastLength : *actual >= kMostLength && *wanted > *actual;
}

bool runs_as(const SyncDaemon& actual, const SyncDaemon& wanted) {
  return actual.interface == wanted.interface && actual.id == wanted.id &&
         fits(actual.port, wanted.port.value_or(kPort)) && fits(actual.ttl, wanted.ttl.value_or(kTtl)) &&
         fits(actual.group, wanted.group.value_or(Address::v4(kGroup))) &&
         length_fits(actual.max_length, wanted.max_length);
}

const SyncDaemon* find(const std::vector<SyncDaemon>& daemons, SyncRole role) {
  const auto found =
      std::find_if(daemons.begin(), daemons.end(), [role](const auto& each) { return each.role == role; });
  return found == daemons.end() ? nullptr : &*found;
}

/// compat: the id is the virtual_router_id of the instance, or 0.
std::uint32_t id_of(const config::LvsSyncDaemon& daemon, const config::Config& config) {
  if (daemon.id) return *daemon.id;
  const auto found = std::find_if(config.instances.begin(), config.instances.end(),
                                  [&](const auto& each) { return each.name == daemon.instance; });
  return found == config.instances.end() ? 0U : found->vrid;
}

}  // namespace

bool tunes_timeouts(const config::Config& config, TuningScope scope) {
  return scope.checks && !desired_timeouts(config.global.lvs_timeouts).empty();
}

bool tunes_daemons(const config::Config& config, TuningScope scope) {
  const auto& daemon = config.global.lvs_sync_daemon;
  return daemon && (daemon->instance.empty() ? scope.checks : scope.routers);
}

Timeouts desired_timeouts(const config::LvsTimeouts& wanted) {
  return {seconds(wanted.tcp), seconds(wanted.tcp_fin), seconds(wanted.udp)};
}

Timeouts timeouts_to_set(const Timeouts& actual, const Timeouts& wanted) {
  return {unlike(actual.tcp, wanted.tcp), unlike(actual.tcp_fin, wanted.tcp_fin),
          unlike(actual.udp, wanted.udp)};
}

std::vector<SyncDaemon> desired_daemons(const config::Config& config, bool master) {
  if (!config.global.lvs_sync_daemon) return {};
  const config::LvsSyncDaemon& from = *config.global.lvs_sync_daemon;
  SyncDaemon daemon;
  daemon.interface = from.interface;
  daemon.id = id_of(from, config);
  daemon.max_length = from.max_length;
  daemon.port = from.port;
  daemon.ttl = from.ttl;
  daemon.group = from.group;
  std::vector<SyncDaemon> out;
  for (const SyncRole role : {SyncRole::Master, SyncRole::Backup}) {
    if (!from.instance.empty() && master != (role == SyncRole::Master)) continue;
    daemon.role = role;
    out.push_back(daemon);
  }
  return out;
}

std::vector<SyncOp> sync_ops(const std::vector<SyncDaemon>& actual, const std::vector<SyncDaemon>& wanted) {
  std::vector<SyncOp> out;
  for (const SyncDaemon& each : actual) {
    const SyncDaemon* same = find(wanted, each.role);
    if (same == nullptr || !runs_as(each, *same)) out.push_back({false, each});
  }
  for (const SyncDaemon& each : wanted) {
    const SyncDaemon* same = find(actual, each.role);
    if (same == nullptr || !runs_as(*same, each)) out.push_back({true, each});
  }
  return out;
}

std::string_view to_string(SyncRole role) {
  return role == SyncRole::Master ? "master" : "backup";
}

}  // namespace hald::ipvs
