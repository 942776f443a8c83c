// SPDX-License-Identifier: Apache-2.0
#include "net/virtual_link.h"

#include <algorithm>

#include <fmt/format.h>

namespace hald::net {
namespace {

constexpr std::size_t kLongestName = 15;
constexpr unsigned kNames = 1000;

std::string name_of(std::string_view prefix, unsigned number, std::uint8_t vrid) {
  const auto tail = number == 0 ? fmt::format(".{}", vrid) : fmt::format("{}.{}", number, vrid);
  return std::string(prefix.substr(0, kLongestName - tail.size())) + tail;
}

/// 0, 1, 2, ... or, for IPv6, 0, 6, 1, 2, 3, 4, 5, 7, ...
unsigned nth_number(unsigned nth, Family family) {
  if (family == Family::IPv4 || nth == 0) return nth;
  if (nth == 1) return 6;
  return nth <= 6 ? nth - 1 : nth;
}

bool is_virtual(const Link& link) {
  return std::holds_alternative<Macvlan>(link.kind) || std::holds_alternative<Ipvlan>(link.kind);
}

/// On a link of the same kind the kernel stacks nothing: both stand on the one below.
std::pair<int, std::optional<int>> foundation_of(const WantedLink& wanted, const Link& base) {
  if (base.kind.index() == wanted.kind.index() && is_virtual(base)) return {base.base, base.base_netns};
  return {base.index, std::nullopt};
}

bool stands_on(const Link& link, const WantedLink& wanted, const Link& base) {
  const auto [index, netns] = foundation_of(wanted, base);
  return link.base == index && link.base_netns == netns;
}

/// The VRF that a link belongs to; 0: none.
int vrf_of(const Link& link, const Interfaces& interfaces) {
  const auto* master = link.master != 0 ? interfaces.find(link.master) : nullptr;
  return master != nullptr && std::holds_alternative<Vrf>(master->kind) ? master->index : 0;
}

LinkChange change_of(const Link& own, const WantedLink& wanted, const Link& base,
                     const Interfaces& interfaces) {
  LinkChange out;
  if (wanted.mac && own.mac != *wanted.mac) out.mac = wanted.mac;
  if (own.kind != wanted.kind) out.kind = wanted.kind;
  const auto group = wanted.group.value_or(base.group);
  if (own.group != group) out.group = group;
  const int vrf = vrf_of(base, interfaces);
  if (vrf_of(own, interfaces) != vrf) out.master = vrf;
  // No address of its own making: it would carry the virtual hardware address (RFC 9568, 7.4).
  if (own.ipv6_address_mode && own.ipv6_address_mode != AddressMode::None)
    out.ipv6_address_mode = AddressMode::None;
  return out;
}

NewLink fresh_link(const WantedLink& wanted, const Link& base, const Interfaces& interfaces) {
  return {wanted.name,
          wanted.kind,
          base.index,
          wanted.mac,
          wanted.group.value_or(base.group),
          vrf_of(base, interfaces)};
}

}  // namespace

MacAddress virtual_mac(Family family, std::uint8_t vrid) {
  const auto kind = family == Family::IPv4 ? std::uint8_t{1} : std::uint8_t{2};
  return {{0, 0, 0x5e, 0, kind, vrid}};
}

Address link_local_of(const MacAddress& mac) {
  const auto& own = mac.bytes;
  return Address::v6({0xfe, 0x80, 0, 0, 0, 0, 0, 0, static_cast<std::uint8_t>(own[0] ^ 2U), own[1], own[2],
                      0xff, 0xfe, own[3], own[4], own[5]});
}

std::optional<std::string> virtual_link_name(std::string_view prefix, std::uint8_t vrid, Family family,
                                             const std::function<bool(const std::string&)>& is_taken) {
  for (unsigned nth = 0; nth < kNames; ++nth) {
    auto name = name_of(prefix, nth_number(nth, family), vrid);
    if (!is_taken(name)) return name;
  }
  return std::nullopt;
}

const Link* find_alike(std::span<const Link> links, const WantedLink& wanted, const Link& base) {
  const auto found = std::find_if(links.begin(), links.end(), [&](const Link& link) {
    return link.kind == wanted.kind && is_virtual(link) && stands_on(link, wanted, base) &&
           (!wanted.mac || link.mac == *wanted.mac);
  });
  return found == links.end() ? nullptr : &*found;
}

LinkPlan plan_link(const WantedLink& wanted, const Interfaces& interfaces) {
  using What = LinkPlan::What;
  const auto* base = interfaces.find(wanted.base);
  if (base == nullptr) return {};
  if (!base->ethernet)
    return {What::Refuse,
            {},
            {},
            fmt::format("{} cannot stand on {}, which is no Ethernet", wanted.name, wanted.base)};
  const auto* own = interfaces.find(wanted.name);
  if (own == nullptr) return {What::Create, fresh_link(wanted, *base, interfaces), {}, {}};
  if (!is_virtual(*own))
    return {What::Refuse, {}, {}, fmt::format("{} exists and is an interface of another kind", wanted.name)};
  if (own->kind.index() != wanted.kind.index() || !stands_on(*own, wanted, *base))
    return {What::Recreate, fresh_link(wanted, *base, interfaces), {}, {}};
  return {What::Adjust, {}, change_of(*own, wanted, *base, interfaces), {}};
}

}  // namespace hald::net
