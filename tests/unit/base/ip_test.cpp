// SPDX-License-Identifier: Apache-2.0
#include "base/ip.h"

#include <gtest/gtest.h>

namespace hald {
namespace {

TEST(Address, ParsesAndPrintsBothFamilies) {
  EXPECT_EQ(Address::parse("10.0.0.3")->to_string(), "10.0.0.3");
  EXPECT_EQ(Address::parse("2001:DB8::1")->to_string(), "2001:db8::1");
  EXPECT_EQ(Address::v4(0x0a000003), *Address::parse("10.0.0.3"));
}

TEST(Address, RefusesWhatIsNotAnAddress) {
  for (const char* text : {"", "10.0.0", "10.0.0.256", "10.0.0.3 ", "::g", "fe80::1%eth0", "host"}) {
    EXPECT_TRUE(Address::parse(text).has_error()) << text;
  }
  EXPECT_TRUE(Address::parse(std::string(4000, '1')).has_error());
}

TEST(Address, ComparesAsUnsignedBigEndianNumbers) {
  EXPECT_LT(*Address::parse("10.0.0.1"), *Address::parse("200.0.0.1"));
  EXPECT_LT(*Address::parse("10.0.0.200"), *Address::parse("10.0.1.1"));
  EXPECT_LT(*Address::parse("fe80::1"), *Address::parse("fe80::1:0"));
}

TEST(Address, FromBytesNeedsEnoughOfThem) {
  const std::array<std::uint8_t, 4> bytes{10, 0, 0, 3};
  EXPECT_EQ(Address::from_bytes(Family::IPv4, bytes)->to_string(), "10.0.0.3");
  EXPECT_TRUE(Address::from_bytes(Family::IPv6, bytes).has_error());
}

TEST(Prefix, KeepsTheHostBits) {
  const auto prefix = Prefix::parse("10.0.0.3/24");
  EXPECT_EQ(prefix->to_string(), "10.0.0.3/24");
  EXPECT_EQ(Prefix::parse("10.0.0.3")->length, 32);
  EXPECT_EQ(Prefix::parse("::1")->length, 128);
}

TEST(Prefix, RefusesBadLengths) {
  for (const char* text : {"10.0.0.3/", "10.0.0.3/33", "10.0.0.3/-1", "10.0.0.3/2x", "::1/129", "/24"}) {
    EXPECT_TRUE(Prefix::parse(text).has_error()) << text;
  }
}

TEST(Prefix, ContainsLooksAtTheBitsOfTheLength) {
  const auto prefix = *Prefix::parse("10.0.0.3/25");
  EXPECT_TRUE(prefix.contains(*Address::parse("10.0.0.127")));
  EXPECT_FALSE(prefix.contains(*Address::parse("10.0.0.128")));
  EXPECT_FALSE(prefix.contains(*Address::parse("::1")));
  EXPECT_TRUE(Prefix::parse("0.0.0.0/0")->contains(*Address::parse("1.2.3.4")));
}

TEST(Endpoint, BracketsIpv6) {
  EXPECT_EQ((Endpoint{*Address::parse("::1"), 80}.to_string()), "[::1]:80");
  EXPECT_EQ((Endpoint{*Address::parse("10.0.0.7"), 80}.to_string()), "10.0.0.7:80");
}

}  // namespace
}  // namespace hald
