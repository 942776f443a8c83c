// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "router.h"

namespace hald::vrrp {
namespace {

using namespace std::chrono_literals;
using testing::instance;
using testing::Router;
using testing::vip;

constexpr int kVmac = 9;
constexpr int kEth1 = 3;

struct ExtraTest : ::testing::Test {
  ExtraTest() {
    router.host.add_device("eth1", kEth1);
    router.host.add_device("vip.51", kVmac);
    settings.addresses = {vip("10.0.0.3/24"), vip("10.1.0.3/24", "vip.51"), vip("10.1.0.4/24", "vip.51"),
                          vip("10.2.0.3/24", "eth1")};
    settings.addresses[1].use_vmac = settings.addresses[2].use_vmac = true;
    settings.announcing.master_delay = 0s;
    settings.garp_extra.interval = 60s;
  }
  std::vector<int> heard_within(Duration time) {
    router.announcer.frames.clear();
    router.scheduler.advance(time);
    std::vector<int> out;
    for (const auto& frame : router.announcer.frames) out.push_back(frame.first);
    return out;
  }
  Router router;
  config::VrrpInstance settings = instance();
};

TEST_F(ExtraTest, OneAddressOnEachInterfaceOfHaldsOwnInEachPeriod) {
  router.become_master(settings);
  EXPECT_EQ(heard_within(60s), (std::vector<int>{kVmac}));
  EXPECT_EQ(heard_within(120s), (std::vector<int>{kVmac, kVmac}));
}

TEST_F(ExtraTest, AllMeansOtherInterfacesToo) {
  settings.garp_extra.all = true;
  router.become_master(settings);
  EXPECT_EQ(heard_within(60s), (std::vector<int>{kVmac, kEth1}));
}

TEST_F(ExtraTest, TheLinkOfTheInstanceCountsIfItsAdvertsGoElsewhere) {
  router.host.add_device("vrrp.51", 10);
  settings.own_link.emplace();
  settings.own_link->name = "vrrp.51";
  settings.addresses[0].device = "vrrp.51";
  router.become_master(settings);
  EXPECT_EQ(heard_within(60s), (std::vector<int>{kVmac}));
  settings.own_link->send_from_parent = true;
  router.supervisor.apply(testing::config_of({settings}));
  heard_within(10s);  // it is announced on the new way
  EXPECT_EQ(heard_within(60s), (std::vector<int>{10, kVmac}));
}

TEST_F(ExtraTest, AReloadSetsAnotherPeriodAndABackupIsQuiet) {
  router.become_master(settings);
  settings.garp_extra.interval = 10s;
  router.supervisor.apply(testing::config_of({settings}));
  EXPECT_EQ(heard_within(20s).size(), 2U);
  settings.garp_extra.interval = 0s;
  router.supervisor.apply(testing::config_of({settings}));
  EXPECT_TRUE(heard_within(120s).empty());
  settings.garp_extra.interval = 10s;
  router.supervisor.apply(testing::config_of({settings}));
  router.receive(testing::from_peer(200).bytes());
  EXPECT_TRUE(heard_within(2s).empty());
  EXPECT_EQ(router.state(), "BACKUP");
}

}  // namespace
}  // namespace hald::vrrp
