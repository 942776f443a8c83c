// SPDX-License-Identifier: Apache-2.0
// route_codec: rtnetlink's route messages to values and back. No socket. What is read is taken for what the
// kernel can mean only: a message that is short, of another family or contradicts itself is no value.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "net/netlink_bytes.h"
#include "net/routing.h"

namespace hald::net {

/// RTM_NEWROUTE or RTM_DELROUTE. Nothing also for the kernel's own notes about single destinations (cloned
/// routes).
[[nodiscard]] std::optional<RouteEvent> parse_route(const NetlinkMessage& message);

/// All routes of one table.
[[nodiscard]] std::vector<std::uint8_t> build_route_dump(Family family, std::uint32_t table);
/// The links of the route must have indexes.
[[nodiscard]] std::vector<std::uint8_t> build_route(const RouteOperation& operation);

}  // namespace hald::net
