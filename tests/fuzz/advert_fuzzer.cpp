// SPDX-License-Identifier: Apache-2.0
// Any octets as a VRRP packet, against an instance of either version and family, with and without a password.
// The first octet chooses the instance; the rest is what the socket delivers. What is accepted must encode to
// a packet that is accepted with the same contents.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>

#include "vrrp/core/packet.h"

namespace {

using namespace hald;
using namespace hald::vrrp;

Expectation some_instance(std::uint8_t choice, std::uint8_t vrid) {
  Expectation out;
  out.version = (choice & 1U) != 0 ? 3 : 2;
  out.vrid = vrid;
  out.interval = std::chrono::seconds(1);
  out.auth_type = (choice & 2U) != 0 ? config::AuthType::Pass : config::AuthType::None;
  out.auth = auth_data("1111");
  out.allow_empty_list = (choice & 8U) != 0;
  return out;
}

void check_round_trip(const Received& received, const Packet& packet, const Expectation& expected) {
  const Sealing sealing{received.source, multicast_group(packet.family),
                        received.checksum.value_or(ChecksumForm::Pseudo), expected.auth_type, expected.auth};
  auto bytes = encode(received.advert, sealing);
  if (packet.family == Family::IPv4) bytes = ipv4_datagram(bytes, sealing.source, sealing.destination, 1);
  const Packet again{packet.family, bytes, sealing.source, sealing.destination, multicast_ttl, false};
  const auto decoded = decode(again, expected);
  const auto* same = std::get_if<Received>(&decoded);
  if (same == nullptr || !(same->advert == received.advert) || same->source != received.source) std::abort();
}

}  // namespace

// NOLINTNEXTLINE(readability-identifier-naming): the name is libFuzzer's
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  Packet packet;
  packet.family = (data[0] & 4U) != 0 ? Family::IPv6 : Family::IPv4;
  packet.bytes = std::span(data, size).subspan(1);
  packet.destination = multicast_group(packet.family);
  packet.source = Address::v6({0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xc8});
  const auto envelope = peek(packet);
  const Expectation expected = some_instance(data[0], envelope ? envelope->vrid : std::uint8_t{10});
  const auto decoded = decode(packet, expected);
  if (const auto* received = std::get_if<Received>(&decoded)) {
    if (!envelope) std::abort();
    check_round_trip(*received, packet, expected);
  } else if (to_string(std::get<Dropped>(decoded).why).empty()) {
    std::abort();
  }
  return 0;
}
