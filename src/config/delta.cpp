// SPDX-License-Identifier: Apache-2.0
#include "config/delta.h"

#include <algorithm>
#include <map>
#include <tuple>
#include <unordered_map>

namespace hald::config {
namespace {

auto settings_of(const Announcing& a) {
  return std::tie(a.master_delay, a.master_repeat, a.master_refresh, a.master_refresh_repeat,
                  a.lower_prio_delay, a.lower_prio_repeat);
}

auto settings_of(const VrrpInstance& i) {
  return std::tie(i.name, i.interface, i.vrid, i.family, i.version, i.initial_state, i.priority,
                  i.advert_interval, i.down_timer_adverts, i.preempt, i.preempt_delay, i.v3_checksum_as_v2,
                  i.lower_prio_no_advert, i.higher_prio_send_advert, i.auth_type, i.auth_password,
                  i.addresses);
}

auto settings_of(const RealServer& s) {
  return std::tie(s.endpoint, s.forwarding, s.weight, s.alpha, s.checks);
}

auto settings_of(const VirtualServer& s) {
  return std::tie(s.key, s.scheduler, s.forwarding, s.persistence_timeout, s.persistence_prefix, s.one_packet,
                  s.quorum, s.hysteresis);
}

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
    if (!same_settings(*found->second, each)) out.changed.push_back({found->second, &each});
    old.erase(found);
  }
  for (const T& each : before) {
    if (old.contains(key_of(each))) out.removed.push_back(&each);
  }
  return out;
}

}  // namespace

bool same_settings(const VrrpInstance& a, const VrrpInstance& b) {
  return settings_of(a) == settings_of(b) && settings_of(a.announcing) == settings_of(b.announcing);
}

bool same_settings(const RealServer& a, const RealServer& b) {
  return settings_of(a) == settings_of(b);
}

bool same_settings(const VirtualServer& a, const VirtualServer& b) {
  const auto same = [](const RealServer& x, const RealServer& y) { return same_settings(x, y); };
  return settings_of(a) == settings_of(b) && std::equal(a.real_servers.begin(), a.real_servers.end(),
                                                        b.real_servers.begin(), b.real_servers.end(), same);
}

Delta delta(const Config& before, const Config& after) {
  Delta out;
  out.global_changed = before.global.router_id != after.global.router_id;
  out.instances = compare<std::map<InstanceKey, const VrrpInstance*>>(
      before.instances, after.instances, [](const VrrpInstance& instance) { return key_of(instance); });
  out.virtual_servers = compare<std::unordered_map<ServiceKey, const VirtualServer*>>(
      before.virtual_servers, after.virtual_servers,
      [](const VirtualServer& service) { return service.key; });
  return out;
}

}  // namespace hald::config
