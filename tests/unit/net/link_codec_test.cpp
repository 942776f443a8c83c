// SPDX-License-Identifier: Apache-2.0
#include "net/link_codec.h"

#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <net/if_arp.h>
#include <sys/socket.h>

#include <gtest/gtest.h>

#include "fakes/garble.h"

namespace hald::net {
namespace {

/// As the kernel tells of a macvlan on another link.
std::vector<std::uint8_t> macvlan_message(std::uint16_t type, unsigned char family, bool with_mtu) {
  std::vector<std::uint8_t> out;
  MessageWriter writer(out);
  writer.begin(type, 0);
  ifinfomsg header{};
  header.ifi_family = family;
  header.ifi_type = ARPHRD_ETHER;
  header.ifi_index = 7;
  header.ifi_flags = IFF_UP | IFF_RUNNING;
  writer.header(header);
  writer.text(IFLA_IFNAME, "vrrp.51");
  if (with_mtu) writer.number(IFLA_MTU, std::uint32_t{9000});
  writer.put(IFLA_ADDRESS, MacAddress{{0, 0, 0x5e, 0, 1, 51}}.bytes);
  writer.number(IFLA_LINK, std::int32_t{3});
  writer.number(IFLA_MASTER, std::int32_t{4});
  writer.number(IFLA_GROUP, std::uint32_t{5});
  const auto info = writer.begin_nest(IFLA_LINKINFO);
  writer.text(IFLA_INFO_KIND, "macvlan");
  const auto data = writer.begin_nest(IFLA_INFO_DATA);
  writer.number(IFLA_MACVLAN_MODE, std::uint32_t{MACVLAN_MODE_BRIDGE});
  writer.end_nest(data);
  writer.end_nest(info);
  const auto families = writer.begin_nest(IFLA_AF_SPEC);
  const auto six = writer.begin_nest(AF_INET6);
  writer.number(IFLA_INET6_ADDR_GEN_MODE, std::uint8_t{1});
  writer.end_nest(six);
  writer.end_nest(families);
  writer.end();
  return out;
}

std::optional<LinkEvent> parsed(const std::vector<std::uint8_t>& bytes) {
  return parse_link(*NetlinkReader(bytes).next());
}

TEST(LinkCodec, ReadsALink) {
  const auto event = parsed(macvlan_message(RTM_NEWLINK, AF_UNSPEC, true));
  ASSERT_TRUE(event);
  const auto& link = event->link;
  EXPECT_EQ(link.name, "vrrp.51");
  EXPECT_EQ(link.index, 7);
  EXPECT_EQ(link.mtu, 9000U);
  EXPECT_TRUE(link.usable());
  EXPECT_TRUE(link.ethernet);
  EXPECT_EQ(link.mac.to_string(), "00:00:5e:00:01:33");
  EXPECT_EQ(link.base, 3);
  EXPECT_EQ(link.master, 4);
  EXPECT_EQ(link.group, 5U);
  EXPECT_EQ(link.kind, LinkKind(Macvlan{MacvlanMode::Bridge}));
  EXPECT_EQ(link.ipv6_address_mode, AddressMode::None);
  EXPECT_FALSE(link.base_netns);
}

TEST(LinkCodec, ABridgePortThatLeavesIsNoInterfaceThatGoes) {
  EXPECT_FALSE(parsed(macvlan_message(RTM_DELLINK, AF_BRIDGE, true)));
  EXPECT_FALSE(parsed(macvlan_message(RTM_NEWLINK, AF_UNSPEC, false)));
  EXPECT_TRUE(parsed(macvlan_message(RTM_DELLINK, AF_UNSPEC, false))->removed);
}

/// What is asked for comes back as what it says, read by the same rules as the kernel's own words.
TEST(LinkCodec, WhatIsAskedForIsUnderstood) {
  for (const LinkKind& kind : {LinkKind(Macvlan{}), LinkKind(Ipvlan{IpvlanMode::L2, IpvlanIsolation::Vepa}),
                               LinkKind(Vrf{77}), LinkKind(OtherKind{"bridge"})}) {
    NewLink wanted{"vrrp.51", kind, 3, MacAddress{{0, 0, 0x5e, 0, 1, 51}}, 5, 4};
    auto bytes = build_create(wanted);
    // The kernel says the size of frames as well; without it this is no description of a link.
    MessageWriter writer(bytes);
    writer.number(IFLA_MTU, std::uint32_t{1500});
    writer.patch(0, static_cast<std::uint32_t>(bytes.size()));
    const auto event = parsed(bytes);
    ASSERT_TRUE(event);
    EXPECT_EQ(event->link.kind, kind);
    EXPECT_EQ(event->link.base, 3);
    EXPECT_EQ(event->link.master, 4);
    EXPECT_EQ(event->link.group, 5U);
    EXPECT_EQ(event->link.mac, wanted.mac);
  }
}

TEST(LinkCodec, AChangeSaysNothingOfTheRest) {
  const auto bytes = build_change(7, {});
  const auto message = NetlinkReader(bytes).next();
  EXPECT_FALSE(message->attributes<ifinfomsg>().next());
  EXPECT_EQ(message->header<ifinfomsg>()->ifi_change, 0U);
  LinkChange down;
  down.up = false;
  const auto lowered = build_change(7, down);
  const auto header = NetlinkReader(lowered).next()->header<ifinfomsg>();
  EXPECT_EQ(header->ifi_change, unsigned{IFF_UP});
  EXPECT_EQ(header->ifi_flags, 0U);
}

TEST(LinkCodec, SurvivesAnything) {
  fakes::garble({macvlan_message(RTM_NEWLINK, AF_UNSPEC, true)},
                [](const NetlinkMessage& message) { (void)parse_link(message); });
}

}  // namespace
}  // namespace hald::net
