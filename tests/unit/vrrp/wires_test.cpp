// SPDX-License-Identifier: Apache-2.0
// Which instance hears what: unicast beside multicast, several groups, no interface, AH, numbers unknown
// here.
#include <memory>
#include <set>

#include <gtest/gtest.h>

#include "router.h"
#include "vrrp/core/auth_ah.h"

namespace hald::vrrp {
namespace {

using testing::Bytes;
using testing::config_of;
using testing::from_peer;
using testing::instance;
using testing::ip;
using testing::PeerAdvert;
using testing::Router;
using testing::vip;

config::VrrpInstance unicast_instance(std::uint8_t vrid = 51) {
  auto out = instance(vrid);
  out.unicast = true;
  out.peers = {{ip("10.0.0.6"), 0, 255}, {ip("10.0.0.7"), 0, 255}};
  return out;
}

PeerAdvert to(const char* destination, std::uint8_t priority, std::uint8_t vrid = 51) {
  auto out = from_peer(priority, vrid);
  out.sealing.destination = ip(destination);
  return out;
}

TEST(Unicast, EachPeerGetsAnAdvertAndNoGroupIsJoined) {
  Router router;
  router.become_master(unicast_instance());
  ASSERT_GE(router.sent.size(), 2U);
  EXPECT_EQ(Bytes(router.sent[0].bytes.begin() + 16, router.sent[0].bytes.begin() + 20),
            (Bytes{10, 0, 0, 6}));
  EXPECT_EQ(Bytes(router.sent[1].bytes.begin() + 16, router.sent[1].bytes.begin() + 20),
            (Bytes{10, 0, 0, 7}));
  EXPECT_TRUE(router.transport.groups({Family::IPv4, Router::eth0}).empty());
  router.receive(to("10.0.0.5", 200).bytes());
  EXPECT_EQ(router.state(), "BACKUP");
}

TEST(Unicast, ItSharesInterfaceAndNumberWithAMulticastInstance) {
  Router router;
  auto multicast = instance();
  multicast.name = "M";
  multicast.addresses = {vip("10.0.0.9/24")};
  router.supervisor.apply(config_of({unicast_instance(), multicast}));
  router.scheduler.advance(std::chrono::seconds(4));
  EXPECT_EQ(router.state(0) + router.state(1), "MASTERMASTER");
  router.receive(to("224.0.0.18", 200).bytes());
  EXPECT_EQ(router.state(0) + router.state(1), "MASTERBACKUP");
  router.receive(to("10.0.0.5", 200).bytes());
  EXPECT_EQ(router.state(0) + router.state(1), "BACKUPBACKUP");
  EXPECT_EQ(router.view(0).packets.destination_errors + router.view(1).packets.destination_errors, 0U);
}

TEST(Groups, TwoGroupsAreTwoVirtualRouters) {
  Router router;
  auto other = instance();
  other.group = ip("224.0.0.99");
  other.addresses = {vip("10.0.0.9/24")};
  router.supervisor.apply(config_of({instance(), other}));
  router.scheduler.advance(std::chrono::seconds(4));
  const std::set<Address> both{ip("224.0.0.18"), ip("224.0.0.99")};
  EXPECT_EQ(router.transport.groups({Family::IPv4, Router::eth0}), both);
  router.receive(to("224.0.0.99", 200).bytes());
  EXPECT_EQ(router.state(0) + router.state(1), "MASTERBACKUP");
  router.supervisor.apply(config_of({instance()}));
  EXPECT_EQ(router.transport.groups({Family::IPv4, Router::eth0}), std::set<Address>{ip("224.0.0.18")});
}

TEST(Unicast, WithoutAnInterfaceTheSourceIsEnough) {
  Router router;
  auto settings = unicast_instance();
  settings.interface.clear();
  settings.source = ip("10.0.0.5");
  router.become_master(settings);
  EXPECT_EQ(router.state(), "MASTER");
  EXPECT_EQ(router.sent.at(0).ifindex, 0);
  router.transport.deliver({Family::IPv4, 0}, to("10.0.0.5", 200).bytes());
  EXPECT_EQ(router.state(), "BACKUP");
}

TEST(Source, AConfiguredOneIsUsedAndWatchedIfAsked) {
  Router router;
  auto settings = instance();
  settings.source = ip("10.0.0.8");
  router.supervisor.apply(config_of({settings}));
  EXPECT_EQ(router.state(), "BACKUP") << "whether it is there or not";
  settings.track_source = true;
  router.supervisor.apply(config_of({settings}));
  EXPECT_EQ(router.state(), "FAULT");
  router.host.add_address("eth0", Prefix::parse("10.0.0.8/24").value());
  router.interfaces.deliver();
  router.scheduler.advance(std::chrono::milliseconds(1));
  EXPECT_EQ(router.state(), "BACKUP");
}

TEST(Ah, WhoHasNoneIsHeardAndCounted) {
  Router router;
  auto settings = instance();
  settings.auth_type = config::AuthType::Ah;
  settings.auth_password = "1234";
  router.supervisor.apply(config_of({settings}));
  router.receive(from_peer(200).bytes());
  EXPECT_EQ(router.view().packets.auth_type_errors, 1U);
  auto peer = from_peer(200);
  peer.sealing.auth_type = config::AuthType::Ah;
  const Bytes sealed = add_ah(peer.bytes(), auth_data("1234"), 1, false);
  router.transport.deliver({Family::IPv4, Router::eth0, true}, sealed);
  EXPECT_EQ(router.view().packets.auth_type_errors + router.view().packets.auth_failures, 1U);
  EXPECT_EQ(router.view().adverts.received, 1U);
}

TEST(UnknownRouters, AreLoggedIfAsked) {
  Router router;
  auto config = std::make_shared<config::Config>();
  config->instances = {instance()};
  router.supervisor.apply(config);
  router.receive(from_peer(200, 9).bytes());
  EXPECT_FALSE(router.sink.contains("Unknown VRID(9)"));
  config = std::make_shared<config::Config>(*config);
  config->global.log_unknown_vrids = true;
  router.supervisor.apply(config);
  router.receive(from_peer(200, 9).bytes());
  EXPECT_TRUE(router.sink.contains("Unknown VRID(9) received on interface(eth0)"));
}

}  // namespace
}  // namespace hald::vrrp
