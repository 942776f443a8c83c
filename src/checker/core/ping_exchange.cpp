// SPDX-License-Identifier: Apache-2.0
#include "checker/core/ping_exchange.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "base/bytes.h"

namespace hald::checker {
namespace {

constexpr std::string_view kContent = "hald checks whether you are here";

struct Types {
  std::uint8_t request;
  std::uint8_t reply;
};
constexpr Types kV4{8, 0};
constexpr Types kV6{128, 129};

const Types& types_of(Family family) {
  return family == Family::IPv4 ? kV4 : kV6;
}

/// Of RFC 1071.
std::uint16_t checksum(std::span<const std::uint8_t> bytes) {
  std::uint32_t sum = 0;
  for (std::size_t i = 0; i < bytes.size(); ++i)
    sum += i % 2 == 0 ? std::uint32_t{bytes[i]} << 8U : std::uint32_t{bytes[i]};
  while (sum > 0xffffU) sum = (sum & 0xffffU) + (sum >> 16U);
  return static_cast<std::uint16_t>(~sum);
}

/// A raw socket of IPv4 gives the header of IP, too.
std::span<const std::uint8_t> message_in(Family family, std::span<const std::uint8_t> bytes) {
  if (family != Family::IPv4 || bytes.empty()) return bytes;
  const std::size_t words = bytes[0] & 0xfU;
  return bytes.subspan(std::min(bytes.size(), 4 * words));
}

}  // namespace

std::vector<std::uint8_t> PingExchange::request() const {
  constexpr std::size_t kChecksumAt = 2;
  Writer out;
  out.u8(types_of(family_).request);
  out.zeroes(3);
  out.u32(tag_);  // identifier and sequence
  for (const char byte : kContent) out.u8(static_cast<std::uint8_t>(byte));
  // The kernel fills in that of IPv6, which covers addresses.
  if (family_ == Family::IPv4) out.patch_u16(kChecksumAt, checksum(out.view()));
  return std::move(out).finish();
}

std::optional<Outcome> PingExchange::received(Bytes bytes) {
  Reader in(message_in(family_, bytes));
  const auto type = in.u8();
  (void)in.take(3);
  const auto tag = in.u32();
  const auto content = in.take(kContent.size());
  if (!in.ok() || type != types_of(family_).reply || tag != tag_) return {};
  const bool same =
      std::equal(content.begin(), content.end(), kContent.begin(), kContent.end(),
                 [](std::uint8_t left, char right) { return left == static_cast<std::uint8_t>(right); });
  if (!same) return {};
  return Outcome{Layer::Network, Kind::Passed, {}, "answered"};
}

}  // namespace hald::checker
