// SPDX-License-Identifier: Apache-2.0
// Routes and rules: the names of iproute2, what only shows in the model, and that what is printed reads back.
#include <fstream>
#include <sstream>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "config/build_route.h"
#include "config/load.h"
#include "config/render.h"
#include "fakes/map_files.h"

namespace hald::config {
namespace {

using Kind = RouteNames::Kind;

Loaded routes(std::string_view lines) {
  return load_text("static_routes {\n" + std::string(lines) + "\n}\n", "test");
}

Loaded rules(std::string_view lines) {
  return load_text("static_rules {\n" + std::string(lines) + "\n}\n", "test");
}

Route route(std::string_view line) {
  const auto loaded = routes(line);
  EXPECT_FALSE(loaded.diagnostics.has_errors()) << report(loaded.diagnostics);
  return loaded.config->static_routes.empty() ? Route{} : loaded.config->static_routes.front();
}

Rule rule(std::string_view line) {
  const auto loaded = rules(line);
  EXPECT_FALSE(loaded.diagnostics.has_errors()) << report(loaded.diagnostics);
  return loaded.config->static_rules.empty() ? Rule{} : loaded.config->static_rules.front();
}

TEST(RouteNames, KnowWhatEverySystemKnows) {
  const NoFiles none;
  const Global global;
  RouteNames names(none, global);
  EXPECT_EQ(names.find(Kind::Table, "main"), 254U);
  EXPECT_EQ(names.find(Kind::Table, "0x64"), 100U);
  EXPECT_EQ(names.find(Kind::Protocol, "keepalived"), 18U);
  EXPECT_EQ(names.find(Kind::Scope, "link"), 253U);
  EXPECT_EQ(names.find(Kind::TypeOfService, "EF"), 0xb8U);
  EXPECT_EQ(names.find(Kind::TypeOfService, "256"), std::nullopt);
  EXPECT_EQ(names.find(Kind::Table, "blue"), std::nullopt);
  EXPECT_EQ(names.find(Kind::Table, ""), std::nullopt);
}

TEST(RouteNames, ReadTheLocalFileOrElseTheVendors) {
  fakes::MapFiles files;
  Global global;
  global.iproute_etc_dir = "/etc/ip";
  global.iproute_usr_dir = "/usr/ip";
  files.add("/etc/ip/rt_tables", "# comment\n100 blue # mine\n\n0xc8\tred\nbad line here\n-1 minus\nx y\n");
  files.add("/usr/ip/rt_tables", "300 vendor\n");
  files.add("/usr/ip/rt_tables.d/a.conf", "400 hidden\n");
  files.add("/usr/ip/rt_tables.d/b.conf", "500 more\n");
  files.add("/etc/ip/rt_tables.d/a.conf", "600 shown\n");
  files.add("/usr/ip/rt_protos", "77 mine\n300 big\n");
  RouteNames names(files, global);
  EXPECT_EQ(names.find(Kind::Table, "blue"), 100U);
  EXPECT_EQ(names.find(Kind::Table, "red"), 200U);
  EXPECT_EQ(names.find(Kind::Table, "main"), 254U);
  EXPECT_EQ(names.find(Kind::Table, "shown"), 600U);
  EXPECT_EQ(names.find(Kind::Table, "more"), 500U);
  for (const auto* absent : {"vendor", "hidden", "minus", "y", "line"})
    EXPECT_EQ(names.find(Kind::Table, absent), std::nullopt) << absent;
  EXPECT_EQ(names.find(Kind::Protocol, "mine"), 77U);
  EXPECT_EQ(names.find(Kind::Protocol, "big"), std::nullopt);
}

TEST(RouteNames, TheFoldersAreForTheFileToSay) {
  fakes::MapFiles files;
  files.add("/opt/rt_tables", "100 blue\n");
  LoadOptions options;
  options.files = &files;
  const auto loaded = load_text(
      "global_defs {\n iproute_etc_dir /opt\n}\nstatic_routes {\n 10.0.0.0/8 dev eth0 table blue\n}\n",
      "test", options);
  ASSERT_EQ(loaded.config->static_routes.size(), 1U) << report(loaded.diagnostics);
  EXPECT_EQ(loaded.config->static_routes.front().table, 100U);
}

TEST(Routes, WhatIsPrintedReadsBackAsTheSame) {
  for (const auto* name : {"routes.conf", "routes_errors.conf"}) {
    SCOPED_TRACE(name);
    std::ostringstream text;
    text << std::ifstream(std::string(HALD_SOURCE_DIR) + "/tests/golden/cases/" + name).rdbuf();
    const auto first = load_text(text.str(), name);
    Document document;
    print_routes("static_routes", first.config->static_routes, document);
    print_rules("static_rules", first.config->static_rules, document);
    const auto second = load_text("track_group G {\n group {\n A\n }\n}\n" + to_conf(document), "printed");
    EXPECT_EQ(first.config->static_routes, second.config->static_routes) << to_conf(document);
    EXPECT_EQ(first.config->static_rules, second.config->static_rules) << to_conf(document);
    EXPECT_EQ(second.diagnostics.verdict(), Verdict::Clean) << report(second.diagnostics);
  }
}

TEST(Routes, AreTrackedUnlessTheySayNot) {
  EXPECT_EQ(route("10.0.0.0/8 dev eth0").protocol, kRouteProtocol);
  EXPECT_EQ(route("10.0.0.0/8 dev eth0 no_track").protocol, std::nullopt);
  EXPECT_EQ(route("10.0.0.0/8 dev eth0 no_track protocol static").protocol, 4);
}

TEST(Routes, TheDefaultRouteIsOfTheFamilyOfItsGateway) {
  EXPECT_EQ(route("default via 10.0.0.1").destination.to_string(), "0.0.0.0/0");
  EXPECT_EQ(route("default via fe80::1 dev eth0").destination.to_string(), "::/0");
  EXPECT_EQ(route("default dev eth0").family, Family::IPv4);
}

TEST(Routes, TimesCanHaveUnits) {
  EXPECT_EQ(route("10.0.0.0/8 dev eth0 rtt 0.5s").metrics.rtt->value, 4000U);
  EXPECT_EQ(route("10.0.0.0/8 dev eth0 rtt 500MSecs").metrics.rtt->value, 4000U);
  EXPECT_EQ(route("10.0.0.0/8 dev eth0 rtt 4000").metrics.rtt->value, 4000U);
  EXPECT_EQ(route("10.0.0.0/8 dev eth0 rttvar 1.25sec").metrics.rttvar->value, 5000U);
  for (const auto* bad : {"s", "ms", "1e3", "0.5ms", "0.5555s", "1000s", "-1", "1 s", "1sx"})
    EXPECT_TRUE(routes("10.0.0.0/8 dev eth0 rtt " + std::string(bad)).config->static_routes.empty()) << bad;
}

TEST(Routes, TheOldWayOfTwoGatewaysIsTheSameAsTwoLegs) {
  const auto old = routes("10.0.0.0/8 via 10.0.0.1 or 10.0.0.2").config;
  const auto modern = routes("10.0.0.0/8 nexthop via 10.0.0.1 nexthop via 10.0.0.2").config;
  EXPECT_EQ(old->static_routes, modern->static_routes);
}

TEST(Routes, FixedFamiliesAreUnderstoodThoughKeepalivedStumbles) {
  const auto loaded = routes("inet 10.0.0.0/8 via 10.0.0.1");
  ASSERT_EQ(loaded.config->static_routes.size(), 1U);
  EXPECT_EQ(loaded.diagnostics.verdict(), Verdict::Complaint);
  EXPECT_FALSE(loaded.diagnostics.has_errors());
  EXPECT_EQ(routes("inet to 10.0.0.0/8 via 10.0.0.1").diagnostics.verdict(), Verdict::Clean);
}

TEST(Routes, ATrackGroupStandsAboveWhatNamesIt) {
  constexpr std::string_view kGroup =
      "track_group G {\n group {\n A\n }\n}\n"
      "vrrp_instance A {\n interface eth0\n virtual_router_id 1\n virtual_ipaddress {\n 10.0.0.1\n }\n}\n";
  constexpr std::string_view kRoutes = "static_routes {\n 10.0.0.0/8 dev eth0 track_group G\n}\n";
  const auto good = load_text(std::string(kGroup) + std::string(kRoutes), "test");
  EXPECT_EQ(good.config->static_routes.front().track_group, "G");
  const auto late = load_text(std::string(kRoutes) + std::string(kGroup), "test");
  EXPECT_EQ(late.config->static_routes.front().track_group, "");
  EXPECT_EQ(late.diagnostics.errors(), 1U);
}

TEST(Rules, WithoutAPreferenceTakeTheNextFromEachFamilysRow) {
  const auto loaded = rules(
      "from 10.0.0.0/8 table 1\nfrom fe80::/64 table 1\nfrom 10.1.0.0/16 table 1\nfrom 10.2.0.0/16 goto 1");
  ASSERT_EQ(loaded.config->static_rules.size(), 3U);
  EXPECT_EQ(loaded.config->static_rules[0].priority, 16384U);
  EXPECT_EQ(loaded.config->static_rules[1].priority, 16384U);
  EXPECT_EQ(loaded.config->static_rules[2].priority, 16383U);
}

TEST(Rules, SelectAndAct) {
  const Rule all = rule("not fwmark 0x10/0xf0 uidrange 1-2 sport 1-2 dport 3-4 ipproto tcp table 9 order 3");
  EXPECT_TRUE(all.invert);
  EXPECT_EQ(all.mark, (FirewallMarkMask{16, 240}));
  EXPECT_EQ(all.users, (Bounds<std::uint32_t>{1, 2}));
  EXPECT_EQ(all.source_ports, (Bounds<std::uint16_t>{1, 2}));
  EXPECT_EQ(all.destination_ports, (Bounds<std::uint16_t>{3, 4}));
  EXPECT_EQ(all.ip_protocol, 6);
  EXPECT_EQ(all.table, 9U);
  EXPECT_EQ(rule("l3mdev order 3").l3mdev, true);
  EXPECT_EQ(rule("to 10.0.0.0/8 goto 9 order 3").target, 9U);
  EXPECT_EQ(rule("type prohibit order 3").action, Rule::Action::Prohibit);
  EXPECT_EQ(rule("from default6 nop order 3").family, Family::IPv6);
}

TEST(Rules, OneActionOnly) {
  for (const auto* line : {"table 5 nop order 3", "l3mdev table 5 order 3", "nop nop order 3", "order 3",
                           "nop realms 1 order 3", "goto 3 order 3", "goto 4", "table 0 order 3"})
    EXPECT_TRUE(rules(line).config->static_rules.empty()) << line;
}

}  // namespace
}  // namespace hald::config
