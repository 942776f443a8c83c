// SPDX-License-Identifier: Apache-2.0
#include "vrrp/core/announce_schedule.h"

#include <gtest/gtest.h>

namespace hald::vrrp {
namespace {

using namespace std::chrono_literals;

const TimePoint start{1h};

/// When and how often addresses are announced up to `end`.
std::vector<std::pair<Duration, unsigned>> run(const config::Announcing& settings, AnnounceState state,
                                               TimePoint end) {
  std::vector<std::pair<Duration, unsigned>> out;
  for (auto when = deadline(state); when && *when <= end; when = deadline(state)) {
    const auto step = announce_due(settings, state, *when);
    state = step.next;
    if (step.repeat > 0) out.emplace_back(*when - start, step.repeat);
  }
  return out;
}

TEST(AnnounceSchedule, BecomingMasterIsAnnouncedAtOnceAndAgainAfterTheDelay) {
  const config::Announcing settings;
  const auto step = announce_as_master(settings, start);
  EXPECT_EQ(step.repeat, 5U);
  EXPECT_EQ(run(settings, step.next, start + 1h), (std::vector<std::pair<Duration, unsigned>>{{5s, 5U}}));
}

TEST(AnnounceSchedule, NoDelayMeansNoSecondBatch) {
  config::Announcing settings;
  settings.master_delay = 0s;
  const auto step = announce_as_master(settings, start);
  EXPECT_EQ(step.repeat, 5U);
  EXPECT_EQ(deadline(step.next), std::nullopt);
}

TEST(AnnounceSchedule, RefreshesBeginAfterDelayAndPeriod) {
  config::Announcing settings;
  settings.master_refresh = 10s;
  settings.master_refresh_repeat = 2;
  const auto step = announce_as_master(settings, start);
  EXPECT_EQ(run(settings, step.next, start + 36s),
            (std::vector<std::pair<Duration, unsigned>>{{5s, 5U}, {15s, 2U}, {25s, 2U}, {35s, 2U}}));
}

TEST(AnnounceSchedule, ALosingAdvertIsAnsweredAtOnceAndAfterItsDelay) {
  config::Announcing settings;
  settings.lower_prio_repeat = 3;
  settings.lower_prio_delay = 2s;
  const auto step = announce_again(settings, AnnounceState{}, start);
  EXPECT_EQ(step.repeat, 3U);
  EXPECT_EQ(run(settings, step.next, start + 1h), (std::vector<std::pair<Duration, unsigned>>{{2s, 3U}}));
}

TEST(AnnounceSchedule, AFloodOfLosingAdvertsIsAnsweredAtMostOncePerPause) {
  const config::Announcing settings;
  AnnounceState state;
  unsigned batches = 0;
  for (auto now = start; now < start + 1s; now += 1ms) {
    const auto step = announce_again(settings, state, now);
    state = step.next;
    batches += step.repeat > 0 ? 1 : 0;
  }
  EXPECT_EQ(batches, 10U);
  EXPECT_EQ(state.again_at, start + 999ms + 5s);
}

TEST(AnnounceSchedule, NoRepeatsMeansSilenceAfterALosingAdvert) {
  config::Announcing settings;
  settings.lower_prio_repeat = 0;
  const auto step = announce_again(settings, AnnounceState{}, start);
  EXPECT_EQ(step.repeat, 0U);
  EXPECT_EQ(deadline(step.next), std::nullopt);
}

TEST(AnnounceSchedule, ATimerThatFiresEarlyDoesNothing) {
  const config::Announcing settings;
  const auto step = announce_as_master(settings, start);
  const auto early = announce_due(settings, step.next, start + 4s);
  EXPECT_EQ(early.repeat, 0U);
  EXPECT_EQ(early.next, step.next);
}

}  // namespace
}  // namespace hald::vrrp
