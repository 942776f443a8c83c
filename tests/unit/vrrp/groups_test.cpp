// SPDX-License-Identifier: Apache-2.0
// Sync groups through the supervisor: members move together, whatever moves the first of them, and the group
// tells once what became of it.
#include "vrrp/groups.h"

#include <gtest/gtest.h>

#include "router.h"

namespace hald::vrrp {
namespace {

using namespace std::chrono_literals;
using testing::from_peer;
using testing::instance;
using testing::ip;
using testing::Router;
using testing::vip;

/// VI_51 on eth0 and VI_52 on eth1, in the group G.
struct Pair : Router {
  static constexpr int eth1 = 3;

  Pair() {
    host.add_device("eth1", eth1);
    host.add_address("eth1", Prefix::parse("10.1.0.5/24").value());
    supervisor.on_group([this](const GroupChange& change) {
      group_changes.push_back(change.group.name + " " + std::string(to_string(change.from)) + ">" +
                              std::string(to_string(change.to)));
    });
  }

  static config::VrrpInstance second(std::uint8_t priority = 100) {
    auto out = instance(52, priority);
    out.interface = "eth1";
    out.addresses = {vip("10.1.0.3/24", "eth1")};
    return out;
  }
  static std::shared_ptr<config::Config> grouped(std::vector<config::VrrpInstance> instances) {
    auto out = std::make_shared<config::Config>();
    out->instances = std::move(instances);
    config::SyncGroup group;
    group.name = "G";
    for (const auto& each : out->instances) group.members.push_back(each.name);
    out->sync_groups = {group};
    return out;
  }
  void begin() { supervisor.apply(grouped({instance(), second()})); }
  void become_masters() {
    begin();
    scheduler.advance(8s);
    ASSERT_EQ(states(), "MASTER MASTER");
    sent.clear();
    changes.clear();
    group_changes.clear();
  }
  [[nodiscard]] std::string states() const { return state(0) + " " + state(1); }
  [[nodiscard]] GroupView group() const { return supervisor.groups().at(0); }
  void hear_second(std::uint8_t priority) {
    auto advert = from_peer(priority, 52);
    advert.advert.addresses = {ip("10.1.0.3")};
    transport.deliver({Family::IPv4, eth1}, advert.bytes());
  }

  std::vector<std::string> group_changes;
};

TEST(Groups, TakesOverTogether) {
  Pair pair;
  pair.begin();
  EXPECT_EQ(pair.states(), "BACKUP BACKUP");
  EXPECT_EQ(pair.group().state, "BACKUP");
  // The first is held until the second would be MASTER too.
  pair.scheduler.advance(3s);
  pair.hear_second(120);
  pair.scheduler.advance(1s);
  EXPECT_EQ(pair.states(), "BACKUP BACKUP");
  EXPECT_EQ(pair.view(0).reason, "would be MASTER, and waits for the others of its sync group");
  pair.scheduler.advance(8s);
  EXPECT_EQ(pair.states(), "MASTER MASTER");
  EXPECT_EQ(pair.group().state, "MASTER");
  EXPECT_EQ(pair.group_changes, (std::vector<std::string>{"G INIT>BACKUP", "G BACKUP>MASTER"}));
}

TEST(Groups, WhoIsDeposedTakesTheOthersAlong) {
  Pair pair;
  pair.become_masters();
  pair.hear_second(200);
  EXPECT_EQ(pair.states(), "BACKUP BACKUP");
  EXPECT_EQ(pair.view(0).reason, "another member of the sync group became BACKUP");
  EXPECT_EQ(pair.group().reason, "VI_52: 10.0.0.6 has the higher priority 200, ours 100");
  EXPECT_EQ(pair.group_changes, (std::vector<std::string>{"G MASTER>BACKUP"}));
  // Nobody left on purpose, hence nobody says priority 0.
  EXPECT_TRUE(pair.sent.empty());
}

TEST(Groups, OneCableTakesAllOfThemDown) {
  Pair pair;
  pair.become_masters();
  pair.host.set_link("eth1", false);
  pair.scheduler.advance(0s);
  EXPECT_EQ(pair.states(), "FAULT FAULT");
  EXPECT_EQ(pair.view(0).reason, "another member of the sync group is in FAULT");
  EXPECT_EQ(pair.view(1).reason, "the interface is down");
  EXPECT_EQ(pair.group().reason, "VI_52: the interface is down");
  EXPECT_EQ(pair.group_changes, (std::vector<std::string>{"G MASTER>FAULT"}));
  ASSERT_EQ(pair.sent.size(), 1U);
  EXPECT_EQ(pair.sent[0].vrid, 51);
  EXPECT_EQ(pair.sent[0].priority, 0);
  EXPECT_FALSE(pair.has_vip());

  pair.host.set_link("eth1", true);
  pair.scheduler.advance(0s);
  EXPECT_EQ(pair.states(), "BACKUP BACKUP");
  pair.scheduler.advance(8s);
  EXPECT_EQ(pair.states(), "MASTER MASTER");
}

TEST(Groups, AllOfThemWaitWhileAnyIsInFault) {
  Pair pair;
  pair.become_masters();
  pair.host.set_link("eth0", false);
  pair.host.set_link("eth1", false);
  pair.scheduler.advance(0s);
  pair.host.set_link("eth1", true);
  pair.scheduler.advance(8s);
  EXPECT_EQ(pair.states(), "FAULT FAULT");
  EXPECT_EQ(pair.view(1).reason, "another member of the sync group is in FAULT");
  pair.host.set_link("eth0", true);
  pair.scheduler.advance(8s);
  EXPECT_EQ(pair.states(), "MASTER MASTER");
}

TEST(Groups, BeginsInFaultWithOneOfThem) {
  Pair pair;
  pair.host.set_link("eth1", false);
  pair.begin();
  EXPECT_EQ(pair.changes, (std::vector<std::string>{"INIT>FAULT", "INIT>FAULT"}));
  EXPECT_EQ(pair.group_changes, (std::vector<std::string>{"G INIT>FAULT"}));
}

TEST(Groups, OwnersTakeOverAtOnceAndTogether) {
  Pair pair;
  auto first = instance(51, 255);
  auto second = Pair::second(255);
  first.initial_state = second.initial_state = config::InitialState::Master;
  pair.supervisor.apply(Pair::grouped({first, second}));
  EXPECT_EQ(pair.states(), "MASTER MASTER");
}

TEST(Groups, AReloadOfTheSameTouchesNothing) {
  Pair pair;
  pair.become_masters();
  const auto writes = pair.holdings.writes;
  pair.begin();
  EXPECT_TRUE(pair.changes.empty());
  EXPECT_TRUE(pair.group_changes.empty());
  EXPECT_TRUE(pair.sent.empty());
  EXPECT_EQ(pair.holdings.writes, writes);
}

TEST(Groups, AReloadLetsAGroupGo) {
  Pair pair;
  pair.become_masters();
  pair.host.set_link("eth1", false);
  pair.scheduler.advance(0s);
  auto config = Pair::grouped({instance(), Pair::second()});
  config->sync_groups.clear();
  pair.supervisor.apply(config);
  EXPECT_EQ(pair.states(), "BACKUP FAULT");
  EXPECT_TRUE(pair.supervisor.groups().empty());
}

/// The first is MASTER, the second follows somebody, and a reload makes a group of them.
TEST(Groups, MembersThatWereElectedApartComeTogether) {
  Pair pair;
  auto apart = Pair::grouped({instance(), Pair::second()});
  apart->sync_groups.clear();
  pair.supervisor.apply(apart);
  for (int i = 0; i < 8; ++i) {
    pair.scheduler.advance(1s);
    pair.hear_second(120);
  }
  ASSERT_EQ(pair.states(), "MASTER BACKUP");
  pair.begin();
  pair.hear_second(120);
  EXPECT_EQ(pair.states(), "BACKUP BACKUP");
}

TEST(Groups, AMisconfiguredMemberIsInFault) {
  Pair pair;
  auto second = Pair::second();
  second.fault = true;
  pair.supervisor.apply(Pair::grouped({instance(), second}));
  EXPECT_EQ(pair.states(), "FAULT FAULT");
  EXPECT_EQ(pair.view(1).reason, "its configuration cannot work");
}

TEST(Groups, ALosingAdvertMakesAllOfThemAnnounce) {
  Pair pair;
  pair.become_masters();
  pair.scheduler.advance(10s);
  pair.announcer.frames.clear();
  pair.hear_second(50);
  pair.scheduler.advance(500ms);
  bool on_the_first = false;
  for (const auto& [ifindex, frame] : pair.announcer.frames) {
    on_the_first = on_the_first || ifindex == Router::eth0;
  }
  EXPECT_TRUE(on_the_first);
}

TEST(Groups, WhoHandsOverKeepsEachAddressUntilItsOwnSuccessorIsHeard) {
  Pair pair;
  pair.become_masters();
  ASSERT_EQ(pair.supervisor.hand_over("G").size(), 2U);
  pair.scheduler.advance(600ms);
  pair.hear_second(50);
  EXPECT_EQ(pair.states(), "MASTER BACKUP");
  EXPECT_TRUE(pair.has_vip());
  pair.scheduler.advance(100ms);
  pair.hear_second(50);
  EXPECT_EQ(pair.states(), "MASTER BACKUP");
  EXPECT_FALSE(pair.sink.contains("VRRP_Group(G) Syncing instances to BACKUP state"));
  pair.receive(from_peer(50).bytes());
  EXPECT_EQ(pair.states(), "BACKUP BACKUP");
  EXPECT_FALSE(pair.has_vip());
  EXPECT_EQ(pair.view(0).reason.find("another member"), std::string::npos);
  EXPECT_EQ(pair.group_changes, (std::vector<std::string>{"G MASTER>BACKUP"}));
}

TEST(Groups, WhoseSuccessorIsNotHeardGoesWithTheGroupWhenTheTimeIsUp) {
  Pair pair;
  pair.become_masters();
  ASSERT_EQ(pair.supervisor.hand_over("VI_51").size(), 2U);
  pair.hear_second(50);
  pair.scheduler.advance(990ms);
  EXPECT_EQ(pair.states(), "MASTER BACKUP");
  pair.scheduler.advance(10ms);
  EXPECT_EQ(pair.states(), "BACKUP BACKUP");
  EXPECT_FALSE(pair.has_vip());
}

TEST(Groups, WithoutAnySuccessorAllOfThemStay) {
  Pair pair;
  pair.become_masters();
  ASSERT_EQ(pair.supervisor.hand_over("G").size(), 2U);
  pair.scheduler.advance(2s);
  EXPECT_EQ(pair.states(), "MASTER MASTER");
  EXPECT_TRUE(pair.has_vip());
  EXPECT_TRUE(pair.group_changes.empty());
  // Both again as before: a deposed one takes the other along.
  pair.hear_second(200);
  EXPECT_EQ(pair.states(), "BACKUP BACKUP");
}

TEST(Groups, WhoLeavesKeepsEachAddressUntilItsOwnSuccessorIsHeard) {
  Pair pair;
  pair.become_masters();
  bool left = false;
  pair.supervisor.leave([&left] { left = true; });
  pair.hear_second(50);
  pair.scheduler.advance(500ms);
  EXPECT_TRUE(pair.has_vip());
  pair.receive(from_peer(50).bytes());
  EXPECT_FALSE(pair.has_vip());
  pair.scheduler.advance(0s);
  EXPECT_TRUE(left);
}

TEST(Groups, AStopIsNoChangeOfTheGroup) {
  Pair pair;
  pair.become_masters();
  bool left = false;
  pair.supervisor.leave([&left] { left = true; });
  pair.scheduler.advance(2s);
  EXPECT_TRUE(left);
  EXPECT_TRUE(pair.group_changes.empty());
}

}  // namespace
}  // namespace hald::vrrp
