// SPDX-License-Identifier: Apache-2.0
#include "net/holdings.h"

#include <gtest/gtest.h>

#include "fakes/capture_sink.h"
#include "fakes/fake_routing.h"
#include "fakes/fake_rtnl.h"
#include "fakes/working_scheduler.h"
#include "net/address_reconciler.h"
#include "net/interface_table.h"

namespace hald::net {
namespace {

using namespace std::chrono_literals;
using Lines = std::vector<std::string>;

/// Every change takes its time, and all of them are in one log.
class SlowRouting : public fakes::FakeRouting {
 public:
  SlowRouting(fakes::WorkingScheduler& clock, Lines& common) : clock_(clock), common_(common) {}
  Result<void> write(const RouteOperation& operation) override {
    clock_.use(20us);
    auto done = fakes::FakeRouting::write(operation);
    common_.push_back(log.back());
    return done;
  }
  Result<void> write(const RuleOperation& operation) override {
    auto done = fakes::FakeRouting::write(operation);
    common_.push_back(log.back());
    return done;
  }

 private:
  fakes::WorkingScheduler& clock_;
  Lines& common_;
};
class LoggingRtnl : public fakes::FakeRtnl {
 public:
  explicit LoggingRtnl(Lines& common) : common_(common) {}
  Result<void> add_address(const InterfaceAddress& address) override {
    common_.push_back("add address");
    return fakes::FakeRtnl::add_address(address);
  }
  Result<void> remove_address(const InterfaceAddress& address) override {
    common_.push_back("remove address");
    return fakes::FakeRtnl::remove_address(address);
  }

 private:
  Lines& common_;
};

class HoldingsTest : public testing::Test {
 protected:
  void SetUp() override {
    rtnl.operator_link(3, "eth0");
    ASSERT_TRUE(table.start());
  }
  static Holdings some(int routes) {
    Holdings out;
    WantedAddress address;
    address.device = "eth0";
    address.prefix = *Prefix::parse("10.0.0.3/24");
    out.addresses.push_back(address);
    for (int i = 0; i < routes; ++i) {
      WantedRoute route;
      route.route.destination = {Address::v4(0x0a090000U + static_cast<unsigned>(i) * 256U), 24};
      route.route.nexthops.push_back({*Address::parse("10.0.0.2"), {}});
      out.routes.push_back(route);
    }
    Rule rule;
    rule.priority = 100;
    rule.table = 100;
    out.rules.push_back(rule);
    return out;
  }

  Lines log_lines;
  fakes::WorkingScheduler scheduler;
  fakes::CaptureSink sink;
  log::Logger logger{sink, scheduler, log::Level::Debug};
  LoggingRtnl rtnl{log_lines};
  SlowRouting kernel{scheduler, log_lines};
  InterfaceTable table{rtnl, scheduler, logger};
  AddressReconciler addresses{rtnl, table, scheduler, logger};
  RouteReconciler routes{kernel, table, scheduler, logger};
  RuleReconciler rules{kernel, table, scheduler, logger};
  HoldingsKeeper keeper{addresses, routes, rules};
};

TEST_F(HoldingsTest, ComesInOrderAndGoesTheOtherWayRound) {
  keeper.hold("VI_1", some(1));
  scheduler.advance(1ms);
  EXPECT_EQ(log_lines,
            (Lines{"add address", "add 10.9.0.0/24 via 10.0.0.2", "add 100: from all lookup 100"}));
  log_lines.clear();
  keeper.release("VI_1", some(1));
  EXPECT_EQ(log_lines, (Lines{"remove 100: from all lookup 100", "remove 10.9.0.0/24 via 10.0.0.2 dev #3",
                              "remove address"}));
}

TEST_F(HoldingsTest, AddressesWaitUntilTheLastRouteWentAndNoLonger) {
  keeper.hold("VI_1", some(100));
  scheduler.advance(10ms);
  log_lines.clear();
  keeper.forget("VI_1");
  EXPECT_TRUE(keeper.is_waiting());
  EXPECT_EQ(std::count(log_lines.begin(), log_lines.end(), "remove address"), 0);
  scheduler.advance(10ms);
  EXPECT_FALSE(keeper.is_waiting());
  EXPECT_EQ(log_lines.back(), "remove address");
  EXPECT_TRUE(kernel.routes.empty());
}

TEST_F(HoldingsTest, ARouteThatCannotBeRemovedKeepsNoAddress) {
  keeper.hold("VI_1", some(1));
  scheduler.advance(1ms);
  kernel.failures["10.9.0.0/24 via 10.0.0.2 dev #3"] = EPERM;
  keeper.release("VI_1", some(1));
  EXPECT_EQ(log_lines.back(), "remove address");
}

TEST_F(HoldingsTest, HeldAgainWhileTheyWait) {
  keeper.hold("VI_1", some(100));
  scheduler.advance(10ms);
  keeper.release("VI_1", some(100));
  keeper.hold("VI_1", some(100));
  log_lines.clear();
  scheduler.advance(10ms);
  EXPECT_EQ(kernel.routes.size(), 100U);
  EXPECT_EQ(std::count(log_lines.begin(), log_lines.end(), "remove address"), 0);
  EXPECT_EQ(routes.drift(), 0U);
}

}  // namespace
}  // namespace hald::net
