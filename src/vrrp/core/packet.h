// SPDX-License-Identifier: Apache-2.0
// The VRRP advertisement on the wire: encode and decode for version 2 and 3 over IPv4 and IPv6, both forms
// of the version 3 checksum, PASS authentication (RFC 9568 5.1 and 5.2, RFC 3768 5.3). Decoding answers one
// question: is this an advert that our instance may act upon, and if not, why. It knows no state and no
// clock; that a dropped packet touches nothing is guaranteed by it never reaching the machine.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/ip.h"
#include "base/time.h"
#include "config/model.h"

namespace hald::vrrp {

constexpr std::uint8_t protocol_number = 112;
constexpr std::uint8_t multicast_ttl = 255;
constexpr std::uint8_t priority_owner = 255;
/// "I am leaving": receivers take over after their skew time.
constexpr std::uint8_t priority_release = 0;

using AuthData = std::array<std::uint8_t, 8>;
/// Zero padded, longer passwords are cut, as RFC 2338 and keepalived do.
[[nodiscard]] AuthData auth_data(std::string_view password);

/// How the checksum of a version 3 message over IPv4 is formed: RFC 9568 sums the message alone,
/// keepalived, FRR and most vendors include a pseudo-header. keepalived before 1.3.6 put the multicast group
/// into that of unicast adverts too.
enum class ChecksumForm : std::uint8_t { Message, Pseudo, OldUnicast };

/// 224.0.0.18 or ff02::12.
[[nodiscard]] Address multicast_group(Family family);

struct Advert {
  std::uint8_t version = 2;
  std::uint8_t vrid = 0;
  std::uint8_t priority = 0;
  /// v2: whole seconds; v3: centiseconds, at most 40.95 s. Rounded down to the wire's unit when encoded.
  Duration interval{};
  std::vector<Address> addresses;
  friend bool operator==(const Advert&, const Advert&) = default;
};

/// What is needed beyond the advert to put it on the wire.
struct Sealing {
  Address source;
  Address destination;
  ChecksumForm checksum = ChecksumForm::Pseudo;  ///< version 3 over IPv4 only
  config::AuthType auth_type = config::AuthType::None;
  AuthData auth{};
};

/// The VRRP message. `advert.addresses` are all of the family of `sealing.source`; at most 255.
[[nodiscard]] std::vector<std::uint8_t> encode(const Advert& advert, const Sealing& sealing);
/// The IPv4 datagram around a message as hald sends it: TOS 0xc0, no options, no fragments.
[[nodiscard]] std::vector<std::uint8_t> ipv4_datagram(std::span<const std::uint8_t> message, Address source,
                                                      Address destination, std::uint16_t identification,
                                                      std::uint8_t ttl = multicast_ttl);

/// A packet as a raw socket delivers it.
struct Packet {
  Family family = Family::IPv4;
  /// IPv4: from the IP header to the end of what was delivered. IPv6: the VRRP message.
  std::span<const std::uint8_t> bytes;
  // IPv6 only, from the ancillary data; for IPv4 they are in the bytes.
  Address source;
  Address destination;
  int hop_limit = 255;
  bool ah = false;  ///< protocol 51: an authentication header (core/auth_ah.h) stands before the message
};

/// What tells whom a packet concerns, before anything is checked.
struct Envelope {
  std::uint8_t vrid = 0;
  Address source;
  Address destination;
};
/// Nothing if the packet ends before.
[[nodiscard]] std::optional<Envelope> peek(const Packet& packet);

/// What follows the message, for auth_hmac.
struct Trailer {
  Address source;
  std::span<const std::uint8_t> message;  ///< the whole VRRP message
  std::span<const std::uint8_t> bytes;    ///< hmac_trailer_size, or none
};

enum class Drop : std::uint8_t {
  Length,
  Ttl,
  Version,
  AuthType,     ///< unlike ours, or unknown
  AuthFailure,  ///< wrong password
  Interval,     ///< v2: unlike ours; v3: 0
  Type,
  Checksum,
  EmptyList,
  OwnPacket,
  Destination,  ///< multicast where unicast is expected, or the other way round
  OwnerIgnores,
  UnknownPeer,  ///< unicast, and not from one of the peers
  Vrid,         ///< not for this instance: the caller has routed it wrongly
};
/// In words: "wrong version".
[[nodiscard]] std::string_view to_string(Drop drop);

struct Dropped {
  Drop why = Drop::Length;
  std::optional<Address> source;  ///< when the packet was long enough to have one
  std::string detail;             ///< "received 1, expected 255"; of bounded length
};

/// What our instance expects of a packet.
struct Expectation {
  std::uint8_t version = 2;
  std::uint8_t vrid = 0;
  Duration interval{};  ///< v2: anything else is dropped
  config::AuthType auth_type = config::AuthType::None;
  AuthData auth{};
  bool allow_empty_list = false;       ///< the instance has no addresses itself
  bool unicast = false;                ///< any TTL; the destination is no multicast group
  bool owner_ignores = false;          ///< we are the owner and listen to nobody
  std::optional<Address> own_address;  ///< our source: such packets are our own, looped back
  std::span<const Address> addresses;  ///< what we would advertise
  /// unicast, v3 over IPv4: a checksum made with this destination is accepted too.
  std::optional<Address> old_destination;
  /// With auth_hmac: judges what follows the message, or that nothing does. Else nothing may follow.
  std::function<std::optional<Dropped>(const Trailer& trailer)> check_trailer;
};

/// A packet that may be acted upon.
struct Received {
  Advert advert;
  Address source;
  bool list_differs = false;             ///< the addresses are not ours, in whatever order
  bool interval_differs = false;         ///< v3 only
  std::optional<ChecksumForm> checksum;  ///< which form it was; v3 over IPv4 only
  int hop_limit = 0;                     ///< or TTL
};

/// Checks in keepalived's order, so that a packet with a single fault raises the same counter: length, TTL,
/// version, trailer, authentication, v2 interval, type, IP length, v3 interval, checksum, destination, owner,
/// own packet, address list.
[[nodiscard]] std::variant<Received, Dropped> decode(const Packet& packet, const Expectation& expected);

}  // namespace hald::vrrp
