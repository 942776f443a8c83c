// SPDX-License-Identifier: Apache-2.0
#include "config/validate.h"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "config/codes.h"

namespace hald::config {
namespace {

/// Where adverts of instances with the same number would meet.
class RouterIds {
 public:
  /// The earlier instance that this one conflicts with, or null; then it is remembered.
  const VrrpInstance* conflict(const VrrpInstance& instance) {
    if (!instance.unicast) {
      const auto [first, is_new] = multicast_.try_emplace(key_of(instance), &instance);
      return is_new ? nullptr : first->second;
    }
    for (const UnicastPeer& peer : instance.peers) {
      if (const auto* earlier = earlier_unicast(instance, peer.address); earlier != nullptr) return earlier;
    }
    for (const UnicastPeer& peer : instance.peers) remember(instance, peer.address);
    return nullptr;
  }

 private:
  /// Whose adverts, to which peer.
  using Meeting = std::pair<InstanceKey, Address>;
  using Unicast = std::map<Meeting, const VrrpInstance*>;

  static Meeting on(std::string interface, const VrrpInstance& instance, const Address& peer) {
    return {InstanceKey{std::move(interface), instance.family, instance.vrid, true, instance.source}, peer};
  }
  static const VrrpInstance* find(const Unicast& among, const Meeting& meeting) {
    const auto found = among.find(meeting);
    return found == among.end() ? nullptr : found->second;
  }
  /// Without an interface an instance is on all of them.
  const VrrpInstance* earlier_unicast(const VrrpInstance& instance, const Address& peer) const {
    if (instance.interface.empty()) return find(anywhere_, on({}, instance, peer));
    const auto* here = find(unicast_, on(instance.interface, instance, peer));
    return here != nullptr ? here : find(unicast_, on({}, instance, peer));
  }
  void remember(const VrrpInstance& instance, const Address& peer) {
    unicast_.try_emplace(on(instance.interface, instance, peer), &instance);
    anywhere_.try_emplace(on({}, instance, peer), &instance);
  }

  std::map<InstanceKey, const VrrpInstance*> multicast_;
  Unicast unicast_;
  Unicast anywhere_;
};

/// They may both be there, with different peers, but only one of them runs.
void note_second(const VrrpInstance& instance, const VrrpInstance& first, Diagnostics& diagnostics) {
  if (&instance == &first) return;
  diagnostics
      .note(instance.where, code::kNoEffect,
            fmt::format("{} is accepted and has no effect: it shares interface, number and source with {}",
                        quote(instance.name), quote(first.name)))
      .see(first.where, "this one runs");
}

}  // namespace

void drop_router_conflicts(std::vector<VrrpInstance>& instances, Diagnostics& diagnostics) {
  RouterIds ids;
  std::map<InstanceKey, const VrrpInstance*> running;
  std::vector<bool> conflicting(instances.size(), false);
  for (std::size_t i = 0; i < instances.size(); ++i) {
    const VrrpInstance& instance = instances[i];
    const VrrpInstance* first = ids.conflict(instance);
    if (first == nullptr) {
      note_second(instance, *running.try_emplace(key_of(instance), &instance).first->second, diagnostics);
      continue;
    }
    conflicting[i] = true;
    diagnostics
        .error(instance.where, code::kDuplicateRouterId,
               fmt::format("virtual_router_id {} is taken on {} for {}: {} is ignored", instance.vrid,
                           instance.interface.empty() ? "its interface" : instance.interface,
                           to_string(instance.family), quote(instance.name)))
        .see(first->where, "it is taken here");
  }
  std::size_t place = 0;
  instances.erase(std::remove_if(instances.begin(), instances.end(),
                                 [&](const VrrpInstance&) { return conflicting[place++]; }),
                  instances.end());
}

}  // namespace hald::config
