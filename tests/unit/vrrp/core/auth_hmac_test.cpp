// SPDX-License-Identifier: Apache-2.0
// Octets against captures of keepalived and against a vector of our own; every way a trailer can fail;
// replay, clocks that step, the change of keys.
#include "vrrp/core/auth_hmac.h"

#include <array>
#include <chrono>
#include <string>

#include <gtest/gtest.h>

#include "wire.h"

namespace hald::vrrp {
namespace {

using namespace std::chrono_literals;
using testing::Bytes;
using testing::hex;

const WallTime kNow{std::chrono::seconds(1'800'000'000)};

Address ip(const char* text) {
  return Address::parse(text).value();
}

HmacSettings settings_with(std::uint8_t active = 1) {
  HmacSettings out;
  for (const std::uint8_t id : std::array<std::uint8_t, 2>{1, 2}) out.keys.push_back({id, Bytes(32, id)});
  out.active_key = active;
  out.window = 5s;
  return out;
}

const HmacSubject kSubject{3, 51, ip("10.0.0.5")};
const Bytes kMessage = hex("31336401006475d00a000003");

HmacTrailer sealed(const HmacSettings& settings, HmacSequence sequence,
                   const HmacSubject& subject = kSubject) {
  return make_trailer(*settings.find(settings.active_key), subject, kMessage, sequence);
}

/// Messages with their trailers, from the IPv4 payload on.
std::vector<Bytes> captured(const std::string& name) {
  std::vector<Bytes> out;
  for (const auto& frame : testing::read_capture(name)) {
    const bool vrrp = frame.size() > 34 && frame[12] == 8 && frame[13] == 0 && frame[23] == 112;
    if (vrrp) out.emplace_back(frame.begin() + 34, frame.begin() + 14 + frame[16] * 256 + frame[17]);
  }
  return out;
}

void expect_same_octets(const std::string& capture, std::uint8_t version, const HmacKey& key) {
  const auto packets = captured(capture);
  ASSERT_FALSE(packets.empty());
  HmacSettings settings;
  settings.keys = {key};
  settings.window = 5s;
  HmacReceiver receiver;
  for (const Bytes& packet : packets) {
    ASSERT_GT(packet.size(), hmac_trailer_size);
    const auto message = std::span(packet).first(packet.size() - hmac_trailer_size);
    const std::span<const std::uint8_t, hmac_trailer_size> trailer{packet.data() + message.size(),
                                                                   hmac_trailer_size};
    HmacSequence sequence = 0;
    for (const std::uint8_t byte : trailer.subspan(4, 8)) sequence = sequence << 8U | byte;
    const HmacSubject subject{version, 51, ip("10.0.0.5")};
    const auto made = make_trailer(key, subject, message, sequence);
    EXPECT_EQ(Bytes(made.begin(), made.end()), Bytes(trailer.begin(), trailer.end()));
    const WallTime then{std::chrono::seconds(sequence >> 32U)};
    EXPECT_EQ(receiver.check(settings, subject, message, trailer, then), std::nullopt);
    EXPECT_EQ(receiver.check(settings, subject, message, trailer, then), HmacFault::Replayed);
  }
}

TEST(AuthHmac, Version3AsCaptured) {
  const std::string secret = "0123456789abcdef0123456789abcdef0123456789abcdef";
  expect_same_octets("v3-hmac", 3, {1, Bytes(secret.begin(), secret.end())});
}

TEST(AuthHmac, Version2OverUnicastAsCaptured) {
  expect_same_octets("v2-hmac-unicast", 2,
                     {2, hex("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f")});
}

TEST(AuthHmac, TheTrailerSaysKeyAndTime) {
  const auto settings = settings_with(2);
  const auto trailer = sealed(settings, sequence_at(kNow + 250ms) + 7);
  EXPECT_EQ(Bytes(trailer.begin(), trailer.begin() + 12), hex("01020000 6b49d200 4000 0007"));
}

TEST(AuthHmac, EveryOctetCounts) {
  const auto settings = settings_with();
  const auto trailer = sealed(settings, sequence_at(kNow));
  for (std::size_t at = 0; at < kMessage.size(); ++at) {
    if (at == 6 || at == 7) continue;  // the checksum, which is not authenticated
    Bytes forged = kMessage;
    forged[at] ^= 1U;
    EXPECT_EQ(HmacReceiver().check(settings, kSubject, forged, trailer, kNow), HmacFault::WrongHmac) << at;
  }
  for (std::size_t at = 0; at < trailer.size(); ++at) {
    HmacTrailer forged = trailer;
    forged[at] ^= 1U;
    EXPECT_NE(HmacReceiver().check(settings, kSubject, kMessage, forged, kNow), std::nullopt) << at;
  }
  for (const HmacSubject& other : {HmacSubject{2, 51, kSubject.source}, HmacSubject{3, 52, kSubject.source},
                                   HmacSubject{3, 51, ip("10.0.0.6")}, HmacSubject{3, 51, ip("fe80::5")}}) {
    EXPECT_EQ(HmacReceiver().check(settings, other, kMessage, trailer, kNow), HmacFault::WrongHmac);
  }
}

TEST(AuthHmac, FaultsByKind) {
  const auto settings = settings_with();
  auto trailer = sealed(settings, sequence_at(kNow));
  trailer[2] = 1;
  EXPECT_EQ(HmacReceiver().check(settings, kSubject, kMessage, trailer, kNow), HmacFault::Malformed);
  trailer = sealed(settings, sequence_at(kNow));
  trailer[1] = 9;
  EXPECT_EQ(HmacReceiver().check(settings, kSubject, kMessage, trailer, kNow), HmacFault::UnknownKey);
  EXPECT_EQ(HmacReceiver().check(settings, kSubject, {}, sealed(settings, sequence_at(kNow)), kNow),
            HmacFault::Malformed);
  EXPECT_EQ(to_string(HmacFault::Replayed), "replayed");
}

TEST(AuthHmac, TheWindowIsInclusive) {
  const auto settings = settings_with();
  for (const auto& [distance, fault] : std::initializer_list<std::pair<std::chrono::seconds, bool>>{
           {-6s, true}, {-5s, false}, {5s, false}, {6s, true}}) {
    const auto found = HmacReceiver().check(settings, kSubject, kMessage,
                                            sealed(settings, sequence_at(kNow + distance)), kNow);
    EXPECT_EQ(found == HmacFault::Stale, fault) << distance.count();
  }
  auto monotonic = settings;
  monotonic.by_time = false;
  EXPECT_EQ(HmacReceiver().check(monotonic, kSubject, kMessage, sealed(settings, 1), kNow), std::nullopt);
}

TEST(AuthHmac, WhatFailsIsNotRemembered) {
  const auto settings = settings_with();
  HmacReceiver receiver;
  auto forged = sealed(settings, sequence_at(kNow + 4s));
  forged[20] ^= 1U;
  EXPECT_EQ(receiver.check(settings, kSubject, kMessage, forged, kNow), HmacFault::WrongHmac);
  EXPECT_EQ(receiver.check(settings, kSubject, kMessage, sealed(settings, sequence_at(kNow)), kNow),
            std::nullopt);
}

TEST(AuthHmac, EachSenderHasItsOwnNumbers) {
  const auto settings = settings_with();
  HmacReceiver receiver({ip("10.0.0.5")});
  const auto hear = [&](const Address& source, HmacSequence sequence) {
    const HmacSubject subject{3, 51, source};
    return receiver.check(settings, subject, kMessage, sealed(settings, sequence, subject), kNow);
  };
  EXPECT_EQ(hear(ip("10.0.0.5"), sequence_at(kNow)), std::nullopt);
  // Strangers may push one another out, never a peer.
  for (std::uint32_t host = 10; host < 20; ++host) {
    EXPECT_EQ(hear(Address::v4(0x0a000000U + host), sequence_at(kNow)), std::nullopt);
  }
  EXPECT_EQ(hear(ip("10.0.0.5"), sequence_at(kNow)), HmacFault::Replayed);
  EXPECT_EQ(hear(ip("10.0.0.19"), sequence_at(kNow)), HmacFault::Replayed);
  EXPECT_EQ(hear(ip("10.0.0.10"), sequence_at(kNow)), std::nullopt);
}

TEST(AuthHmac, ASenderWhoseClockWasPutRightIsHeardAgain) {
  const auto settings = settings_with();
  HmacReceiver receiver;
  EXPECT_EQ(receiver.check(settings, kSubject, kMessage, sealed(settings, sequence_at(kNow + 5s)), kNow),
            std::nullopt);
  EXPECT_EQ(receiver.check(settings, kSubject, kMessage, sealed(settings, sequence_at(kNow)), kNow),
            HmacFault::Replayed);
  // A minute later the old mark is outside the window.
  const WallTime later = kNow + 60s;
  EXPECT_EQ(receiver.check(settings, kSubject, kMessage, sealed(settings, sequence_at(later)), later),
            std::nullopt);
}

TEST(AuthHmac, NumbersOnlyGrowUnlessTheClockWasPutBackFar) {
  const auto settings = settings_with();
  HmacSender sender;
  const HmacSequence first = sender.next(settings, kNow);
  EXPECT_EQ(first, sequence_at(kNow));
  EXPECT_EQ(sender.next(settings, kNow), first + 1);
  EXPECT_EQ(sender.next(settings, kNow - 5s), first + 2);
  EXPECT_EQ(sender.next(settings, kNow - 60s), sequence_at(kNow - 60s));
  auto monotonic = settings;
  monotonic.by_time = false;
  HmacSender strict;
  const HmacSequence begin = strict.next(monotonic, kNow);
  EXPECT_EQ(strict.next(monotonic, kNow - 60s), begin + 1);
}

TEST(AuthHmac, TheYear2106Passes) {
  auto settings = settings_with();
  const WallTime before{std::chrono::seconds(0xffffffffLL)};
  HmacSender sender;
  HmacReceiver receiver;
  for (int second = 0; second < 4; ++second) {
    const WallTime now = before + std::chrono::seconds(second);
    const auto trailer = sealed(settings, sender.next(settings, now));
    EXPECT_EQ(receiver.check(settings, kSubject, kMessage, trailer, now), std::nullopt) << second;
  }
}

TEST(AuthHmac, KeysChangeWithoutAGap) {
  // Both know both keys; one begins to send with the second.
  const auto old_key = settings_with(1);
  const auto new_key = settings_with(2);
  HmacReceiver receiver;
  EXPECT_EQ(receiver.check(old_key, kSubject, kMessage, sealed(new_key, sequence_at(kNow)), kNow),
            std::nullopt);
  EXPECT_EQ(receiver.check(new_key, kSubject, kMessage, sealed(old_key, sequence_at(kNow) + 1), kNow),
            std::nullopt);
}

}  // namespace
}  // namespace hald::vrrp
