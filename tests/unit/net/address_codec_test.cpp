// SPDX-License-Identifier: Apache-2.0
#include "net/address_codec.h"

#include <linux/if_addr.h>
#include <linux/rtnetlink.h>

#include <gtest/gtest.h>

#include "fakes/garble.h"

namespace hald::net {
namespace {

InterfaceAddress v4() {
  InterfaceAddress out;
  out.ifindex = 3;
  out.prefix = *Prefix::parse("10.0.0.3/24");
  out.label = "eth0:0";
  out.scope = RT_SCOPE_LINK;
  out.broadcast = *Address::parse("10.0.0.255");
  return out;
}

InterfaceAddress v6(const char* prefix) {
  InterfaceAddress out;
  out.ifindex = 3;
  out.prefix = *Prefix::parse(prefix);
  return out;
}

std::optional<AddressEvent> parsed(const std::vector<std::uint8_t>& bytes) {
  return parse_address(*NetlinkReader(bytes).next());
}

std::optional<Attribute> attribute_of(const std::vector<std::uint8_t>& bytes, std::uint16_t type) {
  auto reader = NetlinkReader(bytes).next()->attributes<ifaddrmsg>();
  while (const auto attribute = reader.next()) {
    if (attribute->type == type) return attribute;
  }
  return std::nullopt;
}

TEST(AddressCodec, WhatIsBuiltIsUnderstood) {
  const auto added = parsed(build_add(v4()));
  ASSERT_TRUE(added);
  EXPECT_EQ(added->address, v4());
  EXPECT_FALSE(added->removed);
  const auto removed = parsed(build_remove(v4()));
  ASSERT_TRUE(removed);
  EXPECT_TRUE(removed->removed);
  EXPECT_EQ(removed->address.prefix, v4().prefix);
}

TEST(AddressCodec, FlagsPeersAndLifetimes) {
  auto full = v6("2001:db8::3/64");
  full.peer = *Address::parse("2001:db8::4");
  full.detect_duplicates = true;
  full.flags = {true, true, true, true};
  full.preferred.seconds = 600;
  const auto six = parsed(build_add(full));
  ASSERT_TRUE(six);
  EXPECT_EQ(six->address, full);
  EXPECT_EQ(six->address.preferred.seconds, 600U);
  auto four = v4();
  four.peer = *Address::parse("10.0.1.7");
  four.flags.noprefixroute = true;
  EXPECT_EQ(parsed(build_add(four))->address, four);
  // The kernel finds an IPv4 address by its peer.
  EXPECT_EQ(attribute_of(build_remove(four), IFA_ADDRESS)->be32(), 0x0a000107U);
}

// compat: what keepalived 2.2.7 was seen to leave behind.
TEST(AddressCodec, Ipv6SkipsDuplicateDetectionUnlessAskedForIt) {
  auto address = v6("2001:db8::3/64");
  EXPECT_EQ(attribute_of(build_add(address), IFA_FLAGS)->number<std::uint32_t>(), unsigned{IFA_F_NODAD});
  EXPECT_FALSE(attribute_of(build_add(address), IFA_CACHEINFO));
  address.detect_duplicates = true;
  EXPECT_FALSE(attribute_of(build_add(address), IFA_FLAGS));
  EXPECT_FALSE(attribute_of(build_add(v4()), IFA_FLAGS));
}

TEST(AddressCodec, TellsHowDuplicateDetectionWent) {
  std::vector<std::uint8_t> bytes;
  MessageWriter writer(bytes);
  writer.begin(RTM_NEWADDR, 0);
  ifaddrmsg header{};
  header.ifa_family = 10;
  header.ifa_prefixlen = 64;
  header.ifa_flags = IFA_F_TENTATIVE | IFA_F_DADFAILED;
  writer.header(header);
  writer.put(IFA_ADDRESS, v6("2001:db8::3/64").prefix.address.bytes());
  writer.end();
  const auto event = parsed(bytes);
  ASSERT_TRUE(event);
  EXPECT_TRUE(event->address.tentative);
  EXPECT_TRUE(event->address.dad_failed);
  EXPECT_TRUE(event->address.detect_duplicates);
}

TEST(PreferredTime, WhatRunsOutIsEqualHoweverMuchIsLeft) {
  EXPECT_EQ(PreferredTime{5}, PreferredTime{600});
  EXPECT_NE(PreferredTime{5}, PreferredTime{0});
  EXPECT_NE(PreferredTime{5}, PreferredTime{});
}

TEST(AddressKey, PeersTellIpv4AddressesApartByTheirSubnet) {
  const auto own = *Prefix::parse("10.0.0.1/24");
  const auto key = [&](const char* peer) { return AddressKey(own, *Address::parse(peer)); };
  EXPECT_EQ(key("10.9.0.1"), key("10.9.0.2"));
  EXPECT_NE(key("10.9.0.1"), key("10.8.0.1"));
  EXPECT_NE(key("10.9.0.1"), AddressKey(own));
  const auto six = *Prefix::parse("2001:db8::1/64");
  EXPECT_EQ(AddressKey(six, *Address::parse("2001:db8::2")), AddressKey(six));
  EXPECT_EQ(key("10.9.0.1").to_string(), "10.0.0.1 peer 10.9.0.0/24");
}

/// Cut and garbled messages: read to the end under the sanitizers, and never taken for more than they are.
TEST(AddressCodec, SurvivesAnything) {
  fakes::garble({build_add(v4()), build_add(v6("2001:db8::3/128"))},
                [](const NetlinkMessage& message) { (void)parse_address(message); });
}

}  // namespace
}  // namespace hald::net
