// SPDX-License-Identifier: Apache-2.0
#include "net/address_reconciler.h"

#include <gtest/gtest.h>

#include "fakes/capture_sink.h"
#include "fakes/fake_rtnl.h"
#include "fakes/manual_scheduler.h"

namespace hald::net {
namespace {

using namespace std::chrono_literals;
using Lines = std::vector<std::string>;

WantedAddress want(const std::string& prefix, const std::string& label = "",
                   const std::string& device = "eth0") {
  WantedAddress out;
  out.device = device;
  out.prefix = *Prefix::parse(prefix);
  out.label = label;
  return out;
}

class AddressReconcilerTest : public testing::Test {
 protected:
  void SetUp() override {
    kernel.operator_link(2, "eth0");
    ASSERT_TRUE(kernel.operator_add(2, "10.0.0.5/24"));
    ASSERT_TRUE(table.start());
    turn();
  }
  void turn() {
    kernel.drain();
    scheduler.advance(0ns);
  }
  Lines changes() { return std::exchange(kernel.log, {}); }

  fakes::ManualScheduler scheduler;
  fakes::CaptureSink sink;
  log::Logger logger{sink, scheduler, log::Level::Debug};
  fakes::FakeRtnl kernel;
  InterfaceTable table{kernel, scheduler, logger};
  AddressReconciler addresses{kernel, table, scheduler, logger};
};

TEST_F(AddressReconcilerTest, HoldAddsAtOnceAndInOrder) {
  addresses.hold("VI_1", {want("10.0.0.9/24"), want("10.0.0.3/24", "eth0:0")});
  EXPECT_EQ(changes(), (Lines{"add 10.0.0.9/24", "add 10.0.0.3/24"}));
  EXPECT_EQ(kernel.shown(2), (Lines{"10.0.0.5/24", "10.0.0.9/24 secondary", "10.0.0.3/24 eth0:0 secondary"}));
  EXPECT_TRUE(addresses.settled());
  EXPECT_EQ(addresses.writes(), 2U);
  EXPECT_EQ(addresses.drift(), 0U);
}

TEST_F(AddressReconcilerTest, SayingItAgainWritesNothing) {
  addresses.hold("VI_1", {want("10.0.0.3/24")});
  turn();
  addresses.hold("VI_1", {want("10.0.0.3/24")});
  turn();
  EXPECT_EQ(addresses.writes(), 1U);
  addresses.release("VI_1", {want("10.0.0.3/24")});
  turn();
  addresses.release("VI_1", {want("10.0.0.3/24")});
  turn();
  EXPECT_EQ(addresses.writes(), 2U);
  EXPECT_EQ(kernel.shown(2), Lines{"10.0.0.5/24"});
  EXPECT_EQ(addresses.drift(), 0U);
}

TEST_F(AddressReconcilerTest, TellsTheOwnersOfDriftOnALaterTurn) {
  std::vector<Drift> told;
  addresses.on_drift([&](const Drift& drift) {
    told.push_back(drift);
    addresses.forget(drift.owner);  // an owner may do what it likes
  });
  addresses.hold("VI_1", {want("10.0.0.3/24")});
  addresses.release("VI_2", {want("10.7.0.4/24")});
  turn();
  ASSERT_TRUE(kernel.operator_remove(2, "10.0.0.3/24"));
  ASSERT_TRUE(kernel.operator_add(2, "10.7.0.4/24"));
  turn();
  EXPECT_EQ(told, (std::vector<Drift>{{Drift::What::Removed, "VI_1", "10.0.0.3/24 on eth0"},
                                      {Drift::What::Added, "VI_2", "10.7.0.4/24 on eth0"}}));
  turn();
  EXPECT_EQ(kernel.shown(2), Lines{"10.0.0.5/24"});
}

TEST_F(AddressReconcilerTest, WhatNobodyMindsStaysAway) {
  auto wanted = want("10.0.0.3/24");
  wanted.restore = false;
  addresses.hold("VI_1", {wanted});
  turn();
  ASSERT_TRUE(kernel.operator_remove(2, "10.0.0.3/24"));
  turn();
  EXPECT_EQ(kernel.shown(2), Lines{"10.0.0.5/24"});
  EXPECT_EQ(addresses.drift(), 0U);
  EXPECT_TRUE(addresses.settled());
  addresses.release("VI_1", {wanted});
  addresses.hold("VI_1", {wanted});
  EXPECT_EQ(kernel.shown(2), (Lines{"10.0.0.5/24", "10.0.0.3/24 secondary"}));
}

TEST_F(AddressReconcilerTest, EditsFlagsInPlace) {
  addresses.hold("VI_1", {want("2001:db8::3/64")});
  auto limited = want("2001:db8::3/64");
  limited.preferred_lft = 0;
  addresses.hold("VI_1", {limited});
  EXPECT_EQ(changes(), (Lines{"add 2001:db8::3/64", "edit 2001:db8::3/64"}));
  turn();
  EXPECT_TRUE(addresses.settled());
  EXPECT_EQ(addresses.drift(), 0U);
}

TEST_F(AddressReconcilerTest, HoldAndReleaseWithinOneTurn) {
  addresses.hold("VI_1", {want("10.0.0.3/24")});
  addresses.release("VI_1", {want("10.0.0.3/24")});
  addresses.hold("VI_1", {want("10.0.0.3/24")});
  turn();
  EXPECT_EQ(kernel.shown(2), (Lines{"10.0.0.5/24", "10.0.0.3/24 secondary"}));
  EXPECT_EQ(addresses.writes(), 3U);
  EXPECT_EQ(addresses.drift(), 0U);
}

TEST_F(AddressReconcilerTest, WhatACrashLeftIsRemovedIfReleased) {
  ASSERT_TRUE(kernel.operator_add(2, "10.0.0.3/24", "eth0:0"));
  turn();
  addresses.release("VI_1", {want("10.0.0.3/24", "eth0:0")});
  EXPECT_EQ(changes(), Lines{"remove 10.0.0.3/24"});
  EXPECT_EQ(addresses.drift(), 0U);
}

TEST_F(AddressReconcilerTest, WhatACrashLeftIsAdoptedIfHeld) {
  ASSERT_TRUE(kernel.operator_add(2, "10.0.0.3/24", "eth0:0"));
  turn();
  addresses.hold("VI_1", {want("10.0.0.3/24", "eth0:0")});
  EXPECT_TRUE(changes().empty());
  EXPECT_EQ(addresses.writes(), 0U);
}

TEST_F(AddressReconcilerTest, AnotherLabelIsEdited) {
  ASSERT_TRUE(kernel.operator_add(2, "10.0.0.3/24"));
  turn();
  addresses.hold("VI_1", {want("10.0.0.3/24", "eth0:0")});
  EXPECT_EQ(changes(), (Lines{"remove 10.0.0.3/24", "add 10.0.0.3/24"}));
  EXPECT_EQ(kernel.shown(2), (Lines{"10.0.0.5/24", "10.0.0.3/24 eth0:0 secondary"}));
  EXPECT_TRUE(addresses.settled());
}

TEST_F(AddressReconcilerTest, WhatSomebodyRemovesComesBackAndCounts) {
  addresses.hold("VI_1", {want("10.0.0.3/24")});
  turn();
  ASSERT_TRUE(kernel.operator_remove(2, "10.0.0.3/24"));
  turn();
  EXPECT_EQ(kernel.shown(2), (Lines{"10.0.0.5/24", "10.0.0.3/24 secondary"}));
  EXPECT_EQ(addresses.drift(), 1U);
  EXPECT_TRUE(sink.contains("10.0.0.3/24 on eth0 was removed or changed by somebody else; repairing it"));
}

TEST_F(AddressReconcilerTest, WhatSomebodyAddsAgainstARleaseGoesAndCounts) {
  addresses.release("VI_1", {want("10.0.0.3/24")});
  turn();
  ASSERT_TRUE(kernel.operator_add(2, "10.0.0.3/24"));
  turn();
  EXPECT_EQ(kernel.shown(2), Lines{"10.0.0.5/24"});
  EXPECT_EQ(addresses.drift(), 1U);
}

TEST_F(AddressReconcilerTest, AddressesOfOthersAreNeverTouched) {
  addresses.hold("VI_1", {want("10.0.0.3/24")});
  ASSERT_TRUE(kernel.operator_add(2, "192.0.2.1/24"));
  ASSERT_TRUE(kernel.operator_remove(2, "192.0.2.1/24"));
  ASSERT_TRUE(kernel.operator_add(2, "192.0.2.2/24"));
  turn();
  EXPECT_EQ(changes(), Lines{"add 10.0.0.3/24"});
  EXPECT_EQ(addresses.drift(), 0U);
}

TEST_F(AddressReconcilerTest, TheInterfaceMayComeLaterGoAndComeBack) {
  addresses.hold("VI_1", {want("10.9.0.3/24", "", "eth9")});
  EXPECT_TRUE(changes().empty());
  EXPECT_TRUE(addresses.settled());
  kernel.operator_link(9, "eth9");
  turn();
  EXPECT_EQ(changes(), Lines{"add 10.9.0.3/24"});
  kernel.operator_unlink(9);
  turn();
  kernel.operator_link(10, "eth9");
  turn();
  EXPECT_EQ(changes(), Lines{"add 10.9.0.3/24"});
  EXPECT_EQ(kernel.shown(10), Lines{"10.9.0.3/24"});
  EXPECT_EQ(addresses.drift(), 0U);
}

TEST_F(AddressReconcilerTest, ARenamedInterfaceTakesNoAddressAway) {
  addresses.hold("VI_1", {want("10.0.0.3/24")});
  turn();
  changes();
  kernel.operator_link(2, "old0");
  kernel.operator_link(7, "eth0");
  turn();
  EXPECT_EQ(kernel.shown(2), Lines{"10.0.0.5/24 eth0"});  // the label is older than the name
  EXPECT_EQ(kernel.shown(7), Lines{"10.0.0.3/24"});
  EXPECT_EQ(changes(), (Lines{"remove 10.0.0.3/24", "add 10.0.0.3/24"}));
}

TEST_F(AddressReconcilerTest, AnErrorIsTriedAgainEverMoreSlowly) {
  kernel.failures[*Prefix::parse("10.0.0.3/24")] = EINVAL;
  addresses.hold("VI_1", {want("10.0.0.3/24"), want("10.0.0.4/24")});
  EXPECT_EQ(changes(), (Lines{"add 10.0.0.3/24", "add 10.0.0.4/24"}));
  EXPECT_FALSE(addresses.settled());
  EXPECT_EQ(sink.count("add 10.0.0.3/24: Invalid argument; will try again"), 1U);
  scheduler.advance(100ms);
  EXPECT_EQ(changes(), Lines{"add 10.0.0.3/24"});
  scheduler.advance(199ms);
  EXPECT_TRUE(changes().empty());
  scheduler.advance(1ms);
  EXPECT_EQ(changes(), Lines{"add 10.0.0.3/24"});
  kernel.failures.clear();
  scheduler.advance(400ms);
  EXPECT_EQ(kernel.shown(2), (Lines{"10.0.0.5/24", "10.0.0.4/24 secondary", "10.0.0.3/24 secondary"}));
  EXPECT_TRUE(addresses.settled());
  EXPECT_EQ(addresses.drift(), 0U);
  scheduler.advance(10min);
  EXPECT_EQ(changes(), Lines{"add 10.0.0.3/24"});
}

TEST_F(AddressReconcilerTest, ANewDeclarationEndsTheRetries) {
  kernel.failures[*Prefix::parse("10.0.0.3/24")] = EINVAL;
  addresses.hold("VI_1", {want("10.0.0.3/24")});
  changes();
  addresses.release("VI_1", {want("10.0.0.3/24")});
  scheduler.advance(10min);
  EXPECT_TRUE(changes().empty());
  EXPECT_TRUE(addresses.settled());
}

TEST_F(AddressReconcilerTest, AWrongPictureIsLookedAtAgain) {
  addresses.hold("VI_1", {want("10.0.0.3/24")});
  turn();
  changes();
  ASSERT_TRUE(kernel.operator_remove(2, "10.0.0.3/24"));
  kernel.lose_events();
  const auto dumps = kernel.dumps;
  addresses.release("VI_1", {want("10.0.0.3/24")});  // EADDRNOTAVAIL
  EXPECT_EQ(changes(), Lines{"remove 10.0.0.3/24"});
  EXPECT_EQ(kernel.dumps, dumps + 1);
  EXPECT_TRUE(addresses.settled());
  ASSERT_TRUE(kernel.operator_add(2, "10.0.0.3/24"));
  kernel.lose_events();
  addresses.hold("VI_1", {want("10.0.0.3/24")});  // EEXIST
  EXPECT_EQ(changes(), Lines{"add 10.0.0.3/24"});
  EXPECT_EQ(kernel.dumps, dumps + 2);
  EXPECT_TRUE(addresses.settled());
  EXPECT_EQ(kernel.shown(2), (Lines{"10.0.0.5/24", "10.0.0.3/24 secondary"}));
}

TEST_F(AddressReconcilerTest, AnAddressThatIsThereButNotAsAskedIsAnError) {
  kernel.failures[*Prefix::parse("2001:db8::3/128")] = EEXIST;  // there with another length, say
  addresses.hold("VI_1", {want("2001:db8::3")});
  EXPECT_FALSE(addresses.settled());
  EXPECT_EQ(changes().size(), 2U);  // once, and once after looking again
}

TEST_F(AddressReconcilerTest, RemovingAPrimaryCostsNobodyHisAddress) {
  addresses.hold("VI_1", {want("10.7.0.1/24")});
  addresses.hold("VI_2", {want("10.7.0.2/24"), want("10.7.0.3/24")});
  ASSERT_TRUE(kernel.operator_add(2, "10.7.0.8/24", "eth0:x"));
  ASSERT_TRUE(kernel.operator_add(2, "10.7.0.9/24"));
  turn();
  changes();
  addresses.release("VI_1", {want("10.7.0.1/24")});
  EXPECT_EQ(kernel.shown(2), (Lines{"10.0.0.5/24", "10.7.0.8/24 eth0:x", "10.7.0.9/24 secondary",
                                    "10.7.0.2/24 secondary", "10.7.0.3/24 secondary"}));
  EXPECT_EQ(addresses.drift(), 0U);
  EXPECT_TRUE(addresses.settled());
  changes();
  turn();
  EXPECT_TRUE(changes().empty());
}

TEST_F(AddressReconcilerTest, PromotedSecondariesNeedNoRepair) {
  kernel.promote_secondaries = true;
  addresses.hold("VI_1", {want("10.7.0.1/24")});
  addresses.hold("VI_2", {want("10.7.0.2/24")});
  ASSERT_TRUE(kernel.operator_add(2, "10.7.0.9/24"));
  turn();
  changes();
  addresses.release("VI_1", {want("10.7.0.1/24")});
  turn();
  EXPECT_EQ(changes(), Lines{"remove 10.7.0.1/24"});
  EXPECT_EQ(kernel.shown(2), (Lines{"10.0.0.5/24", "10.7.0.2/24", "10.7.0.9/24 secondary"}));
}

TEST_F(AddressReconcilerTest, AWholeSubnetIsReleasedInOneWrite) {
  const std::vector<WantedAddress> all{want("10.7.0.1/24"), want("10.7.0.2/24"), want("10.7.0.3/24")};
  addresses.hold("VI_1", all);
  turn();
  changes();
  addresses.release("VI_1", all);
  EXPECT_EQ(changes(), Lines{"remove 10.7.0.1/24"});
  EXPECT_EQ(kernel.shown(2), Lines{"10.0.0.5/24"});
}

TEST_F(AddressReconcilerTest, SomebodyRemovingThePrimaryCostsNothingEither) {
  addresses.hold("VI_1", {want("10.0.0.3/24"), want("10.0.0.4/24")});
  turn();
  ASSERT_TRUE(kernel.operator_remove(2, "10.0.0.5/24"));
  EXPECT_TRUE(kernel.shown(2).empty());
  turn();
  EXPECT_EQ(kernel.shown(2), (Lines{"10.0.0.3/24", "10.0.0.4/24 secondary"}));
  EXPECT_EQ(addresses.drift(), 2U);
}

TEST_F(AddressReconcilerTest, TwoOwnersOfOneAddress) {
  addresses.hold("VI_1", {want("10.0.0.3/24")});
  addresses.release("VI_2", {want("10.0.0.3/24")});
  turn();
  EXPECT_EQ(changes(), Lines{"add 10.0.0.3/24"});
  addresses.hold("VI_2", {want("10.0.0.3/24")});
  addresses.release("VI_1", {want("10.0.0.3/24")});
  turn();
  EXPECT_TRUE(changes().empty());
  addresses.release("VI_2", {want("10.0.0.3/24")});
  EXPECT_EQ(changes(), Lines{"remove 10.0.0.3/24"});
}

TEST_F(AddressReconcilerTest, AShorterListRemovesWhatItNoLongerNames) {
  addresses.hold("VI_1", {want("10.0.0.3/24"), want("10.0.0.4/24"), want("10.9.0.1/24", "", "eth9")});
  changes();
  addresses.hold("VI_1", {want("10.0.0.4/24"), want("10.0.0.6/24")});
  EXPECT_EQ(changes(), (Lines{"add 10.0.0.6/24", "remove 10.0.0.3/24"}));
  kernel.operator_link(9, "eth9");
  turn();
  EXPECT_TRUE(changes().empty());
}

TEST_F(AddressReconcilerTest, AnAddressMovesToAnotherDevice) {
  kernel.operator_link(3, "eth1");
  addresses.hold("VI_1", {want("10.0.0.3/24")});
  addresses.hold("VI_1", {want("10.0.0.3/24", "", "eth1")});
  EXPECT_EQ(kernel.shown(2), Lines{"10.0.0.5/24"});
  EXPECT_EQ(kernel.shown(3), Lines{"10.0.0.3/24"});
}

TEST_F(AddressReconcilerTest, ForgettingRemovesWhatWasHeldAndLetsGoOfTheRest) {
  addresses.hold("VI_1", {want("10.0.0.3/24")});
  addresses.release("VI_2", {want("10.0.0.4/24")});
  changes();
  addresses.forget("VI_1");
  addresses.forget("VI_2");
  addresses.forget("VI_3");
  EXPECT_EQ(changes(), Lines{"remove 10.0.0.3/24"});
  ASSERT_TRUE(kernel.operator_add(2, "10.0.0.3/24"));
  ASSERT_TRUE(kernel.operator_add(2, "10.0.0.4/24"));
  turn();
  EXPECT_TRUE(changes().empty());
}

TEST_F(AddressReconcilerTest, ForgettingIsNotLostToAnError) {
  addresses.hold("VI_1", {want("10.0.0.3/24")});
  kernel.failures[*Prefix::parse("10.0.0.3/24")] = EBUSY;
  addresses.forget("VI_1");
  EXPECT_FALSE(addresses.settled());
  kernel.failures.clear();
  scheduler.advance(100ms);
  EXPECT_EQ(kernel.shown(2), Lines{"10.0.0.5/24"});
  EXPECT_TRUE(addresses.settled());
}

TEST_F(AddressReconcilerTest, AnOverrunIsRepairedLikeAnyEvent) {
  addresses.hold("VI_1", {want("10.0.0.3/24")});
  turn();
  ASSERT_TRUE(kernel.operator_remove(2, "10.0.0.3/24"));
  kernel.overrun();
  turn();
  EXPECT_EQ(kernel.shown(2), (Lines{"10.0.0.5/24", "10.0.0.3/24 secondary"}));
  EXPECT_EQ(addresses.drift(), 1U);
}

TEST_F(AddressReconcilerTest, AFightWithAnotherProgramIsPaced) {
  addresses.hold("VI_1", {want("10.0.0.3/24")});
  turn();
  for (int round = 0; round < 100; ++round) {
    (void)kernel.operator_remove(2, "10.0.0.3/24");
    turn();
  }
  EXPECT_EQ(addresses.drift(), 10U);
  EXPECT_FALSE(addresses.settled());
  scheduler.advance(1s);
  EXPECT_EQ(addresses.drift(), 11U);
  EXPECT_EQ(kernel.shown(2), (Lines{"10.0.0.5/24", "10.0.0.3/24 secondary"}));
  EXPECT_TRUE(addresses.settled());
}

}  // namespace
}  // namespace hald::net
