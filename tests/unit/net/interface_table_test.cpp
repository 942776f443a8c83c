// SPDX-License-Identifier: Apache-2.0
#include "net/interface_table.h"

#include <gtest/gtest.h>

#include "fakes/capture_sink.h"
#include "fakes/fake_rtnl.h"
#include "fakes/manual_scheduler.h"

namespace hald::net {
namespace {

using namespace std::chrono_literals;

class InterfaceTableTest : public testing::Test {
 protected:
  /// As the loop does: read the events, then run what that brought about.
  void turn() {
    kernel.drain();
    scheduler.advance(0ns);
  }
  std::vector<std::string> prefixes(int index) {
    std::vector<std::string> out;
    for (const auto& address : table.addresses(index)) out.push_back(address.prefix.to_string());
    return out;
  }

  fakes::ManualScheduler scheduler;
  fakes::CaptureSink sink;
  log::Logger logger{sink, scheduler, log::Level::Debug};
  fakes::FakeRtnl kernel;
  InterfaceTable table{kernel, scheduler, logger};
};

using Names = std::vector<std::string>;

TEST_F(InterfaceTableTest, KnowsWhatIsThereAtTheStart) {
  kernel.operator_link(2, "eth0");
  ASSERT_TRUE(kernel.operator_add(2, "10.0.0.5/24"));
  ASSERT_TRUE(table.start());
  ASSERT_NE(table.find("eth0"), nullptr);
  EXPECT_EQ(table.find("eth0"), table.find(2));
  EXPECT_TRUE(table.find(2)->usable());
  EXPECT_EQ(table.find("eth1"), nullptr);
  EXPECT_EQ(prefixes(2), Names{"10.0.0.5/24"});
  EXPECT_TRUE(table.addresses(9).empty());
}

TEST_F(InterfaceTableTest, AFailingFirstDumpIsTheCallersToReport) {
  kernel.fail_dumps = true;
  EXPECT_FALSE(table.start());
}

TEST_F(InterfaceTableTest, FollowsComingGoingAndRenaming) {
  ASSERT_TRUE(table.start());
  Names told;
  const auto subscription = table.subscribe([&](const std::string& name) { told.push_back(name); });
  kernel.operator_link(2, "eth0");
  turn();
  EXPECT_EQ(std::exchange(told, {}), Names{"eth0"});
  kernel.operator_link(2, "lan0");
  turn();
  EXPECT_EQ(std::exchange(told, {}), (Names{"eth0", "lan0"}));
  EXPECT_EQ(table.find("eth0"), nullptr);
  ASSERT_NE(table.find("lan0"), nullptr);
  kernel.operator_unlink(2);
  turn();
  EXPECT_EQ(std::exchange(told, {}), Names{"lan0"});
  EXPECT_EQ(table.find(2), nullptr);
  kernel.operator_link(7, "eth0");
  turn();
  EXPECT_EQ(table.find("eth0")->index, 7);
}

TEST_F(InterfaceTableTest, TellsLaterAndOncePerInterface) {
  kernel.operator_link(2, "eth0");
  ASSERT_TRUE(table.start());
  scheduler.advance(0ns);
  Names told;
  const auto subscription = table.subscribe([&](const std::string& name) { told.push_back(name); });
  ASSERT_TRUE(kernel.operator_add(2, "10.0.0.5/24"));
  ASSERT_TRUE(kernel.operator_add(2, "10.0.0.6/24"));
  kernel.operator_link(2, "eth0", false);
  table.refresh();
  EXPECT_TRUE(told.empty());
  EXPECT_FALSE(table.find("eth0")->up);
  scheduler.advance(0ns);
  EXPECT_EQ(told, Names{"eth0"});
}

TEST_F(InterfaceTableTest, SaysNothingWhenNothingChanged) {
  kernel.operator_link(2, "eth0");
  ASSERT_TRUE(table.start());
  scheduler.advance(0ns);
  Names told;
  const auto subscription = table.subscribe([&](const std::string& name) { told.push_back(name); });
  kernel.operator_link(2, "eth0");
  kernel.overrun();
  turn();
  EXPECT_TRUE(told.empty());
  EXPECT_EQ(table.overruns(), 1U);
}

TEST_F(InterfaceTableTest, ALinkStaysReadableUntilTheNextTurn) {
  kernel.operator_link(2, "eth0");
  ASSERT_TRUE(table.start());
  const Link* link = table.find("eth0");
  kernel.operator_unlink(2);
  table.refresh();
  EXPECT_EQ(table.find("eth0"), nullptr);
  EXPECT_EQ(link->name, "eth0");
}

TEST_F(InterfaceTableTest, AnOverrunLeadsToADump) {
  kernel.operator_link(2, "eth0");
  kernel.operator_link(3, "eth1");
  ASSERT_TRUE(kernel.operator_add(2, "10.0.0.5/24"));
  ASSERT_TRUE(table.start());
  scheduler.advance(0ns);
  Names told;
  const auto subscription = table.subscribe([&](const std::string& name) { told.push_back(name); });
  ASSERT_TRUE(kernel.operator_remove(2, "10.0.0.5/24"));
  kernel.operator_unlink(3);
  kernel.operator_link(4, "eth2");
  kernel.overrun();
  turn();
  EXPECT_EQ(told, (Names{"eth0", "eth1", "eth2"}));
  EXPECT_TRUE(table.addresses(2).empty());
  EXPECT_EQ(table.find("eth1"), nullptr);
  EXPECT_NE(table.find("eth2"), nullptr);
}

TEST_F(InterfaceTableTest, ADumpThatFailsIsTriedAgain) {
  ASSERT_TRUE(table.start());
  kernel.operator_link(2, "eth0");
  kernel.overrun();
  kernel.fail_dumps = true;
  turn();
  EXPECT_EQ(table.find("eth0"), nullptr);
  scheduler.advance(100ms);
  scheduler.advance(199ms);
  kernel.fail_dumps = false;
  EXPECT_EQ(table.find("eth0"), nullptr);
  scheduler.advance(1ms);
  EXPECT_NE(table.find("eth0"), nullptr);
  EXPECT_EQ(sink.count("cannot read the interfaces"), 1U);
}

TEST_F(InterfaceTableTest, AnAddressOfAnUnknownInterfaceLeadsToADump) {
  ASSERT_TRUE(table.start());
  kernel.operator_link(2, "eth0");
  kernel.lose_events();
  ASSERT_TRUE(kernel.operator_add(2, "10.0.0.5/24"));
  turn();
  EXPECT_EQ(prefixes(2), Names{"10.0.0.5/24"});
}

TEST_F(InterfaceTableTest, KeepsTheKernelsOrder) {
  kernel.operator_link(2, "eth0");
  ASSERT_TRUE(table.start());
  ASSERT_TRUE(kernel.operator_add(2, "10.0.0.5/24"));
  ASSERT_TRUE(kernel.operator_add(2, "10.0.0.6/24"));
  ASSERT_TRUE(kernel.operator_add(2, "10.1.0.5/24"));
  InterfaceAddress narrow;
  narrow.ifindex = 2;
  narrow.prefix = *Prefix::parse("10.2.0.5/24");
  narrow.scope = 253;
  ASSERT_TRUE(kernel.operator_add(narrow));
  for (const char* text : {"fe80::1/64", "2001:db8::1/64", "2001:db8::2/64"}) {
    InterfaceAddress six;
    six.ifindex = 2;
    six.prefix = *Prefix::parse(text);
    six.scope = six.prefix.address.is_link_local() ? 253 : 0;
    ASSERT_TRUE(kernel.operator_add(six));
  }
  table.refresh();
  EXPECT_EQ(table.addresses(2), *kernel.addresses());
  kernel.promote_secondaries = true;
  ASSERT_TRUE(kernel.operator_remove(2, "10.0.0.5/24"));
  table.refresh();
  EXPECT_EQ(table.addresses(2), *kernel.addresses());
}

TEST_F(InterfaceTableTest, ASubscriberMayLeaveInTheMiddle) {
  ASSERT_TRUE(table.start());
  int calls = 0;
  Subscription second;
  Subscription first = table.subscribe([&](const std::string&) {
    ++calls;
    second = {};
    first = {};
  });
  second = table.subscribe([&](const std::string&) { ++calls; });
  kernel.operator_link(2, "eth0");
  turn();
  kernel.operator_link(3, "eth1");
  turn();
  EXPECT_EQ(calls, 1);
}

}  // namespace
}  // namespace hald::net
