// SPDX-License-Identifier: Apache-2.0
#include "vrrp/own_links.h"

#include <gtest/gtest.h>

#include "router.h"

namespace hald::vrrp {
namespace {

using namespace std::chrono_literals;
using testing::instance;
using testing::Router;
using testing::vip;

config::VrrpInstance with_vmac(std::uint8_t vrid = 51, std::string name = "") {
  auto out = instance(vrid);
  out.own_link.emplace();
  out.own_link->name = std::move(name);
  return out;
}

net::Link link(int index, const char* name) {
  net::Link out;
  out.index = index;
  out.name = name;
  out.mac = MacAddress{{2, 0, 0, 0, 0, static_cast<std::uint8_t>(index)}};
  return out;
}

struct OwnLinksTest : ::testing::Test {
  OwnLinks place(std::vector<config::VrrpInstance> instances) {
    config.instances = std::move(instances);
    return place_own_links(
        config, links, [this](int ifindex) { return addresses[ifindex]; }, names);
  }
  config::Config config;
  std::vector<net::Link> links{link(2, "eth0")};
  std::map<int, std::vector<net::InterfaceAddress>> addresses;
  LinkNames names;
};

TEST_F(OwnLinksTest, NothingIsCopiedWithoutNeed) {
  EXPECT_EQ(place({instance()}).config, nullptr);
}

TEST_F(OwnLinksTest, TheLinkCarriesTheVirtualMacAndTheAddresses) {
  auto settings = with_vmac();
  settings.addresses = {vip("10.0.0.3/24"), vip("10.0.0.4/24", ""), vip("10.1.0.3/24", "eth1")};
  settings.excluded_addresses = {vip("fd00::3/64")};
  const auto out = place({settings});
  ASSERT_EQ(out.links.size(), 1U);
  EXPECT_EQ(out.links[0].name, "vrrp.51");
  EXPECT_EQ(out.links[0].base, "eth0");
  EXPECT_EQ(out.links[0].mac, (MacAddress{{0, 0, 0x5e, 0, 1, 51}}));
  const auto& placed = out.config->instances.at(0);
  EXPECT_EQ(wire_device(placed), "vrrp.51");
  EXPECT_EQ(placed.addresses[0].device, "vrrp.51");
  EXPECT_EQ(placed.addresses[1].device, "vrrp.51");
  EXPECT_EQ(placed.addresses[2].device, "eth1");
  EXPECT_EQ(placed.excluded_addresses[0].device, "eth0") << "of another family";
  EXPECT_TRUE(out.addresses.empty());
}

TEST_F(OwnLinksTest, AnIpv6LinkGetsALinkLocalAddressOfTheInterfaceBelow) {
  auto settings = with_vmac();
  settings.family = Family::IPv6;
  const auto out = place({settings});
  EXPECT_TRUE(out.links.at(0).ipv6);
  ASSERT_EQ(out.addresses.size(), 1U);
  EXPECT_EQ(out.addresses[0].device, "vrrp.51");
  EXPECT_EQ(out.addresses[0].prefix.to_string(), "fe80::ff:fe00:2/64");
}

TEST_F(OwnLinksTest, TheLinkLocalAddressIsThatOfTheInterfaceBelowOrOfTheFile) {
  auto settings = with_vmac();
  settings.family = Family::IPv6;
  settings.addresses = {vip("fe80::53/64")};
  for (const char* text : {"10.0.0.5/24", "fd00::5/64", "fe80::53/64", "fe80::7/64", "fe80::8/64"}) {
    net::InterfaceAddress address;
    address.prefix = Prefix::parse(text).value();
    addresses[links[0].index].push_back(address);
  }
  EXPECT_EQ(place({settings}).addresses.at(0).prefix.to_string(), "fe80::7/64");
  settings.source = Address::parse("fe80::9").value();
  EXPECT_EQ(place({settings}).addresses.at(0).prefix.to_string(), "fe80::9/64");
  settings.source.reset();
  addresses[links[0].index][3].dad_failed = true;
  EXPECT_EQ(place({settings}).addresses.at(0).prefix.to_string(), "fe80::8/64");
}

TEST_F(OwnLinksTest, NamesStayAndAreNotTakenTwice) {
  auto second = with_vmac(51);
  second.interface = "eth1";
  auto out = place({with_vmac(51), second, with_vmac(52, "vrrp1.51")});
  EXPECT_EQ(out.links[0].name, "vrrp.51");
  EXPECT_EQ(out.links[1].name, "vrrp2.51");
  EXPECT_EQ(out.links[2].name, "vrrp1.51");
  links.push_back(link(7, "vrrp.51"));
  out = place({second, with_vmac(51)});
  EXPECT_EQ(out.links[0].name, "vrrp2.51");
  EXPECT_EQ(out.links[1].name, "vrrp.51");
}

TEST_F(OwnLinksTest, ALinkThatAnEarlierHaldLeftIsUsedUnderItsName) {
  auto left = link(7, "vrrp9.51");
  left.kind = net::Macvlan{};
  left.base = 2;
  left.mac = MacAddress{{0, 0, 0x5e, 0, 1, 51}};
  links.push_back(left);
  EXPECT_EQ(place({with_vmac()}).links.at(0).name, "vrrp9.51");
}

config::VrrpInstance with_ipvlan(std::uint8_t vrid, config::OwnLink::Kind kind) {
  auto out = with_vmac(vrid);
  out.own_link->kind = kind;
  return out;
}

TEST_F(OwnLinksTest, AnIpvlanBringsItsAddressAndTheOthersStay) {
  auto settings = with_ipvlan(51, config::OwnLink::Kind::IpvlanVepa);
  settings.own_link->address = Prefix::parse("10.0.0.9/24").value();
  settings.own_link->group = "7";
  const auto out = place({settings});
  ASSERT_EQ(out.links.size(), 1U);
  EXPECT_EQ(out.links[0].kind, (net::LinkKind{net::Ipvlan{net::IpvlanMode::L2, net::IpvlanIsolation::Vepa}}));
  EXPECT_EQ(out.links[0].mac, std::nullopt);
  EXPECT_EQ(out.links[0].group, 7U);
  ASSERT_EQ(out.addresses.size(), 1U);
  EXPECT_EQ(out.addresses[0].device, "vrrp.51");
  EXPECT_EQ(out.addresses[0].prefix.to_string(), "10.0.0.9/24");
  EXPECT_EQ(wire_device(out.config->instances.at(0)), "vrrp.51");
  EXPECT_EQ(out.config->instances.at(0).addresses.at(0).device, "eth0");
}

TEST_F(OwnLinksTest, AnIpvlanOfIpv6SharesNoLinkLocalAddressWithItsInterface) {
  auto settings = with_ipvlan(60, config::OwnLink::Kind::IpvlanBridge);
  settings.family = Family::IPv6;
  const auto out = place({settings});
  ASSERT_EQ(out.addresses.size(), 1U);
  EXPECT_EQ(out.addresses[0].prefix.to_string(), "fe80::200:0:3c00:2/64");
}

TEST_F(OwnLinksTest, AnIpvlanThatAnEarlierHaldLeftIsKnownByItsName) {
  auto stray = link(6, "vrrp.50");
  stray.kind = net::Ipvlan{};
  stray.base = 2;
  auto left = stray;
  left.index = 7;
  left.name = "vrrp.51";
  links.insert(links.end(), {stray, left});
  EXPECT_EQ(place({with_ipvlan(51, config::OwnLink::Kind::IpvlanBridge)}).links.at(0).name, "vrrp.51");
}

TEST_F(OwnLinksTest, SingleAddressesGetAVirtualMacOnTheirInterface) {
  config.global.vmac_addr_prefix = "vip";
  links.push_back(link(3, "eth1"));
  auto settings = instance(51);
  settings.addresses = {vip("10.0.0.3/24"), vip("10.1.0.3/24", "eth1"), vip("10.1.0.4/24", "eth1")};
  settings.addresses[1].use_vmac = true;
  const auto out = place({settings});
  ASSERT_EQ(out.links.size(), 1U);
  EXPECT_EQ(out.links[0].name, "vip.51");
  EXPECT_EQ(out.links[0].base, "eth1");
  EXPECT_EQ(out.links[0].mac, (MacAddress{{0, 0, 0x5e, 0, 1, 51}}));
  const auto& placed = out.config->instances.at(0).addresses;
  EXPECT_EQ(placed[0].device, "eth0");
  EXPECT_EQ(placed[1].device, "vip.51");
  EXPECT_EQ(placed[2].device, "eth1");
  EXPECT_EQ(wire_device(out.config->instances.at(0)), "eth0");
}

TEST_F(OwnLinksTest, AllAddressesElsewhereOrOfTheOtherFamilyGetOne) {
  links.push_back(link(3, "eth1"));
  auto settings = with_vmac();
  settings.vmac_addresses = true;
  settings.addresses = {vip("10.0.0.3/24"), vip("10.1.0.3/24", "eth1")};
  settings.excluded_addresses = {vip("10.1.0.4/24", "eth1"), vip("fd00::3/64")};
  const auto out = place({settings});
  ASSERT_EQ(out.links.size(), 3U) << "of the instance, of eth1, of IPv6";
  const auto& placed = out.config->instances.at(0);
  EXPECT_EQ(placed.addresses[0].device, "vrrp.51");
  EXPECT_EQ(placed.addresses[1].device, "vrrp1.51");
  EXPECT_EQ(placed.excluded_addresses[0].device, "vrrp1.51");
  EXPECT_EQ(placed.excluded_addresses[1].device, "vrrp6.51");
  EXPECT_EQ(out.links[2].mac, (MacAddress{{0, 0, 0x5e, 0, 2, 51}}));
  EXPECT_TRUE(out.links[2].ipv6);
  EXPECT_EQ(place({settings}).links, out.links) << "names stay";
}

TEST_F(OwnLinksTest, WhatHasOneMacAddressOnOneInterfaceSharesTheLink) {
  auto settings = with_vmac();
  settings.vmac_addresses = true;
  settings.own_link->mac = config::OwnLink::Mac{2, 1, 2, 3, 4, 5};
  settings.excluded_addresses = {vip("fd00::3/64")};
  const auto out = place({settings});
  ASSERT_EQ(out.links.size(), 1U);
  EXPECT_EQ(out.config->instances.at(0).excluded_addresses.at(0).device, "vrrp.51");
  EXPECT_TRUE(out.links[0].ipv6);
  EXPECT_EQ(out.addresses.size(), 1U);
}

TEST_F(OwnLinksTest, AdvertsMayGoOverTheInterfaceItself) {
  auto settings = with_vmac();
  settings.own_link->send_from_parent = true;
  const auto out = place({settings});
  EXPECT_EQ(wire_device(out.config->instances.at(0)), "eth0");
  EXPECT_EQ(out.config->instances.at(0).addresses.at(0).device, "vrrp.51");
}

struct VmacRouter : Router {
  static constexpr int vmac = 9;
  VmacRouter() {
    auto settings = with_vmac(51, "vrrp.51");
    LinkNames names;
    config::Config config;
    config.instances = {settings};
    placed = place_own_links(
                 config, {}, [](int) { return std::vector<net::InterfaceAddress>(); }, names)
                 .config;
  }
  void add_link() { host.add_device("vrrp.51", vmac, MacAddress{{0, 0, 0x5e, 0, 1, 51}}); }
  std::shared_ptr<const config::Config> placed;
};

TEST(VmacInstance, SpeaksOverItsLinkFromTheAddressOfTheInterface) {
  VmacRouter router;
  router.add_link();
  router.supervisor.apply(router.placed);
  router.scheduler.advance(4s);
  ASSERT_FALSE(router.sent.empty());
  EXPECT_EQ(router.sent.front().ifindex, VmacRouter::vmac);
  EXPECT_EQ(router.view().master_address, testing::ip("10.0.0.5"));
  EXPECT_TRUE(router.host.holds("vrrp.51", Prefix::parse("10.0.0.3/24").value()));
  ASSERT_FALSE(router.announcer.frames.empty());
  EXPECT_EQ(router.announcer.frames.front().first, VmacRouter::vmac);
  EXPECT_EQ(router.announcer.frames.front().second.at(11), 51) << "from the virtual MAC";
}

TEST(VmacInstance, IsInFaultUntilItsLinkIsThere) {
  VmacRouter router;
  router.supervisor.apply(router.placed);
  router.scheduler.advance(4s);
  EXPECT_EQ(router.state(), "FAULT");
  router.add_link();
  router.scheduler.advance(4s);
  EXPECT_EQ(router.state(), "MASTER");
  EXPECT_EQ(router.sent.back().ifindex, VmacRouter::vmac);
}

TEST(VmacInstance, AnInterfaceThatGoesDownTakesItsLinkWithIt) {
  VmacRouter router;
  router.add_link();
  router.supervisor.apply(router.placed);
  router.scheduler.advance(4s);
  router.host.set_link("eth0", false);
  router.scheduler.advance(1ms);
  EXPECT_EQ(router.state(), "FAULT");
}

}  // namespace
}  // namespace hald::vrrp
