// SPDX-License-Identifier: Apache-2.0
#include "vrrp/footing.h"

namespace hald::vrrp {
namespace {

bool may_send_from(Family family, const net::InterfaceAddress& candidate) {
  const Address& address = candidate.prefix.address;
  if (address.family() != family || candidate.tentative) return false;
  return family == Family::IPv4 || address.is_link_local();
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

Footing find_footing(const net::Interfaces& interfaces, const std::string& interface, Family family,
                     const std::set<Address>& virtual_addresses, bool owner) {
  Footing out;
  const net::Link* link = interfaces.find(interface);
  if (link == nullptr) {
    out.blocked = FaultCause::InterfaceMissing;
    return out;
  }
  out.ifindex = link->index;
  const bool usable = link->usable();
  const auto source = pick_source(family, interfaces.addresses(out.ifindex), virtual_addresses, owner);
  if (source) out.source = *source;
  if (!usable) {
    out.blocked = FaultCause::InterfaceDown;
  } else if (!source) {
    out.blocked = FaultCause::NoSourceAddress;
  }
  return out;
}

}  // namespace hald::vrrp
