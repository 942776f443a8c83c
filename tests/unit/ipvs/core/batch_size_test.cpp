// SPDX-License-Identifier: Apache-2.0
#include "ipvs/core/batch_size.h"

#include <gtest/gtest.h>

namespace hald::ipvs {
namespace {

using std::chrono::microseconds;

TEST(BatchSize, GrowsWhileTurnsAreShort) {
  BatchSize size;
  for (int i = 0; i < 20; ++i) size.measured(size.value(), microseconds(10));
  EXPECT_EQ(size.value(), BatchSize::kLargest);
}

TEST(BatchSize, LearnsNothingFromATurnWithLittleWork) {
  BatchSize size;
  const auto before = size.value();
  for (int i = 0; i < 20; ++i) size.measured(1, microseconds(1));
  EXPECT_EQ(size.value(), before);
}

TEST(BatchSize, FitsTheBudgetAfterALongTurn) {
  BatchSize size;
  while (size.value() < 512) size.measured(size.value(), microseconds(1));
  size.measured(512, microseconds(4000));
  EXPECT_EQ(size.value(), 128U);
}

TEST(BatchSize, NeverReachesZero) {
  BatchSize size;
  size.measured(16, std::chrono::seconds(60));
  EXPECT_EQ(size.value(), BatchSize::kSmallest);
  EXPECT_GE(BatchSize::kSmallest, 1U);
}

}  // namespace
}  // namespace hald::ipvs
