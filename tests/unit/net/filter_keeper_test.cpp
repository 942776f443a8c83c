// SPDX-License-Identifier: Apache-2.0
#include "net/filter_keeper.h"

#include <gtest/gtest.h>

#include "fakes/capture_sink.h"
#include "fakes/fake_nftables.h"
#include "fakes/fake_rtnl.h"
#include "fakes/manual_scheduler.h"
#include "net/interface_table.h"

namespace hald::net {
namespace {

using namespace std::chrono_literals;

class FilterKeeperTest : public testing::Test {
 protected:
  void SetUp() override {
    rtnl.operator_link(3, "eth0");
    ASSERT_TRUE(table.start());
  }
  static std::vector<ClosedAddress> some(std::initializer_list<const char*> addresses) {
    std::vector<ClosedAddress> out;
    for (const char* each : addresses) out.push_back({*Address::parse(each), "eth0"});
    return out;
  }
  static FilterSettings named(const char* name) { return {name, -1, false, false}; }
  [[nodiscard]] std::string last() const { return nft.requests.empty() ? "" : nft.requests.back().batch; }
  /// The batch that made the table, behind the removal of what was there.
  [[nodiscard]] bool made_anew() const {
    return last().find(removal("t")) == 0 && last().find("table ip t {") != std::string::npos;
  }
  void hold_and_answer() {
    keeper.configure(named("t"));
    keeper.declare("VI_1", true, some({"10.0.0.3"}));
    nft.answer_all();
  }

  fakes::ManualScheduler scheduler;
  fakes::CaptureSink sink;
  log::Logger logger{sink, scheduler, log::Level::Debug};
  fakes::FakeRtnl rtnl;
  InterfaceTable table{rtnl, scheduler, logger};
  fakes::FakeNftables nft;
  FilterKeeper keeper{nft, table, scheduler, logger};
};

TEST_F(FilterKeeperTest, NothingIsDoneUnlessATableIsConfigured) {
  keeper.configure({});
  keeper.declare("VI_1", true, some({"10.0.0.3"}));
  keeper.finish();
  EXPECT_TRUE(nft.requests.empty());
  EXPECT_FALSE(nft.finished);
}

TEST_F(FilterKeeperTest, WhatAnEarlierRunLeftGoesBeforeAnythingIsHeld) {
  keeper.configure(named("t"));
  ASSERT_EQ(nft.requests.size(), 1U);
  EXPECT_EQ(last(), removal("t"));
  EXPECT_EQ(nft.watched, "t");
}

TEST_F(FilterKeeperTest, TheTableIsMadeWithTheFirstElementAndStaysWhileSomebodyMayNeedIt) {
  hold_and_answer();
  EXPECT_NE(last().find("table ip t {"), std::string::npos);
  EXPECT_EQ(last().find("table ip6 t {"), std::string::npos);
  keeper.declare("VI_1", false, some({"10.0.0.3"}));
  EXPECT_EQ(last(), "delete element ip t vips { 10.0.0.3 }\n");
  nft.answer_all();
  keeper.declare("VI_1", true, some({"10.0.0.3"}));
  EXPECT_EQ(last(), "add element ip t vips { 10.0.0.3 }\n");
  nft.answer_all();
  keeper.declare("VI_1", false, {});
  EXPECT_EQ(last(), removal("t"));
}

TEST_F(FilterKeeperTest, DeclaringTheSameAgainWritesNothing) {
  hold_and_answer();
  const auto count = nft.requests.size();
  keeper.declare("VI_1", true, some({"10.0.0.3"}));
  keeper.configure(named("t"));
  EXPECT_EQ(nft.requests.size(), count);
}

TEST_F(FilterKeeperTest, WhatComesWhileTheKernelIsBusyGoesTogether) {
  hold_and_answer();
  keeper.declare("VI_2", true, some({"10.0.0.4"}));
  keeper.declare("VI_3", true, some({"10.0.0.5"}));
  keeper.declare("VI_4", true, some({"10.0.0.6"}));
  EXPECT_EQ(last(), "add element ip t vips { 10.0.0.4 }\n");
  nft.answer_all();
  EXPECT_EQ(last(), "add element ip t vips { 10.0.0.5, 10.0.0.6 }\n");
}

TEST_F(FilterKeeperTest, AnAddressOfTwoOwnersStaysClosedUntilBothLetGo) {
  hold_and_answer();
  keeper.declare("VI_2", true, some({"10.0.0.3"}));
  keeper.declare("VI_1", false, some({"10.0.0.3"}));
  nft.answer_all();
  const auto count = nft.requests.size();
  keeper.declare("VI_2", false, some({"10.0.0.3"}));
  EXPECT_EQ(nft.requests.size(), count + 1);
  EXPECT_EQ(last(), "delete element ip t vips { 10.0.0.3 }\n");
}

TEST_F(FilterKeeperTest, AChangeOfOursIsNoDrift) {
  hold_and_answer();
  nft.somebody_changes(nft.listing);
  ASSERT_TRUE(nft.waiting());
  EXPECT_EQ(last(), "");
  nft.answer_all();
  EXPECT_EQ(keeper.drift(), 0U);
}

TEST_F(FilterKeeperTest, AChangeByOthersIsUndoneAndCounted) {
  hold_and_answer();
  nft.somebody_changes("");
  nft.answer();
  EXPECT_EQ(keeper.drift(), 1U);
  EXPECT_TRUE(made_anew());
  nft.listing = "as written";
  nft.answer_all();
  EXPECT_EQ(keeper.drift(), 1U);
}

TEST_F(FilterKeeperTest, AFightIsFoughtSlowly) {
  hold_and_answer();
  for (int i = 0; i < 100; ++i) {
    nft.somebody_changes(std::to_string(i));
    nft.answer_all();
  }
  EXPECT_LE(keeper.drift(), 10U);
  scheduler.advance(2s);
  EXPECT_TRUE(nft.waiting());
  EXPECT_TRUE(made_anew());
}

TEST_F(FilterKeeperTest, WhatIsRefusedIsTriedAgainFromTheBeginning) {
  keeper.configure(named("t"));
  keeper.declare("VI_1", true, some({"10.0.0.3"}));
  nft.answer("Error: Operation not supported");
  EXPECT_FALSE(nft.waiting());
  EXPECT_EQ(sink.count("Operation not supported"), 1U);
  scheduler.advance(1s);
  ASSERT_TRUE(nft.waiting());
  EXPECT_TRUE(made_anew());
}

TEST_F(FilterKeeperTest, OtherSettingsMakeTheTableAnewAndAnotherNameTakesTheOldOneAway) {
  hold_and_answer();
  FilterSettings counting = named("t");
  counting.counters = true;
  keeper.configure(counting);
  EXPECT_TRUE(made_anew());
  nft.answer_all();
  keeper.configure(named("u"));
  EXPECT_EQ(last().find(removal("t") + removal("u")), 0U);
  EXPECT_NE(last().find("table ip u {"), std::string::npos);
  nft.answer_all();
  EXPECT_EQ(nft.watched, "u");
  keeper.configure({});
  EXPECT_EQ(last(), removal("u"));
}

TEST_F(FilterKeeperTest, ALinkByNumberIsFollowed) {
  FilterSettings settings = named("t");
  settings.by_index = true;
  keeper.configure(settings);
  keeper.declare("VI_1", true, some({"fe80::3"}));
  nft.answer_all();
  EXPECT_NE(last().find("vips_link_local { fe80::3 . 3 }"), std::string::npos);
  rtnl.operator_unlink(3);
  rtnl.operator_link(9, "eth0");
  rtnl.drain();
  scheduler.advance(1ms);
  nft.answer_all();
  EXPECT_NE(last().find("add element ip6 t vips_link_local { fe80::3 . 9 }"), std::string::npos);
}

TEST_F(FilterKeeperTest, TheEndRemovesWhatIsThereEvenIfTheKernelIsBusy) {
  hold_and_answer();
  keeper.declare("VI_2", true, some({"10.0.0.4"}));
  keeper.finish();
  EXPECT_EQ(nft.finished, removal("t"));
  EXPECT_EQ(nft.watched, "");
}

}  // namespace
}  // namespace hald::net
