// SPDX-License-Identifier: Apache-2.0
// Announcer: sends ready-made Ethernet frames (gratuitous ARP, unsolicited neighbour advertisements).
// Production is PacketAnnouncer; tests record the frames.
#pragma once

#include <cstdint>
#include <span>

#include "base/result.h"

namespace hald::vrrp {

class Announcer {
 public:
  virtual ~Announcer() = default;
  /// `frame` begins with the Ethernet header. Never blocks.
  virtual Result<void> send(int ifindex, std::span<const std::uint8_t> frame) = 0;
};

}  // namespace hald::vrrp
