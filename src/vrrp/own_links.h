// SPDX-License-Identifier: Apache-2.0
// own_links: which link of its own each instance with `use_vmac` or `use_ipvlan` runs on, which virtual MAC
// interfaces single addresses get, and what follows for the addresses. Pure; app/vrrp_side.cpp has the links
// made, the supervisor runs the instances on them. Names and reuse are keepalived's (net/virtual_link.h).
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "config/model.h"
#include "net/interfaces.h"
#include "net/virtual_link.h"

namespace hald::vrrp {

/// What the sockets are bound to and adverts go over: a link of its own, the interface or the VRF; empty:
/// nothing.
[[nodiscard]] const std::string& wire_device(const config::VrrpInstance& instance);

/// What was given stays given across reloads.
struct LinkNames {
  std::map<config::InstanceKey, std::string> instances;
  /// Of addresses, by the interface below and the MAC address.
  std::map<std::pair<std::string, MacAddress>, std::string> addresses;
};

struct OwnLinks {
  /// With every link named, and the addresses on them, those marked that have one of their own (`use_vmac`);
  /// without servers. Nothing if no instance has a link.
  std::shared_ptr<const config::Config> config{};
  std::vector<net::WantedLink> links{};
  /// What the links need themselves: the address of an ipvlan; adverts over IPv6 come from a link-local one.
  std::vector<net::WantedAddress> addresses{};
};

/// The addresses of an interface, by its index.
using AddressesOf = std::function<std::vector<net::InterfaceAddress>(int ifindex)>;

/// `names` is brought up to date. An instance that no name is left for stays on its interface.
[[nodiscard]] OwnLinks place_own_links(const config::Config& config, std::span<const net::Link> links,
                                       const AddressesOf& addresses_of, LinkNames& names);

}  // namespace hald::vrrp
