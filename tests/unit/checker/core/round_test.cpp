// SPDX-License-Identifier: Apache-2.0
// Checks of several parts: what the passes and failures of parts make of the whole, and when each is asked.
#include "checker/core/round.h"

#include <string>

#include <gtest/gtest.h>

namespace hald::checker {
namespace {

using namespace std::chrono_literals;

class RoundTest : public testing::Test {
 protected:
  static config::HttpCheck check(bool fast = false) {
    config::HttpCheck out;
    out.fast_recovery = fast;
    auto& timing = out.settings.edit().timing;
    timing.delay_loop = 6s;
    timing.delay_before_retry = 2s;
    timing.retry = kParams.retry;
    return out;
  }
  /// One try; returns the pause behind it.
  Duration ask(bool passes) {
    const Outcome outcome{Layer::Application, passes ? Kind::Passed : Kind::BadStatus, {}, "x"};
    auto params = kParams;
    params.partial = !completes(round, parts);
    const auto folded = fold(state, outcome, params);
    state = folded.state;
    round = advance(round, parts, outcome, folded.decision);
    return pause_after(http, round, state, outcome);
  }

  static constexpr VerdictParams kParams{2, false};
  std::size_t parts = 3;
  config::HttpCheck http = check();
  VerdictState state = initial_verdict(kParams, false);
  Round round;
};

TEST_F(RoundTest, AllMustPassBeforeTheFirstVerdict) {
  EXPECT_EQ(ask(true), 6s);
  EXPECT_EQ(round.part, 1U);
  EXPECT_FALSE(state.decided);
  ask(true);
  EXPECT_EQ(round.part, 2U);
  EXPECT_FALSE(state.decided);
  ask(true);
  EXPECT_EQ(round, Round{});
  EXPECT_TRUE(state.decided && state.up);
}

TEST_F(RoundTest, OneFailureIsEnoughWithinTheFirstRound) {
  ask(true);
  EXPECT_EQ(ask(false), 6s);
  EXPECT_FALSE(state.up);
  EXPECT_EQ(round, (Round{1, true}));
}

TEST_F(RoundTest, TheFailedPartIsAskedUntilItPassesAndThenAllAre) {
  for (int i = 0; i < 4; ++i) ask(true);
  EXPECT_EQ(round.part, 1U);
  EXPECT_EQ(ask(false), 2s);
  EXPECT_EQ(ask(false), 2s);
  EXPECT_TRUE(state.up);
  EXPECT_EQ(ask(false), 6s);
  EXPECT_FALSE(state.up);
  EXPECT_EQ(ask(false), 6s);
  EXPECT_EQ(round, (Round{1, true}));
  ask(true);
  EXPECT_EQ(round, Round{});
  ask(true);
  ask(true);
  EXPECT_FALSE(state.up);
  ask(true);
  EXPECT_TRUE(state.up);
}

TEST_F(RoundTest, AFailureOnTheWayUpIsAskedAgain) {
  ask(false);
  ask(true);
  ask(true);
  EXPECT_EQ(round, (Round{1, false}));
  EXPECT_EQ(ask(false), 2s);
  EXPECT_EQ(round, (Round{1, false}));
  EXPECT_FALSE(state.up);
}

TEST_F(RoundTest, ASingleUrlThatFailedPassesTwice) {
  parts = 1;
  ask(false);
  EXPECT_FALSE(state.up);
  ask(true);
  EXPECT_FALSE(state.up);
  ask(true);
  EXPECT_TRUE(state.up);
}

TEST_F(RoundTest, FastRecoveryDoesNotWaitOnTheWayUp) {
  http = check(true);
  EXPECT_EQ(ask(true), 0s);
  EXPECT_EQ(ask(true), 0s);
  EXPECT_EQ(ask(true), 6s);
  for (int i = 0; i < 2; ++i) EXPECT_EQ(ask(false), 2s);
  EXPECT_EQ(ask(false), 6s);
  EXPECT_EQ(ask(true), 0s);
  EXPECT_EQ(ask(true), 0s);
  EXPECT_EQ(ask(true), 0s);
  EXPECT_EQ(ask(true), 6s);
  EXPECT_TRUE(state.up);
}

TEST_F(RoundTest, ATryThatCouldNotBeRunChangesNothing) {
  ask(true);
  const Outcome local{Layer::Local, Kind::NotAttempted, {}, "x"};
  const auto folded = fold(state, local, kParams);
  EXPECT_EQ(advance(round, parts, local, folded.decision), round);
  EXPECT_EQ(pause_after(http, round, state, local), 6s);
}

}  // namespace
}  // namespace hald::checker
