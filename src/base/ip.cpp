// SPDX-License-Identifier: Apache-2.0
#include "base/ip.h"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>
#include <cstring>

#include <fmt/format.h>

namespace hald {

std::string_view to_string(Family family) {
  return family == Family::IPv4 ? "IPv4" : "IPv6";
}

int to_af(Family family) {
  return family == Family::IPv4 ? AF_INET : AF_INET6;
}

Result<Address> Address::from_bytes(Family family, std::span<const std::uint8_t> bytes) {
  const std::size_t size = family == Family::IPv4 ? 4 : 16;
  if (bytes.size() < size) return protocol_error(fmt::format("read an address from {} octets", bytes.size()));
  Address out;
  out.family_ = family;
  std::copy_n(bytes.begin(), size, out.bytes_.begin());
  return out;
}

Result<Address> Address::parse(std::string_view text) {
  std::array<char, INET6_ADDRSTRLEN> buffer{};
  if (!text.empty() && text.size() < buffer.size()) {
    std::copy(text.begin(), text.end(), buffer.begin());
    Address out;
    if (inet_pton(AF_INET, buffer.data(), out.bytes_.data()) == 1) return out;
    out.family_ = Family::IPv6;
    if (inet_pton(AF_INET6, buffer.data(), out.bytes_.data()) == 1) return out;
  }
  return Error{std::make_error_code(std::errc::invalid_argument),
               fmt::format("read '{}' as an address", text)};
}

bool Address::is_unspecified() const {
  return std::all_of(bytes().begin(), bytes().end(), [](std::uint8_t byte) { return byte == 0; });
}

bool Address::is_multicast() const {
  return is_v4() ? (bytes_[0] & 0xf0U) == 0xe0U : bytes_[0] == 0xff;
}

bool Address::is_link_local() const {
  if (is_v4()) return bytes_[0] == 169 && bytes_[1] == 254;
  return bytes_[0] == 0xfe && (bytes_[1] & 0xc0U) == 0x80U;
}

bool Address::is_loopback() const {
  static constexpr std::array<std::uint8_t, 16> kLoopback{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};
  return is_v4() ? bytes_[0] == 127 : bytes_ == kLoopback;
}

std::string Address::to_string() const {
  std::array<char, INET6_ADDRSTRLEN> buffer{};
  inet_ntop(to_af(family_), bytes_.data(), buffer.data(), buffer.size());
  return buffer.data();
}

Result<Prefix> Prefix::parse(std::string_view text) {
  const auto slash = text.find('/');
  auto address = Address::parse(text.substr(0, slash));
  if (!address) return address.error();
  const unsigned bits = address->is_v4() ? 32 : 128;
  unsigned length = bits;
  if (slash != std::string_view::npos) {
    const auto digits = text.substr(slash + 1);
    const auto* end = digits.data() + digits.size();
    const auto [stop, failure] = std::from_chars(digits.data(), end, length);
    if (failure != std::errc{} || stop != end || digits.empty() || length > bits) {
      return Error{std::make_error_code(std::errc::invalid_argument),
                   fmt::format("read '{}' as a prefix length of 0 to {}", digits, bits)};
    }
  }
  return Prefix{*address, static_cast<std::uint8_t>(length)};
}

bool Prefix::contains(const Address& other) const {
  if (other.family() != address.family()) return false;
  const auto mine = address.bytes();
  const auto theirs = other.bytes();
  const std::size_t whole = length / 8U;
  if (!std::equal(mine.begin(), mine.begin() + static_cast<std::ptrdiff_t>(whole), theirs.begin()))
    return false;
  if (length % 8U == 0) return true;
  const auto mask = static_cast<std::uint8_t>(0xffU << (8U - length % 8U));
  return (mine[whole] & mask) == (theirs[whole] & mask);
}

std::string Prefix::to_string() const {
  return fmt::format("{}/{}", address.to_string(), length);
}

std::string Endpoint::to_string() const {
  if (address.is_v4()) return fmt::format("{}:{}", address.to_string(), port);
  return fmt::format("[{}]:{}", address.to_string(), port);
}

std::string MacAddress::to_string() const {
  return fmt::format("{:02x}:{:02x}:{:02x}:{:02x}:{:02x}:{:02x}", bytes[0], bytes[1], bytes[2], bytes[3],
                     bytes[4], bytes[5]);
}

std::size_t hash_mix(std::size_t seed, std::size_t value) {
  // 64-bit finaliser of the splitmix family: cheap, and close keys land far apart.
  std::uint64_t mixed = seed ^ (value + 0x9e3779b97f4a7c15ULL + (seed << 6U) + (seed >> 2U));
  mixed = (mixed ^ (mixed >> 30U)) * 0xbf58476d1ce4e5b9ULL;
  return static_cast<std::size_t>(mixed ^ (mixed >> 27U));
}

}  // namespace hald

std::size_t std::hash<hald::Address>::operator()(const hald::Address& address) const noexcept {
  std::array<std::uint64_t, 2> words{};
  std::memcpy(words.data(), address.bytes().data(), address.bytes().size());
  return hald::hash_mix(hald::hash_mix(static_cast<std::size_t>(address.family()), words[0]), words[1]);
}

std::size_t std::hash<hald::Endpoint>::operator()(const hald::Endpoint& endpoint) const noexcept {
  return hald::hash_mix(std::hash<hald::Address>{}(endpoint.address), endpoint.port);
}
