// SPDX-License-Identifier: Apache-2.0
#include "net/rule_reconciler.h"

#include <gtest/gtest.h>

#include "fakes/capture_sink.h"
#include "fakes/fake_routing.h"
#include "fakes/fake_rtnl.h"
#include "fakes/manual_scheduler.h"
#include "net/interface_table.h"

namespace hald::net {
namespace {

using namespace std::chrono_literals;
using Lines = std::vector<std::string>;

Rule want(std::uint32_t priority, std::uint32_t table, const char* from = nullptr) {
  Rule out;
  out.priority = priority;
  out.table = table;
  if (from != nullptr) out.from = *Prefix::parse(from);
  return out;
}

class RuleReconcilerTest : public testing::Test {
 protected:
  void turn() {
    kernel.drain();
    scheduler.advance(0ns);
    kernel.drain();
    scheduler.advance(0ns);
  }

  fakes::ManualScheduler scheduler;
  fakes::CaptureSink sink;
  log::Logger logger{sink, scheduler, log::Level::Debug};
  fakes::FakeRtnl rtnl;
  fakes::FakeRouting kernel;
  InterfaceTable table{rtnl, scheduler, logger};
  RuleReconciler rules{kernel, table, scheduler, logger};
};

TEST_F(RuleReconcilerTest, HoldsReleasesAndForgets) {
  rules.hold("VI_1", {want(100, 10), want(101, 11, "10.0.0.0/24")});
  turn();
  EXPECT_EQ(kernel.shown_rules(), (Lines{"100: from all lookup 10", "101: from 10.0.0.0/24 lookup 11"}));
  rules.release("VI_1", {want(100, 10)});
  turn();
  EXPECT_TRUE(kernel.rules.empty());
  EXPECT_TRUE(rules.settled());
  EXPECT_EQ(rules.drift(), 0U);
}

TEST_F(RuleReconcilerTest, NeverTouchesWhatIsNotHalds) {
  auto foreign = want(100, 10);
  foreign.protocol = 3;
  auto other = want(101, 12);
  other.protocol = 3;
  ASSERT_TRUE(kernel.operator_add(foreign));
  ASSERT_TRUE(kernel.operator_add(other));
  rules.hold("VI_1", {want(100, 10), want(101, 11)});
  turn();
  EXPECT_EQ(kernel.shown_rules(), (Lines{"100: from all lookup 10 proto 3", "101: from all lookup 12 proto 3",
                                         "101: from all lookup 11"}));
  rules.forget("VI_1");
  turn();
  EXPECT_EQ(kernel.rules.size(), 2U);
}

TEST_F(RuleReconcilerTest, ReplacesWhatAnOlderConfigurationLeft) {
  ASSERT_TRUE(kernel.operator_add(want(100, 12)));
  rules.hold("VI_1", {want(100, 10)});
  turn();
  EXPECT_EQ(kernel.shown_rules(), Lines{"100: from all lookup 10"});
}

TEST_F(RuleReconcilerTest, PutsBackWhatOthersRemoveAndSurvivesOverruns) {
  std::vector<Drift> told;
  rules.on_drift([&](const Drift& drift) { told.push_back(drift); });
  rules.hold("VI_1", {want(100, 10)});
  turn();
  const auto dumps = kernel.dumps;
  ASSERT_TRUE(kernel.operator_remove(want(100, 10)));
  turn();
  EXPECT_EQ(kernel.rules.size(), 1U);
  EXPECT_EQ(kernel.dumps, dumps) << "an event of a rule tells all there is to know";
  ASSERT_TRUE(kernel.operator_remove(want(100, 10)));
  kernel.overrun();
  turn();
  EXPECT_EQ(kernel.rules.size(), 1U);
  EXPECT_EQ(rules.drift(), 2U);
  EXPECT_EQ(told, (std::vector<Drift>(2, {Drift::What::Removed, "VI_1", "rule 100: from all lookup 10"})));
}

TEST_F(RuleReconcilerTest, WhatNobodyMindsStaysAway) {
  auto wanted = want(100, 10);
  wanted.restore = false;
  rules.hold("VI_1", {wanted});
  turn();
  ASSERT_TRUE(kernel.operator_remove(want(100, 10)));
  turn();
  EXPECT_TRUE(kernel.rules.empty());
  EXPECT_EQ(rules.drift(), 0U);
  rules.release("VI_1", {wanted});
  rules.hold("VI_1", {wanted});
  turn();
  EXPECT_EQ(kernel.rules.size(), 1U);
}

}  // namespace
}  // namespace hald::net
