// SPDX-License-Identifier: Apache-2.0
// network_of: a prefix without its host bits.
#pragma once

#include <array>
#include <cstdint>

#include "base/ip.h"

namespace hald::net {

/// 10.0.0.0/24 for 10.0.0.3/24.
[[nodiscard]] inline Prefix network_of(const Prefix& prefix) {
  std::array<std::uint8_t, 16> bytes{};
  const auto own = prefix.address.bytes();
  for (unsigned i = 0; i < own.size() && 8 * i < prefix.length; ++i) {
    const unsigned kept = prefix.length - 8 * i;
    const unsigned mask = kept >= 8 ? 0xffU : 0xffU << (8 - kept);
    bytes[i] = static_cast<std::uint8_t>(own[i] & mask);
  }
  return {*Address::from_bytes(prefix.address.family(), bytes), prefix.length};
}

}  // namespace hald::net
