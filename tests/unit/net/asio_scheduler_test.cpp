// SPDX-License-Identifier: Apache-2.0
#include "net/asio_scheduler.h"

#include <thread>
#include <vector>

#include <gtest/gtest.h>

namespace hald {
namespace {

using namespace std::chrono_literals;

struct Loop {
  boost::asio::io_context io;
  net::AsioScheduler scheduler{io};
};

TEST(AsioScheduler, UrgentTimersRunBeforeNormalOnesThatWereDueEarlier) {
  Loop loop;
  std::vector<int> order;
  const auto now = loop.scheduler.now();
  const auto normal = loop.scheduler.at(now - 2ms, [&] { order.push_back(2); });
  const auto urgent = loop.scheduler.at(
      now - 1ms, [&] { order.push_back(1); }, Urgency::Urgent);
  const auto end = loop.scheduler.at(now + 1ms, [&] { loop.scheduler.stop(); });
  loop.scheduler.run();
  EXPECT_EQ(order, (std::vector<int>{1, 2}));
}

TEST(AsioScheduler, TheHookRunsBeforeExpiredUrgentTimersAndMayCancelThem) {
  Loop loop;
  bool fired = false;
  TimerHandle urgent = loop.scheduler.at(
      loop.scheduler.now(), [&] { fired = true; }, Urgency::Urgent);
  loop.scheduler.before_urgent([&] {
    urgent.cancel();
    loop.scheduler.stop();
  });
  loop.scheduler.run();
  EXPECT_FALSE(fired) << "an advert that was read before the timer ran must be able to stop it";
}

TEST(AsioScheduler, PostedWorkLetsUrgentTimersThroughBetweenTwoHandlers) {
  Loop loop;
  int posted_before_urgent = -1;
  int posted = 0;
  TimerHandle urgent;
  std::function<void()> slice = [&] {
    if (++posted == 3) {
      urgent = loop.scheduler.at(
          loop.scheduler.now(), [&] { posted_before_urgent = posted; }, Urgency::Urgent);
    }
    if (posted == 10) return loop.scheduler.stop();
    loop.scheduler.post(slice);
  };
  loop.scheduler.post(slice);
  loop.scheduler.run();
  EXPECT_EQ(posted_before_urgent, 3);
}

TEST(AsioScheduler, DestroyingTheHandleCancelsAlsoFromInsideItsOwnCallback) {
  Loop loop;
  int fired = 0;
  auto handle = std::make_unique<TimerHandle>();
  *handle = loop.scheduler.at(loop.scheduler.now(), [&] {
    ++fired;
    handle.reset();
  });
  {
    const auto gone = loop.scheduler.after(1ms, [&] { fired += 100; });
  }
  const auto end = loop.scheduler.after(5ms, [&] { loop.scheduler.stop(); });
  loop.scheduler.run();
  EXPECT_EQ(fired, 1);
}

TEST(AsioScheduler, TimersRunAtTheirTimeInOrder) {
  Loop loop;
  std::vector<int> order;
  const auto start = loop.scheduler.now();
  const auto second = loop.scheduler.at(start + 4ms, [&] { order.push_back(2); });
  const auto first = loop.scheduler.at(start + 2ms, [&] { order.push_back(1); });
  const auto end = loop.scheduler.at(start + 6ms, [&] { loop.scheduler.stop(); });
  loop.scheduler.run();
  EXPECT_EQ(order, (std::vector<int>{1, 2}));
  EXPECT_GE(loop.scheduler.now() - start, 6ms);
}

TEST(AsioScheduler, WakesUpForWorkPostedByAnotherThread) {
  Loop loop;
  std::thread helper([&] { loop.scheduler.post([&] { loop.scheduler.stop(); }); });
  loop.scheduler.run();
  helper.join();
}

}  // namespace
}  // namespace hald
