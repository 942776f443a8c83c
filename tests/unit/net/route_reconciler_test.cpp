// SPDX-License-Identifier: Apache-2.0
#include "net/route_reconciler.h"

#include <gtest/gtest.h>

#include "fakes/capture_sink.h"
#include "fakes/fake_routing.h"
#include "fakes/fake_rtnl.h"
#include "fakes/manual_scheduler.h"
#include "fakes/working_scheduler.h"
#include "net/interface_table.h"

namespace hald::net {
namespace {

using namespace std::chrono_literals;
using Lines = std::vector<std::string>;

WantedRoute want(const char* destination, const char* gateway, const char* link = "") {
  WantedRoute out;
  out.route.destination = *Prefix::parse(destination);
  out.route.nexthops.push_back({*Address::parse(gateway), {link, 0}});
  return out;
}

Route have(const char* destination, const char* gateway, std::uint8_t protocol = 4) {
  auto out = want(destination, gateway).route;
  out.protocol = protocol;
  return out;
}

class RouteReconcilerTest : public testing::Test {
 protected:
  void SetUp() override {
    rtnl.operator_link(3, "eth0");
    ASSERT_TRUE(table.start());
    turn();
  }
  void turn() {
    rtnl.drain();
    kernel.drain();
    scheduler.advance(0ns);
    kernel.drain();
    scheduler.advance(0ns);
  }
  Lines changes() { return std::exchange(kernel.log, {}); }

  fakes::ManualScheduler scheduler;
  fakes::CaptureSink sink;
  log::Logger logger{sink, scheduler, log::Level::Debug};
  fakes::FakeRtnl rtnl;
  fakes::FakeRouting kernel;
  InterfaceTable table{rtnl, scheduler, logger};
  RouteReconciler routes{kernel, table, scheduler, logger};
};

TEST_F(RouteReconcilerTest, AddsInOrderAndRemovesTheOtherWayRound) {
  routes.hold("VI_1", {want("10.9.0.0/16", "10.0.0.2"), want("10.8.0.0/16", "10.9.0.1")});
  turn();
  EXPECT_EQ(changes(), (Lines{"add 10.9.0.0/16 via 10.0.0.2", "add 10.8.0.0/16 via 10.9.0.1"}));
  EXPECT_EQ(kernel.shown(), (Lines{"10.9.0.0/16 via 10.0.0.2 dev #3", "10.8.0.0/16 via 10.9.0.1 dev #3"}));
  EXPECT_TRUE(routes.settled());
  routes.release("VI_1", {want("10.9.0.0/16", "10.0.0.2"), want("10.8.0.0/16", "10.9.0.1")});
  turn();
  EXPECT_EQ(changes(),
            (Lines{"remove 10.8.0.0/16 via 10.9.0.1 dev #3", "remove 10.9.0.0/16 via 10.0.0.2 dev #3"}));
  EXPECT_TRUE(kernel.routes.empty());
  EXPECT_EQ(routes.drift(), 0U);
  EXPECT_EQ(routes.writes(), 4U);
}

TEST_F(RouteReconcilerTest, WhatIsKnownIsWrittenBeforeHoldReturnsAndWithoutADump) {
  routes.release("VI_1", {want("10.9.0.0/16", "10.0.0.2")});
  turn();
  const auto dumps = kernel.dumps;
  routes.hold("VI_1", {want("10.9.0.0/16", "10.0.0.2")});
  EXPECT_EQ(kernel.shown(), Lines{"10.9.0.0/16 via 10.0.0.2 dev #3"});
  turn();
  EXPECT_EQ(kernel.dumps, dumps);
  EXPECT_TRUE(routes.settled());
}

TEST_F(RouteReconcilerTest, SayingItAgainWritesNothing) {
  for (int round = 0; round < 3; ++round) {
    routes.hold("VI_1", {want("10.9.0.0/16", "10.0.0.2")});
    turn();
  }
  EXPECT_EQ(routes.writes(), 1U);
}

TEST_F(RouteReconcilerTest, AdoptsWhatAFormerHaldLeft) {
  ASSERT_TRUE(kernel.operator_add(have("10.9.0.0/16", "10.0.0.2", Route::kKeepalived)));
  ASSERT_TRUE(kernel.operator_add(have("10.8.0.0/16", "10.0.0.2", Route::kKeepalived)));
  routes.hold("VI_1", {want("10.9.0.0/16", "10.0.0.2")});
  routes.release("VI_2", {want("10.8.0.0/16", "10.0.0.2")});
  turn();
  EXPECT_EQ(changes(), Lines{"remove 10.8.0.0/16 via 10.0.0.2 dev #3"});
  EXPECT_EQ(kernel.shown(), Lines{"10.9.0.0/16 via 10.0.0.2 dev #3"});
}

TEST_F(RouteReconcilerTest, EditsWhatAFormerHaldLeftInOneStep) {
  ASSERT_TRUE(kernel.operator_add(have("10.9.0.0/16", "10.0.0.3", Route::kKeepalived)));
  routes.hold("VI_1", {want("10.9.0.0/16", "10.0.0.2")});
  turn();
  EXPECT_EQ(changes(), Lines{"replace by 10.9.0.0/16 via 10.0.0.2"});
  EXPECT_EQ(kernel.shown(), Lines{"10.9.0.0/16 via 10.0.0.2 dev #3"});
  turn();
  EXPECT_TRUE(routes.settled());
  EXPECT_EQ(routes.drift(), 0U);
}

TEST_F(RouteReconcilerTest, NeverTouchesWhatIsNotHalds) {
  ASSERT_TRUE(kernel.operator_add(have("0.0.0.0/0", "10.0.0.254")));
  ASSERT_TRUE(kernel.operator_add(have("10.8.0.0/16", "10.0.0.2")));
  routes.hold("VI_1", {want("0.0.0.0/0", "10.0.0.1")});
  routes.release("VI_2", {want("10.8.0.0/16", "10.0.0.2")});
  turn();
  // In front of the other's, which comes back into its own.
  EXPECT_EQ(kernel.shown(), (Lines{"default via 10.0.0.1 dev #3", "default via 10.0.0.254 dev #3 proto 4",
                                   "10.8.0.0/16 via 10.0.0.2 dev #3 proto 4"}));
  routes.forget("VI_1");
  turn();
  EXPECT_EQ(kernel.shown(),
            (Lines{"default via 10.0.0.254 dev #3 proto 4", "10.8.0.0/16 via 10.0.0.2 dev #3 proto 4"}));
}

TEST_F(RouteReconcilerTest, TwoOwnersOfOneRouteAndTwoRoutesOfOneSlot) {
  routes.hold("VI_1", {want("0.0.0.0/0", "10.0.0.1")});
  routes.hold("VI_2", {want("0.0.0.0/0", "10.0.0.1"), want("0.0.0.0/0", "10.0.0.2")});
  turn();
  EXPECT_EQ(kernel.routes.size(), 2U);
  routes.release("VI_2", {want("0.0.0.0/0", "10.0.0.1"), want("0.0.0.0/0", "10.0.0.2")});
  turn();
  EXPECT_EQ(kernel.shown(), Lines{"default via 10.0.0.1 dev #3"});
  EXPECT_EQ(routes.drift(), 0U);
}

TEST_F(RouteReconcilerTest, PutsBackWhatOthersRemoveAndTellsItsOwner) {
  std::vector<Drift> told;
  routes.on_drift([&](const Drift& drift) { told.push_back(drift); });
  routes.hold("VI_1", {want("10.9.0.0/16", "10.0.0.2")});
  routes.release("VI_2", {want("10.8.0.0/16", "10.0.0.2")});
  turn();
  ASSERT_TRUE(kernel.operator_remove(have("10.9.0.0/16", "10.0.0.2", Route::kKeepalived)));
  ASSERT_TRUE(kernel.operator_add(have("10.8.0.0/16", "10.0.0.2", Route::kKeepalived)));
  turn();
  turn();
  EXPECT_EQ(kernel.shown(), Lines{"10.9.0.0/16 via 10.0.0.2 dev #3"});
  EXPECT_EQ(routes.drift(), 2U);
  EXPECT_EQ(told, (std::vector<Drift>{{Drift::What::Removed, "VI_1", "route 10.9.0.0/16 via 10.0.0.2"},
                                      {Drift::What::Added, "VI_2", "route 10.8.0.0/16 via 10.0.0.2"}}));
}

TEST_F(RouteReconcilerTest, FightsAtASlowPace) {
  routes.hold("VI_1", {want("10.9.0.0/16", "10.0.0.2")});
  turn();
  for (int round = 0; round < 40; ++round) {
    (void)kernel.operator_remove(have("10.9.0.0/16", "10.0.0.2", Route::kKeepalived));
    turn();
  }
  EXPECT_LE(routes.writes(), 12U);
  EXPECT_FALSE(routes.settled());
  scheduler.advance(2s);
  turn();
  EXPECT_EQ(kernel.routes.size(), 1U);
  EXPECT_TRUE(routes.settled());
}

TEST_F(RouteReconcilerTest, AnOverrunIsMadeGood) {
  routes.hold("VI_1", {want("10.9.0.0/16", "10.0.0.2")});
  turn();
  ASSERT_TRUE(kernel.operator_remove(have("10.9.0.0/16", "10.0.0.2", Route::kKeepalived)));
  kernel.overrun();
  turn();
  EXPECT_EQ(kernel.routes.size(), 1U);
  EXPECT_EQ(routes.drift(), 1U);
}

TEST_F(RouteReconcilerTest, ALinkThatVanishesTakesItsRoutesAndBringsThemBack) {
  routes.hold("VI_1", {want("10.9.0.0/16", "10.0.0.2", "eth0"), want("10.8.0.0/16", "10.0.0.2")});
  turn();
  EXPECT_EQ(kernel.routes.size(), 2U);
  kernel.flush_link(3);
  rtnl.operator_unlink(3);
  kernel.unreachable.insert(*Address::parse("10.0.0.2"));
  turn();
  EXPECT_EQ(routes.drift(), 0U) << "nobody removed them";
  EXPECT_TRUE(kernel.routes.empty());
  kernel.unreachable.clear();
  kernel.gateway_link = 7;
  rtnl.operator_link(7, "eth0");
  turn();
  EXPECT_EQ(kernel.shown(), (Lines{"10.9.0.0/16 via 10.0.0.2 dev #7", "10.8.0.0/16 via 10.0.0.2 dev #7"}));
  EXPECT_TRUE(routes.settled());
  EXPECT_EQ(routes.drift(), 0U);
}

TEST_F(RouteReconcilerTest, WaitsForALinkThatIsDownWithoutComplaining) {
  rtnl.operator_link(3, "eth0", false);
  kernel.links_down.insert(3);
  turn();
  routes.hold("VI_1", {want("10.9.0.0/16", "10.0.0.2", "eth0")});
  turn();
  EXPECT_TRUE(changes().empty());
  EXPECT_TRUE(routes.settled());
  kernel.links_down.clear();
  rtnl.operator_link(3, "eth0");
  turn();
  EXPECT_EQ(kernel.routes.size(), 1U);
  EXPECT_EQ(sink.count("will try again"), 0U);
}

TEST_F(RouteReconcilerTest, TriesAgainWhatTheKernelRefuses) {
  kernel.unreachable.insert(*Address::parse("10.0.0.2"));
  routes.hold("VI_1", {want("10.9.0.0/16", "10.0.0.2"), want("10.8.0.0/16", "10.0.0.3")});
  turn();
  EXPECT_FALSE(routes.settled());
  EXPECT_EQ(kernel.routes.size(), 1U) << "the others do not depend on it";
  EXPECT_TRUE(sink.contains("Network is unreachable; will try again"));
  EXPECT_EQ(changes().size(), 2U);
  scheduler.advance(10s);
  const auto tries = changes().size();
  EXPECT_GE(tries, 3U);
  EXPECT_LE(tries, 8U);
  kernel.unreachable.clear();
  scheduler.advance(30s);
  turn();
  EXPECT_TRUE(routes.settled());
  EXPECT_EQ(kernel.routes.size(), 2U);
}

TEST_F(RouteReconcilerTest, ARouteThatRunsOutIsNotPutBack) {
  auto brief = want("2001:db8:9::/48", "fe80::1", "eth0");
  brief.route.expires = 5;
  routes.hold("VI_1", {brief});
  turn();
  ASSERT_EQ(kernel.routes.size(), 1U);
  ASSERT_TRUE(kernel.operator_remove(kernel.routes.front()));
  turn();
  EXPECT_TRUE(kernel.routes.empty());
  EXPECT_EQ(routes.drift(), 0U);
}

TEST_F(RouteReconcilerTest, WhatNobodyMindsStaysAway) {
  auto wanted = want("192.0.2.0/24", "10.0.0.9", "eth0");
  wanted.restore = false;
  routes.hold("VI_1", {wanted});
  turn();
  ASSERT_EQ(kernel.routes.size(), 1U);
  ASSERT_TRUE(kernel.operator_remove(kernel.routes.front()));
  turn();
  EXPECT_TRUE(kernel.routes.empty());
  EXPECT_EQ(routes.drift(), 0U);
  routes.release("VI_1", {wanted});
  routes.hold("VI_1", {wanted});
  turn();
  EXPECT_EQ(kernel.routes.size(), 1U);
}

TEST_F(RouteReconcilerTest, IPv6RoutesThatTheKernelMergesAreStillTheirOwners) {
  ASSERT_TRUE(kernel.operator_add(have("2001:db8:9::/48", "fe80::1")));
  routes.hold("VI_1", {want("2001:db8:9::/48", "fe80::2", "eth0")});
  routes.hold("VI_2", {want("2001:db8:9::/48", "fe80::3", "eth0")});
  turn();
  EXPECT_EQ(kernel.shown_routes().size(), 1U);
  EXPECT_EQ(kernel.routes.size(), 3U);
  EXPECT_TRUE(routes.settled());
  routes.forget("VI_1");
  turn();
  ASSERT_EQ(kernel.routes.size(), 2U);
  routes.forget("VI_2");
  turn();
  ASSERT_EQ(kernel.routes.size(), 1U);
  EXPECT_EQ(kernel.routes.front().protocol, 4U);
  EXPECT_EQ(routes.drift(), 0U);
}

TEST_F(RouteReconcilerTest, ADumpThatIsDisturbedIsTakenAgain) {
  kernel.piece = 1;
  for (int i = 0; i < 6; ++i)
    ASSERT_TRUE(kernel.operator_add(have(("10.1." + std::to_string(i) + ".0/24").c_str(), "10.0.0.2")));
  kernel.drain();
  kernel.interrupt_dumps = true;
  routes.hold("VI_1", {want("10.9.0.0/16", "10.0.0.2")});
  EXPECT_TRUE(changes().empty());
  kernel.interrupt_dumps = false;
  scheduler.advance(1s);
  turn();
  EXPECT_EQ(kernel.routes.size(), 7U);
  EXPECT_TRUE(routes.settled());
}

TEST_F(RouteReconcilerTest, FailingDumpsAreTriedAgain) {
  kernel.fail_dumps = true;
  routes.hold("VI_1", {want("10.9.0.0/16", "10.0.0.2")});
  scheduler.advance(1s);
  EXPECT_FALSE(routes.settled());
  EXPECT_TRUE(sink.contains("cannot read the routes, will try again"));
  kernel.fail_dumps = false;
  scheduler.advance(10s);
  EXPECT_TRUE(routes.settled());
  EXPECT_EQ(kernel.routes.size(), 1U);
}

TEST(RouteReconcilerSlices, NeverWorksForLongInOneGo) {
  fakes::WorkingScheduler scheduler;
  fakes::CaptureSink sink;
  log::Logger logger{sink, scheduler, log::Level::Debug};
  fakes::FakeRtnl rtnl;
  struct SlowRouting : fakes::FakeRouting {
    explicit SlowRouting(fakes::WorkingScheduler& clock) : clock_(clock) {}
    Result<void> write(const RouteOperation& operation) override {
      clock_.use(20us);
      return fakes::FakeRouting::write(operation);
    }
    fakes::WorkingScheduler& clock_;
  } kernel(scheduler);
  InterfaceTable table{rtnl, scheduler, logger};
  rtnl.operator_link(3, "eth0");
  ASSERT_TRUE(table.start());
  RouteReconciler routes{kernel, table, scheduler, logger};
  int idle = 0;
  routes.on_idle([&] { ++idle; });
  std::vector<WantedRoute> wanted;
  for (int i = 0; i < 1000; ++i)
    wanted.push_back(
        want(("10.9." + std::to_string(i / 250) + "." + std::to_string(i % 250)).c_str(), "10.0.0.2"));
  routes.release("VI_1", wanted);
  scheduler.advance(1ms);
  const auto before = scheduler.now();
  routes.hold("VI_1", wanted);
  EXPECT_LE(scheduler.now() - before, 600us);
  EXPECT_TRUE(routes.is_busy());
  EXPECT_GE(kernel.routes.size(), 20U);
  EXPECT_LT(kernel.routes.size(), 40U);
  idle = 0;
  scheduler.advance(1s);
  EXPECT_FALSE(routes.is_busy());
  EXPECT_EQ(idle, 1);
  EXPECT_EQ(kernel.routes.size(), 1000U);
}

}  // namespace
}  // namespace hald::net
