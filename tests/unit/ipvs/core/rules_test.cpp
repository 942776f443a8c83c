// SPDX-License-Identifier: Apache-2.0
#include "ipvs/core/rules.h"

#include <gmock/gmock.h>

namespace hald::ipvs {
namespace {

using testing::ElementsAre;

ServiceKey tcp(const char* address, std::uint16_t port) {
  return config::ServiceAddress{config::Protocol::Tcp, Endpoint{*Address::parse(address), port}};
}

Destination server(const char* address, Forwarding forwarding) {
  Destination out;
  out.endpoint = Endpoint{*Address::parse(address), 80};
  out.forwarding = forwarding;
  return out;
}

TEST(IpvsRules, ServersAreWrittenAsIpvsadmWritesThem) {
  Service service{tcp("10.0.0.1", 80), {}, {}};
  service.settings.scheduler = "rr";
  service.destinations = {server("10.0.1.1", Forwarding::Direct), server("10.0.1.2", Forwarding::Nat),
                          server("10.0.1.3", Forwarding::Tunnel), server("10.0.1.4", Forwarding::Tunnel),
                          server("10.0.1.5", Forwarding::Tunnel)};
  service.destinations[1].weight = 3;
  service.destinations[3].tunnel_type = TunnelType::Gue;
  service.destinations[3].tunnel_port = 5555;
  service.destinations[3].tunnel_flags = 1;
  service.destinations[4].tunnel_type = TunnelType::Gre;
  EXPECT_THAT(
      rules_of(service).value(),
      ElementsAre("-A -t 10.0.0.1:80 -s rr", "-a -t 10.0.0.1:80 -r 10.0.1.1:80 -g -w 1",
                  "-a -t 10.0.0.1:80 -r 10.0.1.2:80 -m -w 3",
                  "-a -t 10.0.0.1:80 -r 10.0.1.3:80 -i -w 1 --tun-type ipip",
                  "-a -t 10.0.0.1:80 -r 10.0.1.4:80 -i -w 1 --tun-type gue --tun-port 5555 --tun-csum",
                  "-a -t 10.0.0.1:80 -r 10.0.1.5:80 -i -w 1 --tun-type gre --tun-nocsum"));
}

TEST(IpvsRules, PersistenceItsMaskAndItsEngine) {
  Service service{tcp("fd00::1", 80), {}, {}};
  service.settings.flags = service_flag::Persistent;
  service.settings.timeout = 60;
  service.settings.prefix = 64;
  EXPECT_THAT(rules_of(service).value(), ElementsAre("-A -t [fd00::1]:80 -s wlc -p 60 -M 64"));
  service.key = tcp("10.0.0.3", 80);
  service.settings.prefix = 20;
  service.settings.persistence_engine = "sip";
  EXPECT_THAT(rules_of(service).value(),
              ElementsAre("-A -t 10.0.0.3:80 -s wlc -p 60 -M 255.255.240.0 --pe sip"));
  service.settings.flags = 0;
  EXPECT_THAT(rules_of(service).value(), ElementsAre("-A -t 10.0.0.3:80 -s wlc --pe sip"));
}

TEST(IpvsRules, FlagsOfSchedulersHaveTheirNames) {
  Service service{config::FirewallMark{7, Family::IPv6}, {}, {}};
  service.settings.scheduler = "sh";
  service.settings.flags = service_flag::Scheduler1 | service_flag::Scheduler2;
  EXPECT_THAT(rules_of(service).value(), ElementsAre("-A -f 7 -6 -s sh -b sh-fallback,sh-port"));
  service.settings.scheduler = "wrr";
  service.settings.flags = service_flag::Scheduler1 | service_flag::Scheduler3 | service_flag::OnePacket;
  EXPECT_THAT(rules_of(service).value(), ElementsAre("-A -f 7 -6 -s wrr -o -b flag-1,flag-3"));
}

TEST(IpvsRules, AMaskThatIsNoPrefixIsAnError) {
  Service service{tcp("10.0.0.1", 80), {}, {}};
  service.settings.flags = service_flag::Persistent;
  service.settings.prefix = kIrregularMask;
  EXPECT_FALSE(rules_of(service));
}

TEST(IpvsRules, FamilyComesBeforeProtocolAndMarksComeLast) {
  const ServiceKey udp =
      config::ServiceAddress{config::Protocol::Udp, Endpoint{*Address::parse("10.0.0.9"), 53}};
  EXPECT_TRUE(listed_before(udp, tcp("fd00::1", 80)));
  EXPECT_TRUE(listed_before(tcp("10.0.0.10", 80), udp));
  EXPECT_TRUE(listed_before(tcp("fd00::1", 80), config::FirewallMark{1, Family::IPv4}));
  EXPECT_FALSE(listed_before(udp, udp));
}

}  // namespace
}  // namespace hald::ipvs
