// SPDX-License-Identifier: Apache-2.0
#include "net/filter_table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hald::net {
namespace {

using testing::HasSubstr;
using testing::Not;

FilterTable table(std::initializer_list<FilterElement> elements) {
  FilterTable out;
  out.settings.table = "keepalived";
  out.elements = elements;
  for (const auto& each : out.elements) (each.address.is_v4() ? out.ipv4 : out.ipv6) = true;
  return out;
}

FilterElement element(const char* address, const char* link = "") {
  return {*Address::parse(address), link};
}

TEST(FilterTable, TheTableOfIpv4) {
  EXPECT_EQ(creation(table({element("10.0.0.4"), element("10.0.0.3")})),
            "table ip keepalived {\n"
            "  set vips { type ipv4_addr; }\n"
            "  chain in {\n"
            "    type filter hook input priority -1; policy accept;\n"
            "    ip daddr @vips drop\n"
            "  }\n"
            "  chain out {\n"
            "    type filter hook output priority -1; policy accept;\n"
            "    ip saddr @vips drop\n"
            "  }\n"
            "}\n"
            "add element ip keepalived vips { 10.0.0.3, 10.0.0.4 }\n");
}

TEST(FilterTable, NeighbourDiscoveryComesFirst) {
  const std::string text = creation(table({element("fd00::3"), element("fe80::3", "eth0")}));
  const auto discovery = text.find("icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert } accept");
  ASSERT_NE(discovery, std::string::npos);
  EXPECT_LT(discovery, text.find("ip6 daddr fe80::/10 goto in_link_local"));
  EXPECT_LT(discovery, text.find("ip6 daddr @vips drop"));
  EXPECT_THAT(text, HasSubstr("add element ip6 keepalived vips { fd00::3 }\n"));
  EXPECT_THAT(text, HasSubstr("add element ip6 keepalived vips_link_local { fe80::3 . \"eth0\" }\n"));
  EXPECT_THAT(text, HasSubstr("ip6 daddr . iifname @vips_link_local drop"));
  EXPECT_THAT(text, Not(HasSubstr("table ip keepalived")));
}

TEST(FilterTable, WhatTheSettingsSay) {
  FilterTable wanted = table({element("10.0.0.3"), element("fe80::3", "7")});
  wanted.settings = {"mine", -150, true, true};
  const std::string text = creation(wanted);
  EXPECT_THAT(text, HasSubstr("hook input priority -150;"));
  EXPECT_THAT(text, HasSubstr("ip daddr @vips counter drop"));
  EXPECT_THAT(text, HasSubstr("type ipv6_addr . iface_index;"));
  EXPECT_THAT(text, HasSubstr("ip6 saddr . oif @vips_link_local counter drop"));
  EXPECT_THAT(text, HasSubstr("vips_link_local { fe80::3 . 7 }"));
  EXPECT_THAT(text, Not(HasSubstr("keepalived")));
}

TEST(FilterTable, AChangeMovesElementsOnly) {
  const FilterTable before = table({element("10.0.0.3"), element("10.0.0.4"), element("fd00::3")});
  FilterTable after = before;
  EXPECT_EQ(difference(before, after), "");
  after.elements.erase(element("10.0.0.3"));
  after.elements.insert(element("10.0.0.5"));
  after.elements.insert(element("fd00::4"));
  EXPECT_EQ(difference(before, after),
            "delete element ip keepalived vips { 10.0.0.3 }\n"
            "add element ip keepalived vips { 10.0.0.5 }\n"
            "add element ip6 keepalived vips { fd00::4 }\n");
}

TEST(FilterTable, ARemovalDoesNotMindWhatIsThere) {
  EXPECT_EQ(removal("mine"),
            "add table ip mine\ndelete table ip mine\nadd table ip6 mine\ndelete table ip6 mine\n");
  EXPECT_EQ(inquiry(table({element("10.0.0.3")})), "list table ip keepalived\n");
  EXPECT_EQ(inquiry(FilterTable{}), "");
}

}  // namespace
}  // namespace hald::net
