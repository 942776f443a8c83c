// SPDX-License-Identifier: Apache-2.0
#include "net/vrf_holder.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "fakes/capture_sink.h"
#include "fakes/fake_routing.h"
#include "fakes/fake_rtnl.h"
#include "fakes/working_scheduler.h"
#include "net/address_reconciler.h"
#include "net/holdings.h"
#include "net/interface_table.h"

namespace hald::net {
namespace {

using Lines = std::vector<std::string>;

Holdings some() {
  WantedRoute plain;
  plain.route.destination = *Prefix::parse("10.8.0.0/16");
  plain.route.nexthops.push_back({*Address::parse("10.0.0.2"), {"eth0", 0}});
  WantedRoute of_red = plain;
  of_red.route.destination = *Prefix::parse("10.9.0.0/16");
  of_red.vrf = "red";
  Holdings out;
  out.routes = {plain, of_red};
  return out;
}

class VrfHolderTest : public testing::Test {
 protected:
  void SetUp() override {
    rtnl.operator_link(3, "eth0");
    ASSERT_TRUE(table.start());
    turn();
  }
  void vrf(std::uint32_t number, int index = 9) {
    Link link;
    link.index = index;
    link.name = "red";
    link.up = link.running = true;
    link.kind = Vrf{number};
    rtnl.operator_link(link);
    turn();
  }
  void turn() {
    for (int i = 0; i < 3; ++i) {
      rtnl.drain();
      kernel.drain();
      scheduler.advance(Duration::zero());
    }
  }
  /// Sorted: no order is promised from one table to the next.
  [[nodiscard]] Lines shown() const {
    auto out = kernel.shown();
    std::sort(out.begin(), out.end());
    return out;
  }
  Lines changes() { return std::exchange(kernel.log, {}); }
  [[nodiscard]] std::size_t warnings() const { return sink.count("there is no VRF red"); }

  fakes::WorkingScheduler scheduler;
  fakes::CaptureSink sink;
  log::Logger logger{sink, scheduler, log::Level::Debug};
  fakes::FakeRtnl rtnl;
  fakes::FakeRouting kernel;
  InterfaceTable table{rtnl, scheduler, logger};
  AddressReconciler addresses{rtnl, table, scheduler, logger};
  RouteReconciler routes{kernel, table, scheduler, logger};
  RuleReconciler rules{kernel, table, scheduler, logger};
  HoldingsKeeper keeper{addresses, routes, rules};
  VrfHolder holder{keeper, table, logger};
};

TEST_F(VrfHolderTest, ARouteGoesIntoTheTableOfItsVrf) {
  vrf(100);
  holder.hold("VI_1", some());
  turn();
  EXPECT_EQ(shown(), (Lines{"10.8.0.0/16 via 10.0.0.2 dev #3", "10.9.0.0/16 via 10.0.0.2 dev #3 table 100"}));
  EXPECT_EQ(warnings(), 0U);
  holder.release("VI_1", some());
  turn();
  EXPECT_TRUE(kernel.routes.empty());
}

TEST_F(VrfHolderTest, WaitsForItsVrfAndSaysSoOnce) {
  holder.hold("VI_1", some());
  holder.hold("VI_1", some());
  turn();
  EXPECT_EQ(shown(), Lines{"10.8.0.0/16 via 10.0.0.2 dev #3"});
  EXPECT_EQ(warnings(), 1U);
  vrf(100);
  EXPECT_EQ(shown(), (Lines{"10.8.0.0/16 via 10.0.0.2 dev #3", "10.9.0.0/16 via 10.0.0.2 dev #3 table 100"}));
}

TEST_F(VrfHolderTest, AnotherLinkOfThatNameIsNoVrf) {
  rtnl.operator_link(9, "red");
  turn();
  holder.hold("VI_1", some());
  turn();
  EXPECT_EQ(shown(), Lines{"10.8.0.0/16 via 10.0.0.2 dev #3"});
  EXPECT_EQ(warnings(), 1U);
}

TEST_F(VrfHolderTest, FollowsAVrfThatComesAgainWithAnotherTable) {
  vrf(100);
  holder.hold("VI_1", some());
  turn();
  rtnl.operator_unlink(9);
  turn();
  EXPECT_EQ(shown(), Lines{"10.8.0.0/16 via 10.0.0.2 dev #3"});
  EXPECT_EQ(warnings(), 1U);
  vrf(200, 10);
  EXPECT_EQ(shown(), (Lines{"10.8.0.0/16 via 10.0.0.2 dev #3", "10.9.0.0/16 via 10.0.0.2 dev #3 table 200"}));
}

TEST_F(VrfHolderTest, DeclaringTheSameAgainWritesNothing) {
  vrf(100);
  holder.hold("VI_1", some());
  turn();
  changes();
  holder.hold("VI_1", some());
  vrf(100);
  EXPECT_EQ(changes(), Lines{});
}

TEST_F(VrfHolderTest, WhoIsForgottenGetsNothingMore) {
  holder.hold("VI_1", some());
  turn();
  holder.forget("VI_1");
  vrf(100);
  EXPECT_TRUE(kernel.routes.empty());
}

TEST_F(VrfHolderTest, WhoHasReleasedGetsNothingMore) {
  holder.hold("VI_1", some());
  turn();
  holder.release("VI_1", some());
  vrf(100);
  EXPECT_TRUE(kernel.routes.empty());
  EXPECT_EQ(warnings(), 1U);
}

}  // namespace
}  // namespace hald::net
