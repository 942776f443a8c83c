// SPDX-License-Identifier: Apache-2.0
#include "config/delta.h"

#include <map>
#include <unordered_map>

namespace hald::config {
namespace {

template <typename Map, typename T, typename KeyOf>
DeltaOf<T> compare(const std::vector<T>& before, const std::vector<T>& after, KeyOf key_of) {
  DeltaOf<T> out;
  Map old;
  for (const T& each : before) old.emplace(key_of(each), &each);
  for (const T& each : after) {
    const auto found = old.find(key_of(each));
    if (found == old.end()) {
      out.added.push_back(&each);
      continue;
    }
    if (*found->second != each) out.changed.push_back({found->second, &each});
    old.erase(found);
  }
  for (const T& each : before) {
    if (old.contains(key_of(each))) out.removed.push_back(&each);
  }
  return out;
}

}  // namespace

Delta delta(const Config& before, const Config& after) {
  Delta out;
  out.global_changed = before.global != after.global;
  out.instances = compare<std::map<InstanceKey, const VrrpInstance*>>(
      before.instances, after.instances, [](const VrrpInstance& instance) { return key_of(instance); });
  out.virtual_servers = compare<std::unordered_map<ServiceKey, const VirtualServer*>>(
      before.virtual_servers, after.virtual_servers,
      [](const VirtualServer& service) { return service.key; });
  return out;
}

}  // namespace hald::config
