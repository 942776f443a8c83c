// SPDX-License-Identifier: Apache-2.0
// One instance through the real supervisor: what goes onto the wire, what reaches the addresses, the
// neighbours and the log, and in which order.
#include "vrrp/instance.h"

#include <gtest/gtest.h>

#include "core/wire.h"
#include "router.h"

namespace hald::vrrp {
namespace {

using namespace std::chrono_literals;
using testing::from_peer;
using testing::instance;
using testing::ip;
using testing::Router;
using testing::vip;

config::VrrpInstance seed_topology() {
  auto out = instance();
  out.name = "VI_1";
  out.initial_state = config::InitialState::Master;
  out.auth_type = config::AuthType::Pass;
  out.auth_password = "1111";
  out.addresses = {vip("10.0.0.3/24"), vip("10.0.0.4/24")};
  return out;
}

TEST(Instance, SaysOnTheWireExactlyWhatKeepalivedSays) {
  Router router;
  router.supervisor.apply(testing::config_of({seed_topology()}));
  router.scheduler.advance(1100ms);
  router.supervisor.stop();
  ASSERT_EQ(router.sent.size(), 2U);
  EXPECT_EQ(router.sent[0].bytes, testing::hex("45c0002c00010000ff70d0890a000005e0000012"
                                               "2133640201010360 0a000003 0a000004 3131313100000000"));
  EXPECT_EQ(router.sent[1].bytes[22], 0);
  ASSERT_EQ(router.announcer.frames.size(), 10U);
  EXPECT_EQ(
      router.announcer.frames[0].second,
      testing::hex("ffffffffffff020000000005080600010800060400010200000000050a000003ffffffffffff0a000003"));
  EXPECT_EQ(router.announcer.frames[1].second.back(), 4) << "all addresses, then all again";
}

TEST(Instance, KeepsThePromisedTimes) {
  Router router;
  router.supervisor.apply(testing::config_of({instance()}));
  const TimePoint start = router.scheduler.now();
  router.scheduler.advance(10s);
  ASSERT_GE(router.sent.size(), 7U);
  EXPECT_EQ(router.sent[0].when - start, 3609375us);
  for (std::size_t i = 1; i < router.sent.size(); ++i) {
    EXPECT_EQ(router.sent[i].when - router.sent[i - 1].when, 1s);
  }
}

TEST(Instance, LogsItsLifeInKeepalivedsWords) {
  Router router;
  router.supervisor.apply(testing::config_of({seed_topology()}));
  router.scheduler.advance(1100ms);
  auto higher = from_peer(200);
  higher.sealing.auth_type = config::AuthType::Pass;
  higher.sealing.auth = auth_data("1111");
  router.receive(higher.bytes());
  router.host.set_link("eth0", false);
  router.scheduler.advance(1ms);
  for (const char* line : {"(VI_1) Entering BACKUP STATE (init)", "(VI_1) Receive advertisement timeout",
                           "(VI_1) Entering MASTER STATE",
                           "(VI_1) Master received advert from 10.0.0.6 with higher priority 200, ours 100",
                           "(VI_1) Entering BACKUP STATE", "(VI_1) Entering FAULT STATE"}) {
    EXPECT_TRUE(router.sink.contains(line)) << line;
  }
}

TEST(Instance, EveryWellKnownObservationIsLogged) {
  Router router;
  router.become_master();
  router.receive(from_peer(50).bytes());
  auto same = from_peer(100);
  router.receive(same.bytes());
  router.receive(from_peer(50).bytes());
  for (const char* line :
       {"(VI_51) Received advert from 10.0.0.6 with lower priority 50, ours 100, forcing new election",
        "(VI_51) Master received advert from 10.0.0.6 with same priority 100 but higher IP address than ours",
        "(VI_51) received lower priority (50) advert from 10.0.0.6 - discarding"}) {
    EXPECT_TRUE(router.sink.contains(line)) << line;
  }
}

TEST(Instance, TwoOwnersAreAConfigurationError) {
  Router router;
  auto owner = instance(51, 255);
  owner.initial_state = config::InitialState::Master;
  router.supervisor.apply(testing::config_of({owner}));
  EXPECT_EQ(router.state(), "MASTER");
  router.receive(from_peer(255).bytes());
  EXPECT_TRUE(router.sink.contains("CONFIGURATION ERROR: local instance and 10.0.0.6 are both"));
  EXPECT_EQ(router.state(), "BACKUP");
}

TEST(Instance, AdvertComesBeforeAddressesAndAddressesBeforeAnnouncements) {
  Router router;
  std::vector<std::string> order;
  router.transport.on_send = [&](const Outgoing&) {
    order.push_back(router.has_vip() ? "advert with address" : "advert");
  };
  router.supervisor.apply(testing::config_of({instance()}));
  while (order.empty()) router.scheduler.advance(100ms);
  EXPECT_EQ(order, (std::vector<std::string>{"advert"}));
  EXPECT_TRUE(router.has_vip());
  EXPECT_EQ(router.announcer.count, 5U);
}

TEST(Instance, AnnouncesTwiceAndThenIsQuiet) {
  Router router;
  router.become_master();
  EXPECT_EQ(router.announcer.count, 5U);
  router.scheduler.advance(5s);
  EXPECT_EQ(router.announcer.count, 10U);
  router.scheduler.advance(60s);
  EXPECT_EQ(router.announcer.count, 10U);
}

TEST(Instance, AThousandAddressesAreAnnouncedInPortionsBetweenTheAdverts) {
  Router router;
  auto settings = instance();
  settings.addresses.clear();
  for (unsigned i = 0; i < 1000; ++i) {
    settings.addresses.push_back(vip("10.0.0.3/32"));
    settings.addresses.back().prefix.address = Address::v4(0x0a010000U + i);
  }
  unsigned long before_the_rest = 0;
  router.supervisor.on_state([&](const StateChange& change) {
    if (change.to == StateName::Master) before_the_rest = router.announcer.count;
  });
  router.become_master(settings);
  EXPECT_LE(before_the_rest, 64U);
  EXPECT_EQ(router.announcer.count, 5000U);
}

TEST(Instance, AReleasedMasterAnnouncesNothingMore) {
  Router router;
  auto settings = instance();
  settings.announcing.master_refresh = 1s;
  router.become_master(settings);
  router.receive(from_peer(200).bytes());
  const auto announced = router.announcer.count;
  router.receive(from_peer(200).bytes());
  router.scheduler.advance(3s);
  EXPECT_EQ(router.announcer.count, announced);
  EXPECT_FALSE(router.has_vip());
}

TEST(Instance, AdressesGoToTheirOwnDevice) {
  Router router;
  router.host.add_device("eth1", 3, MacAddress{{2, 0, 0, 0, 0, 9}});
  auto settings = instance();
  settings.addresses = {vip("10.0.0.3/24"), vip("10.9.9.3/24", "eth1")};
  router.become_master(settings);
  EXPECT_TRUE(router.host.holds("eth1", Prefix::parse("10.9.9.3/24").value()));
  ASSERT_GE(router.announcer.frames.size(), 2U);
  EXPECT_EQ(router.announcer.frames[1].first, 3);
  EXPECT_EQ(router.announcer.frames[1].second.at(11), 9) << "from the device's own MAC";
}

TEST(Instance, AMasterHoldsAndAnnouncesWhatItDoesNotAdvertise) {
  Router router;
  auto settings = instance();
  settings.excluded_addresses = {vip("10.0.0.4/24")};
  settings.routes.resize(2);
  settings.rules.resize(1);
  router.become_master(settings);
  EXPECT_TRUE(router.has_vip("10.0.0.4/24"));
  EXPECT_EQ(router.sent.at(0).bytes.at(23), 1) << "the count of addresses";
  EXPECT_EQ(router.announcer.count, 10U) << "both, five times";
  ASSERT_EQ(router.holdings.routes.size(), 1U);
  EXPECT_EQ(router.holdings.routes.begin()->second.size(), 2U);
  EXPECT_EQ(router.holdings.rules.begin()->second.size(), 1U);
  router.receive(from_peer(200).bytes());
  EXPECT_FALSE(router.has_vip("10.0.0.4/24"));
  EXPECT_TRUE(router.holdings.routes.empty());
  EXPECT_TRUE(router.holdings.rules.empty());
  EXPECT_EQ(router.view().excluded_addresses, (std::vector<std::string>{"10.0.0.4/24"}));
}

TEST(Instance, AReloadOfAMasterTakesRoutesAndExcludedAddressesOver) {
  Router router;
  auto settings = instance();
  settings.routes.resize(1);
  router.become_master(settings);
  const auto announced = router.announcer.count;
  settings.routes.clear();
  settings.excluded_addresses = {vip("10.0.0.4/24")};
  router.supervisor.apply(testing::config_of({settings}));
  EXPECT_TRUE(router.has_vip("10.0.0.4/24"));
  EXPECT_TRUE(router.holdings.routes.begin()->second.empty());
  EXPECT_EQ(router.announcer.count, announced + 5) << "the new one only";
}

TEST(Instance, AnExcludedAddressIsNoSource) {
  Router router;
  router.host.remove_address("eth0", Prefix::parse("10.0.0.5/24").value());
  router.host.add_address("eth0", Prefix::parse("10.0.0.4/24").value());
  router.host.add_address("eth0", Prefix::parse("10.0.0.5/24").value());
  auto settings = instance();
  settings.excluded_addresses = {vip("10.0.0.4/24")};
  router.become_master(settings);
  EXPECT_EQ(router.view().master_address, testing::ip("10.0.0.5"));
}

TEST(Instance, WhatCannotBeSentIsLoggedOnceAndTheMachineGoesOn) {
  Router router;
  router.become_master();
  router.transport.fail_sends = true;
  router.announcer.fail = true;
  router.scheduler.advance(5s);
  EXPECT_EQ(router.state(), "MASTER");
  EXPECT_EQ(router.sink.count("cannot send an advert"), 1U);
  router.transport.fail_sends = false;
  router.sent.clear();
  router.scheduler.advance(3s);
  EXPECT_EQ(router.sent.size(), 3U);
}

TEST(Instance, AMasterThatSleptShortlySendsAtOnceAndOwnsUpToItsLateness) {
  Router router;
  router.become_master();
  router.sent.clear();
  router.scheduler.freeze(2s);
  router.scheduler.advance(1ms);
  EXPECT_EQ(router.sent.size(), 1U);
  EXPECT_GE(router.view().adverts.lateness_max, 1s);
  EXPECT_EQ(router.supervisor.lateness().max(), router.view().adverts.lateness_max);
  EXPECT_GE(router.supervisor.lateness().count(), 1U);
  EXPECT_EQ(router.state(), "MASTER");
}

TEST(Instance, AMasterThatSleptLongReadsItsQueueBeforeItSpeaks) {
  Router router;
  router.become_master();
  router.sent.clear();
  router.scheduler.freeze(10s);
  router.transport.arrive({Family::IPv4, Router::eth0}, from_peer(50).bytes());
  router.scheduler.advance(1ms);
  EXPECT_TRUE(router.sent.empty());
  EXPECT_EQ(router.state(), "BACKUP");
  EXPECT_FALSE(router.has_vip());
  EXPECT_EQ(router.view().reason, "10.0.0.6 became MASTER while this router was not running");
}

TEST(Instance, AMasterThatSleptLongAndIsAloneGoesOnWithoutLettingGo) {
  Router router;
  router.become_master();
  router.sent.clear();
  const auto writes = router.holdings.writes;
  router.scheduler.freeze(10s);
  router.scheduler.advance(1s);
  EXPECT_TRUE(router.sent.empty());
  EXPECT_TRUE(router.has_vip());
  router.scheduler.advance(10ms);
  EXPECT_EQ(router.sent.size(), 1U);
  EXPECT_EQ(router.holdings.writes, writes);
}

TEST(Instance, ABackupReadsItsQueueBeforeItTakesOver) {
  Router router;
  router.supervisor.apply(testing::config_of({instance()}));
  router.scheduler.freeze(10s);
  router.transport.arrive({Family::IPv4, Router::eth0}, from_peer(200).bytes());
  router.scheduler.advance(1ms);
  EXPECT_EQ(router.state(), "BACKUP");
  EXPECT_TRUE(router.sent.empty());
}

TEST(Instance, AnOverdueAdvertComesBeforeOtherOverdueWork) {
  Router router;
  router.become_master();
  router.sent.clear();
  bool advert_was_first = false;
  const auto other = router.scheduler.at(
      router.scheduler.now() + 1ms, [&] { advert_was_first = !router.sent.empty(); }, Urgency::Normal);
  router.scheduler.freeze(2s);
  router.scheduler.advance(1ms);
  EXPECT_TRUE(advert_was_first);
}

TEST(Instance, TheViewTellsWhoAndWhy) {
  Router router;
  router.supervisor.apply(testing::config_of({instance()}));
  router.receive(from_peer(120).bytes());
  auto view = router.view();
  EXPECT_EQ(view.state, "BACKUP");
  EXPECT_EQ(view.reason, "follows 10.0.0.6 with priority 120");
  EXPECT_EQ(view.master_address, ip("10.0.0.6"));
  EXPECT_EQ(view.addresses, std::vector<std::string>{"10.0.0.3/24"});
  EXPECT_EQ(view.adverts.received, 1U);
  router.scheduler.advance(4s);
  view = router.view();
  EXPECT_EQ(view.state, "MASTER");
  EXPECT_EQ(view.reason, "heard no advert of 10.0.0.6 in time");
  EXPECT_EQ(view.master_address, ip("10.0.0.5"));
  EXPECT_EQ(view.transitions_to_master, 1U);
  EXPECT_EQ(view.since, router.scheduler.wall_now() - 390625us);
  router.receive(from_peer(0).bytes());
  EXPECT_EQ(router.view().packets.priority_zero_received, 1U);
}

}  // namespace
}  // namespace hald::vrrp
