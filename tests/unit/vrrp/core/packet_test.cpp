// SPDX-License-Identifier: Apache-2.0
#include "vrrp/core/packet.h"

#include <gtest/gtest.h>

#include "wire.h"

namespace hald::vrrp {
namespace {

using namespace std::chrono_literals;
using testing::Bytes;
using testing::hex;

Address ip(const char* text) {
  return Address::parse(text).value();
}

struct Vector {
  const char* name;
  Advert advert;
  const char* source;
  ChecksumForm form;
  const char* message;
};

const std::vector<Address> two_v4 = {ip("192.0.2.1"), ip("192.0.2.2")};

/// Computed by hand and equal to scapy's.
std::vector<Vector> golden_vectors() {
  return {
      {"v2", Advert{2, 10, 100, 1s, two_v4}, "192.0.2.251", ChecksumForm::Pseudo,
       "210a64020001f6ed c0000201 c0000202 0000000000000000"},
      {"v3 with pseudo-header", Advert{3, 10, 100, 1s, two_v4}, "192.0.2.251", ChecksumForm::Pseudo,
       "310a6402006442fc c0000201 c0000202"},
      {"v3 message only", Advert{3, 10, 100, 1s, two_v4}, "192.0.2.251", ChecksumForm::Message,
       "310a64020064e68a c0000201 c0000202"},
      {"priority 0, longest interval", Advert{3, 10, 0, 40950ms, {ip("192.0.2.1")}}, "192.0.2.251",
       ChecksumForm::Pseudo, "310a00010fff5969 c0000201"},
      {"the same, message only", Advert{3, 10, 0, 40950ms, {ip("192.0.2.1")}}, "192.0.2.251",
       ChecksumForm::Message, "310a00010ffffcf3 c0000201"},
      {"IPv6", Advert{3, 10, 100, 1s, {ip("fe80::1"), ip("2001:db8::1")}}, "fe80::c8", ChecksumForm::Pseudo,
       "310a640200643f5d fe800000000000000000000000000001 20010db8000000000000000000000001"},
  };
}

Sealing sealing_of(const Vector& vector) {
  Sealing out;
  out.source = ip(vector.source);
  out.destination = multicast_group(out.source.family());
  out.checksum = vector.form;
  return out;
}

/// What a raw socket delivers for a message.
struct OnTheWire {
  Bytes bytes;
  Packet packet;
};
OnTheWire on_the_wire(Bytes message, const Sealing& sealing) {
  OnTheWire out;
  out.packet.family = sealing.source.family();
  out.bytes = out.packet.family == Family::IPv4
                  ? ipv4_datagram(message, sealing.source, sealing.destination, 1)
                  : std::move(message);
  out.packet.bytes = out.bytes;
  out.packet.source = sealing.source;
  out.packet.destination = sealing.destination;
  return out;
}

Expectation expecting(const Advert& advert) {
  Expectation out;
  out.version = advert.version;
  out.vrid = advert.vrid;
  out.interval = advert.interval;
  out.addresses = advert.addresses;
  return out;
}

TEST(Packet, EncodesTheGoldenVectors) {
  for (const auto& vector : golden_vectors()) {
    SCOPED_TRACE(vector.name);
    EXPECT_EQ(encode(vector.advert, sealing_of(vector)), hex(vector.message));
  }
}

TEST(Packet, DecodesTheGoldenVectors) {
  for (const auto& vector : golden_vectors()) {
    SCOPED_TRACE(vector.name);
    const auto wire = on_the_wire(hex(vector.message), sealing_of(vector));
    const auto decoded = decode(wire.packet, expecting(vector.advert));
    ASSERT_TRUE(std::holds_alternative<Received>(decoded)) << to_string(std::get<Dropped>(decoded).why);
    const auto& received = std::get<Received>(decoded);
    EXPECT_EQ(received.advert, vector.advert);
    EXPECT_EQ(received.source, ip(vector.source));
    EXPECT_FALSE(received.list_differs);
    EXPECT_FALSE(received.interval_differs);
    const bool has_forms = vector.advert.version == 3 && received.source.is_v4();
    EXPECT_EQ(received.checksum, has_forms ? std::optional(vector.form) : std::nullopt);
  }
}

TEST(Packet, TheIpHeaderIsThatOfAnAdvert) {
  const Bytes message = hex("2133640100 01 70c7 0a000003 0000000000000000");
  EXPECT_EQ(ipv4_datagram(message, ip("10.0.0.5"), ip("224.0.0.18"), 1),
            hex("45c0002800010000ff70d08d0a000005e0000012 2133640100 01 70c7 0a000003 0000000000000000"));
}

TEST(Packet, PasswordsAreZeroPaddedAndCut) {
  EXPECT_EQ(auth_data("1111"), (AuthData{'1', '1', '1', '1', 0, 0, 0, 0}));
  EXPECT_EQ(auth_data("abcdefghij"), (AuthData{'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'}));
  EXPECT_EQ(auth_data(""), AuthData{});
}

TEST(Packet, IntervalsAreCutToTheUnitOfTheWire) {
  Sealing sealing;
  sealing.source = ip("192.0.2.251");
  sealing.destination = multicast_group(Family::IPv4);
  EXPECT_EQ(encode(Advert{3, 1, 1, 10ms, {}}, sealing)[5], 1);
  EXPECT_EQ(encode(Advert{3, 1, 1, 19ms, {}}, sealing)[5], 1);
  EXPECT_EQ(encode(Advert{2, 1, 1, 255s, {}}, sealing)[5], 255);
}

TEST(Packet, NoMoreAddressesAreSentThanCanBeCounted) {
  Sealing sealing;
  sealing.source = ip("192.0.2.251");
  sealing.destination = multicast_group(Family::IPv4);
  const Bytes message = encode(Advert{3, 1, 1, 1s, std::vector<Address>(300)}, sealing);
  EXPECT_EQ(message[3], 255);
  EXPECT_EQ(message.size(), 8U + 255U * 4U);
}

/// Frames 0.. of a capture that are VRRP over IPv4, from the IP header on.
std::vector<Bytes> captured(const std::string& name) {
  std::vector<Bytes> out;
  for (const auto& frame : testing::read_capture(name)) {
    const bool vrrp = frame.size() > 34 && frame[12] == 8 && frame[13] == 0 && frame[23] == protocol_number;
    if (vrrp) out.emplace_back(frame.begin() + 14, frame.end());
  }
  return out;
}

struct Capture {
  const char* name;
  std::uint8_t version;
  config::AuthType auth;
  std::vector<Address> addresses;
};

class CapturedFromKeepalived : public ::testing::TestWithParam<Capture> {};

TEST_P(CapturedFromKeepalived, DecodesAndEncodesToTheSameOctets) {
  const auto& capture = GetParam();
  const auto packets = captured(capture.name);
  ASSERT_FALSE(packets.empty());
  std::uint16_t identification = 0;
  for (const auto& bytes : packets) {
    const bool last = bytes == packets.back();
    const Advert expected{capture.version, 51, static_cast<std::uint8_t>(last ? 0 : 100), 1s,
                          capture.addresses};
    Expectation expectation = expecting(expected);
    expectation.auth_type = capture.auth;
    expectation.auth = auth_data("1111");
    const auto decoded = decode(Packet{Family::IPv4, bytes, {}, {}, 0, false}, expectation);
    ASSERT_TRUE(std::holds_alternative<Received>(decoded)) << to_string(std::get<Dropped>(decoded).why);
    EXPECT_EQ(std::get<Received>(decoded).advert, expected);
    Sealing sealing{ip("10.0.0.5"), ip("224.0.0.18"), ChecksumForm::Pseudo, capture.auth, auth_data("1111")};
    EXPECT_EQ(ipv4_datagram(encode(expected, sealing), sealing.source, sealing.destination, ++identification),
              bytes);
  }
}

INSTANTIATE_TEST_SUITE_P(
    Wire, CapturedFromKeepalived,
    ::testing::Values(Capture{"v2-none", 2, config::AuthType::None, {ip("10.0.0.3")}},
                      Capture{"v2-pass", 2, config::AuthType::Pass, {ip("10.0.0.3"), ip("10.0.0.4")}},
                      Capture{"v3-ipv4", 3, config::AuthType::None, {ip("10.0.0.3")}},
                      Capture{"v3-vmac", 3, config::AuthType::None, {ip("10.0.0.3")}}),
    [](const auto& its) {
      std::string name = its.param.name;
      name[2] = '_';
      return name;
    });

TEST(Packet, DecodesIpv6CapturedFromKeepalived) {
  const auto frames = testing::read_capture("v3-ipv6");
  constexpr std::size_t headers = 14 + 40;
  const Advert expected{3, 51, 100, 1s, {ip("fe80::3"), ip("fd00::3")}};
  const Bytes message(frames[0].begin() + headers, frames[0].end());
  Packet packet{Family::IPv6, message, ip("fe80::ff:fe00:5"), ip("ff02::12"), 255};
  const auto decoded = decode(packet, expecting(expected));
  ASSERT_TRUE(std::holds_alternative<Received>(decoded)) << to_string(std::get<Dropped>(decoded).why);
  EXPECT_EQ(std::get<Received>(decoded).advert, expected);
  EXPECT_EQ(encode(expected, Sealing{packet.source, packet.destination}), message);
}

TEST(Packet, AFirstIpv6AddressThatIsNotLinkLocalIsTakenAllTheSame) {
  const Advert foreign{3, 51, 100, 1s, {ip("2001:db8::3")}};
  const Sealing sealing{ip("fe80::6"), ip("ff02::12")};
  const Bytes message = encode(foreign, sealing);
  const auto decoded =
      decode(Packet{Family::IPv6, message, sealing.source, sealing.destination, 255}, expecting(foreign));
  ASSERT_TRUE(std::holds_alternative<Received>(decoded));
  EXPECT_EQ(std::get<Received>(decoded).advert, foreign);
}

// What makes a packet worth dropping, one fault at a time, is in ../bad_packets_test.cpp, through the real
// instance. Here: what must be tolerated, and reading at the edges.

Bytes plain_v3(unsigned addresses = 1) {
  const Sealing sealing{ip("192.0.2.251"), ip("224.0.0.18")};
  const Advert advert{3, 10, 100, 1s, std::vector<Address>(addresses, ip("192.0.2.1"))};
  return ipv4_datagram(encode(advert, sealing), sealing.source, sealing.destination, 1);
}

std::optional<Drop> verdict(const Bytes& bytes, const Expectation& expected) {
  const auto decoded = decode(Packet{Family::IPv4, bytes, {}, {}, 0, false}, expected);
  if (const auto* dropped = std::get_if<Dropped>(&decoded)) return dropped->why;
  return std::nullopt;
}

const Advert plain_advert{3, 10, 100, 1s, {ip("192.0.2.1")}};

TEST(Packet, IpOptionsAreSteppedOver) {
  for (std::uint8_t words = 6; words <= 15; ++words) {
    Bytes bytes = plain_v3();
    bytes.insert(bytes.begin() + 20, (words - 5U) * 4U, 1);  // "no operation"
    bytes[0] = static_cast<std::uint8_t>(0x40U | words);
    bytes[3] = static_cast<std::uint8_t>(bytes.size());
    EXPECT_EQ(verdict(bytes, expecting(plain_advert)), std::nullopt) << int{words};
  }
}

TEST(Packet, EthernetPaddingIsToleratedAndNothingElse) {
  const Bytes plain = plain_v3();
  ASSERT_EQ(plain.size(), 32U);
  for (std::size_t size = plain.size(); size < 80; ++size) {
    Bytes bytes = plain;
    bytes.resize(size);
    // 60 octets less the Ethernet header, less 4 for each VLAN tag that went.
    const bool padding = size == 32 || size == 34 || size == 38 || size == 42 || size == 46;
    EXPECT_EQ(verdict(bytes, expecting(plain_advert)), padding ? std::nullopt : std::optional(Drop::Length))
        << size;
  }
}

TEST(Packet, ReservedBitsAreIgnored) {
  Bytes bytes = plain_v3();
  bytes[24] |= 0xf0U;
  // Adding 0xf000 to the message takes as much from the checksum, with the end-around carry.
  const unsigned sum = (static_cast<unsigned>(bytes[26]) << 8U | bytes[27]);
  const unsigned fixed = sum >= 0xf000U ? sum - 0xf000U : sum - 0xf000U + 0xffffU;
  bytes[26] = static_cast<std::uint8_t>(fixed >> 8U);
  bytes[27] = static_cast<std::uint8_t>(fixed);
  EXPECT_EQ(verdict(bytes, expecting(plain_advert)), std::nullopt);
}

TEST(Packet, TheOrderOfAddressesDoesNotMatterButTheSetDoes) {
  const Sealing sealing{ip("192.0.2.251"), ip("224.0.0.18")};
  const Advert sent{3, 10, 100, 1s, {ip("192.0.2.2"), ip("192.0.2.1")}};
  const auto wire = on_the_wire(encode(sent, sealing), sealing);
  Expectation expected = expecting(sent);
  expected.addresses = two_v4;
  EXPECT_FALSE(std::get<Received>(decode(wire.packet, expected)).list_differs);
  const std::vector<Address> twice = {ip("192.0.2.2"), ip("192.0.2.2")};
  expected.addresses = twice;
  EXPECT_TRUE(std::get<Received>(decode(wire.packet, expected)).list_differs);
}

TEST(Packet, V3TakesAnotherInterval) {
  Expectation expected = expecting(plain_advert);
  expected.interval = 200ms;
  const Bytes bytes = plain_v3();
  const auto decoded = decode(Packet{Family::IPv4, bytes, {}, {}, 0, false}, expected);
  EXPECT_TRUE(std::get<Received>(decoded).interval_differs);
}

TEST(Packet, AnEmptyListIsTakenByAnInstanceWithoutAddresses) {
  Expectation expected = expecting(plain_advert);
  expected.addresses = {};
  EXPECT_EQ(verdict(plain_v3(0), expected), Drop::EmptyList);
  expected.allow_empty_list = true;
  EXPECT_EQ(verdict(plain_v3(0), expected), std::nullopt);
}

TEST(Packet, WhomItConcernsIsFoundBehindOptionsAndNotBeyondTheEnd) {
  Bytes bytes = plain_v3();
  const auto envelope = peek(Packet{Family::IPv4, bytes, {}, {}, 0, false});
  ASSERT_TRUE(envelope);
  EXPECT_EQ(envelope->vrid, 10);
  EXPECT_EQ(envelope->destination, multicast_group(Family::IPv4));
  EXPECT_FALSE(peek(Packet{Family::IPv4, bytes, {}, {}, 0, true}))
      << "too short for an authentication header";
  bytes.resize(21);
  EXPECT_FALSE(peek(Packet{Family::IPv4, bytes, {}, {}, 0, false}));
  EXPECT_FALSE(peek(Packet{}));
}

}  // namespace
}  // namespace hald::vrrp
