// SPDX-License-Identifier: Apache-2.0
// rule_codec: rtnetlink's rule messages to values and back. No socket. A message that is short or of another
// family is no value; nothing past its end is read.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "net/netlink_bytes.h"
#include "net/routing.h"

namespace hald::net {

/// RTM_NEWRULE or RTM_DELRULE.
[[nodiscard]] std::optional<RuleEvent> parse_rule(const NetlinkMessage& message);

[[nodiscard]] std::vector<std::uint8_t> build_rule_dump(Family family);
[[nodiscard]] std::vector<std::uint8_t> build_rule(const RuleOperation& operation);

}  // namespace hald::net
