// SPDX-License-Identifier: Apache-2.0
// link_codec: rtnetlink's link messages to values and back. No socket. A message that is short or incomplete
// is no value; nothing past its end is read.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "net/netlink_bytes.h"
#include "net/rtnl.h"

namespace hald::net {

/// RTM_NEWLINK or RTM_DELLINK.
[[nodiscard]] std::optional<LinkEvent> parse_link(const NetlinkMessage& message);

[[nodiscard]] std::vector<std::uint8_t> build_link_dump();
[[nodiscard]] std::vector<std::uint8_t> build_create(const NewLink& link);
[[nodiscard]] std::vector<std::uint8_t> build_change(int index, const LinkChange& change);
[[nodiscard]] std::vector<std::uint8_t> build_remove_link(int index);

}  // namespace hald::net
