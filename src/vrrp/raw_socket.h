// SPDX-License-Identifier: Apache-2.0
// RawSocket: one raw socket of protocol 112, set up for VRRP on one interface: opening, one datagram in, one
// datagram out. It knows no loop; RawTransport waits for it. RFC 9568 5.1.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "base/ip.h"
#include "base/result.h"
#include "base/unique_fd.h"
#include "vrrp/transport.h"

namespace hald::vrrp {

/// Larger than any advert: 255 IPv6 addresses are 4088 octets. What is longer is cut, and then dropped.
constexpr std::size_t receive_buffer_size = 8192;

/// Opens and binds to the device, if there is one; nonblocking, in no group.
[[nodiscard]] Result<UniqueFd> open_vrrp_socket(const Wire& wire, const std::string& interface);
[[nodiscard]] Result<void> join_group(int fd, const Wire& wire, const Address& group);
void leave_group(int fd, const Wire& wire, const Address& group);
/// The next packet, its bytes in `buffer`; nothing if none is there.
[[nodiscard]] Result<std::optional<Packet>> receive_packet(int fd, const Wire& wire,
                                                           std::span<std::uint8_t> buffer);
[[nodiscard]] Result<void> send_datagram(int fd, const Outgoing& advert);

}  // namespace hald::vrrp
