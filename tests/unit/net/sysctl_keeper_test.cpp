// SPDX-License-Identifier: Apache-2.0
#include "net/sysctl_keeper.h"

#include <gtest/gtest.h>

#include "fakes/capture_sink.h"
#include "fakes/fake_rtnl.h"
#include "fakes/fake_sysctls.h"
#include "fakes/manual_scheduler.h"
#include "net/interface_table.h"

namespace hald::net {
namespace {

using namespace std::chrono_literals;
using Lines = std::vector<std::string>;

constexpr const char* kIgnore = "net/ipv4/conf/eth0/arp_ignore";
constexpr const char* kFilter = "net/ipv4/conf/eth0/arp_filter";

class SysctlKeeperTest : public testing::Test {
 protected:
  void SetUp() override {
    rtnl.operator_link(3, "eth0");
    sysctls.add_link("eth0");
    ASSERT_TRUE(table.start());
    turn();
  }
  void turn() {
    rtnl.drain();
    scheduler.advance(0ns);
  }
  Lines changes() { return std::exchange(sysctls.log, {}); }
  const std::string& value(const std::string& path) { return sysctls.values.at(path); }

  fakes::ManualScheduler scheduler;
  fakes::CaptureSink sink;
  log::Logger logger{sink, scheduler, log::Level::Debug};
  fakes::FakeRtnl rtnl;
  fakes::FakeSysctls sysctls;
  InterfaceTable table{rtnl, scheduler, logger};
  SysctlKeeper keeper{sysctls, table, scheduler, logger};
  const std::vector<SysctlWish> both{{kIgnore, "1", "eth0"}, {kFilter, "1", "eth0"}};
};

TEST_F(SysctlKeeperTest, SetsInOrderAndPutsBackTheOtherWayRound) {
  keeper.hold("VI_1", both);
  EXPECT_EQ(changes(), (Lines{std::string(kIgnore) + "=1", std::string(kFilter) + "=1"}));
  keeper.forget("VI_1");
  EXPECT_EQ(changes(), (Lines{std::string(kFilter) + "=0", std::string(kIgnore) + "=0"}));
  EXPECT_TRUE(keeper.remembered().empty());
}

TEST_F(SysctlKeeperTest, TheLastOwnerPutsBack) {
  keeper.hold("VI_1", both);
  keeper.hold("VI_2", both);
  keeper.forget("VI_1");
  EXPECT_EQ(value(kIgnore), "1");
  keeper.forget("VI_2");
  EXPECT_EQ(value(kIgnore), "0");
}

TEST_F(SysctlKeeperTest, WhatWasSoAlreadyStaysSo) {
  sysctls.values[kIgnore] = "1";
  keeper.hold("VI_1", both);
  EXPECT_EQ(changes().size(), 1U);
  keeper.forget("VI_1");
  EXPECT_EQ(value(kIgnore), "1");
}

TEST_F(SysctlKeeperTest, WhatSomebodyElseChangedIsNotPutBack) {
  keeper.hold("VI_1", both);
  sysctls.values[kIgnore] = "2";
  keeper.forget("VI_1");
  EXPECT_EQ(value(kIgnore), "2");
  EXPECT_EQ(value(kFilter), "0");
}

TEST_F(SysctlKeeperTest, LooksAgainAndRepairs) {
  std::vector<Drift> told;
  keeper.on_drift([&](const Drift& drift) { told.push_back(drift); });
  keeper.hold("VI_1", both);
  sysctls.values[kFilter] = "0";
  scheduler.advance(2s);
  EXPECT_EQ(value(kFilter), "1");
  EXPECT_EQ(keeper.drift(), 1U);
  EXPECT_EQ(told, (std::vector<Drift>{{Drift::What::Removed, "VI_1", kFilter}}));
  keeper.forget("VI_1");
  EXPECT_EQ(value(kFilter), "0");
  scheduler.advance(10s);
  EXPECT_TRUE(scheduler.idle());
}

TEST_F(SysctlKeeperTest, AValueThatDoesNotStickIsSaidAndTriedAgain) {
  sysctls.stubborn.insert(kIgnore);
  keeper.hold("VI_1", both);
  EXPECT_FALSE(keeper.settled());
  EXPECT_TRUE(sink.contains("it reads 0"));
  ASSERT_EQ(keeper.problems().size(), 1U);
  EXPECT_EQ(keeper.problems()[0].find("set " + std::string(kIgnore) + " to 1: it reads 0"), 0U);
  EXPECT_EQ(value(kFilter), "1") << "the others do not depend on it";
  sysctls.stubborn.clear();
  scheduler.advance(1s);
  EXPECT_TRUE(keeper.settled());
  EXPECT_TRUE(keeper.problems().empty());
  EXPECT_EQ(value(kIgnore), "1");
  EXPECT_EQ(keeper.drift(), 0U);
}

TEST_F(SysctlKeeperTest, WhatNobodyWantsAnyMoreIsNoProblem) {
  sysctls.stubborn.insert(kIgnore);
  keeper.hold("VI_1", both);
  EXPECT_EQ(keeper.problems().size(), 1U);
  keeper.forget("VI_1");
  EXPECT_TRUE(keeper.problems().empty());
}

TEST_F(SysctlKeeperTest, FollowsItsInterface) {
  keeper.hold("VI_1", both);
  rtnl.operator_unlink(3);
  sysctls.remove_link("eth0");
  turn();
  EXPECT_TRUE(keeper.remembered().empty()) << "another eth0 has values of its own";
  EXPECT_TRUE(keeper.settled());
  sysctls.add_link("eth0");
  sysctls.values[kFilter] = "1";
  rtnl.operator_link(7, "eth0");
  turn();
  EXPECT_EQ(value(kIgnore), "1");
  keeper.forget("VI_1");
  EXPECT_EQ(value(kIgnore), "0");
  EXPECT_EQ(value(kFilter), "1");
  EXPECT_EQ(keeper.drift(), 0U);
}

TEST_F(SysctlKeeperTest, WhatIsNotThereMayBeOptional) {
  keeper.hold("VI_1", {{"net/ipv6/conf/eth0/mc_forwarding", "1", "eth0", true, true}});
  EXPECT_TRUE(keeper.settled());
  keeper.hold("VI_2", {{"net/ipv4/conf/eth0/nonsense", "1", "eth0"}});
  EXPECT_FALSE(keeper.settled());
  EXPECT_TRUE(sink.contains("read net/ipv4/conf/eth0/nonsense"));
}

TEST_F(SysctlKeeperTest, ASuccessorPutsBackWhatItsPredecessorChanged) {
  std::vector<RememberedSysctl> remembered;
  {
    SysctlKeeper predecessor{sysctls, table, scheduler, logger};
    predecessor.hold("VI_1", both);
    remembered = predecessor.remembered();  // and then it crashed
  }
  EXPECT_EQ(remembered,
            (std::vector<RememberedSysctl>{{kFilter, "0", "1", "eth0"}, {kIgnore, "0", "1", "eth0"}}));
  keeper.adopt(remembered);
  keeper.hold("VI_1", {both[0]});
  keeper.put_back_unclaimed();
  EXPECT_EQ(value(kFilter), "0");
  EXPECT_EQ(value(kIgnore), "1");
  keeper.forget("VI_1");
  EXPECT_EQ(value(kIgnore), "0");
}

}  // namespace
}  // namespace hald::net
