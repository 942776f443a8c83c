// SPDX-License-Identifier: Apache-2.0
#include "vrrp/wanted.h"

#include <gtest/gtest.h>

#include "router.h"

namespace hald::vrrp {
namespace {

using testing::ip;
using testing::vip;

Prefix prefix(const char* text) {
  return Prefix::parse(text).value();
}

TEST(Wanted, AnAddressBringsAllThatWasSaidOfIt) {
  config::VirtualAddress address = vip("10.0.0.3/24", "eth1");
  address.label = "eth1:3";
  address.scope = 253;
  address.broadcast = ip("10.0.0.255");
  address.peer = ip("10.0.0.9");
  address.no_prefix_route = address.auto_join = true;
  const auto out = wanted(address, "eth1");
  EXPECT_EQ(out.device, "eth1");
  EXPECT_EQ(out.prefix, prefix("10.0.0.3/24"));
  EXPECT_EQ(out.label, "eth1:3");
  EXPECT_EQ(out.scope, 253);
  EXPECT_EQ(out.broadcast, ip("10.0.0.255"));
  EXPECT_EQ(out.peer, ip("10.0.0.9"));
  EXPECT_TRUE(out.flags.noprefixroute && out.flags.autojoin);
  EXPECT_FALSE(out.flags.home || out.flags.mngtmpaddr || out.detect_duplicates);
  EXPECT_FALSE(out.preferred_lft);
}

TEST(Wanted, FlagsAndLifetimeOfIpv6) {
  config::VirtualAddress address = vip("fd00::3/64");
  address.home = address.manage_temporary = address.detect_duplicates = true;
  address.preferred_lifetime = 30;
  const auto out = wanted(address, "eth0");
  EXPECT_TRUE(out.flags.home && out.flags.mngtmpaddr && out.detect_duplicates);
  EXPECT_EQ(out.preferred_lft, 30U);
}

TEST(Wanted, ARouteWithOneNexthopOfItsOwn) {
  config::Route route;
  route.destination = prefix("192.0.2.0/24");
  route.gateway = ip("10.0.0.9");
  route.device = "eth0";
  route.onlink = true;
  route.realms = 7;
  route.metric = 5;
  route.order = config::Route::Order::Append;
  route.metrics.mtu = config::RouteMetric{1400, true};
  route.metrics.ecn = true;
  route.metrics.congestion_control = "reno";
  const auto out = wanted(route);
  ASSERT_EQ(out.route.nexthops.size(), 1U);
  const auto& nexthop = out.route.nexthops.front();
  EXPECT_EQ(nexthop.gateway, ip("10.0.0.9"));
  EXPECT_EQ(nexthop.link.name, "eth0");
  EXPECT_TRUE(nexthop.onlink);
  EXPECT_EQ(nexthop.realms, 7U);
  EXPECT_EQ(out.route.metric, 5U);
  EXPECT_EQ(out.route.protocol, 18);
  EXPECT_EQ(out.placement, net::Placement::Append);
  EXPECT_EQ(out.route.metrics.values.at(net::Metric::Mtu), 1400U);
  EXPECT_EQ(out.route.metrics.values.at(net::Metric::Features), 1U);
  EXPECT_EQ(out.route.metrics.locked, 1U << 2U);
  EXPECT_EQ(out.route.metrics.congestion_control, "reno");
}

TEST(Wanted, ARouteWithLegs) {
  config::Route route;
  route.nexthops.resize(2);
  route.nexthops[0].gateway = ip("10.0.0.8");
  route.nexthops[0].weight = 256;
  route.nexthops[1].device = "eth1";
  route.nexthops[1].encapsulation = config::MplsEncapsulation{{16, 17}};
  const auto out = wanted(route).route;
  ASSERT_EQ(out.nexthops.size(), 2U);
  EXPECT_EQ(out.nexthops[0].weight, 256);
  EXPECT_EQ(out.nexthops[1].link.name, "eth1");
  EXPECT_EQ(std::get<net::MplsEncap>(out.nexthops[1].encap).labels, (std::vector<std::uint32_t>{16, 17}));
}

TEST(Wanted, ARouteToNowhereHasNoNexthop) {
  config::Route route;
  route.type = 6;
  EXPECT_TRUE(wanted(route).route.nexthops.empty());
  EXPECT_EQ(wanted(route).route.type, net::RouteType::Blackhole);
}

TEST(Wanted, ATunnel) {
  config::Route route;
  route.device = "eth0";
  config::IpEncapsulation tunnel;
  tunnel.id = 9;
  tunnel.destination = ip("10.0.0.9");
  tunnel.ttl = 3;
  route.encapsulation = tunnel;
  const auto encap = std::get<net::IpEncap>(wanted(route).route.nexthops.at(0).encap);
  EXPECT_EQ(encap.id, 9U);
  EXPECT_EQ(encap.destination, ip("10.0.0.9"));
  EXPECT_EQ(encap.ttl, 3);
}

/// Its table is found where the links are known.
TEST(Wanted, ARouteOfAVrfKeepsItsName) {
  config::Route route;
  route.vrf = "red";
  EXPECT_EQ(wanted(std::vector{route}).at(0).vrf, "red");
}

TEST(Wanted, ARuleWithEverything) {
  config::Rule rule;
  rule.priority = 100;
  rule.invert = true;
  rule.from = prefix("10.0.0.0/24");
  rule.input_device = "eth0";
  rule.mark = config::FirewallMarkMask{5, std::nullopt};
  rule.users = config::Bounds<std::uint32_t>{1, 2};
  rule.source_ports = config::Bounds<std::uint16_t>{80, 81};
  rule.action = config::Rule::Action::Goto;
  rule.target = 200;
  rule.suppress_group = 0;
  const auto out = wanted(rule);
  EXPECT_EQ(out.priority, 100U);
  EXPECT_TRUE(out.invert);
  EXPECT_EQ(out.from, prefix("10.0.0.0/24"));
  EXPECT_EQ(out.input_link, "eth0");
  EXPECT_EQ(out.mark, 5U);
  EXPECT_EQ(out.mark_mask, 0xffffffffU);
  EXPECT_EQ(out.users, (net::NumberRange<std::uint32_t>{1, 2}));
  EXPECT_EQ(out.source_ports, (net::NumberRange<std::uint16_t>{80, 81}));
  EXPECT_EQ(out.action, net::RuleAction::Goto);
  EXPECT_EQ(out.target, 200U);
  EXPECT_EQ(out.suppress_group, 0U);
  EXPECT_EQ(out.protocol, 18);
}

TEST(Wanted, AMarkOfItsOwnMask) {
  config::Rule rule;
  rule.mark = config::FirewallMarkMask{5, 0xff};
  EXPECT_EQ(wanted(rule).mark_mask, 0xffU);
  EXPECT_EQ(wanted(config::Rule{}).mark_mask, 0U);
}

TEST(Wanted, AnInstanceHoldsItsAdvertisedAddressesFirst) {
  config::VrrpInstance settings = testing::instance();
  settings.excluded_addresses = {vip("10.0.0.4/24", ""), vip("10.1.0.4/24", "eth1")};
  settings.routes.resize(1);
  settings.rules.resize(2);
  const auto out = wanted_holdings(settings);
  ASSERT_EQ(out.addresses.size(), 3U);
  EXPECT_EQ(out.addresses[0].prefix, prefix("10.0.0.3/24"));
  EXPECT_EQ(out.addresses[1].device, "eth0");
  EXPECT_EQ(out.addresses[2].device, "eth1");
  EXPECT_EQ(out.routes.size(), 1U);
  EXPECT_EQ(out.rules.size(), 2U);
}

TEST(Wanted, StaticEntriesAreHeldAsTheyStand) {
  config::Config config;
  config.static_addresses.push_back({vip("10.7.0.1/24", "eth1"), "", {}});
  config.static_routes.resize(2);
  config.static_rules.resize(3);
  const auto out = wanted_statics(config);
  ASSERT_EQ(out.addresses.size(), 1U);
  EXPECT_EQ(out.addresses[0].device, "eth1");
  EXPECT_EQ(out.routes.size(), 2U);
  EXPECT_EQ(out.rules.size(), 3U);
}

}  // namespace
}  // namespace hald::vrrp
