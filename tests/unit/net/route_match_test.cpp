// SPDX-License-Identifier: Apache-2.0
#include "net/route_match.h"

#include <gtest/gtest.h>

namespace hald::net {
namespace {

Nexthop via(const char* gateway, int link = 3, std::uint16_t weight = 1) {
  return {*Address::parse(gateway), {{}, link}, false, weight};
}

Route route(const char* destination, std::vector<Nexthop> nexthops) {
  Route out;
  out.destination = *Prefix::parse(destination);
  out.nexthops = std::move(nexthops);
  return canonical(out);
}

TEST(RouteMatch, CanonicalIsWhatTheKernelMakesOfIt) {
  auto wanted = route("10.9.1.7/24", {via("10.0.0.2", 3, 9)});
  EXPECT_EQ(wanted.destination, *Prefix::parse("10.9.1.0/24"));
  EXPECT_EQ(wanted.nexthops.front().weight, 1U) << "alone it means nothing";
  wanted.metrics.set(Metric::Mtu, 100000);
  wanted.metrics.set(Metric::QuickAck, 0);
  wanted = canonical(wanted);
  EXPECT_EQ(wanted.metrics.values, (std::map<Metric, std::uint32_t>{{Metric::Mtu, 65520}}));
  EXPECT_EQ(wanted.metric, 0U);
  EXPECT_EQ(route("2001:db8::/64", {via("fe80::1")}).metric, 1024U);
}

TEST(RouteMatch, TheKernelFillsInWhatWasLeftOpen) {
  const auto actual = route("10.9.0.0/16", {via("10.0.0.2", 3)});
  EXPECT_TRUE(serves(actual, route("10.9.0.0/16", {via("10.0.0.2", 0)})));
  EXPECT_TRUE(serves(actual, route("10.9.0.0/16", {via("10.0.0.2", 3)})));
  EXPECT_FALSE(serves(actual, route("10.9.0.0/16", {via("10.0.0.2", 4)})));
  EXPECT_FALSE(serves(actual, route("10.9.0.0/16", {via("10.0.0.3", 3)})));
  EXPECT_FALSE(serves(actual, route("10.9.0.0/17", {via("10.0.0.2", 3)})));
}

TEST(RouteMatch, EveryAttributeCounts) {
  const auto wanted = route("10.9.0.0/16", {via("10.0.0.2")});
  const auto differs = [&](auto change) {
    auto actual = wanted;
    change(actual);
    return !serves(actual, wanted);
  };
  EXPECT_TRUE(differs([](Route& one) { one.table = 100; }));
  EXPECT_TRUE(differs([](Route& one) { one.metric = 5; }));
  EXPECT_TRUE(differs([](Route& one) { one.tos = 16; }));
  EXPECT_TRUE(differs([](Route& one) { one.scope = 253; }));
  EXPECT_TRUE(differs([](Route& one) { one.type = RouteType::Local; }));
  EXPECT_TRUE(differs([](Route& one) { one.preferred_source = *Address::parse("10.0.0.1"); }));
  EXPECT_TRUE(differs([](Route& one) { one.metrics.set(Metric::Mtu, 1400); }));
  EXPECT_TRUE(differs([](Route& one) { one.nexthop_id = 7; }));
  EXPECT_TRUE(differs([](Route& one) { one.nexthops.front().onlink = true; }));
  EXPECT_TRUE(differs([](Route& one) { one.nexthops.front().realms = 1; }));
  EXPECT_TRUE(differs([](Route& one) { one.nexthops.front().encap = MplsEncap{{1}, {}}; }));
  EXPECT_TRUE(differs([](Route& one) { one.nexthops.push_back(via("10.0.0.3")); }));
  EXPECT_FALSE(differs([](Route& one) { one.protocol = 4; })) << "packets do not care";
}

TEST(RouteMatch, TheProtocolSaysWhoMadeIt) {
  const auto wanted = route("10.9.0.0/16", {via("10.0.0.2")});
  auto actual = wanted;
  EXPECT_TRUE(is_made_as(actual, wanted));
  actual.protocol = 4;
  EXPECT_FALSE(is_made_as(actual, wanted));
}

TEST(RouteMatch, SeveralNexthopsInAnyOrderWithTheirWeights) {
  const auto wanted = route("10.9.0.0/16", {via("10.0.0.2", 3, 5), via("10.0.0.3", 3, 7)});
  EXPECT_TRUE(serves(route("10.9.0.0/16", {via("10.0.0.3", 3, 7), via("10.0.0.2", 3, 5)}), wanted));
  EXPECT_FALSE(serves(route("10.9.0.0/16", {via("10.0.0.3", 3, 5), via("10.0.0.2", 3, 7)}), wanted));
  EXPECT_FALSE(serves(route("10.9.0.0/16", {via("10.0.0.2", 3, 5)}), wanted));
}

TEST(RouteMatch, AMergedIpv6RouteServesEachOfItsParts) {
  const auto wanted = route("2001:db8:9::/48", {via("fe80::2")});
  auto merged = route("2001:db8:9::/48", {via("fe80::1"), via("fe80::2")});
  merged.protocol = 3;  // of the first part
  EXPECT_TRUE(serves(merged, wanted));
  EXPECT_TRUE(is_made_as(merged, wanted));
  EXPECT_EQ(part_of(merged, wanted).nexthops, std::vector{via("fe80::2")});
  EXPECT_EQ(part_of(merged, wanted).protocol, wanted.protocol);
  // IPv4 merges nothing.
  EXPECT_FALSE(serves(route("10.9.0.0/16", {via("10.0.0.1"), via("10.0.0.2")}),
                      route("10.9.0.0/16", {via("10.0.0.2")})));
}

TEST(RouteMatch, IPv6RoutesToNowhereLeadOverSomeLink) {
  auto wanted = route("2001:db8:9::/48", {});
  wanted.type = RouteType::Unreachable;
  auto actual = wanted;
  actual.nexthops.push_back({std::nullopt, {{}, 1}});
  EXPECT_TRUE(serves(actual, wanted));
}

TEST(RouteMatch, LinksAreResolvedByName) {
  auto wanted = route("10.9.0.0/16", {via("10.0.0.2", 0)});
  wanted.nexthops.front().link.name = "eth0";
  const auto found = resolved(wanted, [](const std::string& name) { return name == "eth0" ? 7 : 0; });
  ASSERT_TRUE(found);
  EXPECT_EQ(found->nexthops.front().link.index, 7);
  EXPECT_FALSE(resolved(wanted, [](const std::string&) { return 0; }));
}

}  // namespace
}  // namespace hald::net
