// SPDX-License-Identifier: Apache-2.0
#include "ipvs/core/desired.h"

#include <gtest/gtest.h>

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

TEST(Desired, TheFirstOfTwoEqualServersCounts) {
  config::VirtualServer server = web();
  server.real_servers = {real_server("10.0.0.8", 2), real_server("10.0.0.8", 3)};
  const Service service = desired_service(server, {{true, true}});
  ASSERT_EQ(service.destinations.size(), 1U);
  EXPECT_EQ(service.destinations[0].weight, 2);
}

}  // namespace
}  // namespace hald::ipvs
