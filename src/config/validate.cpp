// SPDX-License-Identifier: Apache-2.0
#include "config/validate.h"

#include <algorithm>
#include <functional>
#include <map>
#include <optional>
#include <tuple>
#include <unordered_map>
#include <utility>

#include <fmt/format.h>

#include "config/codes.h"

namespace hald::config {
namespace {

std::string first_at(const Diagnostics& diagnostics, Position where) {
  return fmt::format("the first is at {}", diagnostics.describe(where));
}

/// Removes every element whose key an earlier one has; `report` is told about both. `Map` is a map from the
/// key to a Position.
template <typename Map, typename T, typename KeyOf, typename Report>
void drop_repeated(std::vector<T>& list, KeyOf key_of, Report report) {
  Map seen;
  const auto repeated = [&](const T& each) {
    const auto [first, is_new] = seen.try_emplace(key_of(each), each.where);
    if (!is_new) report(each, first->second);
    return !is_new;
  };
  list.erase(std::remove_if(list.begin(), list.end(), repeated), list.end());
}

/// Where adverts of instances with the same number would meet.
class RouterIds {
 public:
  /// The earlier instance that this one conflicts with, or null; then it is remembered.
  const VrrpInstance* conflict(const VrrpInstance& instance) {
    if (!instance.unicast) {
      const auto [first, is_new] = multicast_.try_emplace({key_of(instance), *instance.group}, &instance);
      return is_new ? nullptr : first->second;
    }
    for (const UnicastPeer& peer : instance.peers) {
      if (const auto* earlier = earlier_unicast(instance, peer.address); earlier != nullptr) return earlier;
    }
    for (const UnicastPeer& peer : instance.peers) remember(instance, peer.address);
    return nullptr;
  }

 private:
  /// Interface, family and number, source and peer.
  using Meeting = std::tuple<InstanceKey, std::optional<Address>, Address>;
  using Unicast = std::map<Meeting, const VrrpInstance*>;

  static Meeting on(std::string interface, const VrrpInstance& instance, const Address& peer) {
    return {InstanceKey{std::move(interface), instance.family, instance.vrid}, instance.source, peer};
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

  std::map<std::pair<InstanceKey, Address>, const VrrpInstance*> multicast_;
  Unicast unicast_;
  Unicast anywhere_;
};

/// They may both be there, on different groups or with different peers, but only one of them runs so far.
void note_second(const VrrpInstance& instance, const VrrpInstance& first, Diagnostics& diagnostics) {
  if (&instance == &first) return;
  diagnostics
      .note(instance.where, code::kNoEffect,
            fmt::format("{} is accepted and has no effect yet: it shares interface and number with {}",
                        quote(instance.name), quote(first.name)))
      .see(first.where, "this one runs");
}

}  // namespace

bool drop_unusable_servers(VirtualServer& service, Diagnostics& diagnostics) {
  auto& servers = service.real_servers;
  if (servers.empty()) {
    diagnostics.error(service.where, code::kNoRealServer,
                      fmt::format("{} has no real server: it is ignored", to_string(service.key)));
    return false;
  }
  drop_repeated<std::unordered_map<Endpoint, Position>>(
      servers, [](const RealServer& server) { return server.endpoint; },
      [&](const RealServer& server, Position first) {
        diagnostics.error(server.where, code::kDuplicateRealServer,
                          fmt::format("{} is given twice: this one is ignored", server.endpoint.to_string()),
                          first_at(diagnostics, first));
      });
  if (servers.capacity() > servers.size()) servers.shrink_to_fit();
  return true;
}

void settle_quorum(VirtualServer& service, Position quorum, Position hysteresis, Diagnostics& diagnostics) {
  std::uint64_t sum = 0;
  for (const RealServer& server : service.real_servers) sum += static_cast<std::uint64_t>(server.weight);
  const auto place = [&service](Position where) { return where.line > 0 ? where : service.where; };
  if (service.quorum > sum) {
    // Not below 1: a service without any weight is down.
    const auto reachable = static_cast<std::uint32_t>(std::max<std::uint64_t>(sum, 1));
    diagnostics.error(place(quorum), code::kQuorumReduced,
                      fmt::format("quorum {} is more than all weights together, {}: {} is used",
                                  service.quorum, sum, reachable));
    service.quorum = reachable;
  }
  if (service.hysteresis >= service.quorum) {
    diagnostics.error(place(hysteresis), code::kHysteresisReduced,
                      fmt::format("hysteresis {} is not below quorum {}: {} is used", service.hysteresis,
                                  service.quorum, service.quorum - 1));
    service.hysteresis = service.quorum - 1;
  }
}

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

void drop_duplicates(Config& config, Diagnostics& diagnostics) {
  drop_repeated<std::unordered_map<ServiceKey, Position>>(
      config.virtual_servers, [](const VirtualServer& service) { return service.key; },
      [&](const VirtualServer& service, Position first) {
        diagnostics.error(
            service.where, code::kDuplicateVirtualServer,
            fmt::format("there is a virtual_server {} already: this one is ignored", to_string(service.key)),
            first_at(diagnostics, first));
      });
}

}  // namespace hald::config
