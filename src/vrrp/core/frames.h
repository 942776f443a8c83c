// SPDX-License-Identifier: Apache-2.0
// The Ethernet frames that tell neighbours where a virtual address is now: gratuitous ARP requests (RFC 5227,
// in keepalived's form: target hardware address all ones) and unsolicited neighbour advertisements
// (RFC 4861 7.2.6, RFC 9568 6.4.2).
#pragma once

#include <cstdint>
#include <vector>

#include "base/ip.h"

namespace hald::vrrp {

/// 42 octets. `address` is IPv4.
[[nodiscard]] std::vector<std::uint8_t> gratuitous_arp(const MacAddress& mac, const Address& address);
/// 86 octets to ff02::1. `address` is IPv6; `router` says whether this machine forwards on the interface.
[[nodiscard]] std::vector<std::uint8_t> unsolicited_advertisement(const MacAddress& mac,
                                                                  const Address& address, bool router);

}  // namespace hald::vrrp
