// SPDX-License-Identifier: Apache-2.0
#include "vrrp/packet_announcer.h"

#include <netpacket/packet.h>
#include <sys/socket.h>

#include <algorithm>

namespace hald::vrrp {

Result<void> PacketAnnouncer::open() {
  // Protocol 0: this socket receives nothing.
  UniqueFd fd(::socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!fd.valid()) return errno_error("open a packet socket");
  socket_ = std::move(fd);
  return {};
}

Result<void> PacketAnnouncer::send(int ifindex, std::span<const std::uint8_t> frame) {
  constexpr std::size_t mac_size = 6;
  if (frame.size() < 2 * mac_size) return protocol_error("send a frame without a header");
  if (!socket_.valid()) {
    if (auto opened = open(); !opened) return opened;
  }
  sockaddr_ll to{};
  to.sll_family = AF_PACKET;
  to.sll_ifindex = ifindex;
  to.sll_halen = mac_size;
  std::copy_n(frame.begin(), mac_size, to.sll_addr);
  const auto* address = reinterpret_cast<const sockaddr*>(&to);
  if (::sendto(socket_.get(), frame.data(), frame.size(), MSG_DONTWAIT, address, sizeof(to)) < 0) {
    return errno_error("send a frame");
  }
  return {};
}

}  // namespace hald::vrrp
