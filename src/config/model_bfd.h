// SPDX-License-Identifier: Apache-2.0
// The part of the model about BFD sessions.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/ip.h"
#include "base/time.h"
#include "config/place.h"

namespace hald::config {

struct BfdInstance {
  std::string name;  ///< at most 31 bytes
  Address neighbor;
  std::optional<Address> source;                    ///< of the neighbour's family
  Duration min_rx = std::chrono::milliseconds(10);  ///< 1 ms .. 4294967 ms, like the next one
  Duration min_tx = std::chrono::milliseconds(10);
  Duration idle_tx = std::chrono::milliseconds(1000);  ///< 1000 ms .. 4294967 ms
  std::uint8_t multiplier = 5;                         ///< 1..255
  bool passive = false;
  std::uint8_t ttl = 255;     ///< 1..255; default of IPv6: 64
  std::int16_t max_hops = 0;  ///< -1..ttl; -1: any number
  bool multihop = false;
  std::int16_t weight = 0;  ///< -253..253
  bool weight_reversed = false;
  bool tells_vrrp = true;
  bool tells_checkers = true;
  Place where;
  friend bool operator==(const BfdInstance&, const BfdInstance&) = default;
};

}  // namespace hald::config
