// SPDX-License-Identifier: Apache-2.0
#include "config/validate.h"

#include <algorithm>
#include <functional>
#include <map>
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

void drop_duplicates(Config& config, Diagnostics& diagnostics) {
  drop_repeated<std::map<std::string, Position>>(
      config.instances, [](const VrrpInstance& instance) { return instance.name; },
      [&](const VrrpInstance& instance, Position first) {
        diagnostics.error(
            instance.where, code::kDuplicateInstance,
            fmt::format("there is a vrrp_instance {} already: this one is ignored", quote(instance.name)),
            first_at(diagnostics, first));
      });
  drop_repeated<std::map<InstanceKey, Position>>(
      config.instances, [](const VrrpInstance& instance) { return key_of(instance); },
      [&](const VrrpInstance& instance, Position first) {
        diagnostics.error(
            instance.where, code::kDuplicateRouterId,
            fmt::format("virtual_router_id {} is taken on {} for {}: {} is ignored", instance.vrid,
                        instance.interface, to_string(instance.family), quote(instance.name)),
            first_at(diagnostics, first));
      });
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
