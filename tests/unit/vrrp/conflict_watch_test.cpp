// SPDX-License-Identifier: Apache-2.0
// Conflicts as the operator sees them, through the real supervisor and instance.
#include <gtest/gtest.h>

#include "router.h"

namespace hald::vrrp {
namespace {

using namespace std::chrono_literals;
using testing::from_peer;
using testing::instance;
using testing::ip;
using testing::Router;

void hear_for(Router& router, const testing::PeerAdvert& advert, int seconds) {
  for (int i = 0; i < seconds; ++i) {
    router.receive(advert.bytes());
    router.scheduler.advance(1s);
  }
}

TEST(ConflictWatch, AMasterThatDoesNotYieldIsNamedCountedAndTold) {
  Router router;
  router.become_master();
  const WallTime began = router.scheduler.wall_now();
  hear_for(router, from_peer(50), 8);
  EXPECT_EQ(router.sink.count("two MASTERs"), 1U);
  const auto conflicts = router.view().conflicts;
  ASSERT_EQ(conflicts.size(), 1U);
  EXPECT_EQ(conflicts[0].kind, "two_masters");
  EXPECT_EQ(conflicts[0].source, ip("10.0.0.6"));
  EXPECT_EQ(conflicts[0].priority, 50);
  EXPECT_EQ(conflicts[0].count, 8U);
  EXPECT_EQ(conflicts[0].since, began);
  EXPECT_EQ(router.state(), "MASTER");

  router.scheduler.advance(10s);
  EXPECT_TRUE(router.view().conflicts.empty());
  EXPECT_EQ(router.sink.count("no longer, after 8 adverts"), 1U);
}

TEST(ConflictWatch, AnElectionIsNoConflict) {
  Router router;
  router.become_master();
  hear_for(router, from_peer(50), 2);
  router.scheduler.advance(10s);
  hear_for(router, from_peer(200), 20);  // we yield
  EXPECT_EQ(router.sink.count("two MASTERs"), 0U);
  EXPECT_TRUE(router.view().conflicts.empty());
}

TEST(ConflictWatch, AMasterWithAnotherPasswordIsNamedAndTouchesNothing) {
  Router router;
  auto settings = instance();
  settings.auth_type = config::AuthType::Pass;
  settings.auth_password = "1111";
  router.become_master(settings);
  router.sent.clear();
  auto foreign = from_peer(200);
  foreign.sealing.auth_type = config::AuthType::Pass;
  foreign.sealing.auth = auth_data("2222");
  hear_for(router, foreign, 8);
  EXPECT_EQ(router.state(), "MASTER");
  EXPECT_EQ(router.sent.size(), 8U);
  const auto conflicts = router.view().conflicts;
  ASSERT_EQ(conflicts.size(), 1U);
  EXPECT_EQ(conflicts[0].kind, "two_masters");
  EXPECT_NE(conflicts[0].reason.find("do not count"), std::string::npos);
}

TEST(ConflictWatch, AnotherListIsShownWithBothListsAndTheCount) {
  Router router;
  router.supervisor.apply(testing::config_of({instance()}));
  auto foreign = from_peer(200);
  foreign.advert.addresses = {ip("10.0.0.4"), ip("10.0.0.9")};
  hear_for(router, foreign, 3);
  const auto view = router.view();
  ASSERT_EQ(view.conflicts.size(), 1U);
  EXPECT_EQ(view.conflicts[0].kind, "other_addresses");
  EXPECT_EQ(view.conflicts[0].count, 3U);
  EXPECT_EQ(view.conflicts[0].addresses, (std::vector<Address>{ip("10.0.0.4"), ip("10.0.0.9")}));
  EXPECT_EQ(view.addresses, (std::vector<std::string>{"10.0.0.3/24"}));
  EXPECT_EQ(view.state, "BACKUP") << "accepted all the same";
  // The other router's list becomes ours: over.
  hear_for(router, from_peer(200), 1);
  EXPECT_TRUE(router.view().conflicts.empty());
}

TEST(ConflictWatch, ListsAreComparedForANewSenderOnlyIfAskedTo) {
  Router router;
  auto settings = instance();
  settings.skip_check_adv_addr = true;
  router.supervisor.apply(testing::config_of({settings}));
  hear_for(router, from_peer(200), 1);
  auto foreign = from_peer(200);
  foreign.advert.addresses = {ip("10.0.0.4")};
  hear_for(router, foreign, 3);
  EXPECT_EQ(router.view().packets.address_list_errors, 0U) << "the sender is the same";
  foreign.sealing.source = ip("10.0.0.7");
  hear_for(router, foreign, 3);
  EXPECT_EQ(router.view().packets.address_list_errors, 1U);
  ASSERT_EQ(router.view().conflicts.size(), 1U);
  EXPECT_EQ(router.view().conflicts[0].source, ip("10.0.0.7"));
}

TEST(ConflictWatch, TwoOwnersElectOneAndBothAreTold) {
  for (const char* peer : {"10.0.0.4", "10.0.0.6"}) {
    Router router;
    auto settings = instance(51, 255);
    settings.initial_state = config::InitialState::Master;
    router.become_master(settings);
    auto owner = from_peer(255);
    owner.sealing.source = ip(peer);
    hear_for(router, owner, 3);
    EXPECT_EQ(router.state(), owner.sealing.source < ip("10.0.0.5") ? "MASTER" : "BACKUP");
    EXPECT_EQ(router.sink.count("CONFIGURATION ERROR"), 1U);
    const auto conflicts = router.view().conflicts;
    ASSERT_FALSE(conflicts.empty());
    EXPECT_EQ(conflicts.back().kind, "two_owners");
    EXPECT_EQ(conflicts.back().source, owner.sealing.source);
  }
}

}  // namespace
}  // namespace hald::vrrp
