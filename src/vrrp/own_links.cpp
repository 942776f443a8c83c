// SPDX-License-Identifier: Apache-2.0
#include "vrrp/own_links.h"

#include <algorithm>
#include <set>
#include <utility>

namespace hald::vrrp {
namespace {

constexpr std::uint8_t kLinkLocalLength = 64;

bool has_vmac(const config::VrrpInstance& instance) {
  return instance.own_link && instance.own_link->kind == config::OwnLink::Kind::Macvlan;
}

const net::Link* find(std::span<const net::Link> links, const std::string& name) {
  const auto found =
      std::find_if(links.begin(), links.end(), [&](const net::Link& link) { return link.name == name; });
  return found == links.end() ? nullptr : &*found;
}

net::WantedLink wanted_link(const config::VrrpInstance& instance) {
  net::WantedLink out;
  out.name = instance.own_link->name;
  out.base = instance.interface;
  out.mac = instance.own_link->mac ? MacAddress{*instance.own_link->mac}
                                   : net::virtual_mac(instance.family, instance.vrid);
  out.family = instance.family;
  out.ipv6 = instance.family == Family::IPv6;
  return out;
}

/// compat: the name of the file, the one it has, that of a link just like it, the first one that is free.
class Naming {
 public:
  Naming(const config::Config& config, std::span<const net::Link> links, LinkNames& names)
      : prefix_(config.global.vmac_prefix), links_(links), names_(names) {
    for (const auto& instance : config.instances) {
      if (has_vmac(instance) && !instance.own_link->name.empty()) used_.insert(instance.own_link->name);
    }
  }

  /// Empty: there is none.
  std::string name_of(const config::VrrpInstance& instance) {
    if (!instance.own_link->name.empty()) return instance.own_link->name;
    const auto key = config::key_of(instance);
    if (const auto known = names_.find(key); known != names_.end() && take(known->second))
      return known->second;
    if (const auto* base = find(links_, instance.interface)) {
      const auto* alike = net::find_alike(links_, wanted_link(instance), *base);
      if (alike != nullptr && take(alike->name)) return names_[key] = alike->name;
    }
    const auto name = net::virtual_link_name(
        prefix_, instance.vrid, instance.family,
        [this](const std::string& each) { return used_.contains(each) || find(links_, each) != nullptr; });
    if (name) used_.insert(*name);
    return names_[key] = name.value_or("");
  }

 private:
  bool take(const std::string& name) { return used_.insert(name).second; }

  const std::string& prefix_;
  std::span<const net::Link> links_;
  LinkNames& names_;
  std::set<std::string> used_;
};

/// Those of the interface and of the family move to the link.
void place(std::vector<config::VirtualAddress>& addresses, const config::VrrpInstance& instance) {
  for (auto& address : addresses) {
    const bool here = address.device.empty() || address.device == instance.interface;
    if (here && address.prefix.address.family() == instance.family) address.device = instance.own_link->name;
  }
}

/// compat: the source of the file, that of the interface below, or one made of its hardware address; never of
/// the virtual one (RFC 9568, 7.4).
Address link_local(const config::VrrpInstance& instance, const net::Link& base,
                   const std::vector<net::InterfaceAddress>& of_base) {
  if (instance.source && instance.source->is_link_local()) return *instance.source;
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

net::WantedAddress on_link(const std::string& name, const Address& address) {
  net::WantedAddress out;
  out.device = name;
  out.prefix = {address, kLinkLocalLength};
  return out;
}

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
  const bool own = has_vmac(instance) && !instance.own_link->name.empty();
  if (own && !instance.own_link->send_from_parent) return instance.own_link->name;
  return instance.interface.empty() ? instance.vrf : instance.interface;
}

OwnLinks place_own_links(const config::Config& config, std::span<const net::Link> links,
                         const AddressesOf& addresses_of, LinkNames& names) {
  OwnLinks out;
  if (std::none_of(config.instances.begin(), config.instances.end(), has_vmac)) return out;
  auto placed = without_servers(config);
  Naming naming(config, links, names);
  for (auto& instance : placed->instances) {
    if (!has_vmac(instance)) continue;
    instance.own_link->name = naming.name_of(instance);
    if (instance.own_link->name.empty()) continue;
    place(instance.addresses, instance);
    place(instance.excluded_addresses, instance);
    out.links.push_back(wanted_link(instance));
    const auto* base = find(links, instance.interface);
    if (instance.family != Family::IPv6 || base == nullptr) continue;
    out.addresses.push_back(
        on_link(instance.own_link->name, link_local(instance, *base, addresses_of(base->index))));
  }
  out.config = std::move(placed);
  return out;
}

}  // namespace hald::vrrp
