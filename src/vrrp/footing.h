// SPDX-License-Identifier: Apache-2.0
// Footing: what an instance stands on: its interface and the address it sends from, or what is missing.
// RFC 9568 5.1.1.1 and 7.2: the source is the interface's primary address (IPv6: its link-local one), and it
// follows changes at run time.
#pragma once

#include <optional>
#include <set>
#include <span>
#include <string>

#include "base/ip.h"
#include "net/interfaces.h"
#include "vrrp/core/reason.h"

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

[[nodiscard]] Footing find_footing(const net::Interfaces& interfaces, const std::string& interface,
                                   Family family, const std::set<Address>& virtual_addresses, bool owner);

}  // namespace hald::vrrp
