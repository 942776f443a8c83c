// SPDX-License-Identifier: Apache-2.0
#include "vrrp/core/track_number.h"

#include <gtest/gtest.h>

namespace hald::vrrp {
namespace {

TEST(TrackNumber, IsReadAsAProgramInCWould) {
  EXPECT_EQ(read_track_number("7\n"), 7);
  EXPECT_EQ(read_track_number("  -254"), -254);
  EXPECT_EQ(read_track_number("0x10"), 16);
  EXPECT_EQ(read_track_number("010"), 8);
  EXPECT_EQ(read_track_number("12 apples"), 12);
}

TEST(TrackNumber, WhatIsNoneIsZero) {
  EXPECT_EQ(read_track_number(""), 0);
  EXPECT_EQ(read_track_number("apples"), 0);
  EXPECT_EQ(read_track_number(std::string("\0"
                                          "5",
                                          2)),
            0);
}

TEST(TrackNumber, WhatIsTooBigIsNothing) {
  EXPECT_EQ(read_track_number("2147483648"), 2147483648);
  EXPECT_EQ(read_track_number("2147483649"), std::nullopt);
  EXPECT_EQ(read_track_number("-2147483648"), -2147483648);
  EXPECT_EQ(read_track_number("-2147483649"), std::nullopt);
  EXPECT_EQ(read_track_number("99999999999999999999999999"), std::nullopt);
}

}  // namespace
}  // namespace hald::vrrp
