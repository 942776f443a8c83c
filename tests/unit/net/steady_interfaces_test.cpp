// SPDX-License-Identifier: Apache-2.0
#include "net/steady_interfaces.h"

#include <gtest/gtest.h>

#include "fakes/capture_sink.h"
#include "fakes/fake_host.h"
#include "fakes/manual_scheduler.h"

namespace hald::net {
namespace {

using namespace std::chrono_literals;

class SteadyInterfacesTest : public testing::Test {
 protected:
  SteadyInterfacesTest() {
    host.add_device("eth0", 2);
    host.add_device("eth1", 3);
    steady.configure({{"eth0", 2s, 5s}});
    subscription = steady.subscribe([this](const std::string& name) { told.push_back(name); });
  }
  bool usable(const std::string& name) { return steady.find(name)->usable(); }

  fakes::ManualScheduler scheduler;
  fakes::CaptureSink sink;
  log::Logger logger{sink, scheduler, log::Level::Debug};
  fakes::FakeHost host;
  fakes::FakeInterfaces actual{host};
  SteadyInterfaces steady{actual, scheduler, logger};
  std::vector<std::string> told;
  Subscription subscription;
};

TEST_F(SteadyInterfacesTest, ALinkThatGoesDownCountsAfterItsDelay) {
  host.set_link("eth0", false);
  EXPECT_TRUE(usable("eth0"));
  scheduler.advance(1999ms);
  EXPECT_TRUE(usable("eth0"));
  told.clear();
  scheduler.advance(1ms);
  EXPECT_FALSE(usable("eth0"));
  EXPECT_EQ(told, std::vector<std::string>{"eth0"});
}

TEST_F(SteadyInterfacesTest, ALinkThatComesBackInTimeWasNeverGone) {
  host.set_link("eth0", false);
  scheduler.advance(1500ms);
  host.set_link("eth0", true);
  scheduler.advance(1500ms);
  EXPECT_TRUE(usable("eth0"));
  host.set_link("eth0", false);
  scheduler.advance(1999ms);
  EXPECT_TRUE(usable("eth0")) << "each time the delay runs anew";
}

TEST_F(SteadyInterfacesTest, ComingUpHasADelayOfItsOwn) {
  host.set_link("eth0", false);
  scheduler.advance(2s);
  host.set_link("eth0", true);
  scheduler.advance(4999ms);
  EXPECT_FALSE(usable("eth0"));
  scheduler.advance(1ms);
  EXPECT_TRUE(usable("eth0"));
}

TEST_F(SteadyInterfacesTest, OthersAreSeenAsTheyAre) {
  host.set_link("eth1", false);
  EXPECT_FALSE(usable("eth1"));
  EXPECT_EQ(told, std::vector<std::string>{"eth1"});
}

TEST_F(SteadyInterfacesTest, WhatIsGoneIsGoneAtOnceAndWhatIsNewCountsAtOnce) {
  host.remove_device("eth0");
  EXPECT_EQ(steady.find("eth0"), nullptr);
  host.add_device("eth0", 7);
  EXPECT_TRUE(usable("eth0"));
  EXPECT_EQ(steady.find("eth0")->index, 7);
}

TEST_F(SteadyInterfacesTest, AReloadKeepsWhatIsBelievedAndWithoutDelaysTheTruthCounts) {
  host.set_link("eth0", false);
  steady.configure({{"eth0", 9s, 0s}});
  EXPECT_TRUE(usable("eth0"));
  told.clear();
  steady.configure({});
  EXPECT_FALSE(usable("eth0"));
  EXPECT_EQ(told, std::vector<std::string>{"eth0"});
}

TEST_F(SteadyInterfacesTest, AddressesAreNeverHeldBack) {
  host.set_link("eth0", false);
  host.add_address("eth0", Prefix::parse("192.0.2.1/24").value());
  EXPECT_EQ(steady.addresses(2).size(), 1U);
}

}  // namespace
}  // namespace hald::net
