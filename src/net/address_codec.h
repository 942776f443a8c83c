// SPDX-License-Identifier: Apache-2.0
// address_codec: rtnetlink's address messages to values and back. No socket. A message that is short, of
// another family or incomplete is no value; nothing past its end is read.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "net/netlink_bytes.h"
#include "net/rtnl.h"

namespace hald::net {

/// RTM_NEWADDR or RTM_DELADDR.
[[nodiscard]] std::optional<AddressEvent> parse_address(const NetlinkMessage& message);

[[nodiscard]] std::vector<std::uint8_t> build_address_dump();
/// `replace` edits the address that is there already (IPv6 only: its flags, peer and preferred lifetime).
[[nodiscard]] std::vector<std::uint8_t> build_add(const InterfaceAddress& address, bool replace = false);
[[nodiscard]] std::vector<std::uint8_t> build_remove(const InterfaceAddress& address);

}  // namespace hald::net
