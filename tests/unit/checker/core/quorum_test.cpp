// SPDX-License-Identifier: Apache-2.0
#include "checker/core/quorum.h"

#include <gtest/gtest.h>

namespace hald::checker {
namespace {

TEST(Quorum, GainedAtQuorumPlusHysteresis) {
  EXPECT_FALSE(fold_quorum(false, {5, 2}, 6));
  EXPECT_TRUE(fold_quorum(false, {5, 2}, 7));
}

TEST(Quorum, LostBelowQuorumMinusHysteresis) {
  EXPECT_TRUE(fold_quorum(true, {5, 2}, 3));
  EXPECT_FALSE(fold_quorum(true, {5, 2}, 2));
}

TEST(Quorum, LostAtNoWeightWhateverTheHysteresis) {
  EXPECT_TRUE(fold_quorum(true, {1, 1}, 1));
  EXPECT_FALSE(fold_quorum(true, {1, 1}, 0));
  EXPECT_FALSE(fold_quorum(true, {1, 4}, 0));
}

TEST(Quorum, DefaultsMeanAnyLiveServer) {
  EXPECT_TRUE(initial_quorum({}, 1));
  EXPECT_FALSE(initial_quorum({}, 0));
  EXPECT_TRUE(fold_quorum(false, {}, 1));
  EXPECT_FALSE(fold_quorum(true, {}, 0));
}

TEST(Quorum, StartsUpOnlyWithTheHysteresisOnTop) {
  EXPECT_FALSE(initial_quorum({5, 2}, 6));
  EXPECT_TRUE(initial_quorum({5, 2}, 7));
}

TEST(Quorum, WithinTheBandItStaysWhatItWas) {
  for (std::uint64_t weight = 3; weight < 7; ++weight) {
    EXPECT_TRUE(fold_quorum(true, {5, 2}, weight));
    EXPECT_FALSE(fold_quorum(false, {5, 2}, weight));
  }
}

}  // namespace
}  // namespace hald::checker
