// SPDX-License-Identifier: Apache-2.0
// Addresses that do not fit this machine's networks. Only what is certain counts: an interface that is not
// there, or has no address of the family yet, says nothing.
#include <algorithm>

#include <fmt/format.h>

#include "config/codes.h"
#include "config/lint.h"

namespace hald::config {
namespace {

using Local = std::vector<LocalAddress>;

bool is_virtual(const Config& config, const Address& address) {
  const auto holds = [&address](const std::vector<VirtualAddress>& list) {
    return std::any_of(list.begin(), list.end(),
                       [&](const VirtualAddress& each) { return each.prefix.address == address; });
  };
  return std::any_of(config.instances.begin(), config.instances.end(), [&](const VrrpInstance& instance) {
    return holds(instance.addresses) || holds(instance.excluded_addresses);
  });
}

/// The addresses of this machine that are no virtual ones: those may come and go.
Local own_addresses(const Config& config, const Machine& machine) {
  Local out = machine.addresses();
  out.erase(std::remove_if(out.begin(), out.end(),
                           [&](const LocalAddress& each) { return is_virtual(config, each.prefix.address); }),
            out.end());
  return out;
}

/// True if an address of the interface's family is known, and none of this machine's networks holds
/// `address`.
bool is_outside(const Local& local, const std::string& device, const Address& address) {
  bool device_known = false;
  for (const LocalAddress& each : local) {
    if (each.prefix.address.family() != address.family() || each.prefix.address.is_link_local()) continue;
    if (each.prefix.contains(address)) return false;
    device_known = device_known || each.interface == device;
  }
  return device_known;
}

void outside(const VrrpInstance& instance, const Local& local, Diagnostics& diagnostics) {
  for (const VirtualAddress& address : instance.addresses) {
    if (address.prefix.address.is_link_local()) continue;
    const std::string& device = address.device.empty() ? instance.interface : address.device;
    if (!is_outside(local, device, address.prefix.address)) continue;
    diagnostics.warning(address.where.line > 0 ? Position(address.where) : Position(instance.where),
                        code::kOutsideSubnets,
                        fmt::format("{} is in no network of this machine, and {} has addresses",
                                    address.prefix.to_string(), quote(device)),
                        "hosts on the link reach it only if a router sends it here");
  }
}

const LocalAddress* find_local(const Local& local, const Address& address) {
  const auto found = std::find_if(local.begin(), local.end(),
                                  [&](const LocalAddress& each) { return each.prefix.address == address; });
  return found == local.end() ? nullptr : &*found;
}

void local_servers(const Service& service, const Local& local, Diagnostics& diagnostics) {
  for (const RealServer& server : service.real_servers) {
    const LocalAddress* here = find_local(local, server.endpoint.address);
    if (here == nullptr) continue;
    diagnostics.warning(server.where, code::kLocalServer,
                        fmt::format("{} is an address of this machine, on {}",
                                    server.endpoint.address.to_string(), quote(here->interface)),
                        "connections to it stay on the director that has the virtual address");
  }
}

}  // namespace

namespace lint_parts {

void addresses(const Config& config, const Machine& machine, Diagnostics& diagnostics) {
  const Local local = own_addresses(config, machine);
  if (local.empty()) return;
  for (const VrrpInstance& instance : config.instances) outside(instance, local, diagnostics);
  for (const VirtualServer& service : config.virtual_servers) local_servers(service, local, diagnostics);
  for (const GroupServer& service : config.group_servers) local_servers(service, local, diagnostics);
}

}  // namespace lint_parts
}  // namespace hald::config
