// SPDX-License-Identifier: Apache-2.0
// own_links: which virtual MAC interface each instance with `use_vmac` runs on, and what follows for its
// addresses. Pure; app/vrrp_side.cpp has the links made, the supervisor runs the instances on them. Names and
// reuse are keepalived's (net/virtual_link.h).
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "config/model.h"
#include "net/interfaces.h"
#include "net/virtual_link.h"

namespace hald::vrrp {

/// What the sockets are bound to and adverts go over: a link of its own, the interface or the VRF; empty:
/// nothing.
[[nodiscard]] const std::string& wire_device(const config::VrrpInstance& instance);

/// What an instance was given stays its own across reloads.
using LinkNames = std::map<config::InstanceKey, std::string>;

struct OwnLinks {
  /// With every link named, and the addresses on them; without servers. Nothing if no instance has a link.
  std::shared_ptr<const config::Config> config{};
  std::vector<net::WantedLink> links{};
  /// What the links need themselves: adverts over IPv6 come from a link-local address.
  std::vector<net::WantedAddress> addresses{};
};

/// The addresses of an interface, by its index.
using AddressesOf = std::function<std::vector<net::InterfaceAddress>(int ifindex)>;

/// `names` is brought up to date. An instance that no name is left for stays on its interface.
[[nodiscard]] OwnLinks place_own_links(const config::Config& config, std::span<const net::Link> links,
                                       const AddressesOf& addresses_of, LinkNames& names);

}  // namespace hald::vrrp
