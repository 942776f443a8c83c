// SPDX-License-Identifier: Apache-2.0
#include "ipvs/core/apply.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <string_view>

#include "base/overloaded.h"

namespace hald::ipvs {
namespace {

constexpr std::size_t kLongestName = 15;

std::error_code refuse(int number) {
  return {number, std::generic_category()};
}
bool has_scheduler(std::string_view name) {
  static constexpr std::array<std::string_view, 13> known{"rr", "wrr", "lc",  "wlc", "lblc", "lblcr", "sh",
                                                          "mh", "dh",  "sed", "nq",  "fo",   "ovf"};
  return std::find(known.begin(), known.end(), name) != known.end();
}

std::error_code check(const ServiceKey& key, const ServiceSettings& settings) {
  if (settings.scheduler.size() > kLongestName || settings.persistence_engine.size() > kLongestName) {
    return refuse(EINVAL);
  }
  if (!has_scheduler(settings.scheduler)) return refuse(ENOENT);
  if (!settings.persistence_engine.empty() && settings.persistence_engine != "sip") {
    return refuse(ENOENT);
  }
  if (config::family_of(key) == Family::IPv6 && (settings.prefix < 1 || settings.prefix > 128)) {
    return refuse(EINVAL);
  }
  return {};
}

std::error_code check(const ServiceKey& key, const Destination& destination) {
  if (destination.weight < 0 || destination.lower_threshold > destination.upper_threshold)
    return refuse(ERANGE);
  if (destination.tunnel_type == TunnelType::Gue && destination.tunnel_port == 0) {
    return refuse(EINVAL);
  }
  if (destination.endpoint.address.is_multicast()) return refuse(EINVAL);
  if (destination.endpoint.address.family() != config::family_of(key) &&
      destination.forwarding != Forwarding::Tunnel) {
    return refuse(EINVAL);
  }
  return {};
}

bool before(const Destination& entry, const Endpoint& endpoint) {
  return entry.endpoint < endpoint;
}

auto place_of(std::vector<Destination>& all, const Endpoint& endpoint) {
  return std::lower_bound(all.begin(), all.end(), endpoint, before);
}

/// The destination Ops, on a service that exists.
struct OnDestinations {
  Service& service;

  std::error_code operator()(const AddDestination& op) const {
    const auto place = place_of(service.destinations, op.destination.endpoint);
    const bool present = place != service.destinations.end() && place->endpoint == op.destination.endpoint;
    if (const auto wrong = check(service.key, op.destination)) return wrong;
    if (present) return refuse(EEXIST);
    service.destinations.insert(place, op.destination);
    return {};
  }
  std::error_code operator()(const EditDestination& op) const {
    const auto place = place_of(service.destinations, op.destination.endpoint);
    const bool present = place != service.destinations.end() && place->endpoint == op.destination.endpoint;
    if (const auto wrong = check(service.key, op.destination)) return wrong;
    if (!present) return refuse(ENOENT);
    *place = op.destination;
    return {};
  }
  std::error_code operator()(const DeleteDestination& op) const {
    const auto place = place_of(service.destinations, op.endpoint);
    if (place == service.destinations.end() || place->endpoint != op.endpoint) {
      return refuse(ENOENT);
    }
    service.destinations.erase(place);
    return {};
  }
  template <typename Other>
  std::error_code operator()(const Other&) const {
    return {};
  }
};

}  // namespace

std::error_code apply(Table& table, const Op& op) {
  const auto held = table.find(key_of(op));
  if (const auto* added = std::get_if<AddService>(&op)) {
    if (held != table.end()) return refuse(EEXIST);
    if (const auto wrong = check(added->key, added->settings)) return wrong;
    table.emplace(added->key, Service{added->key, added->settings, {}});
    return {};
  }
  if (held == table.end()) return refuse(ESRCH);
  if (const auto* edited = std::get_if<EditService>(&op)) {
    if (const auto wrong = check(edited->key, edited->settings)) return wrong;
    held->second.settings = edited->settings;
    return {};
  }
  if (std::holds_alternative<DeleteService>(op)) {
    table.erase(held);
    return {};
  }
  return std::visit(OnDestinations{held->second}, op);
}

void apply_all(Service& service, std::span<const Op> ops) {
  auto& all = service.destinations;
  const auto old_end = static_cast<std::ptrdiff_t>(all.size());
  std::vector<Endpoint> removed;
  for (const Op& op : ops) {
    std::visit(Overloaded{[&](const AddService& one) { service.settings = one.settings; },
                          [&](const EditService& one) { service.settings = one.settings; },
                          [&](const DeleteService&) {},
                          [&](const AddDestination& one) { all.push_back(one.destination); },
                          [&](const EditDestination& one) {
                            *std::lower_bound(all.begin(), all.begin() + old_end, one.destination.endpoint,
                                              before) = one.destination;
                          },
                          [&](const DeleteDestination& one) { removed.push_back(one.endpoint); }},
               op);
  }
  // diff() adds and deletes in the order of the endpoints: two sorted runs to merge, one sorted list to drop.
  std::inplace_merge(all.begin(), all.begin() + old_end, all.end(),
                     [](const Destination& a, const Destination& b) { return a.endpoint < b.endpoint; });
  if (removed.empty()) return;
  std::erase_if(all, [&](const Destination& entry) {
    return std::binary_search(removed.begin(), removed.end(), entry.endpoint);
  });
}

}  // namespace hald::ipvs
