// SPDX-License-Identifier: Apache-2.0
#include "net/rtnl_codec.h"

#include <linux/if_addr.h>
#include <linux/rtnetlink.h>
#include <net/if.h>

#include <cstring>
#include <random>

#include <gtest/gtest.h>
#include <netlink/attr.h>
#include <netlink/msg.h>

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

Message link_message(int type, unsigned char family, bool with_mtu) {
  Message message(nlmsg_alloc_simple(type, 0));
  ifinfomsg header{};
  header.ifi_family = family;
  header.ifi_index = 7;
  header.ifi_flags = IFF_UP | IFF_RUNNING;
  EXPECT_EQ(nlmsg_append(message.get(), &header, sizeof header, NLMSG_ALIGNTO), 0);
  EXPECT_EQ(nla_put_string(message.get(), IFLA_IFNAME, "eth0"), 0);
  if (with_mtu) {
    EXPECT_EQ(nla_put_u32(message.get(), IFLA_MTU, 9000), 0);
  }
  const unsigned char mac[] = {2, 0, 0, 0, 0, 9};
  EXPECT_EQ(nla_put(message.get(), IFLA_ADDRESS, sizeof mac, mac), 0);
  return message;
}

TEST(RtnlCodec, WhatIsBuiltIsUnderstood) {
  const auto message = build_add(v4());
  const auto parsed = parse_address(*nlmsg_hdr(message.get()));
  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed->address, v4());
  EXPECT_FALSE(parsed->removed);
  const auto removal = parse_address(*nlmsg_hdr(build_remove(v4()).get()));
  ASSERT_TRUE(removal);
  EXPECT_TRUE(removal->removed);
  EXPECT_EQ(removal->address.prefix, v4().prefix);
}

// compat: what keepalived 2.2.7 was seen to leave behind.
TEST(RtnlCodec, Ipv6SkipsDuplicateDetectionAndDeprecatesHostAddresses) {
  for (const char* text : {"2001:db8::3/64", "2001:db8::3/128"}) {
    InterfaceAddress six;
    six.ifindex = 3;
    six.prefix = *Prefix::parse(text);
    const auto message = build_add(six);
    auto* header = nlmsg_hdr(message.get());
    const auto* flags = nlmsg_find_attr(header, sizeof(ifaddrmsg), IFA_FLAGS);
    ASSERT_NE(flags, nullptr);
    EXPECT_EQ(nla_get_u32(flags), static_cast<unsigned>(IFA_F_NODAD));
    const auto* lifetimes = nlmsg_find_attr(header, sizeof(ifaddrmsg), IFA_CACHEINFO);
    EXPECT_EQ(lifetimes != nullptr, six.prefix.length == 128);
  }
}

TEST(RtnlCodec, ReadsALink) {
  const auto parsed = parse_link(*nlmsg_hdr(link_message(RTM_NEWLINK, AF_UNSPEC, true).get()));
  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed->link.name, "eth0");
  EXPECT_EQ(parsed->link.index, 7);
  EXPECT_EQ(parsed->link.mtu, 9000U);
  EXPECT_TRUE(parsed->link.usable());
  EXPECT_EQ(parsed->link.mac.to_string(), "02:00:00:00:00:09");
}

TEST(RtnlCodec, ABridgePortThatLeavesIsNoInterfaceThatGoes) {
  EXPECT_FALSE(parse_link(*nlmsg_hdr(link_message(RTM_DELLINK, AF_BRIDGE, true).get())));
  EXPECT_FALSE(parse_link(*nlmsg_hdr(link_message(RTM_NEWLINK, AF_UNSPEC, false).get())));
}

/// Cut and garbled messages: read to the end under the sanitizers, and never taken for more than they are.
TEST(RtnlCodec, SurvivesAnything) {
  const auto seed = std::random_device{}();
  std::mt19937 random(seed);
  SCOPED_TRACE(testing::Message() << "seed " << seed);
  const auto address = build_add(v4());
  const auto link = link_message(RTM_NEWLINK, AF_UNSPEC, true);
  for (auto* message : {nlmsg_hdr(address.get()), nlmsg_hdr(link.get())}) {
    for (int round = 0; round < 20000; ++round) {
      const auto size = sizeof(nlmsghdr) + random() % (message->nlmsg_len - sizeof(nlmsghdr) + 1);
      std::vector<std::uint8_t> bytes(size);  // exact, so that one octet too many is caught
      std::memcpy(bytes.data(), message, size);
      for (unsigned flips = random() % 4; flips > 0; --flips)
        bytes[random() % size] = static_cast<std::uint8_t>(random());
      auto* header = reinterpret_cast<nlmsghdr*>(bytes.data());
      header->nlmsg_len = static_cast<std::uint32_t>(size);
      (void)parse_address(*header);
      (void)parse_link(*header);
    }
  }
}

}  // namespace
}  // namespace hald::net
