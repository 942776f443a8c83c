// SPDX-License-Identifier: Apache-2.0
// What stands behind the options of ipvsadm: numbers, addresses, masks, flags. Pure; names go through Names.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "ipvsadm/core/names.h"

namespace hald::ipvsadm {

/// Decimal, all of the text, within the bounds.
[[nodiscard]] std::optional<std::uint32_t> number(const std::string& text, std::uint32_t least,
                                                  std::uint32_t most);

struct HostPort {
  Address address;
  std::optional<std::uint16_t> port;
};
/// host, host:port, an IPv6 address, [address]:port.
[[nodiscard]] std::optional<HostPort> host_port(std::string text, config::Protocol protocol, Names& names);

/// The bits of an IPv4 mask: four numbers, or fewer.
[[nodiscard]] std::optional<std::uint32_t> mask_v4(const std::string& text, Names& names);
/// A length from 1 to 128; what stands behind the digits does not count.
[[nodiscard]] std::optional<std::uint32_t> mask_v6(const std::string& text);

struct SchedulerFlags {
  std::uint32_t flags = 0;
  std::string complaint;  ///< empty: all are known and fit
};
[[nodiscard]] SchedulerFlags scheduler_flags(std::string_view text, std::string_view scheduler);

}  // namespace hald::ipvsadm
