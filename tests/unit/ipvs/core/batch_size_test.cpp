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

TEST(BatchSize, FindsTheSizeThatFitsTheBudget) {
  for (const auto price : {microseconds(2), microseconds(20), microseconds(400), microseconds(1300)}) {
    BatchSize size;
    for (int i = 0; i < 100; ++i) size.measured(size.value(), price * static_cast<long>(size.value()));
    EXPECT_LE(price * static_cast<long>(size.value()), 2 * BatchSize::kBudget);
    EXPECT_GE(price * static_cast<long>(size.value() + 1), BatchSize::kBudget / 2);
  }
}

TEST(BatchSize, ASingleLongTurnIsForgottenSoon) {
  BatchSize size;
  for (int i = 0; i < 20; ++i) size.measured(size.value(), microseconds(10));
  size.measured(size.value(), std::chrono::seconds(60));
  EXPECT_EQ(size.value(), BatchSize::kLargest / 2);
  size.measured(size.value(), microseconds(10));
  EXPECT_EQ(size.value(), BatchSize::kLargest);
}

TEST(BatchSize, NeverReachesZero) {
  BatchSize size;
  for (int i = 0; i < 20; ++i) size.measured(16, std::chrono::seconds(60));
  EXPECT_EQ(size.value(), BatchSize::kSmallest);
  EXPECT_GE(BatchSize::kSmallest, 1U);
}

}  // namespace
}  // namespace hald::ipvs
