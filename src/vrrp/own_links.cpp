// SPDX-License-Identifier: Apache-2.0
#include "vrrp/own_links.h"

#include <algorithm>
#include <cstdlib>
#include <optional>
#include <set>
#include <utility>

namespace hald::vrrp {
namespace {

constexpr std::uint8_t kLinkLocalLength = 64;

bool has_vmac(const config::VrrpInstance& instance) {
  return instance.own_link && instance.own_link->kind == config::OwnLink::Kind::Macvlan;
}

/// Of the interface and the family of the instance.
bool is_at_home(const config::VirtualAddress& address, const config::VrrpInstance& instance) {
  const bool here = address.device.empty() || address.device == instance.interface;
  return here && address.prefix.address.family() == instance.family;
}

bool gets_vmac(const config::VirtualAddress& address, const config::VrrpInstance& instance) {
  const bool at_home = is_at_home(address, instance);
  if (at_home && has_vmac(instance)) return false;
  return address.use_vmac || (instance.vmac_addresses && !at_home);
}

bool needs_links(const config::VrrpInstance& instance) {
  const auto gets_one = [&](const config::VirtualAddress& each) { return gets_vmac(each, instance); };
  return instance.own_link || std::any_of(instance.addresses.begin(), instance.addresses.end(), gets_one) ||
         std::any_of(instance.excluded_addresses.begin(), instance.excluded_addresses.end(), gets_one);
}

const net::Link* find(std::span<const net::Link> links, const std::string& name) {
  const auto found =
      std::find_if(links.begin(), links.end(), [&](const net::Link& link) { return link.name == name; });
  return found == links.end() ? nullptr : &*found;
}

net::IpvlanIsolation isolation_of(config::OwnLink::Kind kind) {
  switch (kind) {
    case config::OwnLink::Kind::IpvlanPrivate: return net::IpvlanIsolation::Private;
    case config::OwnLink::Kind::IpvlanVepa: return net::IpvlanIsolation::Vepa;
    case config::OwnLink::Kind::IpvlanBridge:
    case config::OwnLink::Kind::Macvlan: break;
  }
  return net::IpvlanIsolation::Bridge;
}

MacAddress mac_of(const config::VrrpInstance& instance, Family family) {
  if (has_vmac(instance) && instance.own_link->mac) return MacAddress{*instance.own_link->mac};
  return net::virtual_mac(family, instance.vrid);
}

/// The configuration has looked names up: it is a number.
std::optional<std::uint32_t> group_of(const config::OwnLink& link) {
  if (link.group.empty()) return std::nullopt;
  return static_cast<std::uint32_t>(std::strtoul(link.group.c_str(), nullptr, 10));
}

net::WantedLink wanted_link(const config::VrrpInstance& instance) {
  const auto& own = *instance.own_link;
  net::WantedLink out;
  out.name = own.name;
  out.base = instance.interface;
  out.group = group_of(own);
  out.family = instance.family;
  out.ipv6 = instance.family == Family::IPv6;
  out.notify_base = own.notify;
  if (has_vmac(instance)) {
    out.mac = mac_of(instance, instance.family);
  } else {
    out.kind = net::Ipvlan{net::IpvlanMode::L2, isolation_of(own.kind)};
  }
  return out;
}

/// Of an address that is not where the instance is.
net::WantedLink wanted_link(const config::VirtualAddress& address, const config::VrrpInstance& instance) {
  net::WantedLink out;
  out.base = address.device.empty() ? instance.interface : address.device;
  out.family = address.prefix.address.family();
  out.ipv6 = out.family == Family::IPv6;
  out.mac = mac_of(instance, out.family);
  return out;
}

/// compat: the name of the file, the one it has, that of a link just like it, the first one that is free.
class Naming {
 public:
  Naming(const config::Config& config, std::span<const net::Link> links, LinkNames& names)
      : global_(config.global), links_(links), names_(names) {
    for (const auto& instance : config.instances) {
      if (instance.own_link && !instance.own_link->name.empty()) used_.insert(instance.own_link->name);
    }
  }

  /// Empty: there is none.
  std::string name_of(const config::VrrpInstance& instance) {
    if (!instance.own_link->name.empty()) return instance.own_link->name;
    auto& known = names_.instances[config::key_of(instance)];
    return known = pick(known, wanted_link(instance), global_.vmac_prefix, instance.vrid);
  }

  std::string name_of_address(const net::WantedLink& wanted, std::uint8_t vrid) {
    auto& known = names_.addresses[{wanted.base, *wanted.mac}];
    const auto& prefix = global_.vmac_addr_prefix.empty() ? global_.vmac_prefix : global_.vmac_addr_prefix;
    return known = pick(known, wanted, prefix, vrid);
  }

 private:
  std::string pick(const std::string& known, const net::WantedLink& wanted, const std::string& prefix,
                   std::uint8_t vrid) {
    if (!known.empty() && take(known)) return known;
    if (const auto* alike = find_alike(wanted, prefix, vrid); alike != nullptr && take(alike->name))
      return alike->name;
    const auto name = net::virtual_link_name(prefix, vrid, wanted.family, [this](const std::string& each) {
      return used_.contains(each) || find(links_, each) != nullptr;
    });
    if (name) used_.insert(*name);
    return name.value_or("");
  }

  /// Ipvlans of one interface all look the same: only the name tells whose one is.
  const net::Link* find_alike(const net::WantedLink& wanted, const std::string& prefix,
                              std::uint8_t vrid) const {
    const auto* base = find(links_, wanted.base);
    if (base == nullptr) return nullptr;
    if (wanted.mac) return net::find_alike(links_, wanted, *base);
    const auto name = net::virtual_link_name(prefix, vrid, wanted.family, [](const auto&) { return false; });
    const auto* link = name ? find(links_, *name) : nullptr;
    return link != nullptr && net::find_alike({link, 1}, wanted, *base) != nullptr ? link : nullptr;
  }

  bool take(const std::string& name) { return used_.insert(name).second; }

  const config::Global& global_;
  std::span<const net::Link> links_;
  LinkNames& names_;
  std::set<std::string> used_;
};

net::WantedAddress address_on(const std::string& name, const Prefix& prefix) {
  net::WantedAddress out;
  out.device = name;
  out.prefix = prefix;
  return out;
}

/// compat: the source of the file, that of the interface below, or one made of its hardware address; never of
/// the virtual one (RFC 9568, 7.4). An ipvlan shares the hardware address, so that the number of the router
/// makes a difference.
Address link_local_on(const net::WantedLink& wanted, const config::VrrpInstance& instance,
                      const net::Link& base, const std::vector<net::InterfaceAddress>& of_base) {
  if (instance.source && instance.source->is_link_local()) return *instance.source;
  const auto& mac = base.mac.bytes;
  if (!wanted.mac)
    return Address::v6(
        {0xfe, 0x80, 0, 0, 0, 0, 0, 0, mac[0], mac[1], mac[2], 0, instance.vrid, mac[3], mac[4], mac[5]});
  const auto is_virtual = [&](const Address& address) {
    return std::any_of(instance.addresses.begin(), instance.addresses.end(),
                       [&](const auto& each) { return each.prefix.address == address; });
  };
  for (const auto& each : of_base) {
    const Address& address = each.prefix.address;
    if (address.is_link_local() && !each.dad_failed && !is_virtual(address)) return address;
  }
  return net::link_local_of(base.mac);
}

/// One configuration, being placed.
class Placing {
 public:
  Placing(const config::Config& config, std::span<const net::Link> links, const AddressesOf& addresses_of,
          LinkNames& names, OwnLinks& out)
      : links_(links), addresses_of_(addresses_of), naming_(config, links, names), out_(out) {}

  void give_link(config::VrrpInstance& instance) {
    if (!instance.own_link) return;
    instance.own_link->name = naming_.name_of(instance);
    if (instance.own_link->name.empty()) return;
    const auto& wanted = out_.links.emplace_back(wanted_link(instance));
    if (instance.own_link->address) {
      out_.addresses.push_back(address_on(wanted.name, *instance.own_link->address));
    } else if (wanted.ipv6) {
      want_link_local(wanted, instance);
    }
  }

  /// compat: with an ipvlan they stay where they are.
  void place(std::vector<config::VirtualAddress>& addresses, const config::VrrpInstance& instance) {
    for (auto& address : addresses) {
      if (gets_vmac(address, instance)) {
        move_to_vmac(address, instance);
      } else if (has_vmac(instance) && !instance.own_link->name.empty() && is_at_home(address, instance)) {
        address.device = instance.own_link->name;
      }
    }
  }

 private:
  void want_link_local(const net::WantedLink& wanted, const config::VrrpInstance& instance) {
    const auto* base = find(links_, wanted.base);
    if (base == nullptr) return;
    const auto address = link_local_on(wanted, instance, *base, addresses_of_(base->index));
    out_.addresses.push_back(address_on(wanted.name, {address, kLinkLocalLength}));
  }

  void move_to_vmac(config::VirtualAddress& address, const config::VrrpInstance& instance) {
    const auto wanted = wanted_link(address, instance);
    auto* link = wanted.base.empty() ? nullptr : link_for(wanted, instance.vrid);
    if (link == nullptr) return;
    address.device = link->name;
    address.use_vmac = true;
    if (!wanted.ipv6 || link->ipv6) return;
    link->ipv6 = true;
    want_link_local(*link, instance);
  }

  /// compat: what has one MAC address on one interface shares the link.
  net::WantedLink* link_for(net::WantedLink wanted, std::uint8_t vrid) {
    const auto found = std::find_if(out_.links.begin(), out_.links.end(), [&](const net::WantedLink& each) {
      return each.base == wanted.base && each.mac == wanted.mac;
    });
    if (found != out_.links.end()) return &*found;
    wanted.name = naming_.name_of_address(wanted, vrid);
    wanted.ipv6 = false;
    return wanted.name.empty() ? nullptr : &out_.links.emplace_back(std::move(wanted));
  }

  std::span<const net::Link> links_;
  const AddressesOf& addresses_of_;
  Naming naming_;
  OwnLinks& out_;
};

std::shared_ptr<config::Config> without_servers(const config::Config& config) {
  auto out = std::make_shared<config::Config>();
  out->global = config.global;
  out->instances = config.instances;
  out->sync_groups = config.sync_groups;
  out->track_scripts = config.track_scripts;
  out->track_files = config.track_files;
  out->track_processes = config.track_processes;
  out->track_groups = config.track_groups;
  out->bfd_instances = config.bfd_instances;
  out->garp_groups = config.garp_groups;
  out->linkbeat_interfaces = config.linkbeat_interfaces;
  out->interface_delays = config.interface_delays;
  return out;
}

}  // namespace

const std::string& wire_device(const config::VrrpInstance& instance) {
  const bool own = instance.own_link && !instance.own_link->name.empty();
  if (own && !instance.own_link->send_from_parent) return instance.own_link->name;
  return instance.interface.empty() ? instance.vrf : instance.interface;
}

OwnLinks place_own_links(const config::Config& config, std::span<const net::Link> links,
                         const AddressesOf& addresses_of, LinkNames& names) {
  OwnLinks out;
  if (std::none_of(config.instances.begin(), config.instances.end(), needs_links)) return out;
  auto placed = without_servers(config);
  Placing placing(config, links, addresses_of, names, out);
  for (auto& instance : placed->instances) placing.give_link(instance);
  for (auto& instance : placed->instances) {
    placing.place(instance.addresses, instance);
    placing.place(instance.excluded_addresses, instance);
  }
  out.config = std::move(placed);
  return out;
}

}  // namespace hald::vrrp
