// SPDX-License-Identifier: Apache-2.0
#include "vrrp/core/priority.h"

#include <cstdint>
#include <limits>
#include <vector>

#include <gtest/gtest.h>

namespace hald::vrrp {
namespace {

TEST(Priority, APositiveWeightIsAddedWhileGoodANegativeOneWhileBad) {
  EXPECT_EQ(contribution_of({20, false}, true), (Contribution{20, false}));
  EXPECT_EQ(contribution_of({20, false}, false), (Contribution{0, false}));
  EXPECT_EQ(contribution_of({-20, false}, true), (Contribution{0, false}));
  EXPECT_EQ(contribution_of({-20, false}, false), (Contribution{-20, false}));
}

TEST(Priority, ReverseTurnsTheEffectRound) {
  EXPECT_EQ(contribution_of({20, true}, true), (Contribution{-20, false}));
  EXPECT_EQ(contribution_of({20, true}, false), (Contribution{0, false}));
  EXPECT_EQ(contribution_of({-20, true}, false), (Contribution{20, false}));
}

TEST(Priority, WithoutWeightBadMeansFault) {
  EXPECT_EQ(contribution_of({0, false}, true), (Contribution{0, false}));
  EXPECT_EQ(contribution_of({0, false}, false), (Contribution{0, true}));
  EXPECT_EQ(contribution_of({0, true}, true), (Contribution{0, true}));
  EXPECT_EQ(contribution_of({0, true}, false), (Contribution{0, false}));
}

TEST(Priority, TheNumberOfAFileIsMultiplied) {
  const auto file = [](int weight, bool reverse, std::int64_t number) {
    return contribution_of(TrackWeight{weight, reverse}, number);
  };
  EXPECT_EQ(file(1, false, 7), (Contribution{7, false}));
  EXPECT_EQ(file(-2, false, 7), (Contribution{-14, false}));
  EXPECT_EQ(file(2, true, 7), (Contribution{-14, false}));
  EXPECT_EQ(file(1, false, 1000), (Contribution{253, false}));
  EXPECT_EQ(file(1, false, -253), (Contribution{-253, false}));
  EXPECT_EQ(file(1, false, -254), (Contribution{0, true}));
  EXPECT_EQ(file(0, false, 0), (Contribution{0, false}));
  EXPECT_EQ(file(0, false, -1), (Contribution{0, true}));
  EXPECT_EQ(file(0, true, 0), (Contribution{0, true}));
  EXPECT_EQ(file(254, false, std::numeric_limits<std::int64_t>::max()), (Contribution{253, false}));
  EXPECT_EQ(file(254, false, std::numeric_limits<std::int64_t>::min()), (Contribution{0, true}));
}

TEST(Priority, TheSumStaysBetween1And254) {
  EXPECT_EQ(effective_priority(100, {}), (EffectivePriority{100, false}));
  const std::vector<Contribution> up{{100, false}, {100, false}};
  EXPECT_EQ(effective_priority(100, up), (EffectivePriority{254, false}));
  const std::vector<Contribution> down{{-60, false}, {-60, false}, {10, false}};
  EXPECT_EQ(effective_priority(100, down), (EffectivePriority{1, false}));
  // What goes too far in between comes back: only the sum counts.
  const std::vector<Contribution> both{{-200, false}, {190, false}};
  EXPECT_EQ(effective_priority(100, both), (EffectivePriority{90, false}));
}

TEST(Priority, OneFaultIsEnough) {
  const std::vector<Contribution> some{{10, false}, {0, true}};
  EXPECT_EQ(effective_priority(100, some), (EffectivePriority{110, true}));
}

TEST(Priority, AnOwnerNeverChanges) {
  const std::vector<Contribution> some{{-100, false}, {0, true}};
  EXPECT_EQ(effective_priority(255, some), (EffectivePriority{255, true}));
}

}  // namespace
}  // namespace hald::vrrp
