// SPDX-License-Identifier: Apache-2.0
#include "vrrp/core/frames.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "wire.h"

namespace hald::vrrp {
namespace {

using testing::hex;

const MacAddress mac{{2, 0, 0, 0, 0, 5}};

TEST(Frames, GratuitousArpIsKeepalivedsBroadcastRequest) {
  EXPECT_EQ(gratuitous_arp(mac, Address::parse("10.0.0.3").value()),
            hex("ffffffffffff020000000005080600010800060400010200000000050a000003ffffffffffff0a000003"));
}

TEST(Frames, UnsolicitedAdvertisementIsKeepaliveds) {
  const auto expected =
      hex("33330000000102000000000586dd6000000000203afffe800000000000000000000000000003ff02000000000000000000"
          "0000000001"
          "8800579320000000fe8000000000000000000000000000030201020000000005");
  EXPECT_EQ(unsolicited_advertisement(mac, Address::parse("fe80::3").value(), false), expected);
}

TEST(Frames, ARouterSaysSo) {
  const auto frame = unsolicited_advertisement(mac, Address::parse("fe80::3").value(), true);
  EXPECT_EQ(frame.at(58), 0xa0);
}

TEST(Frames, CapturedFramesAreReproduced) {
  const auto frames = testing::read_capture("v2-pass");
  const auto arp = gratuitous_arp(mac, Address::parse("10.0.0.4").value());
  EXPECT_GE(std::count(frames.begin(), frames.end(), arp), 5);
}

}  // namespace
}  // namespace hald::vrrp
