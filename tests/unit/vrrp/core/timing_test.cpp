// SPDX-License-Identifier: Apache-2.0
#include "vrrp/core/timing.h"

#include <gtest/gtest.h>

namespace hald::vrrp {
namespace {

using namespace std::chrono_literals;

TEST(Timing, SkewOfVersion2IsAShareOfASecondWhateverTheInterval) {
  for (const Duration interval : {Duration(1s), Duration(255s)}) {
    EXPECT_EQ(skew_time(2, 100, interval), 609375us);
    EXPECT_EQ(skew_time(2, 254, interval), 7812500ns);
    EXPECT_EQ(skew_time(2, 1, interval), 996093750ns);
  }
}

TEST(Timing, SkewOfVersion3IsAShareOfTheInterval) {
  EXPECT_EQ(skew_time(3, 100, 10ms), 6093750ns);
  EXPECT_EQ(skew_time(3, 254, 10ms), 78125ns);
  EXPECT_EQ(skew_time(3, 1, 40950ms), 40790039062ns);
  EXPECT_EQ(skew_time(3, 255, 1s), 3906250ns);
}

TEST(Timing, DownTimeCountsTheConfiguredAdverts) {
  EXPECT_EQ(master_down_time(2, 100, 1s, 3), 3609375us);
  EXPECT_EQ(master_down_time(2, 150, 1s, 3), 3414062500ns);
  EXPECT_EQ(master_down_time(3, 100, 100ms, 5), 560937500ns);
}

}  // namespace
}  // namespace hald::vrrp
