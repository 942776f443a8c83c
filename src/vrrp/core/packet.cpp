// SPDX-License-Identifier: Apache-2.0
// See packet.h. The layout of both versions: type and VRID, priority, count, then (v2) authentication type
// and seconds or (v3) centiseconds, checksum, addresses, and in v2 always eight octets of authentication.
#include "vrrp/core/packet.h"

#include <algorithm>
#include <chrono>

#include <fmt/format.h>

#include "base/bytes.h"
#include "vrrp/core/auth_ah.h"
#include "vrrp/core/auth_hmac.h"
#include "vrrp/core/checksum.h"

namespace hald::vrrp {
namespace {

constexpr std::uint8_t type_advertisement = 1;
constexpr std::size_t header_size = 8;
constexpr std::size_t auth_size = 8;
constexpr std::size_t checksum_offset = 6;
constexpr std::size_t ipv4_header_size = 20;
/// The payload of the shortest Ethernet frame.
constexpr std::size_t shortest_payload = 46;
constexpr std::uint8_t tos_network_control = 0xc0;

using Centiseconds = std::chrono::duration<std::int64_t, std::centi>;

std::uint8_t on_the_wire(config::AuthType type) {
  switch (type) {
    case config::AuthType::None: return 0;
    case config::AuthType::Pass: return 1;
    case config::AuthType::Ah: return 2;
  }
  return 0;
}

std::size_t address_size(Family family) {
  return family == Family::IPv4 ? 4 : 16;
}

/// The message's checksum as it stands in the message: 0 if it is right.
std::uint16_t checksum_of(std::span<const std::uint8_t> message, ChecksumForm form, const Address& source,
                          const Address& destination) {
  InternetChecksum sum;
  if (form != ChecksumForm::Message) {
    sum.add(source.bytes()).add(destination.bytes());
    sum.add(protocol_number).add(static_cast<std::uint32_t>(message.size()));
  }
  return sum.add(message).value();
}

/// The form that a version and a family prescribe; only version 3 over IPv4 leaves a choice.
ChecksumForm form_for(std::uint8_t version, Family family, ChecksumForm chosen) {
  if (family == Family::IPv6) return ChecksumForm::Pseudo;
  return version == 2 ? ChecksumForm::Message : chosen;
}

/// One packet, taken apart as far as its lengths allow.
struct Parts {
  Address source;
  Address destination;
  int hop_limit = 0;
  std::size_t packet_size = 0;   // as delivered
  std::size_t header = 0;        // octets before the message
  std::size_t total_length = 0;  // what the IP header says; as delivered for IPv6
  std::span<const std::uint8_t> message;
  std::span<const std::uint8_t> trailer;

  std::uint8_t version_and_type = 0;
  std::uint8_t vrid = 0;
  std::uint8_t priority = 0;
  std::uint8_t count = 0;
  std::uint16_t auth_or_interval = 0;

  [[nodiscard]] std::uint8_t version() const { return static_cast<std::uint8_t>(version_and_type >> 4U); }
  [[nodiscard]] std::uint8_t type() const { return version_and_type & 0x0fU; }
  [[nodiscard]] std::uint8_t auth_type() const { return static_cast<std::uint8_t>(auth_or_interval >> 8U); }
  [[nodiscard]] Duration interval() const {
    if (version() == 2) return std::chrono::seconds(auth_or_interval & 0xffU);
    return Centiseconds(auth_or_interval & 0x0fffU);  // the upper bits are reserved and ignored
  }
};

/// Splits off the IP header; false if there is none worth the name.
bool split(const Packet& packet, Parts& parts) {
  parts.packet_size = packet.bytes.size();
  if (packet.family == Family::IPv6) {
    parts.source = packet.source;
    parts.destination = packet.destination;
    parts.hop_limit = packet.hop_limit;
    parts.total_length = packet.bytes.size();
    parts.message = packet.bytes;
    return true;
  }
  Reader reader(packet.bytes);
  const std::uint8_t version_and_length = reader.u8();
  reader.take(1);
  parts.total_length = reader.u16();
  reader.take(4);
  parts.hop_limit = reader.u8();
  reader.take(3);
  parts.source = Address::v4(reader.u32());
  parts.destination = Address::v4(reader.u32());
  parts.header = static_cast<std::size_t>(version_and_length & 0x0fU) * 4;
  if (!reader.ok() || version_and_length >> 4U != 4 || parts.header < ipv4_header_size) return false;
  if (packet.bytes.size() < parts.header) return false;
  parts.message = packet.bytes.subspan(parts.header);
  return true;
}

/// Octets beyond the message are accepted only as what pads an Ethernet frame to 60 octets, less 4 for each
/// VLAN tag that was stripped. compat: keepalived tolerates exactly this.
bool is_ethernet_padding(std::size_t packet_size) {
  return packet_size <= shortest_payload && (shortest_payload - packet_size) % 4 == 0;
}

/// Reads the fixed fields and cuts `message` to what the count of addresses says. How long a packet of
/// another version has to be is not ours to judge: it will be dropped for its version, the more telling
/// reason.
bool read_header(Family family, const Expectation& expected, Parts& parts) {
  Reader reader(parts.message);
  parts.version_and_type = reader.u8();
  parts.vrid = reader.u8();
  parts.priority = reader.u8();
  parts.count = reader.u8();
  parts.auth_or_interval = reader.u16();
  reader.take(2);
  if (!reader.ok()) return false;
  if (parts.version() != expected.version) return true;
  const std::size_t needed =
      header_size + parts.count * address_size(family) + (parts.version() == 2 ? auth_size : 0);
  if (parts.message.size() < needed) return false;
  if (expected.check_trailer && parts.message.size() == needed + hmac_trailer_size) {
    parts.trailer = parts.message.subspan(needed);
  } else if (parts.message.size() > needed && !is_ethernet_padding(parts.packet_size)) {
    return false;
  }
  parts.message = parts.message.first(needed);
  return true;
}

bool equal_in_constant_time(std::span<const std::uint8_t> a, const AuthData& b) {
  if (a.size() != b.size()) return false;
  std::uint8_t difference = 0;
  for (std::size_t i = 0; i < b.size(); ++i) difference |= static_cast<std::uint8_t>(a[i] ^ b[i]);
  return difference == 0;
}

std::string unlike(std::uint64_t received, std::uint64_t expected) {
  return fmt::format("received {}, expected {}", received, expected);
}

double seconds(Duration duration) {
  return std::chrono::duration<double>(duration).count();
}

/// The checks of version 2 alone: authentication, then the interval.
std::optional<Dropped> check_v2(const Parts& parts, const Expectation& expected) {
  const std::uint8_t wanted = on_the_wire(expected.auth_type);
  if (parts.auth_type() != wanted) {
    return Dropped{Drop::AuthType, parts.source, unlike(parts.auth_type(), wanted)};
  }
  if (expected.auth_type == config::AuthType::Pass &&
      !equal_in_constant_time(parts.message.last(auth_size), expected.auth)) {
    return Dropped{Drop::AuthFailure, parts.source, "the password is not ours"};
  }
  if (parts.interval() != expected.interval) {
    return Dropped{
        Drop::Interval, parts.source,
        fmt::format("received {} s, expected {} s", seconds(parts.interval()), seconds(expected.interval))};
  }
  return std::nullopt;
}

std::optional<ChecksumForm> find_checksum_form(const Parts& parts, Family family,
                                               const std::optional<Address>& old_destination) {
  const auto fits = [&](ChecksumForm form, const Address& destination) {
    return checksum_of(parts.message, form, parts.source, destination) == 0;
  };
  const ChecksumForm first = form_for(parts.version(), family, ChecksumForm::Pseudo);
  if (fits(first, parts.destination)) return first;
  if (parts.version() != 3 || family != Family::IPv4) return std::nullopt;
  if (fits(ChecksumForm::Message, parts.destination)) return ChecksumForm::Message;
  if (old_destination && fits(ChecksumForm::OldUnicast, *old_destination)) return ChecksumForm::OldUnicast;
  return std::nullopt;
}

std::optional<Dropped> check_fields(const Parts& parts, const Expectation& expected) {
  if (parts.vrid != expected.vrid) {
    return Dropped{Drop::Vrid, parts.source, unlike(parts.vrid, expected.vrid)};
  }
  if (!expected.unicast && parts.hop_limit != multicast_ttl) {
    return Dropped{Drop::Ttl, parts.source,
                   unlike(static_cast<std::uint64_t>(std::max(parts.hop_limit, 0)), multicast_ttl)};
  }
  if (parts.version() != expected.version) {
    return Dropped{Drop::Version, parts.source, unlike(parts.version(), expected.version)};
  }
  if (expected.check_trailer) {
    const Trailer trailer{parts.source, parts.message, parts.trailer};
    if (auto dropped = expected.check_trailer(trailer)) return dropped;
  }
  if (parts.version() == 2) {
    if (auto dropped = check_v2(parts, expected)) return dropped;
  }
  if (parts.type() != type_advertisement) {
    return Dropped{Drop::Type, parts.source, unlike(parts.type(), type_advertisement)};
  }
  const std::size_t length = parts.header + parts.message.size() + parts.trailer.size();
  if (parts.header > 0 && parts.total_length != length) {
    return Dropped{
        Drop::Length, parts.source,
        fmt::format("the IP header says {} octets, the message makes {}", parts.total_length, length)};
  }
  if (parts.interval() == Duration::zero()) {
    return Dropped{Drop::Interval, parts.source, "an interval of 0"};
  }
  return std::nullopt;
}

std::optional<Dropped> check_origin(const Parts& parts, const Expectation& expected) {
  if (parts.destination.is_multicast() == expected.unicast) {
    return Dropped{Drop::Destination, parts.source, fmt::format("sent to {}", parts.destination.to_string())};
  }
  if (expected.owner_ignores) return Dropped{Drop::OwnerIgnores, parts.source, {}};
  if (expected.own_address == parts.source) {
    return Dropped{Drop::OwnPacket, parts.source, "it carries our own address"};
  }
  if (parts.count == 0 && !expected.allow_empty_list) {
    return Dropped{Drop::EmptyList, parts.source, "it lists no address"};
  }
  return std::nullopt;
}

std::vector<Address> read_addresses(const Parts& parts, Family family) {
  std::vector<Address> out;
  out.reserve(parts.count);
  Reader reader(parts.message.subspan(header_size));
  for (unsigned i = 0; i < parts.count; ++i) {
    if (auto address = Address::from_bytes(family, reader.take(address_size(family))))
      out.push_back(*address);
  }
  return out;
}

bool same_set(std::vector<Address> a, std::span<const Address> b) {
  if (a.size() != b.size()) return false;
  if (std::equal(a.begin(), a.end(), b.begin())) return true;
  std::vector<Address> other(b.begin(), b.end());
  std::sort(a.begin(), a.end());
  std::sort(other.begin(), other.end());
  return a == other;
}

Received accept(const Parts& parts, Family family, ChecksumForm form, const Expectation& expected) {
  Received out;
  out.advert.version = parts.version();
  out.advert.vrid = parts.vrid;
  out.advert.priority = parts.priority;
  out.advert.interval = parts.interval();
  out.advert.addresses = read_addresses(parts, family);
  out.source = parts.source;
  out.list_differs = !same_set(out.advert.addresses, expected.addresses);
  out.interval_differs = parts.interval() != expected.interval;
  if (parts.version() == 3 && family == Family::IPv4) out.checksum = form;
  out.hop_limit = parts.hop_limit;
  return out;
}

}  // namespace

AuthData auth_data(std::string_view password) {
  AuthData out{};
  std::copy_n(password.begin(), std::min(password.size(), out.size()), out.begin());
  return out;
}

Address multicast_group(Family family) {
  if (family == Family::IPv4) return Address::v4(0xe0000012U);
  return Address::v6({0xff, 0x02, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x12});
}

std::vector<std::uint8_t> encode(const Advert& advert, const Sealing& sealing) {
  const auto count = static_cast<std::uint8_t>(std::min<std::size_t>(advert.addresses.size(), 255));
  Writer out;
  out.u8(static_cast<std::uint8_t>(advert.version << 4U | type_advertisement));
  out.u8(advert.vrid);
  out.u8(advert.priority);
  out.u8(count);
  if (advert.version == 2) {
    out.u8(on_the_wire(sealing.auth_type));
    out.u8(static_cast<std::uint8_t>(std::chrono::floor<std::chrono::seconds>(advert.interval).count()));
  } else {
    out.u16(static_cast<std::uint16_t>(std::chrono::floor<Centiseconds>(advert.interval).count() & 0x0fff));
  }
  out.u16(0);
  for (std::size_t i = 0; i < count; ++i) out.append(advert.addresses[i].bytes());
  if (advert.version == 2)
    out.append(sealing.auth_type == config::AuthType::Pass ? sealing.auth : AuthData{});
  const ChecksumForm form = form_for(advert.version, sealing.source.family(), sealing.checksum);
  out.patch_u16(checksum_offset, checksum_of(out.view(), form, sealing.source, sealing.destination));
  return std::move(out).finish();
}

std::vector<std::uint8_t> ipv4_datagram(std::span<const std::uint8_t> message, Address source,
                                        Address destination, std::uint16_t identification, std::uint8_t ttl) {
  constexpr std::size_t header_checksum_offset = 10;
  Writer out;
  out.u8(0x45);
  out.u8(tos_network_control);
  out.u16(static_cast<std::uint16_t>(ipv4_header_size + message.size()));
  out.u16(identification);
  out.u16(0);
  out.u8(ttl);
  out.u8(protocol_number);
  out.u16(0);
  out.append(source.bytes());
  out.append(destination.bytes());
  out.patch_u16(header_checksum_offset, InternetChecksum().add(out.view()).value());
  out.append(message);
  return std::move(out).finish();
}

std::optional<Envelope> peek(const Packet& packet) {
  Parts parts;
  if (!split(packet, parts)) return std::nullopt;
  Reader reader(parts.message);
  if (packet.ah) reader.take(ah_size);
  reader.take(1);
  const std::uint8_t vrid = reader.u8();
  if (!reader.ok()) return std::nullopt;
  return Envelope{vrid, parts.source, parts.destination};
}

std::variant<Received, Dropped> decode(const Packet& packet, const Expectation& expected) {
  Parts parts;
  if (!split(packet, parts)) return Dropped{Drop::Length, std::nullopt, "no complete IP header"};
  if (!read_header(packet.family, expected, parts)) {
    return Dropped{Drop::Length, parts.source,
                   fmt::format("{} octets do not hold what the header announces", packet.bytes.size())};
  }
  if (auto dropped = check_fields(parts, expected)) return std::move(*dropped);
  const auto form = find_checksum_form(parts, packet.family, expected.old_destination);
  if (!form) return Dropped{Drop::Checksum, parts.source, {}};
  if (auto dropped = check_origin(parts, expected)) return std::move(*dropped);
  return accept(parts, packet.family, *form, expected);
}

std::string_view to_string(Drop drop) {
  switch (drop) {
    case Drop::Length: return "wrong length";
    case Drop::Ttl: return "wrong TTL or hop limit";
    case Drop::Version: return "wrong version";
    case Drop::AuthType: return "wrong authentication type";
    case Drop::AuthFailure: return "wrong password";
    case Drop::Interval: return "advertisement interval mismatch";
    case Drop::Type: return "not an advertisement";
    case Drop::Checksum: return "wrong checksum";
    case Drop::EmptyList: return "empty address list";
    case Drop::OwnPacket: return "our own packet";
    case Drop::Destination: return "unexpected kind of destination";
    case Drop::OwnerIgnores: return "we are the address owner";
    case Drop::UnknownPeer: return "the sender is not a unicast peer";
    case Drop::Vrid: return "another virtual router";
  }
  return "unknown";
}

}  // namespace hald::vrrp
