// SPDX-License-Identifier: Apache-2.0
#include "proc/notify_queue.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "fakes/capture_sink.h"
#include "fakes/fake_spawner.h"
#include "fakes/manual_scheduler.h"
#include "proc/notify_queues.h"

namespace hald::proc {
namespace {

using Lines = std::vector<std::string>;

Notification state(std::vector<std::string> scripts) {
  Notification out;
  for (auto& script : scripts) out.commands.push_back(Command{{std::move(script)}, {}});
  out.limit = std::chrono::seconds(30);
  return out;
}

Notification event(const std::string& script) {
  Notification out = state({script});
  out.kind = NotifyKind::Event;
  return out;
}

class NotifyQueueTest : public testing::Test {
 protected:
  fakes::ManualScheduler scheduler_;
  fakes::CaptureSink sink_;
  log::Logger logger_{sink_, scheduler_, log::Level::Info};
  fakes::FakeSpawner spawner_;
  int idle_ = 0;
  NotifyQueue queue_{"VRRP instance VI_1", spawner_, scheduler_, logger_, [this] { ++idle_; }};
};

TEST_F(NotifyQueueTest, RunsOneAfterTheOtherInOrder) {
  queue_.notify(state({"master", "generic"}));
  EXPECT_EQ(spawner_.lines(), (Lines{"master"}));
  EXPECT_EQ(spawner_.programs[0].options.limit, std::chrono::seconds(30));
  spawner_.end(0);
  EXPECT_EQ(spawner_.lines(), (Lines{"master", "generic"}));
  EXPECT_FALSE(queue_.idle());
  EXPECT_EQ(idle_, 0);
  spawner_.end(1);
  EXPECT_TRUE(queue_.idle());
  EXPECT_EQ(idle_, 1);
  EXPECT_EQ(queue_.counters().started, 2U);
  EXPECT_EQ(queue_.counters().skipped, 0U);
}

TEST_F(NotifyQueueTest, TheNewestStateTakesThePlaceOfWhatIsLeftOfOlderOnes) {
  queue_.notify(state({"master", "generic M"}));
  queue_.notify(state({"backup", "generic B"}));
  queue_.notify(state({"fault", "generic F"}));
  spawner_.end(0);
  spawner_.end(1);
  spawner_.end(2);
  EXPECT_EQ(spawner_.lines(), (Lines{"master", "fault", "generic F"}));
  EXPECT_EQ(queue_.counters().skipped, 3U);
  EXPECT_TRUE(queue_.idle());
}

TEST_F(NotifyQueueTest, AStateWithoutScriptsVoidsWhatWaits) {
  queue_.notify(state({"master", "generic M"}));
  queue_.notify(state({}));
  spawner_.end(0);
  EXPECT_EQ(spawner_.lines(), (Lines{"master"}));
  EXPECT_TRUE(queue_.idle());
}

TEST_F(NotifyQueueTest, EventsAndStatesDoNotReplaceEachOther) {
  queue_.notify(state({"master"}));
  queue_.notify(event("lower"));
  queue_.notify(state({"backup"}));
  queue_.notify(event("lower again"));
  for (std::size_t i = 0; i < 3; ++i) spawner_.end(i);
  EXPECT_EQ(spawner_.lines(), (Lines{"master", "backup", "lower again"}));
}

TEST_F(NotifyQueueTest, ScriptsLearnTheSequenceAndWhatWasSkipped) {
  queue_.notify(state({"one"}));
  queue_.notify(state({"two"}));
  queue_.notify(state({"three"}));
  spawner_.end(0);
  const auto& variables = spawner_.programs[1].command.environment;
  EXPECT_EQ(variables, (Lines{"HALD_SEQUENCE=3", "HALD_SKIPPED=1"}));
}

TEST_F(NotifyQueueTest, FailuresAreCountedAndLoggedAtALimitedRate) {
  queue_.notify(state({"/opt/a", "/opt/b", "/opt/c"}));
  spawner_.end(0, Exited{3});
  spawner_.end(1, TimedOut{});
  spawner_.end(2, Exited{0});
  EXPECT_EQ(queue_.counters().failed, 2U);
  EXPECT_EQ(queue_.counters().timed_out, 1U);
  EXPECT_TRUE(sink_.contains("Script /opt/a of VRRP instance VI_1 exited with status 3"));
  EXPECT_EQ(sink_.entries.size(), 1U) << "the next one within ten seconds is only counted";
}

TEST_F(NotifyQueueTest, AnInsecureScriptIsReported) {
  queue_.notify(state({"/opt/a"}));
  Report report{Exited{0}};
  report.insecure = "/opt is writable by everyone (owner 0, mode 0777)";
  spawner_.end(0, report);
  EXPECT_TRUE(
      sink_.contains("Script /opt/a runs as root, but /opt is writable by everyone (owner 0, mode 0777)"));
}

TEST_F(NotifyQueueTest, StopEndsWhatRunsAndForgetsTheRest) {
  queue_.notify(state({"one", "two"}));
  queue_.stop();
  EXPECT_TRUE(spawner_.programs[0].stopped);
  spawner_.end(0, Signaled{15});
  EXPECT_EQ(spawner_.lines(), (Lines{"one"}));
  EXPECT_TRUE(queue_.idle());
  EXPECT_EQ(queue_.counters().skipped, 1U);
}

TEST_F(NotifyQueueTest, ItNeverGrows) {
  for (int i = 0; i < 10'000; ++i) queue_.notify(i % 2 == 0 ? state({"s", "g"}) : event("e"));
  std::size_t ran = 0;
  while (!queue_.idle()) spawner_.end(ran++);
  EXPECT_EQ(ran, 4U);
}

TEST_F(NotifyQueueTest, AScriptMayRunAsLongAsNothingWaits) {
  queue_.notify(state({"one"}));
  scheduler_.advance(std::chrono::hours(24));
  EXPECT_FALSE(spawner_.programs[0].stopped);
  queue_.notify(state({"two"}));
  scheduler_.advance(NotifyQueue::kPatience - std::chrono::seconds(1));
  queue_.notify(state({"three"}));
  EXPECT_FALSE(spawner_.programs[0].stopped);
  scheduler_.advance(std::chrono::seconds(1));
  EXPECT_TRUE(spawner_.programs[0].stopped) << "the first that waited counts";
  spawner_.end(0, Signaled{15});
  EXPECT_EQ(spawner_.lines(), (Lines{"one", "three"}));
  EXPECT_EQ(queue_.counters().timed_out, 1U);
  EXPECT_TRUE(
      sink_.contains("Script one of VRRP instance VI_1 was ended: it took too long while something "
                     "newer was to be told"));
}

TEST_F(NotifyQueueTest, TheNextScriptHasItsOwnTime) {
  queue_.notify(state({"state", "generic", "more"}));
  scheduler_.advance(NotifyQueue::kPatience - std::chrono::seconds(1));
  spawner_.end(0);
  scheduler_.advance(NotifyQueue::kPatience - std::chrono::seconds(1));
  EXPECT_FALSE(spawner_.programs[1].stopped);
  scheduler_.advance(std::chrono::seconds(1));
  EXPECT_TRUE(spawner_.programs[1].stopped);
}

TEST_F(NotifyQueueTest, DestroyingItKillsWhatRuns) {
  {
    NotifyQueue queue("x", spawner_, scheduler_, logger_, {});
    queue.notify(state({"one"}));
    EXPECT_EQ(spawner_.running(), 1U);
  }
  EXPECT_EQ(spawner_.running(), 0U);
}

class NotifyQueuesTest : public NotifyQueueTest {
 protected:
  NotifyQueues queues_{spawner_, scheduler_, logger_};
};

TEST_F(NotifyQueuesTest, ObjectsDoNotWaitForEachOther) {
  queues_.notify("A", state({"a1", "a2"}));
  queues_.notify("B", state({"b1"}));
  EXPECT_EQ(spawner_.lines(), (Lines{"a1", "b1"}));
  EXPECT_FALSE(queues_.idle());
}

TEST_F(NotifyQueuesTest, ARetiredObjectIsForgottenAfterItsLastScript) {
  queues_.notify("A", state({"stop"}));
  queues_.retire("A");
  scheduler_.advance(std::chrono::seconds(1));
  ASSERT_NE(queues_.find("A"), nullptr);
  spawner_.end(0, Exited{1});
  scheduler_.advance(std::chrono::seconds(1));
  EXPECT_EQ(queues_.find("A"), nullptr);
  EXPECT_EQ(queues_.counters().started, 1U);
  EXPECT_EQ(queues_.counters().failed, 1U);
  queues_.retire("unknown");
}

TEST_F(NotifyQueuesTest, AnObjectMayComeBack) {
  queues_.notify("A", state({"stop"}));
  queues_.retire("A");
  queues_.notify("A", state({"master"}));
  spawner_.end(0);
  spawner_.end(1);
  scheduler_.advance(std::chrono::seconds(1));
  EXPECT_NE(queues_.find("A"), nullptr);
}

TEST_F(NotifyQueuesTest, TellsOnceWhenAllIsQuiet) {
  int quiet = 0;
  queues_.notify("A", state({"a"}));
  queues_.notify("B", state({"b"}));
  queues_.when_idle([&] { ++quiet; });
  scheduler_.advance(std::chrono::seconds(1));
  spawner_.end(0);
  scheduler_.advance(std::chrono::seconds(1));
  EXPECT_EQ(quiet, 0);
  spawner_.end(1);
  EXPECT_EQ(quiet, 0) << "not from within the last callback";
  scheduler_.advance(std::chrono::seconds(1));
  EXPECT_EQ(quiet, 1);
  queues_.notify("A", state({"a"}));
  spawner_.end(2);
  scheduler_.advance(std::chrono::seconds(1));
  EXPECT_EQ(quiet, 1);
  queues_.when_idle([&] { ++quiet; });
  scheduler_.advance(std::chrono::seconds(1));
  EXPECT_EQ(quiet, 2) << "it was quiet already";
}

TEST_F(NotifyQueuesTest, StopStopsAll) {
  queues_.notify("A", state({"a"}));
  queues_.notify("B", state({"b"}));
  queues_.stop();
  EXPECT_TRUE(spawner_.programs[0].stopped);
  EXPECT_TRUE(spawner_.programs[1].stopped);
}

}  // namespace
}  // namespace hald::proc
