// SPDX-License-Identifier: Apache-2.0
#include "checker/core/verdict.h"

#include <limits>

#include <gtest/gtest.h>

namespace hald::checker {
namespace {

const Outcome kPassed{Layer::Network, Kind::Passed, {}, "connected"};
const Outcome kRefused{Layer::Network, Kind::Refused, {}, "connection refused"};
const Outcome kLocal{Layer::Local, Kind::NotAttempted, {}, "no socket: too many open files"};
constexpr VerdictParams kThree{3};

VerdictState up() {
  return {true, true, 0};
}

TEST(Verdict, AnUpCheckGoesDownAtTheLastTry) {
  auto state = up();
  for (const char* reason : {"connection refused, try 1 of 4", "connection refused, try 2 of 4",
                             "connection refused, try 3 of 4"}) {
    const auto folded = fold(state, kRefused, kThree);
    EXPECT_TRUE(folded.state.up);
    EXPECT_FALSE(folded.decision.verdict);
    EXPECT_EQ(folded.decision.next, Next::Retry);
    EXPECT_EQ(folded.decision.reason, reason);
    state = folded.state;
  }
  const auto folded = fold(state, kRefused, kThree);
  EXPECT_FALSE(folded.state.up);
  EXPECT_TRUE(folded.decision.verdict);
  EXPECT_TRUE(folded.decision.changed);
  EXPECT_EQ(folded.decision.retries, 3U);
  EXPECT_EQ(folded.decision.next, Next::Regular);
  EXPECT_EQ(folded.decision.reason, "connection refused, 4 of 4 tries failed");
}

TEST(Verdict, OnePassingTryWipesTheFailingOnes) {
  auto state = up();
  for (int i = 0; i < 3; ++i) state = fold(state, kRefused, kThree).state;
  const auto folded = fold(state, kPassed, kThree);
  EXPECT_EQ(folded.state, up());
  EXPECT_FALSE(folded.decision.verdict);
  EXPECT_EQ(folded.decision.next, Next::Regular);
}

TEST(Verdict, OnePassingTryBringsItUp) {
  const auto folded = fold({false, true, 0}, kPassed, kThree);
  EXPECT_EQ(folded.state, up());
  EXPECT_TRUE(folded.decision.changed);
  EXPECT_TRUE(folded.decision.verdict);
  EXPECT_EQ(folded.decision.reason, "connected");
}

TEST(Verdict, WhatIsDownIsTriedAtTheRegularPace) {
  const VerdictState down{false, true, 0};
  const auto folded = fold(down, kRefused, kThree);
  EXPECT_EQ(folded.state, down);
  EXPECT_EQ(folded.decision.next, Next::Regular);
  EXPECT_FALSE(folded.decision.verdict);
}

TEST(Verdict, WithoutRetriesOneFailureIsEnough) {
  const auto folded = fold(up(), kRefused, {0});
  EXPECT_FALSE(folded.state.up);
  EXPECT_EQ(folded.decision.retries, 0U);
  EXPECT_EQ(folded.decision.reason, "connection refused");
}

// compat: the counter of tries starts at its limit.
TEST(Verdict, BeforeTheFirstVerdictOneFailureIsEnough) {
  const auto folded = fold(initial_verdict(kThree, false), kRefused, kThree);
  EXPECT_FALSE(folded.state.up);
  EXPECT_TRUE(folded.decision.changed);
  EXPECT_EQ(folded.decision.retries, 0U);
  EXPECT_EQ(folded.decision.reason, "connection refused");
}

TEST(Verdict, TheFirstPassIsAVerdictThatChangesNothing) {
  const auto folded = fold(initial_verdict(kThree, false), kPassed, kThree);
  EXPECT_EQ(folded.state, up());
  EXPECT_TRUE(folded.decision.verdict);
  EXPECT_FALSE(folded.decision.changed);
}

TEST(Verdict, AlphaStartsAsFailed) {
  const auto initial = initial_verdict(kThree, true);
  EXPECT_FALSE(initial.up);
  const auto passed = fold(initial, kPassed, kThree);
  EXPECT_TRUE(passed.decision.changed);
  EXPECT_EQ(passed.state, up());
  const auto failed = fold(initial, kRefused, kThree);
  EXPECT_FALSE(failed.decision.changed);
  EXPECT_TRUE(failed.decision.verdict);
  EXPECT_FALSE(fold(failed.state, kRefused, kThree).decision.verdict);
}

TEST(Verdict, WhatThisMachineCouldNotRunIsNoVerdict) {
  for (const auto& state : {up(), VerdictState{true, true, 2}, VerdictState{false, true, 0},
                            initial_verdict(kThree, false), initial_verdict(kThree, true)}) {
    const auto folded = fold(state, kLocal, kThree);
    EXPECT_EQ(folded.state, state);
    EXPECT_FALSE(folded.decision.verdict);
    EXPECT_EQ(folded.decision.next, Next::Regular);
    EXPECT_EQ(folded.decision.reason, "could not be checked: no socket: too many open files");
  }
}

TEST(Verdict, ANewLimitNeverDecidesByItself) {
  EXPECT_EQ(with_params({true, true, 3}, {1}), (VerdictState{true, true, 1}));
  EXPECT_EQ(with_params({true, true, 1}, {5}), (VerdictState{true, true, 1}));
  EXPECT_EQ(with_params(initial_verdict({3}, false), {5}), initial_verdict({5}, false));
  EXPECT_FALSE(fold({true, true, 1}, kRefused, {1}).state.up);
}

TEST(Verdict, TheLargestLimitDoesNotOverflow) {
  const VerdictParams endless{std::numeric_limits<std::uint32_t>::max()};
  EXPECT_EQ(fold(up(), kRefused, endless).decision.reason, "connection refused, try 1 of 4294967296");
}

}  // namespace
}  // namespace hald::checker
