// SPDX-License-Identifier: Apache-2.0
// The IP authentication header of VRRP version 2 as keepalived uses it (RFC 2402, HMAC-MD5-96): 24 octets
// between the IPv4 header and the VRRP message. Old and weak; here for those who have neighbours that insist
// on it. Pure: datagrams in, datagrams and verdicts out; sequence numbers are the caller's to keep.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <variant>
#include <vector>

#include "base/ip.h"
#include "vrrp/core/packet.h"

namespace hald::vrrp {

constexpr std::uint8_t protocol_number_ah = 51;
constexpr std::size_t ah_size = 24;

/// `datagram` is what ipv4_datagram() makes. The result has the header, its own protocol number and checksum.
/// `any_ttl`: routers may lower the TTL, as with unicast; it is then not authenticated.
[[nodiscard]] std::vector<std::uint8_t> add_ah(std::span<const std::uint8_t> datagram, const AuthData& key,
                                               std::uint32_t sequence, bool any_ttl);

enum class AhFault : std::uint8_t {
  Malformed,  ///< too short, or not an AH of this kind around VRRP
  WrongIcv,   ///< another password, or changed on the way
  WrongSpi,   ///< not the sender's address
};
/// In words: "wrong digest".
[[nodiscard]] std::string_view to_string(AhFault fault);

struct AhPacket {
  std::uint32_t sequence = 0;
  /// The datagram as it would be without the header, for decode().
  std::vector<std::uint8_t> datagram;
};

/// `any_ttl` as in add_ah().
[[nodiscard]] std::variant<AhPacket, AhFault> open_ah(std::span<const std::uint8_t> datagram,
                                                      const AuthData& key, bool any_ttl);

}  // namespace hald::vrrp
