// SPDX-License-Identifier: Apache-2.0
// The arithmetic of VRRP time: skew and master-down time (RFC 9568 6.1, RFC 3768 6.1), exact to the
// nanosecond; nothing is rounded to the wire's units, so that no priority gets a skew of zero.
#pragma once

#include <cstdint>

#include "base/time.h"

namespace hald::vrrp {

/// v2: (256 - priority) / 256 seconds whatever the interval; v3: that share of the MASTER's interval.
[[nodiscard]] constexpr Duration skew_time(std::uint8_t version, std::uint8_t priority,
                                           Duration master_interval) {
  const Duration whole = version == 2 ? Duration(std::chrono::seconds(1)) : master_interval;
  return whole * (256 - priority) / 256;
}

/// How long a BACKUP hears nothing before it declares the MASTER dead.
[[nodiscard]] constexpr Duration master_down_time(std::uint8_t version, std::uint8_t priority,
                                                  Duration master_interval, unsigned down_timer_adverts) {
  return master_interval * down_timer_adverts + skew_time(version, priority, master_interval);
}

}  // namespace hald::vrrp
