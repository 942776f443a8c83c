// SPDX-License-Identifier: Apache-2.0
// Virtual links and their parameters in the real kernel, in a network namespace of the test's own.
#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include "fakes/capture_sink.h"
#include "fakes/manual_scheduler.h"
#include "fakes/private_network.h"
#include "net/link_reconciler.h"
#include "net/netlink_rtnl.h"

namespace hald::net {
namespace {

using namespace std::chrono_literals;

struct Room {
  void turn() {
    for (int i = 0; i < 5; ++i) {
      io.poll();
      io.restart();
      scheduler.advance(0ns);
    }
  }
  std::string sysctl(const std::string& path) {
    const auto value = sysctls.read(path);
    return value ? *value : "?";
  }

  boost::asio::io_context io;
  fakes::ManualScheduler scheduler;
  fakes::CaptureSink sink;
  log::Logger logger{sink, scheduler, log::Level::Debug};
  NetlinkRtnl rtnl{io};
  ProcSysctls sysctls;
  InterfaceTable table{rtnl, scheduler, logger};
  SysctlKeeper keeper{sysctls, table, scheduler, logger};
  LinkReconciler links{rtnl, table, keeper, scheduler, logger};
};

void run_in_network(const std::function<void(Room&)>& body) {
  const bool entered = fakes::in_private_network([&] {
    ASSERT_TRUE(
        fakes::shell("ip link add eth0 type veth peer name eth0p && ip link set eth0 group 7 up &&"
                     "ip link set eth0p up"));
    Room room;
    ASSERT_TRUE(room.table.start());
    body(room);
  });
  if (!entered) GTEST_SKIP() << "needs the right to make network namespaces";
}

WantedLink macvlan() {
  WantedLink out;
  out.name = "vrrp.51";
  out.base = "eth0";
  out.mac = virtual_mac(Family::IPv4, 51);
  return out;
}

TEST(NetlinkLinks, AMacvlanIsMadeAdjustedAndDeleted) {
  run_in_network([](Room& room) {
    room.links.hold("VI_1", {macvlan()});
    room.turn();
    ASSERT_TRUE(room.links.is_ready("vrrp.51")) << room.links.problem("vrrp.51");
    const auto shown = fakes::output_of("ip -d -o link show dev vrrp.51");
    EXPECT_NE(shown.find("vrrp.51@eth0"), std::string::npos);
    EXPECT_NE(shown.find("macvlan mode private"), std::string::npos);
    EXPECT_NE(shown.find("link/ether 00:00:5e:00:01:33"), std::string::npos);
    EXPECT_NE(shown.find("addrgenmode none"), std::string::npos);
    EXPECT_NE(shown.find("group 7"), std::string::npos);
    EXPECT_EQ(room.sysctl("net/ipv4/conf/vrrp.51/arp_ignore"), "1");
    EXPECT_EQ(room.sysctl("net/ipv4/conf/vrrp.51/accept_local"), "1");
    EXPECT_EQ(room.sysctl("net/ipv4/conf/vrrp.51/promote_secondaries"), "1");
    EXPECT_EQ(room.sysctl("net/ipv4/conf/eth0/arp_filter"), "1");
    EXPECT_EQ(room.sysctl("net/ipv6/conf/vrrp.51/disable_ipv6"), "1");
    // Somebody meddles, down to deleting it.
    ASSERT_TRUE(fakes::shell("ip link set vrrp.51 address 02:00:00:00:00:01 && ip link set vrrp.51 down"));
    room.turn();
    EXPECT_TRUE(room.links.is_ready("vrrp.51"));
    ASSERT_TRUE(fakes::shell("ip link del vrrp.51"));
    room.turn();
    EXPECT_TRUE(room.links.is_ready("vrrp.51"));
    EXPECT_EQ(room.links.drift(), 2U);
    room.links.forget("VI_1");
    EXPECT_EQ(fakes::output_of("ip -o link show dev vrrp.51 2>/dev/null"), "");
    EXPECT_EQ(room.sysctl("net/ipv4/conf/eth0/arp_filter"), "0");
  });
}

TEST(NetlinkLinks, AMacvlanThatIsThereIsAdopted) {
  run_in_network([](Room& room) {
    ASSERT_TRUE(
        fakes::shell("ip link add vrrp.51 link eth0 address 02:00:00:00:00:01 type macvlan mode bridge"));
    room.turn();
    const int before = room.table.find("vrrp.51")->index;
    room.links.hold("VI_1", {macvlan()});
    room.turn();
    EXPECT_TRUE(room.links.is_ready("vrrp.51")) << room.links.problem("vrrp.51");
    EXPECT_EQ(room.table.find("vrrp.51")->index, before);
    EXPECT_NE(fakes::output_of("ip -d -o link show dev vrrp.51").find("macvlan mode private"),
              std::string::npos);
    EXPECT_EQ(room.links.drift(), 0U);
  });
}

TEST(NetlinkLinks, ItGoesAndReturnsWithItsBase) {
  run_in_network([](Room& room) {
    room.links.hold("VI_1", {macvlan()});
    room.turn();
    ASSERT_TRUE(fakes::shell("ip link del eth0"));
    room.turn();
    EXPECT_FALSE(room.links.is_ready("vrrp.51"));
    ASSERT_TRUE(fakes::shell("ip link add eth0 type veth peer name eth0p && ip link set eth0 up"));
    room.turn();
    EXPECT_TRUE(room.links.is_ready("vrrp.51")) << room.links.problem("vrrp.51");
    EXPECT_EQ(room.sysctl("net/ipv4/conf/vrrp.51/arp_ignore"), "1");
    EXPECT_EQ(room.sysctl("net/ipv4/conf/eth0/arp_ignore"), "1");
    EXPECT_EQ(room.links.drift(), 0U);
  });
}

TEST(NetlinkLinks, AnIpvlanIsMade) {
  run_in_network([](Room& room) {
    const bool known = fakes::shell("ip link add try0 link eth0p type ipvlan mode l2 && ip link del try0");
    WantedLink wanted;
    wanted.name = "ipv.51";
    wanted.base = "eth0";
    wanted.kind = Ipvlan{IpvlanMode::L2, IpvlanIsolation::Vepa};
    room.links.hold("VI_1", {wanted});
    room.turn();
    if (!known) {
      // A kernel without ipvlan: the refusal is told, and nothing pretends to be there.
      EXPECT_FALSE(room.links.is_ready("ipv.51"));
      EXPECT_FALSE(room.links.problem("ipv.51").empty());
      return;
    }
    EXPECT_TRUE(room.links.is_ready("ipv.51")) << room.links.problem("ipv.51");
    EXPECT_NE(fakes::output_of("ip -d -o link show dev ipv.51").find("ipvlan  mode l2 vepa"),
              std::string::npos)
        << fakes::output_of("ip -d -o link show dev ipv.51");
    EXPECT_EQ(room.links.drift(), 0U);
  });
}

TEST(ProcSysctlsTest, KeepsToItsFolder) {
  ProcSysctls sysctls;
  EXPECT_FALSE(sysctls.read("net/../../version"));
  EXPECT_FALSE(sysctls.read("net/ipv4/conf/nonsense0/rp_filter"));
  EXPECT_TRUE(sysctls.read("net/ipv4/conf/all/rp_filter"));
}

}  // namespace
}  // namespace hald::net
