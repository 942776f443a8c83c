// SPDX-License-Identifier: Apache-2.0
// Lines of addresses: what comes with an address, and what cannot.
#include <fmt/format.h>

#include "unit/config/routers.h"

namespace hald::config {
namespace {

std::string vip(const std::string& lines) {
  return instance(" virtual_ipaddress {\n" + lines + "\n }");
}

VirtualAddress address(const std::string& line) {
  const auto it = first(load(vip(line)));
  EXPECT_FALSE(it.addresses.empty()) << line;
  return it.addresses.empty() ? VirtualAddress{} : it.addresses.front();
}

TEST(Addresses, EveryOption) {
  const auto all = address(
      "10.0.0.1/24 dev eth1 scope link brd + label eth1:0 home -nodad mngtmpaddr noprefixroute "
      "autojoin no_track use_vmac preferred_lft 7");
  EXPECT_EQ(all.device, "eth1");
  EXPECT_EQ(all.scope, 253);
  EXPECT_EQ(all.broadcast, Address::parse("10.0.0.255").value());
  EXPECT_EQ(all.label, "eth1:0");
  EXPECT_TRUE(all.home && all.detect_duplicates && all.manage_temporary && all.no_prefix_route &&
              all.auto_join && !all.track && all.use_vmac);
  EXPECT_EQ(all.preferred_lifetime, 7U);
  EXPECT_EQ(address("10.0.0.1/24 brd -").broadcast, Address::parse("10.0.0.0").value());
  EXPECT_EQ(address("10.0.0.1 scope 0x10").scope, 16);
}

TEST(Addresses, AnIpv6AddressOfItsOwnIsDeprecated) {
  EXPECT_EQ(address("fe80::1").preferred_lifetime, 0U);
  EXPECT_EQ(address("fe80::1 preferred_lft forever").preferred_lifetime, std::nullopt);
  EXPECT_EQ(address("fe80::1/64").preferred_lifetime, std::nullopt);
}

TEST(Addresses, APeerBringsItsLength) {
  const auto peered = address("10.0.0.1 peer 10.0.0.2");
  EXPECT_EQ(peered.peer, Address::parse("10.0.0.2").value());
  EXPECT_EQ(peered.prefix.length, 32);
  EXPECT_EQ(said(load(vip("10.0.0.1/24 peer 10.0.0.2"))), (Said{"error bad-prefix"}));
  EXPECT_EQ(said(load(vip("10.0.0.1 peer 10.0.0.2 brd 10.0.0.3"))), (Said{"error bad-broadcast"}));
  EXPECT_EQ(said(load(vip("10.0.0.1 peer fe80::1"))), (Said{"error mixed-families"}));
  EXPECT_EQ(said(load(vip("10.0.0.1 peer 10.0.0.2 peer 10.0.0.3"))), (Said{"error repeated-option"}));
}

TEST(Addresses, WhatNoInterfaceCanHoldIsNoComplaint) {
  EXPECT_EQ(said(load(vip("224.0.0.1\n10.0.0.1"))), (Said{"warning bad-address"}));
}

TEST(Addresses, OnceInAnInstance) {
  EXPECT_EQ(said(load(vip("10.0.0.1\n10.0.0.1 dev eth1"))), (Said{"error duplicate-address"}));
  const auto excluded = [](const std::string& lines) {
    return said(load(instance(" virtual_ipaddress_excluded {\n" + lines + "\n }")));
  };
  EXPECT_EQ(excluded("10.0.0.1"), (Said{"error duplicate-address"}));
  EXPECT_EQ(excluded("10.0.0.1 dev eth1"), Said{});
  EXPECT_EQ(excluded("10.0.0.2\n10.0.0.2"), (Said{"error duplicate-address"}));
  EXPECT_EQ(excluded("10.0.0.2\nfe80::2"), Said{});
}

TEST(Addresses, VmacsAreSaidOnce) {
  EXPECT_EQ(said(load(instance(" use_vmac\n virtual_ipaddress {\n 10.0.0.1 use_vmac\n }"))),
            (Said{"complaint contradiction"}));
  EXPECT_EQ(
      said(load(instance(" use_vmac_addr\n virtual_ipaddress_excluded {\n 10.0.0.9 dev eth1 use_vmac\n }"))),
      (Said{"complaint contradiction"}));
  EXPECT_EQ(said(load(instance(" use_vmac\n virtual_ipaddress_excluded {\n 10.0.0.9 dev eth1 use_vmac\n }"))),
            Said{});
}

TEST(Addresses, ExtraAnnouncementsNeedAnotherInterface) {
  const std::string words = " garp_extra_if 60\n";
  EXPECT_EQ(first(load(instance(words))).garp_extra, ExtraAnnouncing{});
  const std::string other = " virtual_ipaddress_excluded {\n 10.0.0.9 dev eth1\n }\n";
  EXPECT_EQ(first(load(instance(words + other))).garp_extra, ExtraAnnouncing{});
  EXPECT_EQ(first(load(instance(" garp_extra_if all 60\n" + other))).garp_extra,
            (ExtraAnnouncing{std::chrono::seconds(60), true}));
  EXPECT_EQ(first(load(instance(words + other + " use_vmac_addr"))).garp_extra.interval,
            std::chrono::seconds(60));
}

TEST(Addresses, OnePacketNamesThemAll) {
  std::string lines;
  for (int i = 0; i < 300; ++i) lines += fmt::format("10.1.{}.{}\n", i / 200, i % 200 + 1);
  const auto loaded = load(vip(lines));
  EXPECT_EQ(said(loaded), (Said{"error too-many-addresses"}));
  EXPECT_EQ(first(loaded).addresses.size(), 255U);
  EXPECT_EQ(first(loaded).excluded_addresses.size(), 45U);
}

TEST(Addresses, SomeAddressThereIs) {
  EXPECT_EQ(said(load(vip(""))), (Said{"complaint no-virtual-address"}));
  EXPECT_EQ(said(load(vip("") + "")), (Said{"complaint no-virtual-address"}));
  EXPECT_EQ(said(load(instance(" no_virtual_ipaddress\n virtual_ipaddress {\n }"))), Said{});
  const auto v3 = load(instance(" version 3\n virtual_ipaddress {\n }"));
  EXPECT_EQ(said(v3), (Said{"error no-virtual-address"}));
  EXPECT_TRUE(v3.config->instances.empty());
}

TEST(Addresses, StaticOnesHaveADeviceAndMayFollowAGroup) {
  const std::string group = "track_group g {\n group {\n A\n }\n}\n" + instance();
  const auto good = load(group + "static_ipaddress {\n 10.9.0.1/24 dev eth1 track_group g\n 10.9.0.2\n}\n");
  EXPECT_EQ(said(good), Said{});
  ASSERT_EQ(good.config->static_addresses.size(), 2U);
  EXPECT_EQ(good.config->static_addresses[0].track_group, "g");
  EXPECT_EQ(good.config->static_addresses[1].address.device, "eth0");
  EXPECT_EQ(said(load("static_ipaddress {\n 10.9.0.1 track_group g\n}\n" + group)),
            (Said{"error unknown-name"}));
  EXPECT_EQ(said(load("static_ipaddress {\n 10.9.0.1 use_vmac\n}\n")), (Said{"error unknown-word"}));
}

}  // namespace
}  // namespace hald::config
