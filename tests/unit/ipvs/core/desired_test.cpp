// SPDX-License-Identifier: Apache-2.0
#include "ipvs/core/desired.h"

#include <gtest/gtest.h>

#include "base/boxed.h"
#include "fakes/ipvs_tables.h"

namespace hald::ipvs {
namespace {

using fakes::endpoint;

config::RealServer real_server(const char* address, std::int32_t weight) {
  config::RealServer out;
  out.endpoint = endpoint(address, 80);
  out.method.forwarding = Forwarding::Direct;
  out.weight = weight;
  return out;
}

config::VirtualServer web() {
  config::VirtualServer out;
  out.key = fakes::tcp("10.0.0.3", 80);
  out.scheduler = "wrr";
  out.real_servers = {real_server("10.0.0.8", 2), real_server("10.0.0.7", 0)};
  return out;
}

TEST(Desired, ServersThatAreInStandInCanonicalOrderWithTheirWeights) {
  const Service service = desired_service(web(), {{true, true}});
  ASSERT_EQ(service.destinations.size(), 2U);
  EXPECT_EQ(service.destinations[0].endpoint, endpoint("10.0.0.7", 80));
  EXPECT_EQ(service.destinations[0].weight, 0);
  EXPECT_EQ(service.destinations[1].endpoint, endpoint("10.0.0.8", 80));
  EXPECT_EQ(service.destinations[1].weight, 2);
  EXPECT_EQ(service.destinations[1].forwarding, Forwarding::Direct);
  EXPECT_EQ(service.settings.scheduler, "wrr");
}

TEST(Desired, AServerThatIsOutIsAbsent) {
  EXPECT_EQ(desired_service(web(), {{true, false}}).destinations.size(), 1U);
  EXPECT_EQ(desired_service(web(), {{true}}).destinations.size(), 1U);
  EXPECT_TRUE(desired_service(web(), {}).destinations.empty());
}

TEST(Desired, PersistenceSetsFlagTimeoutAndGranularity) {
  config::VirtualServer server = web();
  server.persistence_prefix = 24;
  EXPECT_EQ(desired_service(server, {}).settings, (ServiceSettings{"wrr", "", 0, 0, 32}))
      << "granularity means nothing without persistence";
  server.persistence_timeout = 20;
  EXPECT_EQ(desired_service(server, {}).settings,
            (ServiceSettings{"wrr", "", service_flag::Persistent, 20, 24}));
}

TEST(Desired, IPv6HasItsOwnFullGranularity) {
  config::VirtualServer server = web();
  server.key = fakes::tcp("2001:db8::3", 80);
  EXPECT_EQ(desired_service(server, {}).settings.prefix, 128);
  server.key = config::FirewallMark{7, Family::IPv6};
  EXPECT_EQ(desired_service(server, {}).settings.prefix, 128);
}

TEST(Desired, OnePacketScheduling) {
  config::VirtualServer server = web();
  server.one_packet = true;
  EXPECT_EQ(desired_service(server, {}).settings.flags, service_flag::OnePacket);
}

TEST(Desired, FlagsOfTheSchedulerAreTheKernels) {
  config::VirtualServer server = web();
  server.scheduler_flags = config::scheduler_flag::First | config::scheduler_flag::Third;
  EXPECT_EQ(desired_service(server, {}).settings.flags, service_flag::Scheduler1 | service_flag::Scheduler3);
  server.scheduler_flags = config::scheduler_flag::Second;
  EXPECT_EQ(desired_service(server, {}).settings.flags, service_flag::Scheduler2);
}

TEST(Desired, AnEngineGoesWithPersistence) {
  config::VirtualServer server = web();
  server.persistence_engine = "sip";
  EXPECT_EQ(desired_service(server, {}).settings.persistence_engine, "");
  server.persistence_timeout = 60;
  EXPECT_EQ(desired_service(server, {}).settings.persistence_engine, "sip");
}

TEST(Desired, ThresholdsThatTheKernelTakes) {
  config::VirtualServer server = web();
  server.real_servers.front().extras.edit().upper_threshold = 100;
  server.real_servers.front().extras.edit().lower_threshold = 80;
  server.real_servers.back().extras.edit().lower_threshold = 80;
  const Service service = desired_service(server, {{true, true}});
  EXPECT_EQ(service.destinations[1].upper_threshold, 100U);
  EXPECT_EQ(service.destinations[1].lower_threshold, 80U);
  EXPECT_EQ(service.destinations[0].lower_threshold, 0U) << "above the upper one: the kernel would refuse it";
}

TEST(Desired, ATunnelOfEachKind) {
  config::VirtualServer server = web();
  server.real_servers.front().method = {Forwarding::Tunnel, TunnelType::Gue, config::TunnelChecksum::Remote,
                                        5555};
  server.real_servers.back().method = {Forwarding::Direct, TunnelType::Gre, config::TunnelChecksum::Checksum,
                                       1};
  server.real_servers.push_back(real_server("2001:db8::9", 1));
  server.real_servers.back().method = {Forwarding::Tunnel, TunnelType::Gre, config::TunnelChecksum::Checksum,
                                       0};
  const Service service = desired_service(server, {{true, true, true}});
  ASSERT_EQ(service.destinations.size(), 3U);
  EXPECT_EQ(service.destinations[0].tunnel_type, TunnelType::Ipip) << "no tunnel: its words mean nothing";
  EXPECT_EQ(service.destinations[1].tunnel_type, TunnelType::Gue);
  EXPECT_EQ(service.destinations[1].tunnel_port, 5555);
  EXPECT_EQ(service.destinations[1].tunnel_flags, 2);
  EXPECT_EQ(service.destinations[2].tunnel_type, TunnelType::Gre);
  EXPECT_EQ(service.destinations[2].tunnel_flags, 1);
  EXPECT_EQ(service.destinations[2].endpoint, endpoint("2001:db8::9", 80));
}

TEST(Desired, OnlyTunnelsLeadToTheOtherFamily) {
  config::VirtualServer server = web();
  server.real_servers.push_back(real_server("2001:db8::9", 1));
  EXPECT_EQ(desired_service(server, {{true, true, true}}).destinations.size(), 2U);
}

TEST(Desired, AnInhibitedServerStaysWithoutWeight) {
  config::VirtualServer server = web();
  server.real_servers.front().inhibit_on_failure = true;
  const Service service = desired_service(server, {{false, false}});
  ASSERT_EQ(service.destinations.size(), 1U);
  EXPECT_EQ(service.destinations[0].endpoint, endpoint("10.0.0.8", 80));
  EXPECT_EQ(service.destinations[0].weight, 0);
}

config::VirtualServer with_sorry(const char* address, bool inhibit) {
  config::VirtualServer out = web();
  out.sorry_server = Boxed(config::SorryServer{endpoint(address, 80), {Forwarding::Direct}, inhibit});
  return out;
}

TEST(Desired, TheSorryServerTakesThePlaceOfAllOthers) {
  config::VirtualServer server = with_sorry("10.0.0.1", false);
  EXPECT_EQ(desired_service(server, {{true, true}}).destinations.size(), 2U);
  Service service = desired_service(server, {{true, true}, false});
  ASSERT_EQ(service.destinations.size(), 1U);
  EXPECT_EQ(service.destinations[0].endpoint, endpoint("10.0.0.1", 80));
  EXPECT_EQ(service.destinations[0].weight, 1);
  server.real_servers.front().inhibit_on_failure = true;
  service = desired_service(server, {{true, true}, false});
  ASSERT_EQ(service.destinations.size(), 2U);
  EXPECT_EQ(service.destinations[1].weight, 0) << "alive, but out of use";
}

TEST(Desired, WithoutASorryServerTheLiveOnesStay) {
  EXPECT_EQ(desired_service(web(), {{true, true}, false}).destinations.size(), 2U);
}

TEST(Desired, AnInhibitedSorryServerWaitsWithoutWeight) {
  const Service service = desired_service(with_sorry("10.0.0.1", true), {{true, true}});
  ASSERT_EQ(service.destinations.size(), 3U);
  EXPECT_EQ(service.destinations[0].weight, 0);
}

TEST(Desired, ASorryServerMayBeARealServerAsWell) {
  config::VirtualServer server = with_sorry("10.0.0.8", true);
  server.real_servers.front().inhibit_on_failure = true;
  Service service = desired_service(server, {{true, true}});
  ASSERT_EQ(service.destinations.size(), 2U);
  EXPECT_EQ(service.destinations[1].weight, 2) << "the real server's";
  service = desired_service(server, {{false, false}, false});
  ASSERT_EQ(service.destinations.size(), 1U);
  EXPECT_EQ(service.destinations[0].weight, 1) << "the sorry server's";
}

TEST(Desired, TheFirstOfTwoEqualServersCounts) {
  config::VirtualServer server = web();
  server.real_servers = {real_server("10.0.0.8", 2), real_server("10.0.0.8", 3)};
  const Service service = desired_service(server, {{true, true}});
  ASSERT_EQ(service.destinations.size(), 1U);
  EXPECT_EQ(service.destinations[0].weight, 2);
}

}  // namespace
}  // namespace hald::ipvs
