// SPDX-License-Identifier: Apache-2.0
// The authentication header against a capture of keepalived, and every octet of it changed.
#include "vrrp/core/auth_ah.h"

#include <string>

#include <gtest/gtest.h>

#include "wire.h"

namespace hald::vrrp {
namespace {

using testing::Bytes;
using testing::hex;

const AuthData kKey = auth_data("12345678");

Bytes plain_datagram() {
  // Version 2, router 51, priority 100, authentication type 2.
  const Bytes message = hex("2133640102016ec7 0a000003 0000000000000000");
  return ipv4_datagram(message, Address::parse("10.0.0.5").value(), Address::parse("224.0.0.18").value(), 1);
}

TEST(AuthAh, AsCaptured) {
  const auto frames = testing::read_capture("v2-ah");
  std::uint32_t seen = 0;
  for (const Bytes& frame : frames) {
    if (frame[12] != 8 || frame[13] != 0 || frame[23] != protocol_number_ah) continue;
    const Bytes datagram(frame.begin() + 14, frame.end());
    const auto opened = open_ah(datagram, kKey, false);
    ASSERT_TRUE(std::holds_alternative<AhPacket>(opened)) << to_string(std::get<AhFault>(opened));
    const auto& packet = std::get<AhPacket>(opened);
    EXPECT_EQ(packet.sequence, ++seen);
    EXPECT_EQ(add_ah(packet.datagram, kKey, packet.sequence, false), datagram);
  }
  EXPECT_GE(seen, 2U);
}

TEST(AuthAh, TheFirstPacketOfTheCapture) {
  EXPECT_EQ(add_ah(plain_datagram(), kKey, 1, false),
            hex("45c0004000010000ff33d0b20a000005e0000012 700400000a0000050000000145f22c64125ce34bf13ad51d"
                "2133640102016ec70a0000030000000000000000"));
}

TEST(AuthAh, WhatIsSealedOpensAgain) {
  const Bytes plain = plain_datagram();
  const auto opened = open_ah(add_ah(plain, kKey, 77, false), kKey, false);
  ASSERT_TRUE(std::holds_alternative<AhPacket>(opened));
  EXPECT_EQ(std::get<AhPacket>(opened).sequence, 77U);
  EXPECT_EQ(std::get<AhPacket>(opened).datagram, plain);
}

TEST(AuthAh, OnlyWhatRoutersChangeMayDiffer) {
  const Bytes sealed = add_ah(plain_datagram(), kKey, 7, false);
  for (std::size_t at = 0; at < sealed.size(); ++at) {
    Bytes forged = sealed;
    forged[at] ^= 1U;
    const bool mutable_field = at == 1 || at == 6 || at == 7 || at == 10 || at == 11;
    EXPECT_EQ(std::holds_alternative<AhPacket>(open_ah(forged, kKey, false)), mutable_field) << at;
  }
  EXPECT_EQ(std::get<AhFault>(open_ah(sealed, auth_data("other"), false)), AhFault::WrongIcv);
}

TEST(AuthAh, UnicastMayLoseHopsOnItsWay) {
  Bytes sealed = add_ah(plain_datagram(), kKey, 7, true);
  EXPECT_TRUE(std::holds_alternative<AhFault>(open_ah(sealed, kKey, false)));
  sealed[8] = 17;  // the TTL
  EXPECT_TRUE(std::holds_alternative<AhPacket>(open_ah(sealed, kKey, true)));
}

TEST(AuthAh, EveryPrefixIsRefused) {
  const Bytes sealed = add_ah(plain_datagram(), kKey, 7, false);
  for (std::size_t length = 0; length < sealed.size(); ++length) {
    EXPECT_TRUE(std::holds_alternative<AhFault>(open_ah(std::span(sealed).first(length), kKey, false)))
        << length;
  }
  Bytes padded = sealed;
  padded.resize(padded.size() + 6);
  EXPECT_TRUE(std::holds_alternative<AhPacket>(open_ah(padded, kKey, false)));
}

}  // namespace
}  // namespace hald::vrrp
