// SPDX-License-Identifier: Apache-2.0
// Completing a vrrp_instance: its addresses and where they go, and the weights of what it tracks.
#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "config/codes.h"
#include "config/complete_vrrp.h"

namespace hald::config {
/// One packet names them all. What has no room in it is held all the same.
void Completion::room_for_addresses() {
  constexpr std::size_t kMost = 255;  // the count has eight bits
  constexpr std::size_t kEthernet = 14;
  constexpr std::size_t kAh = 24;
  constexpr std::size_t kTrailer = 28;
  const bool v4 = out_.family == Family::IPv4;
  std::size_t header = kEthernet + (v4 ? 20 : 40) + 8;
  if (out_.version == 2) header += 8;
  if (out_.auth_type == AuthType::Ah) header += kAh;
  if (out_.auth_hmac) header += kTrailer;
  const std::size_t packet = out_.interface.empty() ? InterfaceFacts{}.mtu : facts().mtu;
  const std::size_t room = packet > header ? (packet - header) / (v4 ? 4 : 16) : 0;
  const std::size_t most = std::min(room, kMost);
  auto& addresses = out_.addresses;
  if (addresses.size() > most) {
    context_.diagnostics.error(
        draft_.address_places[most], code::kTooManyAddresses,
        fmt::format("an advert has room for {} addresses: from here on they are held, but not advertised",
                    most),
        "move them to virtual_ipaddress_excluded");
    const auto first = addresses.begin() + static_cast<std::ptrdiff_t>(most);
    std::move(first, addresses.end(), std::back_inserter(out_.excluded_addresses));
    draft_.excluded_places.insert(draft_.excluded_places.end(),
                                  draft_.address_places.begin() + static_cast<std::ptrdiff_t>(most),
                                  draft_.address_places.end());
    addresses.erase(first, addresses.end());
  }
  if (v4 || out_.unicast || addresses.empty() || addresses.front().prefix.address.is_link_local()) return;
  auto told = context_.diagnostics.warning(draft_.address_places.front(), code::kNotLinkLocal,
                                           "the first IPv6 address should be link-local (fe80::/10)");
  if (out_.strict) told.as_keepalived();
}

/// Where an address goes that names no device, and whether it gets a VMAC.
void Completion::device(VirtualAddress& address, Position where, bool& extra_link, bool& extra_vmac) {
  const bool here = address.device.empty() || address.device == out_.interface;
  const bool same_family = address.prefix.address.family() == out_.family;
  if (address.device.empty()) address.device = out_.interface;
  if (address.use_vmac) {
    const bool redundant = here && same_family ? has_vmac() : out_.vmac_addresses;
    if (redundant) {
      context_.diagnostics
          .warning(where, code::kContradiction,
                   fmt::format("{} has a VMAC anyway, by {} of the instance", address.prefix.to_string(),
                               here && same_family ? "`use_vmac`" : "`use_vmac_addr`"))
          .as_keepalived();
      address.use_vmac = false;
    }
  }
  if (here && same_family && has_vmac()) return;
  const bool on_vmac = address.use_vmac || (out_.vmac_addresses && !(here && same_family));
  if (on_vmac)
    extra_vmac = true;
  else if (!here || out_.own_link)
    extra_link = true;
}

void Completion::devices() {
  bool extra_link = false;
  bool extra_vmac = false;
  std::vector<std::pair<std::vector<VirtualAddress>*, std::vector<Place>*>> lists{
      {&out_.addresses, &draft_.address_places}, {&out_.excluded_addresses, &draft_.excluded_places}};
  for (auto& [addresses, places] : lists) {
    std::vector<VirtualAddress> kept;
    for (std::size_t i = 0; i < addresses->size(); ++i) {
      VirtualAddress& address = (*addresses)[i];
      device(address, (*places)[i], extra_link, extra_vmac);
      if (!address.device.empty()) {
        kept.push_back(std::move(address));
        continue;
      }
      context_.diagnostics.error(
          (*places)[i], code::kNoInterface,
          fmt::format("{} has no interface: it is ignored", address.prefix.to_string()),
          "the instance has none either: write `dev INTERFACE`");
    }
    *addresses = std::move(kept);
  }
  out_.garp_extra = draft_.settings.garp_extra_if.value_or(*context_.global.vrrp.garp_extra_if);
  const bool any = extra_vmac || (extra_link && out_.garp_extra.all);
  if (!any) out_.garp_extra = {};
}

/// False if there must be one and is none.
bool Completion::some_address() {
  if (out_.no_addresses && out_.strict) {
    complain("no_virtual_ipaddress", code::kStrict, "in strict mode an instance has addresses");
    out_.no_addresses = false;
  }
  if (out_.no_addresses || !out_.addresses.empty()) return true;
  const std::string message = fmt::format("{} has no virtual address", quote(out_.name));
  const std::string_view block = draft_.wrote("virtual_ipaddress") ? "virtual_ipaddress" : "";
  if (out_.version == 3 || out_.strict) {
    error(block, code::kNoAddress, message, "the whole block is ignored");
    return false;
  }
  complain(block, code::kNoAddress, message, "if that is meant, write `no_virtual_ipaddress`");
  return true;
}

/// The interface of the instance is tracked anyway.
void Completion::own_interface() {
  auto& interfaces = out_.track.interfaces;
  const auto own = std::find_if(interfaces.begin(), interfaces.end(),
                                [this](const Tracked& each) { return each.name == out_.interface; });
  if (own == interfaces.end()) return;
  context_.diagnostics
      .warning(own->where, code::kContradiction,
               fmt::format("{} is the instance's own interface, which is tracked anyway: the line is ignored",
                           quote(own->name)))
      .as_keepalived();
  interfaces.erase(own);
}

/// An owner's priority never moves, and members of a sync group move together or not at all.
void Completion::weights() {
  const bool synced = group_ != nullptr && !group_->tracking_weight;
  if (!synced && !is_owner()) return;
  const std::string why = synced ? fmt::format("the members of {} have no weights", quote(group_->name))
                                 : "the priority of an owner never moves";
  const auto settle = [&](std::vector<Tracked>& list, auto drops) {
    std::vector<Tracked> kept;
    for (Tracked& each : list) {
      if (each.weight.value != 0) {
        const bool dropped = drops(each);
        context_.diagnostics.error(
            each.where, code::kWeightIgnored,
            fmt::format("{}: {} is ignored", why, dropped ? "the line" : "the weight"),
            synced ? "write `weight 0`, or `sync_group_tracking_weight` in the group" : "write `weight 0`");
        if (dropped) continue;
        each.weight.value = 0;
      }
      kept.push_back(std::move(each));
    }
    list = std::move(kept);
  };
  settle(out_.track.interfaces, [&](const Tracked&) { return !synced; });
  settle(out_.track.scripts, [](const Tracked&) { return true; });
  settle(out_.track.files, [](const Tracked& each) { return each.weight.value != 1; });
  settle(out_.track.bfds, [](const Tracked&) { return true; });
}

}  // namespace hald::config
