// SPDX-License-Identifier: Apache-2.0
#include "vrrp/supervisor.h"

#include <gtest/gtest.h>

#include "router.h"

namespace hald::vrrp {
namespace {

using namespace std::chrono_literals;
using testing::config_of;
using testing::from_peer;
using testing::instance;
using testing::ip;
using testing::Router;
using testing::vip;

config::VrrpInstance other_instance(std::uint8_t vrid = 52) {
  auto out = instance(vrid);
  out.addresses = {vip("10.0.0.4/24")};
  return out;
}

TEST(Supervisor, RoutesPacketsByVrid) {
  Router router;
  router.supervisor.apply(config_of({instance(), other_instance()}));
  auto advert = from_peer(200, 52);
  advert.advert.addresses = {ip("10.0.0.4")};
  router.receive(advert.bytes());
  EXPECT_EQ(router.view(0).adverts.received, 0U);
  EXPECT_EQ(router.view(1).adverts.received, 1U);
  router.receive(from_peer(200, 53).bytes());
  EXPECT_EQ(router.supervisor.strays().unknown_vrid, 1U);
  router.receive({0x45, 0});
  EXPECT_EQ(router.supervisor.strays().unreadable, 1U);
}

TEST(Supervisor, EqualVridsOnTwoInterfacesAreStrangers) {
  Router router;
  router.host.add_device("eth1", 3);
  router.host.add_address("eth1", Prefix::parse("10.1.0.5/24").value());
  auto second = instance();
  second.interface = "eth1";
  second.addresses = {vip("10.1.0.3/24", "eth1")};
  router.supervisor.apply(config_of({instance(), second}));
  router.transport.deliver({Family::IPv4, 3}, from_peer(200).bytes());
  EXPECT_EQ(router.view(0).adverts.received, 0U);
  EXPECT_EQ(router.view(1).adverts.received, 1U);
}

TEST(Supervisor, StopSaysFarewellAndLeavesNothing) {
  Router router;
  router.become_master();
  router.sent.clear();
  ASSERT_TRUE(router.has_vip());
  router.supervisor.stop();
  ASSERT_EQ(router.sent.size(), 1U);
  EXPECT_EQ(router.sent[0].priority, 0);
  EXPECT_FALSE(router.has_vip());
  EXPECT_EQ(router.holdings.owners(), 0U);
  EXPECT_FALSE(router.transport.joined({Family::IPv4, Router::eth0}));
  EXPECT_TRUE(router.supervisor.views().empty());
  EXPECT_TRUE(router.scheduler.idle());
}

TEST(Supervisor, WhoLeavesKeepsTheAddressesUntilTheSuccessorIsHeard) {
  Router router;
  router.become_master();
  router.sent.clear();
  bool left = false;
  router.supervisor.leave([&left] { left = true; });
  ASSERT_EQ(router.sent.size(), 1U);
  EXPECT_EQ(router.sent[0].priority, 0);
  const std::size_t announced = router.announcer.frames.size();
  router.scheduler.advance(600ms);
  EXPECT_TRUE(router.has_vip());
  EXPECT_EQ(router.announcer.frames.size(), announced);  // it claims nothing any more
  EXPECT_EQ(router.view().reason, "leaving: waiting for a successor's advert");
  // Another farewell proves nothing, an advert does, whatever its priority.
  router.receive(from_peer(0).bytes());
  router.scheduler.advance(1ms);
  EXPECT_TRUE(router.has_vip());
  router.receive(from_peer(1).bytes());
  EXPECT_FALSE(router.has_vip());
  EXPECT_FALSE(left);  // never from within
  router.scheduler.advance(1ms);
  EXPECT_TRUE(left);
  EXPECT_EQ(router.sent.size(), 1U);
  EXPECT_TRUE(router.supervisor.views().empty());
  EXPECT_TRUE(router.scheduler.idle());
}

TEST(Supervisor, WhoHandsOverAnnouncesNothingUntilNobodyTookOver) {
  Router router;
  router.become_master();
  const std::size_t announced = router.announcer.frames.size();
  ASSERT_EQ(router.supervisor.hand_over("").size(), 1U);
  router.scheduler.advance(990ms);
  EXPECT_TRUE(router.has_vip());
  EXPECT_EQ(router.announcer.frames.size(), announced);
  router.scheduler.advance(10ms);
  EXPECT_EQ(router.state(), "MASTER");
  const std::size_t anew = router.announcer.frames.size();
  EXPECT_GT(anew, announced);
  router.scheduler.advance(6s);  // the repeats after garp_master_delay are back as well
  EXPECT_GT(router.announcer.frames.size(), anew);
}

TEST(Supervisor, WithoutASuccessorLeavingEndsAfterTheLongestSkew) {
  Router router;
  router.become_master();
  bool left = false;
  router.supervisor.leave([&left] { left = true; });
  router.scheduler.advance(996ms);
  EXPECT_TRUE(router.has_vip());
  router.scheduler.advance(1ms);
  EXPECT_FALSE(router.has_vip());
  EXPECT_TRUE(left);
}

TEST(Supervisor, ABackupHasNothingToWaitFor) {
  Router router;
  router.supervisor.apply(config_of({instance()}));
  bool left = false;
  router.supervisor.leave([&left] { left = true; });
  EXPECT_FALSE(left);
  router.scheduler.advance(0ms);
  EXPECT_TRUE(left);
  EXPECT_TRUE(router.sent.empty());
}

TEST(Supervisor, LeavingIsCutShortByAStop) {
  Router router;
  router.become_master();
  router.sent.clear();
  router.supervisor.leave([] {});
  router.supervisor.stop();
  EXPECT_FALSE(router.has_vip());
  EXPECT_EQ(router.sent.size(), 1U);  // one farewell is enough
}

TEST(Supervisor, StopOfABackupIsSilent) {
  Router router;
  router.supervisor.apply(config_of({instance()}));
  router.supervisor.stop();
  EXPECT_TRUE(router.sent.empty());
  EXPECT_EQ(router.holdings.writes, 0U);
}

TEST(Supervisor, LeftOverAddressesAreRemovedAtTheStart) {
  Router router;
  router.host.add_address("eth0", Prefix::parse("10.0.0.3/24").value());
  router.supervisor.apply(config_of({instance()}));
  EXPECT_FALSE(router.has_vip());
}

// ---------------------------------------------------------------- reload

TEST(SupervisorReload, TheSameSettingsTouchNothing) {
  Router router;
  router.become_master();
  const auto due = router.scheduler.next_due();
  const auto writes = router.holdings.writes;
  const auto sent = router.sent.size();
  const auto announced = router.announcer.count;
  auto moved = instance();
  moved.where.line = 77;  // something was inserted above it in the file
  router.supervisor.apply(config_of({moved}));
  EXPECT_EQ(router.scheduler.next_due(), due);
  EXPECT_EQ(router.holdings.writes, writes);
  EXPECT_EQ(router.sent.size(), sent);
  EXPECT_EQ(router.announcer.count, announced);
  EXPECT_EQ(router.changes, (std::vector<std::string>{"INIT>BACKUP", "BACKUP>MASTER"}));
}

TEST(SupervisorReload, ChangedSettingsKeepTheState) {
  Router router;
  router.become_master();
  auto changed = instance(51, 150);
  changed.name = "VI_renamed";
  router.supervisor.apply(config_of({changed}));
  EXPECT_EQ(router.state(), "MASTER");
  EXPECT_EQ(router.view().name, "VI_renamed");
  EXPECT_TRUE(router.has_vip());
  router.sent.clear();
  router.scheduler.advance(1s);
  ASSERT_EQ(router.sent.size(), 1U);
  EXPECT_EQ(router.sent[0].priority, 150);
}

TEST(SupervisorReload, OnlyTheDifferenceOfAddressesIsWrittenAndAnnounced) {
  Router router;
  auto before = instance();
  before.addresses = {vip("10.0.0.3/24"), vip("10.0.0.30/24")};
  router.become_master(before);
  router.scheduler.advance(10s);
  const auto writes = router.holdings.writes;
  router.announcer.frames.clear();
  auto after = instance();
  after.addresses = {vip("10.0.0.3/24"), vip("10.0.0.31/24")};
  router.announcer.on_frame = [&](auto) {
    EXPECT_TRUE(router.has_vip("10.0.0.31/24")) << "announced too early";
  };
  router.supervisor.apply(config_of({after}));
  EXPECT_TRUE(router.has_vip());
  EXPECT_TRUE(router.has_vip("10.0.0.31/24"));
  EXPECT_FALSE(router.has_vip("10.0.0.30/24"));
  EXPECT_EQ(router.holdings.writes, writes + 2);
  ASSERT_EQ(router.announcer.frames.size(), 5U);
  for (const auto& [ifindex, frame] : router.announcer.frames) EXPECT_EQ(frame.back(), 31);
}

TEST(SupervisorReload, ABackupLearnsOfNewAddressesWithoutTouchingAny) {
  Router router;
  router.supervisor.apply(config_of({instance()}));
  auto after = instance();
  after.addresses.push_back(vip("10.0.0.31/24"));
  router.supervisor.apply(config_of({after}));
  EXPECT_EQ(router.holdings.writes, 0U);
  router.scheduler.advance(4s);
  EXPECT_TRUE(router.has_vip("10.0.0.31/24"));
}

TEST(SupervisorReload, AnInstanceThatIsGoneSaysFarewellAndItsNeighbourNoticesNothing) {
  Router router;
  router.supervisor.apply(config_of({instance(), other_instance()}));
  router.scheduler.advance(4s);
  router.sent.clear();
  router.supervisor.apply(config_of({other_instance()}));
  ASSERT_EQ(router.sent.size(), 1U);
  EXPECT_EQ(router.sent[0].vrid, 51);
  EXPECT_EQ(router.sent[0].priority, 0);
  EXPECT_FALSE(router.has_vip());
  EXPECT_TRUE(router.has_vip("10.0.0.4/24"));
  EXPECT_EQ(router.supervisor.views().size(), 1U);
  EXPECT_EQ(router.state(), "MASTER");
}

TEST(SupervisorReload, AnAddressThatMovesToAnotherInstanceStays) {
  Router router;
  auto second = other_instance();
  router.supervisor.apply(config_of({instance(), second}));
  router.scheduler.advance(4s);
  second.addresses.push_back(vip("10.0.0.3/24"));
  router.supervisor.apply(config_of({second}));
  EXPECT_TRUE(router.has_vip());
}

TEST(SupervisorReload, AnotherVridIsAnotherInstance) {
  Router router;
  router.become_master();
  router.sent.clear();
  router.supervisor.apply(config_of({instance(60)}));
  ASSERT_EQ(router.sent.size(), 1U);
  EXPECT_EQ(router.sent[0].priority, 0);
  EXPECT_EQ(router.state(), "BACKUP");
}

TEST(SupervisorReload, DuplicatesAreOneInstance) {
  Router router;
  router.supervisor.apply(config_of({instance(), instance(51, 200)}));
  EXPECT_EQ(router.view().priority, 100);
  router.scheduler.advance(10s);
  EXPECT_EQ(router.sent.size(), 7U);
}

// ---------------------------------------------------------------- interfaces

TEST(SupervisorInterfaces, AMissingInterfaceIsAwaited) {
  Router router;
  auto settings = instance();
  settings.interface = "eth7";
  settings.addresses = {vip("10.7.0.3/24", "eth7")};
  router.supervisor.apply(config_of({settings}));
  EXPECT_EQ(router.state(), "FAULT");
  EXPECT_EQ(router.view().reason, "the interface does not exist");
  EXPECT_TRUE(router.sink.contains("(VI_51) Entering FAULT STATE (init)"));
  router.host.add_device("eth7", 7);
  router.scheduler.advance(1ms);
  EXPECT_EQ(router.view().reason, "the interface has no usable source address");
  router.host.add_address("eth7", Prefix::parse("10.7.0.5/24").value());
  router.scheduler.advance(1ms);
  EXPECT_EQ(router.state(), "BACKUP");
  router.scheduler.advance(4s);
  ASSERT_FALSE(router.sent.empty());
  EXPECT_EQ(router.sent[0].ifindex, 7);
}

TEST(SupervisorInterfaces, ACutCableMeansFaultWithoutAFarewellIntoTheVoid) {
  Router router;
  router.become_master();
  router.sent.clear();
  router.host.set_link("eth0", false);
  router.scheduler.advance(1ms);
  EXPECT_EQ(router.state(), "FAULT");
  EXPECT_FALSE(router.has_vip());
  EXPECT_TRUE(router.sent.empty());
  router.host.set_link("eth0", true);
  router.scheduler.advance(1ms);
  EXPECT_EQ(router.state(), "BACKUP");
}

TEST(SupervisorInterfaces, ALostSourceAddressMeansOneFarewellAndFault) {
  Router router;
  router.become_master();
  router.sent.clear();
  router.host.remove_address("eth0", Prefix::parse("10.0.0.5/24").value());
  router.scheduler.advance(1ms);
  EXPECT_EQ(router.state(), "FAULT");
  ASSERT_EQ(router.sent.size(), 1U);
  EXPECT_EQ(router.sent[0].priority, 0);
  EXPECT_EQ(router.sent[0].bytes.at(15), 5) << "from the address it had";
}

TEST(SupervisorInterfaces, TheSourceFollowsTheInterface) {
  Router router;
  router.become_master();
  router.host.add_address("eth0", Prefix::parse("10.0.0.55/24").value());
  router.host.remove_address("eth0", Prefix::parse("10.0.0.5/24").value());
  router.scheduler.advance(1s);
  EXPECT_EQ(router.state(), "MASTER");
  EXPECT_EQ(router.sent.back().bytes.at(15), 55);
}

TEST(SupervisorInterfaces, ARecreatedInterfaceIsJoinedAnew) {
  Router router;
  router.become_master();
  router.host.remove_device("eth0");
  router.scheduler.advance(1ms);
  EXPECT_EQ(router.state(), "FAULT");
  EXPECT_FALSE(router.transport.joined({Family::IPv4, Router::eth0}));
  router.host.add_device("eth0", 9);
  router.host.add_address("eth0", Prefix::parse("10.0.0.5/24").value());
  router.scheduler.advance(4s);
  EXPECT_TRUE(router.transport.joined({Family::IPv4, 9}));
  EXPECT_EQ(router.state(), "MASTER");
  EXPECT_EQ(router.sent.back().ifindex, 9);
}

TEST(SupervisorInterfaces, AnInterfaceSwappedBetweenTwoLooksStartsAnew) {
  Router router;
  router.become_master();
  router.interfaces.set_automatic(false);
  router.host.remove_device("eth0");
  router.host.add_device("eth0", 9);
  router.host.add_address("eth0", Prefix::parse("10.0.0.5/24").value());
  router.interfaces.deliver();
  router.scheduler.advance(1ms);
  EXPECT_EQ(router.state(), "BACKUP");
}

TEST(SupervisorInterfaces, ASocketThatCannotBeOpenedIsTriedAgain) {
  Router router;
  router.transport.fail_joins = true;
  router.supervisor.apply(config_of({instance()}));
  EXPECT_EQ(router.view().reason, "the VRRP socket cannot be opened");
  EXPECT_TRUE(router.sink.contains("cannot receive VRRP on eth0"));
  router.scheduler.advance(1s);
  router.transport.fail_joins = false;
  router.scheduler.advance(3s);
  EXPECT_EQ(router.state(), "FAULT");
  router.scheduler.advance(2s);
  EXPECT_EQ(router.state(), "BACKUP");
}

// ---------------------------------------------------------------- floods

TEST(SupervisorFloods, AFloodOnOneVridDelaysNoOther) {
  Router router;
  router.transport.queue_limit = 1 << 20;
  router.supervisor.apply(config_of({instance(), other_instance()}));
  router.scheduler.advance(4s);
  router.sent.clear();
  const auto flood = from_peer(200, 51).bytes();
  for (int i = 0; i < 3000; ++i) {
    for (int n = 0; n < 20; ++n) router.transport.arrive({Family::IPv4, Router::eth0}, flood);
    router.scheduler.advance(1ms);
    router.transport.poll();
  }
  std::size_t of_the_other = 0;
  for (const auto& sent : router.sent) of_the_other += sent.vrid == 52 ? 1U : 0U;
  EXPECT_EQ(of_the_other, 3U);
  EXPECT_EQ(router.view(1).adverts.lateness_max, Duration::zero());
}

TEST(SupervisorFloods, AFloodOfLosingAdvertsIsAnsweredOneForOneAndAnnouncedWithinReason) {
  Router router;
  router.become_master();
  router.scheduler.advance(10s);
  router.sent.clear();
  const auto announced = router.announcer.count;
  for (int i = 0; i < 2000; ++i) {
    router.receive(from_peer(50).bytes());
    router.scheduler.advance(500us);
  }
  EXPECT_EQ(router.sent.size(), 2000U);
  EXPECT_LE(router.announcer.count - announced, 60U);
  EXPECT_LE(router.sink.count("forcing new election"), 2U);
}

}  // namespace
}  // namespace hald::vrrp
