// SPDX-License-Identifier: Apache-2.0
// virtual_link: what somebody wants of a macvlan or ipvlan, and what must be done to have it. Pure;
// link_reconciler.h does it. Names and reuse follow keepalived, because operators' firewall rules and
// monitors know them.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "net/interfaces.h"
#include "net/rtnl.h"

namespace hald::net {

struct WantedLink {
  std::string name;
  std::string base;                      ///< the interface that it stands on
  LinkKind kind = Macvlan{};             ///< or Ipvlan
  std::optional<MacAddress> mac{};       ///< of a Macvlan; an Ipvlan shares its base's
  std::optional<std::uint32_t> group{};  ///< nothing: that of the base
  Family family = Family::IPv4;          ///< of the adverts sent over it
  bool ipv6 = false;                     ///< it is to have IPv6 addresses
  bool notify_base = false;              ///< the kernel is to tell of the base when it is made or deleted
  friend bool operator==(const WantedLink&, const WantedLink&) = default;
};
[[nodiscard]] inline const std::string& key_of(const WantedLink& wanted) {
  return wanted.name;
}

/// 00:00:5e:00:01:VRID, or :02: for IPv6 (RFC 9568, 7.3).
[[nodiscard]] MacAddress virtual_mac(Family family, std::uint8_t vrid);

/// fe80::/64 made of the hardware address as of RFC 4291, 2.5.6.
[[nodiscard]] Address link_local_of(const MacAddress& mac);

/// compat: "PREFIX.VRID", then "PREFIX1.VRID", "PREFIX2.VRID" and so on; for IPv6 "PREFIX6.VRID" comes
/// second. A prefix that is too long loses its end. Nothing if a thousand names are taken.
[[nodiscard]] std::optional<std::string> virtual_link_name(
    std::string_view prefix, std::uint8_t vrid, Family family,
    const std::function<bool(const std::string&)>& is_taken);

/// compat: a link that is there already and just like `wanted` but for its name, which is then used instead.
[[nodiscard]] const Link* find_alike(std::span<const Link> links, const WantedLink& wanted, const Link& base);

struct LinkPlan {
  enum class What : unsigned char {
    Wait,      ///< there is no base
    Create,    ///< there is none
    Recreate,  ///< there is one of that name, made by hald or its like, that cannot be changed into it
    Adjust,    ///< `change` makes it the one; nothing to do if that is empty
    Refuse     ///< `why`
  };
  What what = What::Wait;
  NewLink fresh{};      ///< of Create and Recreate
  LinkChange change{};  ///< of Adjust; raising it is not part of it
  std::string why{};
};
[[nodiscard]] LinkPlan plan_link(const WantedLink& wanted, const Interfaces& interfaces);

}  // namespace hald::net
