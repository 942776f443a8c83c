// SPDX-License-Identifier: Apache-2.0
#include "net/virtual_link.h"

#include <gtest/gtest.h>

#include "fakes/capture_sink.h"
#include "fakes/fake_rtnl.h"
#include "fakes/manual_scheduler.h"
#include "net/interface_table.h"

namespace hald::net {
namespace {

using What = LinkPlan::What;

std::string name(std::string_view prefix, std::uint8_t vrid, Family family,
                 std::set<std::string> taken = {}) {
  return virtual_link_name(prefix, vrid, family, [&](const std::string& one) { return taken.count(one) > 0; })
      .value_or("none");
}

// compat: the names that keepalived gives.
TEST(VirtualLinkName, CountsUpWhereNamesAreTaken) {
  EXPECT_EQ(name("vrrp", 51, Family::IPv4), "vrrp.51");
  EXPECT_EQ(name("vrrp", 51, Family::IPv4, {"vrrp.51"}), "vrrp1.51");
  EXPECT_EQ(name("vrrp", 51, Family::IPv4, {"vrrp.51", "vrrp1.51"}), "vrrp2.51");
  EXPECT_EQ(name("vrrp", 51, Family::IPv6, {"vrrp.51"}), "vrrp6.51");
  EXPECT_EQ(name("vrrp", 51, Family::IPv6, {"vrrp.51", "vrrp6.51"}), "vrrp1.51");
  EXPECT_EQ(name("vrrp", 51, Family::IPv6,
                 {"vrrp.51", "vrrp6.51", "vrrp1.51", "vrrp2.51", "vrrp3.51", "vrrp4.51", "vrrp5.51"}),
            "vrrp7.51");
}

TEST(VirtualLinkName, ALongPrefixLosesItsEnd) {
  EXPECT_EQ(name("averylongprefix", 255, Family::IPv4), "averylongpr.255");
  EXPECT_EQ(name("averylongprefix", 255, Family::IPv4, {"averylongpr.255"}), "averylongp1.255");
  EXPECT_EQ(virtual_link_name("vrrp", 1, Family::IPv4, [](const std::string&) { return true; }),
            std::nullopt);
}

TEST(VirtualMac, IsThatOfTheStandard) {
  EXPECT_EQ(virtual_mac(Family::IPv4, 51).to_string(), "00:00:5e:00:01:33");
  EXPECT_EQ(virtual_mac(Family::IPv6, 255).to_string(), "00:00:5e:00:02:ff");
  EXPECT_EQ(link_local_of({{0x02, 0x42, 0xac, 0x11, 0x00, 0x02}}).to_string(), "fe80::42:acff:fe11:2");
}

class PlanLink : public testing::Test {
 protected:
  PlanLink() {
    kernel.operator_link(3, "eth0");
    kernel.operator_link(4, "eth1");
    wanted.name = "vrrp.51";
    wanted.base = "eth0";
    wanted.mac = virtual_mac(Family::IPv4, 51);
  }
  LinkPlan plan() {
    EXPECT_TRUE(table.start());
    return plan_link(wanted, table);
  }
  /// As it should be.
  Link right() {
    Link out;
    out.index = 7;
    out.name = "vrrp.51";
    out.kind = Macvlan{};
    out.base = 3;
    out.mac = *wanted.mac;
    out.ipv6_address_mode = AddressMode::None;
    return out;
  }

  fakes::ManualScheduler scheduler;
  fakes::CaptureSink sink;
  log::Logger logger{sink, scheduler, log::Level::Debug};
  fakes::FakeRtnl kernel;
  InterfaceTable table{kernel, scheduler, logger};
  WantedLink wanted;
};

TEST_F(PlanLink, WithoutABaseThereIsNothingToDo) {
  wanted.base = "eth9";
  EXPECT_EQ(plan().what, What::Wait);
}

TEST_F(PlanLink, CreatesWithTheGroupAndTheVrfOfTheBase) {
  Link vrf;
  vrf.index = 9;
  vrf.name = "red";
  vrf.kind = Vrf{100};
  kernel.operator_link(vrf);
  auto base = *kernel.link("eth0");
  base.group = 5;
  base.master = 9;
  kernel.operator_link(base);
  const auto made = plan();
  EXPECT_EQ(made.what, What::Create);
  EXPECT_EQ(made.fresh.base, 3);
  EXPECT_EQ(made.fresh.group, 5U);
  EXPECT_EQ(made.fresh.master, 9);
  EXPECT_EQ(made.fresh.mac, wanted.mac);
  wanted.group = 8;
  EXPECT_EQ(plan().fresh.group, 8U);
}

TEST_F(PlanLink, AdoptsWhatIsRightAndAdjustsWhatIsNearlyRight) {
  kernel.operator_link(right());
  EXPECT_EQ(plan().what, What::Adjust);
  EXPECT_EQ(plan().change, LinkChange{});
  auto near = right();
  near.mac = virtual_mac(Family::IPv4, 52);
  near.kind = Macvlan{MacvlanMode::Bridge};
  near.group = 3;
  near.ipv6_address_mode = AddressMode::Eui64;
  kernel.operator_link(near);
  const auto change = plan().change;
  EXPECT_EQ(change.mac, wanted.mac);
  EXPECT_EQ(change.kind, LinkKind(Macvlan{}));
  EXPECT_EQ(change.group, 0U);
  EXPECT_EQ(change.ipv6_address_mode, AddressMode::None);
  EXPECT_FALSE(change.master);
}

TEST_F(PlanLink, OnAnotherBaseOrOfAnotherVirtualKindItIsMadeAnew) {
  auto other = right();
  other.base = 4;
  kernel.operator_link(other);
  EXPECT_EQ(plan().what, What::Recreate);
  other = right();
  other.kind = Ipvlan{};
  kernel.operator_link(other);
  EXPECT_EQ(plan().what, What::Recreate);
}

TEST_F(PlanLink, RealInterfacesAreLeftAlone) {
  kernel.operator_link(7, "vrrp.51");
  EXPECT_EQ(plan().what, What::Refuse);
  EXPECT_EQ(plan().why, "vrrp.51 exists and is an interface of another kind");
}

TEST_F(PlanLink, OnlyOnEthernet) {
  auto base = *kernel.link("eth0");
  base.ethernet = false;
  kernel.operator_link(base);
  EXPECT_EQ(plan().what, What::Refuse);
}

TEST_F(PlanLink, OnAMacvlanItStandsOnWhatIsBelow) {
  auto base = right();
  base.index = 8;
  base.name = "mac0";
  kernel.operator_link(base);
  wanted.base = "mac0";
  kernel.operator_link(right());
  EXPECT_EQ(plan().what, What::Adjust);
}

TEST_F(PlanLink, LeavesABridgeAlone) {
  Link bridge;
  bridge.index = 9;
  bridge.name = "br0";
  bridge.kind = OtherKind{"bridge"};
  kernel.operator_link(bridge);
  auto port = right();
  port.master = 9;
  kernel.operator_link(port);
  EXPECT_EQ(plan().change, LinkChange{});
}

TEST_F(PlanLink, FindsOneThatIsAlikeUnderAnotherName) {
  auto other = right();
  other.name = "vrrp1.51";
  kernel.operator_link(other);
  ASSERT_TRUE(table.start());
  const auto links = table.links();
  const auto* found = find_alike(links, wanted, *table.find("eth0"));
  ASSERT_NE(found, nullptr);
  EXPECT_EQ(found->name, "vrrp1.51");
  wanted.mac = virtual_mac(Family::IPv4, 52);
  EXPECT_EQ(find_alike(links, wanted, *table.find("eth0")), nullptr);
}

}  // namespace
}  // namespace hald::net
