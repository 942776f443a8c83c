// SPDX-License-Identifier: Apache-2.0
// Footing: what an instance stands on: its interface and the address it sends from, or what is missing.
// RFC 9568 5.1.1.1 and 7.2: the source is the interface's primary address (IPv6: its link-local one), and it
// follows changes at run time. compat: a configured source is used whether it is there or not, unless
// track_src_ip asks for it.
#pragma once

#include <compare>
#include <optional>
#include <set>
#include <span>
#include <string>

#include "base/ip.h"
#include "config/model.h"
#include "net/interfaces.h"
#include "vrrp/core/reason.h"
#include "vrrp/transport.h"

namespace hald::vrrp {

struct Footing {
  std::optional<FaultCause> blocked;  ///< why the instance cannot take part; nothing: it can
  int ifindex = 0;                    ///< 0 if there is no such interface
  Address source;                     ///< 0.0.0.0 if there is none
  friend bool operator==(const Footing&, const Footing&) = default;
};

/// The address to send from among an interface's addresses, in the kernel's order. A virtual address is not
/// one of them (it may be a left-over, or about to go), except for the address owner, whose own it is.
[[nodiscard]] std::optional<Address> pick_source(Family family,
                                                 std::span<const net::InterfaceAddress> addresses,
                                                 const std::set<Address>& virtual_addresses, bool owner);

/// What of an instance's settings its footing depends on. Instances with the same one share a footing.
struct Ground {
  std::string interface;  ///< empty: a unicast instance with a source of its own
  std::string wire;       ///< the link on it that adverts go over; empty: it does so itself
  std::string vrf;
  Family family = Family::IPv4;
  bool owner = false;
  std::optional<Address> source;  ///< configured
  bool track_source = false;
  friend auto operator<=>(const Ground&, const Ground&) = default;
};
[[nodiscard]] Ground ground_of(const config::VrrpInstance& settings);

/// Over a virtual MAC interface IPv4 adverts come from the address of the interface below all the same; a
/// link-local address is the link's own.
[[nodiscard]] Footing find_footing(const net::Interfaces& interfaces, const Ground& ground,
                                   const std::set<Address>& virtual_addresses);

/// Where the packets of an instance come in and go out.
[[nodiscard]] Wire wire_of(const config::VrrpInstance& settings, int ifindex);

}  // namespace hald::vrrp
