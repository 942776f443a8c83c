// SPDX-License-Identifier: Apache-2.0
#include "vrrp/footing.h"

#include <gtest/gtest.h>

namespace hald::vrrp {
namespace {

net::InterfaceAddress address(const char* prefix, bool secondary = false, bool tentative = false) {
  net::InterfaceAddress out;
  out.prefix = Prefix::parse(prefix).value();
  out.secondary = secondary;
  out.tentative = tentative;
  return out;
}
Address ip(const char* text) {
  return Address::parse(text).value();
}

const std::set<Address> vips = {ip("10.0.0.3"), ip("fe80::3")};

TEST(PickSource, TheFirstPrimaryAddressIsTheSource) {
  const std::vector<net::InterfaceAddress> addresses = {address("10.0.0.9/24", true), address("10.0.0.5/24"),
                                                        address("10.0.0.6/24")};
  EXPECT_EQ(pick_source(Family::IPv4, addresses, {}, false), ip("10.0.0.5"));
}

TEST(PickSource, ASecondaryAddressIsBetterThanNone) {
  const std::vector<net::InterfaceAddress> addresses = {address("10.0.0.9/24", true)};
  EXPECT_EQ(pick_source(Family::IPv4, addresses, {}, false), ip("10.0.0.9"));
}

TEST(PickSource, AVirtualAddressIsNoneUnlessWeOwnIt) {
  const std::vector<net::InterfaceAddress> left_over = {address("10.0.0.3/24")};
  EXPECT_EQ(pick_source(Family::IPv4, left_over, vips, false), std::nullopt);
  EXPECT_EQ(pick_source(Family::IPv4, left_over, vips, true), ip("10.0.0.3"));
  const std::vector<net::InterfaceAddress> both = {address("10.0.0.3/24"), address("10.0.0.5/24", true)};
  EXPECT_EQ(pick_source(Family::IPv4, both, vips, true), ip("10.0.0.5"));
}

TEST(PickSource, Ipv6SendsFromALinkLocalAddressThatIsNotTentative) {
  const std::vector<net::InterfaceAddress> addresses = {address("2001:db8::5/64"), address("fe80::3/64"),
                                                        address("fe80::5/64", false, true),
                                                        address("fe80::6/64")};
  EXPECT_EQ(pick_source(Family::IPv6, addresses, vips, false), ip("fe80::6"));
  EXPECT_EQ(pick_source(Family::IPv4, addresses, vips, false), std::nullopt);
}

}  // namespace
}  // namespace hald::vrrp
