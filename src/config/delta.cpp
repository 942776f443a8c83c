// SPDX-License-Identifier: Apache-2.0
#include "config/delta.h"

#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>

namespace hald::config {
namespace {

/// `same` compares two that have the same key.
template <typename Map, typename T, typename KeyOf, typename Same>
DeltaOf<T> compare(const std::vector<T>& before, const std::vector<T>& after, KeyOf key_of, Same same) {
  DeltaOf<T> out;
  Map old;
  for (const T& each : before) old.emplace(key_of(each), &each);
  for (const T& each : after) {
    const auto found = old.find(key_of(each));
    if (found == old.end()) {
      out.added.push_back(&each);
      continue;
    }
    if (!same(*found->second, each)) out.changed.push_back({found->second, &each});
    old.erase(found);
  }
  for (const T& each : before) {
    if (old.contains(key_of(each))) out.removed.push_back(&each);
  }
  return out;
}

bool others_equal(const Config& a, const Config& b) {
  return a.static_routes == b.static_routes && a.static_rules == b.static_rules &&
         a.bfd_instances == b.bfd_instances && a.sync_groups == b.sync_groups &&
         a.track_scripts == b.track_scripts && a.track_files == b.track_files &&
         a.track_processes == b.track_processes && a.track_groups == b.track_groups &&
         a.static_addresses == b.static_addresses && a.garp_groups == b.garp_groups &&
         a.linkbeat_interfaces == b.linkbeat_interfaces && a.interface_delays == b.interface_delays &&
         a.server_groups == b.server_groups && a.ssl == b.ssl;
}

/// The names of groups that are the same in both.
std::set<std::string_view> same_groups(const Config& before, const Config& after) {
  std::map<std::string_view, const ServerGroup*> old;
  for (const ServerGroup& group : before.server_groups) old.emplace(group.name, &group);
  std::set<std::string_view> out;
  for (const ServerGroup& group : after.server_groups) {
    const auto found = old.find(group.name);
    if (found != old.end() && *found->second == group) out.insert(group.name);
  }
  return out;
}

}  // namespace

Delta delta(const Config& before, const Config& after) {
  Delta out;
  out.global_changed = before.global != after.global;
  out.instances = compare<std::map<InstanceKey, const VrrpInstance*>>(
      before.instances, after.instances, [](const VrrpInstance& instance) { return key_of(instance); },
      std::equal_to<>());
  out.virtual_servers = compare<std::unordered_map<ServiceKey, const VirtualServer*>>(
      before.virtual_servers, after.virtual_servers, [](const VirtualServer& service) { return service.key; },
      std::equal_to<>());
  const auto same = same_groups(before, after);
  out.group_servers = compare<std::map<std::string, const GroupServer*>>(
      before.group_servers, after.group_servers, [](const GroupServer& server) { return name_of(server); },
      [&](const GroupServer& one, const GroupServer& other) {
        return one == other && same.contains(one.group);
      });
  out.others_changed = !others_equal(before, after);
  return out;
}

}  // namespace hald::config
