// SPDX-License-Identifier: Apache-2.0
// The least gaps between announcements: of an interface, of a group, and through the instances.
#include "vrrp/announce_paces.h"

#include <memory>

#include <gtest/gtest.h>

#include "router.h"

namespace hald::vrrp {
namespace {

using std::chrono::milliseconds;
using testing::instance;
using testing::Router;
using testing::vip;

std::shared_ptr<config::Config> paced(int gap_ms) {
  auto out = std::make_shared<config::Config>();
  out->global.garp_interval = milliseconds(gap_ms);
  return out;
}

TEST(AnnouncePaces, WithoutAGapNothingWaits) {
  AnnouncePaces paces;
  paces.configure(*std::make_shared<config::Config>());
  for (int i = 0; i < 3; ++i) EXPECT_EQ(paces.take("eth0", Family::IPv4, {}), Duration::zero());
}

TEST(AnnouncePaces, EachInterfaceAndFamilyHasItsOwn) {
  AnnouncePaces paces;
  paces.configure(*paced(10));
  EXPECT_EQ(paces.take("eth0", Family::IPv4, {}), Duration::zero());
  EXPECT_EQ(paces.take("eth0", Family::IPv4, TimePoint(milliseconds(4))), milliseconds(6));
  EXPECT_EQ(paces.take("eth1", Family::IPv4, {}), Duration::zero());
  EXPECT_EQ(paces.take("eth0", Family::IPv6, {}), Duration::zero());
  EXPECT_EQ(paces.take("eth0", Family::IPv6, {}), Duration::zero()) << "gna_interval is another word";
  EXPECT_EQ(paces.take("eth0", Family::IPv4, TimePoint(milliseconds(10))), Duration::zero());
}

TEST(AnnouncePaces, AGroupSharesItsGap) {
  const auto config = paced(10);
  config::GarpGroup group;
  group.garp_interval = milliseconds(50);
  group.interfaces = {"eth0", "eth1"};
  config->garp_groups = {group};
  AnnouncePaces paces;
  paces.configure(*config);
  EXPECT_EQ(paces.take("eth0", Family::IPv4, {}), Duration::zero());
  EXPECT_EQ(paces.take("eth1", Family::IPv4, {}), milliseconds(50));
  EXPECT_EQ(paces.take("eth2", Family::IPv4, {}), Duration::zero());
  paces.configure(*config);
  EXPECT_EQ(paces.take("eth1", Family::IPv4, TimePoint(milliseconds(1))), milliseconds(49)) << "a reload";
}

TEST(AnnouncePaces, InstancesKeepThemAndAdvertsDoNotWait) {
  Router router;
  const auto config = paced(300);
  auto one = instance();
  one.addresses.push_back(vip("10.0.0.4/24"));
  config->instances = {one};
  router.supervisor.apply(config);
  while (router.state() != "MASTER") router.scheduler.advance(milliseconds(10));
  EXPECT_EQ(router.announcer.frames.size(), 1U);
  const auto adverts = router.sent.size();
  router.scheduler.advance(milliseconds(1500));
  EXPECT_EQ(router.announcer.frames.size(), 6U);
  EXPECT_GE(router.sent.size(), adverts + 1);
  router.scheduler.advance(milliseconds(1500));
  EXPECT_EQ(router.announcer.frames.size(), 10U) << "two addresses, five times each";
}

}  // namespace
}  // namespace hald::vrrp
