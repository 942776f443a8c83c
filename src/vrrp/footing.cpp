// SPDX-License-Identifier: Apache-2.0
#include "vrrp/footing.h"

#include <algorithm>

#include "vrrp/core/packet.h"
#include "vrrp/own_links.h"

namespace hald::vrrp {
namespace {

bool may_send_from(Family family, const net::InterfaceAddress& candidate) {
  const Address& address = candidate.prefix.address;
  if (address.family() != family || candidate.tentative) return false;
  return family == Family::IPv4 || address.is_link_local();
}

bool holds(std::span<const net::InterfaceAddress> addresses, const Address& wanted) {
  return std::any_of(addresses.begin(), addresses.end(), [&](const net::InterfaceAddress& each) {
    return each.prefix.address == wanted && !each.tentative;
  });
}

}  // namespace

std::optional<Address> pick_source(Family family, std::span<const net::InterfaceAddress> addresses,
                                   const std::set<Address>& virtual_addresses, bool owner) {
  std::optional<Address> secondary;
  std::optional<Address> own_virtual;
  for (const auto& candidate : addresses) {
    if (!may_send_from(family, candidate)) continue;
    const Address& address = candidate.prefix.address;
    if (virtual_addresses.contains(address)) {
      if (!own_virtual) own_virtual = address;
    } else if (!candidate.secondary) {
      return address;
    } else if (!secondary) {
      secondary = address;
    }
  }
  if (secondary) return secondary;
  return owner ? own_virtual : std::nullopt;
}

Ground ground_of(const config::VrrpInstance& settings) {
  Ground out;
  out.interface = settings.interface;
  if (const auto& wire = wire_device(settings); wire != settings.interface) out.wire = wire;
  out.vrf = settings.interface.empty() ? settings.vrf : std::string();
  out.family = settings.family;
  out.owner = settings.priority == priority_owner;
  out.source = settings.source;
  out.track_source = settings.track_source;
  return out;
}

Footing find_footing(const net::Interfaces& interfaces, const Ground& ground,
                     const std::set<Address>& virtual_addresses) {
  Footing out;
  if (ground.source) out.source = *ground.source;
  const std::string& device = ground.interface.empty() ? ground.vrf : ground.interface;
  if (device.empty()) return out;  // the routes decide
  const net::Link* base = interfaces.find(device);
  const net::Link* link = ground.wire.empty() ? base : interfaces.find(ground.wire);
  if (base == nullptr || link == nullptr) {
    out.blocked = FaultCause::InterfaceMissing;
    return out;
  }
  out.ifindex = link->index;
  const bool usable = base->usable() && link->usable();
  if (ground.interface.empty()) {
    if (!link->up) out.blocked = FaultCause::InterfaceDown;
    return out;
  }
  const auto addresses = interfaces.addresses(ground.family == Family::IPv4 ? base->index : link->index);
  if (!ground.source) {
    const auto source = pick_source(ground.family, addresses, virtual_addresses, ground.owner);
    if (source) out.source = *source;
  }
  if (!usable) {
    out.blocked = FaultCause::InterfaceDown;
  } else if (out.source.is_unspecified()) {
    out.blocked = FaultCause::NoSourceAddress;
  } else if (ground.track_source && !holds(addresses, out.source) &&
             !holds(interfaces.addresses(link->index), out.source)) {  // an ipvlan has it itself
    out.blocked = FaultCause::SourceLost;
  }
  return out;
}

Wire wire_of(const config::VrrpInstance& settings, int ifindex) {
  return Wire{settings.family, ifindex, settings.auth_type == config::AuthType::Ah};
}

}  // namespace hald::vrrp
