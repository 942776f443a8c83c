// SPDX-License-Identifier: Apache-2.0
#include "ipvs/core/members.h"

#include <gtest/gtest.h>

#include "fakes/ipvs_tables.h"

namespace hald::ipvs {
namespace {

using config::Protocol;
using fakes::endpoint;
using fakes::tcp;

Address address(const char* text) {
  return *Address::parse(text);
}

std::vector<std::string> names(const std::vector<ServiceKey>& keys) {
  std::vector<std::string> out;
  for (const ServiceKey& key : keys)
    out.push_back(config::to_string(key) + (config::family_of(key) == Family::IPv6 ? " v6" : ""));
  return out;
}

using Names = std::vector<std::string>;

config::GroupServer server(std::optional<Protocol> protocol, std::optional<Family> family) {
  config::GroupServer out;
  out.group = "web";
  out.protocol = protocol;
  out.family = family;
  return out;
}

TEST(Members, RangesAreCountedThroughAtEveryOctet) {
  config::ServerGroup group;
  group.addresses = {{address("10.0.0.254"), address("10.0.1.1"), 80},
                     {address("2001:db8::ffff"), address("2001:db8::1:0"), 0}};
  EXPECT_EQ(names(member_keys(group, server(Protocol::Udp, {}))),
            (Names{"[10.0.0.254]:udp:80", "[10.0.0.255]:udp:80", "[10.0.1.0]:udp:80", "[10.0.1.1]:udp:80",
                   "[2001:db8::ffff]:udp:0 v6", "[2001:db8::1:0]:udp:0 v6"}));
}

TEST(Members, TheLastAddressOfAllEndsARange) {
  config::ServerGroup group;
  group.addresses = {{address("255.255.255.254"), address("255.255.255.255"), 80}};
  EXPECT_EQ(member_keys(group, server(Protocol::Tcp, Family::IPv4)).size(), 2U);
}

TEST(Members, MarksHaveTheirOwnFamilyOrTheServersOrIPv4) {
  config::ServerGroup group;
  group.marks = {{1, Family::IPv6}, {2, {}}, {1, Family::IPv4}};
  EXPECT_EQ(names(member_keys(group, server({}, {}))), (Names{"FWM 1 v6", "FWM 2", "FWM 1"}));
  EXPECT_EQ(names(member_keys(group, server({}, Family::IPv6))), (Names{"FWM 1 v6", "FWM 2 v6", "FWM 1"}));
}

TEST(Members, WhatOverlapsIsThereOnce) {
  config::ServerGroup group;
  group.addresses = {{address("10.0.0.1"), address("10.0.0.3"), 80},
                     {address("10.0.0.2"), address("10.0.0.4"), 80},
                     {address("10.0.0.2"), address("10.0.0.2"), 81}};
  EXPECT_EQ(member_keys(group, server(Protocol::Tcp, Family::IPv4)).size(), 5U);
}

TEST(Members, EachHasThePortOfItsAddressAndTheServersOfItsFamily) {
  config::GroupServer web = server(Protocol::Tcp, {});
  web.persistence_timeout = 60;
  web.persistence_prefix = 24;
  for (const char* text : {"10.0.0.7", "2001:db8::7"}) {
    config::RealServer real;
    real.endpoint = endpoint(text, 0);
    real.method.forwarding = Forwarding::Direct;
    web.real_servers.push_back(real);
  }
  const Service four = desired_member(web, tcp("10.0.0.3", 80), {{true, true}});
  ASSERT_EQ(four.destinations.size(), 1U);
  EXPECT_EQ(four.destinations[0].endpoint, endpoint("10.0.0.7", 80));
  EXPECT_EQ(four.settings.prefix, 24);
  const Service six = desired_member(web, tcp("2001:db8::3", 443), {{true, true}});
  ASSERT_EQ(six.destinations.size(), 1U);
  EXPECT_EQ(six.destinations[0].endpoint, endpoint("2001:db8::7", 443));
  EXPECT_EQ(six.settings.prefix, 128);
}

}  // namespace
}  // namespace hald::ipvs
