// SPDX-License-Identifier: Apache-2.0
#include "checker/core/schedule.h"

#include <algorithm>
#include <array>

#include <gtest/gtest.h>

namespace hald::checker {
namespace {

using namespace std::chrono_literals;

const TimePoint kNow{1h};

TEST(Schedule, TheFirstRunIsASecondAwayWithoutWarmup) {
  config::CheckTiming timing;
  timing.warmup = 0s;
  Rng rng(1);
  for (int i = 0; i < 100; ++i) EXPECT_EQ(first_run(timing, kNow, rng), kNow + 1s);
}

TEST(Schedule, FirstRunsAreSpreadOverTheWarmup) {
  config::CheckTiming timing;
  timing.warmup = 10s;
  Rng rng(42);
  std::array<int, 10> seconds{};
  for (int i = 0; i < 10000; ++i) {
    const auto delay = first_run(timing, kNow, rng) - kNow;
    ASSERT_GE(delay, 1s);
    ASSERT_LE(delay, 11s);
    ++seconds[std::min<std::size_t>(9, static_cast<std::size_t>((delay - 1s) / 1s))];
  }
  for (const int count : seconds) EXPECT_NEAR(count, 1000, 150);
}

TEST(Schedule, EqualSeedsSpreadEqually) {
  config::CheckTiming timing;
  Rng one(7);
  Rng two(7);
  Rng three(8);
  const auto first = first_run(timing, kNow, one);
  EXPECT_EQ(first, first_run(timing, kNow, two));
  EXPECT_NE(first, first_run(timing, kNow, three));
}

TEST(Schedule, BothDelaysCountFromTheEndOfTheTry) {
  config::CheckTiming timing;
  timing.delay_loop = 6s;
  timing.delay_before_retry = 3s;
  EXPECT_EQ(next_run(timing, kNow, Next::Regular), kNow + 6s);
  EXPECT_EQ(next_run(timing, kNow, Next::Retry), kNow + 3s);
}

}  // namespace
}  // namespace hald::checker
