// SPDX-License-Identifier: Apache-2.0
// PacketAnnouncer: one AF_PACKET socket that only sends. Needs CAP_NET_RAW.
#pragma once

#include "base/unique_fd.h"
#include "vrrp/announcer.h"

namespace hald::vrrp {

class PacketAnnouncer : public Announcer {
 public:
  /// The socket is opened at the first send, so that a machine without the capability can still say so in
  /// one clear line instead of failing to start.
  Result<void> send(int ifindex, std::span<const std::uint8_t> frame) override;

 private:
  Result<void> open();

  UniqueFd socket_;
};

}  // namespace hald::vrrp
