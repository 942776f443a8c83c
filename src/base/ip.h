// SPDX-License-Identifier: Apache-2.0
// Addresses as values: Address (IPv4 or IPv6), Prefix, Endpoint, MacAddress. They compare, order, hash,
// parse and print; nothing here touches a socket or a resolver. Bytes are in network order throughout, so
// comparing two addresses of one family compares them as unsigned big-endian numbers (the tie-break of
// RFC 9568 6.4.3).
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>

#include "base/result.h"

namespace hald {

enum class Family : std::uint8_t { IPv4 = 4, IPv6 = 6 };

/// "IPv4" or "IPv6".
[[nodiscard]] std::string_view to_string(Family family);
/// AF_INET or AF_INET6.
[[nodiscard]] int to_af(Family family);

class Address {
 public:
  /// 0.0.0.0
  constexpr Address() = default;
  /// From a number in host order: v4(0x0a000003) is 10.0.0.3.
  [[nodiscard]] static constexpr Address v4(std::uint32_t value) {
    Address out;
    for (unsigned i = 0; i < 4; ++i) out.bytes_[i] = static_cast<std::uint8_t>(value >> (24U - 8U * i));
    return out;
  }
  [[nodiscard]] static constexpr Address v6(const std::array<std::uint8_t, 16>& bytes) {
    Address out;
    out.family_ = Family::IPv6;
    out.bytes_ = bytes;
    return out;
  }
  /// From 4 or 16 octets in network order (further octets are ignored); nothing if there are too few.
  [[nodiscard]] static Result<Address> from_bytes(Family family, std::span<const std::uint8_t> bytes);
  /// Numeric text only; no names, no zone.
  [[nodiscard]] static Result<Address> parse(std::string_view text);

  [[nodiscard]] constexpr Family family() const { return family_; }
  [[nodiscard]] constexpr bool is_v4() const { return family_ == Family::IPv4; }
  /// 4 or 16 octets in network order.
  [[nodiscard]] std::span<const std::uint8_t> bytes() const { return {bytes_.data(), is_v4() ? 4U : 16U}; }
  /// The IPv4 address as a number in host order; meaningless for IPv6.
  [[nodiscard]] constexpr std::uint32_t v4_value() const {
    return static_cast<std::uint32_t>(bytes_[0]) << 24U | static_cast<std::uint32_t>(bytes_[1]) << 16U |
           static_cast<std::uint32_t>(bytes_[2]) << 8U | bytes_[3];
  }
  [[nodiscard]] bool is_unspecified() const;
  [[nodiscard]] bool is_multicast() const;
  [[nodiscard]] bool is_link_local() const;
  [[nodiscard]] bool is_loopback() const;
  [[nodiscard]] std::string to_string() const;

  friend constexpr auto operator<=>(const Address&, const Address&) = default;

 private:
  Family family_ = Family::IPv4;
  std::array<std::uint8_t, 16> bytes_{};
};

struct Prefix {
  Address address;  ///< the address itself, host bits kept: 10.0.0.3/24 stays 10.0.0.3
  std::uint8_t length = 32;

  /// "10.0.0.3/24" or "10.0.0.3" (then /32, /128).
  [[nodiscard]] static Result<Prefix> parse(std::string_view text);
  [[nodiscard]] bool contains(const Address& other) const;
  [[nodiscard]] std::string to_string() const;
  friend constexpr auto operator<=>(const Prefix&, const Prefix&) = default;
};

struct Endpoint {
  Address address;
  std::uint16_t port = 0;

  /// "10.0.0.7:80" or "[2001:db8::7]:80".
  [[nodiscard]] std::string to_string() const;
  friend constexpr auto operator<=>(const Endpoint&, const Endpoint&) = default;
};

struct MacAddress {
  std::array<std::uint8_t, 6> bytes{};

  [[nodiscard]] static constexpr MacAddress broadcast() {
    return MacAddress{{0xff, 0xff, 0xff, 0xff, 0xff, 0xff}};
  }
  [[nodiscard]] std::string to_string() const;
  friend constexpr auto operator<=>(const MacAddress&, const MacAddress&) = default;
};

/// Mixes a value into a running hash; good enough for tables keyed by what the operator writes.
[[nodiscard]] std::size_t hash_mix(std::size_t seed, std::size_t value);

}  // namespace hald

template <>
struct std::hash<hald::Address> {
  std::size_t operator()(const hald::Address& address) const noexcept;
};
template <>
struct std::hash<hald::Endpoint> {
  std::size_t operator()(const hald::Endpoint& endpoint) const noexcept;
};
