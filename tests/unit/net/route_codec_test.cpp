// SPDX-License-Identifier: Apache-2.0
#include "net/route_codec.h"

#include <linux/rtnetlink.h>

#include <gtest/gtest.h>

#include "fakes/garble.h"
#include "net/route_match.h"

namespace hald::net {
namespace {

using What = RouteOperation::What;

Address address(const char* text) {
  return *Address::parse(text);
}

Route plain(const char* destination, const char* gateway) {
  Route out;
  out.destination = *Prefix::parse(destination);
  if (gateway != nullptr) out.nexthops.push_back({address(gateway), {{}, 3}});
  return canonical(out);
}

/// Everything an IPv4 route can have.
Route rich_v4() {
  auto out = plain("10.9.0.0/16", "10.0.0.2");
  out.table = 1000;
  out.protocol = 4;
  out.tos = 0x10;
  out.metric = 77;
  out.preferred_source = address("10.0.0.1");
  out.metrics.set(Metric::Mtu, 1400, true);
  out.metrics.set(Metric::RtoMin, 200);
  out.metrics.set(Metric::FastOpenNoCookie, 1);
  out.metrics.congestion_control = "reno";
  auto& nexthop = out.nexthops.front();
  nexthop.onlink = true;
  nexthop.realms = 0x00010002;
  nexthop.encap = IpEncap{Family::IPv4, 42, address("192.0.2.1"), address("192.0.2.2"), 4, 9, 0};
  return out;
}

Route rich_v6() {
  auto out = plain("2001:db8:9::/48", "2001:db8::2");
  out.source = *Prefix::parse("2001:db8:7::/64");
  out.preference = 3;
  out.expires = 100;
  out.ttl_propagate = true;
  out.nexthops.front().encap = IpEncap{Family::IPv6, 7, address("2001:db8::9"), std::nullopt, 1, 2, 0};
  return out;
}

Route several() {
  auto out = plain("10.8.0.0/16", "10.0.0.2");
  out.nexthops.front().weight = 256;
  Nexthop& labelled = out.nexthops.emplace_back();
  labelled.gateway = address("2001:db8::2");
  labelled.link.index = 4;
  labelled.onlink = true;
  labelled.weight = 7;
  labelled.realms = 9;
  labelled.encap = MplsEncap{{100, 200}, 64};
  Nexthop& translated = out.nexthops.emplace_back();
  translated.link.index = 5;
  translated.encap = IlaEncap{0x0001000200030004};
  return canonical(out);
}

std::vector<Route> samples() {
  std::vector<Route> out{rich_v4(), rich_v6(), several(), plain("0.0.0.0/0", "10.0.0.1"),
                         plain("::/0", "fe80::1")};
  auto nowhere = plain("10.7.0.0/16", nullptr);
  nowhere.type = RouteType::Blackhole;
  out.push_back(nowhere);
  auto other = plain("10.6.0.0/16", "10.0.0.2");
  other.nexthops.front().encap = OtherEncap{77, {1, 2, 3}};
  out.push_back(other);
  return out;
}

std::optional<RouteEvent> parsed(const std::vector<std::uint8_t>& bytes) {
  return parse_route(*NetlinkReader(bytes).next());
}

TEST(RouteCodec, WhatIsBuiltIsUnderstood) {
  for (const auto& route : samples()) {
    const auto event = parsed(build_route({What::Add, route}));
    ASSERT_TRUE(event) << route.to_string();
    EXPECT_EQ(event->entry, route) << route.to_string() << "\n" << event->entry.to_string();
    EXPECT_FALSE(event->removed);
  }
}

TEST(RouteCodec, TellsRemovalAndReplacement) {
  const auto route = plain("10.9.0.0/16", "10.0.0.2");
  EXPECT_TRUE(parsed(build_route({What::Remove, route}))->removed);
  EXPECT_TRUE(parsed(build_route({What::Replace, route}))->replaced);
}

TEST(RouteCodec, SaysWhereANewRouteGoes) {
  const auto flags = [](RouteOperation operation) {
    return NetlinkReader(build_route(operation)).next()->flags & (NLM_F_CREATE | NLM_F_EXCL | NLM_F_APPEND);
  };
  const auto route = plain("10.9.0.0/16", "10.0.0.2");
  EXPECT_EQ(flags({What::Add, route}), NLM_F_CREATE);
  EXPECT_EQ(flags({What::Add, route, Placement::Append}), NLM_F_CREATE | NLM_F_APPEND);
  EXPECT_EQ(flags({What::Add, route, Placement::Exclusive}), NLM_F_CREATE | NLM_F_EXCL);
}

TEST(RouteCodec, RefusesWhatCannotBe) {
  auto bytes = build_route({What::Add, plain("10.9.0.0/16", "10.0.0.2")});
  bytes[NetlinkReader::kHeader + 1] = 33;  // the length of an IPv4 prefix
  EXPECT_FALSE(parsed(bytes));
  bytes[NetlinkReader::kHeader + 1] = 16;
  EXPECT_TRUE(parsed(bytes));
  bytes[NetlinkReader::kHeader] = 28;  // MPLS
  EXPECT_FALSE(parsed(bytes));
}

TEST(RouteCodec, ADumpNamesItsTable) {
  const auto bytes = build_route_dump(Family::IPv6, 1000);
  const auto message = NetlinkReader(bytes).next();
  EXPECT_EQ(message->type, RTM_GETROUTE);
  const auto table = message->attributes<rtmsg>().next();
  ASSERT_TRUE(table);
  EXPECT_EQ(table->type, RTA_TABLE);
  EXPECT_EQ(table->number<std::uint32_t>(), 1000U);
}

TEST(RouteCodec, SurvivesAnything) {
  std::vector<std::vector<std::uint8_t>> messages;
  for (const auto& route : samples()) messages.push_back(build_route({What::Add, route}));
  fakes::garble(messages, [](const NetlinkMessage& message) {
    const auto event = parse_route(message);
    if (event) (void)event->entry.to_string();
  });
}

TEST(RouteText, ShowsWhatIpRouteShows) {
  EXPECT_EQ(
      rich_v4().to_string(),
      "10.9.0.0/16 tos 0x10 encap ip id 42 src 192.0.2.2 dst 192.0.2.1 via 10.0.0.2 dev #3 onlink realms "
      "1/2 table 1000 proto 4 src 10.0.0.1 metric 77 mtu lock 1400 rto_min 200 fastopen_no_cookie 1 congctl "
      "reno");
  EXPECT_EQ(
      several().to_string(),
      "10.8.0.0/16 nexthop via 10.0.0.2 dev #3 weight 256 nexthop encap mpls 100/200 via inet6 2001:db8::2 "
      "dev #4 onlink realms 0/9 weight 7 nexthop encap ila 1000200030004 dev #5 weight 1");
  EXPECT_EQ(plain("::/0", "fe80::1").to_string(), "inet6 default via fe80::1 dev #3 metric 1024");
}

}  // namespace
}  // namespace hald::net
