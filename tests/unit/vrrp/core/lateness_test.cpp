// SPDX-License-Identifier: Apache-2.0
#include "vrrp/core/lateness.h"

#include <gtest/gtest.h>

namespace hald::vrrp {
namespace {

using namespace std::chrono_literals;

TEST(Lateness, OfNothingIsZero) {
  const Lateness none;
  EXPECT_EQ(none.count(), 0U);
  EXPECT_EQ(none.percentile(999), Duration::zero());
  EXPECT_TRUE(none.buckets().empty());
}

TEST(Lateness, TheBucketOfAnyDurationEndsAboveItAndAtMostAQuarterTooHigh) {
  for (std::uint64_t micros = 0; micros < 10'000'000'000; micros += 1 + micros / 97) {
    Lateness one;
    one.add(std::chrono::microseconds(micros));
    ASSERT_EQ(one.buckets().size(), 1U);
    const auto end =
        std::chrono::duration_cast<std::chrono::microseconds>(one.buckets().front().below).count();
    const auto value = static_cast<std::int64_t>(micros);
    ASSERT_GT(end, value);
    ASSERT_LE(end, value + std::max<std::int64_t>(1, value / 4)) << micros;
  }
}

TEST(Lateness, PercentilesTellTheFewFromTheMany) {
  Lateness all;
  for (int i = 0; i < 998; ++i) all.add(100us);
  all.add(5ms);
  all.add(90ms);
  EXPECT_EQ(all.count(), 1000U);
  EXPECT_GE(all.percentile(500), 100us);
  EXPECT_LE(all.percentile(990), 128us);
  EXPECT_GE(all.percentile(999), 5ms);
  EXPECT_LT(all.percentile(999), 7ms);
  EXPECT_EQ(all.percentile(1000), 90ms);
  EXPECT_EQ(all.max(), 90ms);
}

TEST(Lateness, NeitherEarlyNorEndlessIsLost) {
  Lateness all;
  all.add(-1s);
  all.add(1000h);
  EXPECT_EQ(all.count(), 2U);
  EXPECT_EQ(all.percentile(500), Duration(1us));
  EXPECT_EQ(all.percentile(1000), Duration(1000h));
}

}  // namespace
}  // namespace hald::vrrp
