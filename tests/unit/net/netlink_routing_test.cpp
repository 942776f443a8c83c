// SPDX-License-Identifier: Apache-2.0
// The real kernel's routes and rules, in a network namespace of the test's own.
#include "net/netlink_routing.h"

#include <sstream>

#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include "fakes/capture_sink.h"
#include "fakes/manual_scheduler.h"
#include "fakes/private_network.h"
#include "net/interface_table.h"
#include "net/netlink_rtnl.h"
#include "net/route_reconciler.h"
#include "net/rule_reconciler.h"

namespace hald::net {
namespace {

using namespace std::chrono_literals;
using Lines = std::vector<std::string>;

/// The tables and the reconcilers over the real thing; time stands still.
struct Room {
  /// As the loop does, until nothing more is said.
  void turn() {
    for (int i = 0; i < 10; ++i) {
      io.poll();
      io.restart();
      scheduler.advance(0ns);
    }
  }
  int index(const std::string& name) {
    const auto* link = table.find(name);
    return link != nullptr ? link->index : 0;
  }

  boost::asio::io_context io;
  fakes::ManualScheduler scheduler;
  fakes::CaptureSink sink;
  log::Logger logger{sink, scheduler, log::Level::Debug};
  NetlinkRtnl rtnl{io};
  NetlinkRouting routing{io};
  InterfaceTable table{rtnl, scheduler, logger};
  RouteReconciler routes{routing, table, scheduler, logger};
  RuleReconciler rules{routing, table, scheduler, logger};
};

void run_in_network(const std::function<void(Room&)>& body) {
  const bool entered = fakes::in_private_network([&] {
    ASSERT_TRUE(fakes::shell(
        "sysctl -qw net.ipv6.conf.default.accept_dad=0;"
        "ip link add eth0 type veth peer name eth0p && ip link set eth0 up && ip link set eth0p up &&"
        "ip addr add 10.0.0.1/24 dev eth0 && ip -6 addr add 2001:db8::1/64 dev eth0 nodad"));
    Room room;
    ASSERT_TRUE(room.table.start());
    body(room);
  });
  if (!entered) GTEST_SKIP() << "needs the right to make network namespaces";
}

Nexthop via(const char* gateway, const char* link = "") {
  Nexthop out;
  if (gateway != nullptr) out.gateway = *Address::parse(gateway);
  out.link.name = link;
  return out;
}

WantedRoute want(const char* destination, std::vector<Nexthop> nexthops) {
  WantedRoute out;
  out.route.destination = *Prefix::parse(destination);
  out.route.nexthops = std::move(nexthops);
  return out;
}

/// What `ip route` shows of hald's own.
Lines shown(const std::string& arguments) {
  std::istringstream in(fakes::output_of("ip " + arguments + " route show proto keepalived table all"));
  Lines out;
  for (std::string line; std::getline(in, line);) {
    while (!line.empty() && line.back() == ' ') line.pop_back();
    const auto word = line.find(" proto keepalived");  // some versions say what was asked for
    if (word != std::string::npos) line.erase(word, 17);
    if (!line.empty()) out.push_back(line);
  }
  return out;
}

/// Holds the route and looks whether the kernel shows it as it was wanted, in a dump as in its events.
void expect_round_trip(Room& room, const WantedRoute& wanted) {
  SCOPED_TRACE(wanted.route.to_string());
  const auto writes = room.routes.writes();
  room.routes.hold("VI_1", {wanted});
  room.turn();
  EXPECT_TRUE(room.routes.settled()) << (room.sink.entries.empty() ? "" : room.sink.entries.back().message);
  EXPECT_EQ(room.routes.writes(), writes + 1);
  // Another one, who has to dump, sees the same.
  RouteReconciler fresh(room.routing, room.table, room.scheduler, room.logger);
  fresh.hold("VI_1", {wanted});
  EXPECT_TRUE(fresh.settled());
  EXPECT_EQ(fresh.writes(), 0U);
  fresh.forget("VI_1");
  EXPECT_EQ(fresh.writes(), 1U);
  EXPECT_TRUE(fresh.settled());
  EXPECT_EQ(shown("-4"), Lines{});
  EXPECT_EQ(shown("-6"), Lines{});
  // Back to the first, which had no ears meanwhile.
  room.routes.forget("VI_1");
  room.turn();
}

struct KernelCase {
  const char* what;
  WantedRoute wanted;
  const char* as_ip_says;  ///< adds the like, to see whether this kernel can do it at all
};

std::vector<KernelCase> everything() {
  std::vector<KernelCase> out;
  const auto add = [&](const char* what, const WantedRoute& wanted, const char* as_ip_says = "true") {
    out.push_back({what, wanted, as_ip_says});
  };
  add("gateway", want("10.9.0.0/16", {via("10.0.0.2")}));
  add("link", want("10.9.0.0/16", {via(nullptr, "eth0")}));
  add("default", want("0.0.0.0/0", {via("10.0.0.2", "eth0")}));
  auto one = want("10.9.0.0/16", {via("10.0.0.2", "eth0")});
  one.route.table = 1000;
  one.route.metric = 77;
  one.route.tos = 0x10;
  one.route.preferred_source = *Address::parse("10.0.0.1");
  add("table, metric, tos, src", one);
  one = want("10.9.0.0/16", {via("10.0.0.2", "eth0")});
  one.route.metrics.set(Metric::Mtu, 1400, true);
  for (const auto metric :
       {Metric::Window, Metric::Rtt, Metric::RttVar, Metric::SsThresh, Metric::Cwnd, Metric::AdvMss,
        Metric::Reordering, Metric::HopLimit, Metric::InitCwnd, Metric::InitRwnd, Metric::RtoMin})
    one.route.metrics.set(metric, 100 + static_cast<std::uint32_t>(metric));
  one.route.metrics.set(Metric::Features, 1);
  one.route.metrics.set(Metric::QuickAck, 1);
  one.route.metrics.set(Metric::FastOpenNoCookie, 1);
  one.route.metrics.congestion_control = "reno";
  add("metrics", one);
  one = want("10.9.0.0/16", {via("192.0.2.1", "eth0")});
  one.route.nexthops.front().onlink = true;
  add("onlink", one);
  one = want("10.9.0.0/16", {via("10.0.0.2", "eth0")});
  one.route.nexthops.front().realms = 0x00010002;
  add("realms", one, "ip route add 10.77.0.0/16 via 10.0.0.2 realms 1/2");
  add("via inet6", want("10.9.0.0/16", {via("2001:db8::2", "eth0")}));
  one = want("10.9.0.0/16", {via("10.0.0.2"), via("10.0.0.3", "eth0"), via("2001:db8::2", "eth0")});
  one.route.nexthops[0].weight = 3;
  one.route.nexthops[1].weight = 256;
  add("several", one);
  for (const auto type :
       {RouteType::Blackhole, RouteType::Unreachable, RouteType::Prohibit, RouteType::Throw}) {
    one = want("10.9.0.0/16", {});
    one.route.type = type;
    add("to nowhere", one);
    one.route.destination = *Prefix::parse("2001:db8:9::/48");
    add("to nowhere, IPv6", one);
  }
  one = want("10.9.0.1", {via(nullptr, "eth0")});
  one.route.type = RouteType::Local;
  one.route.scope = 254;
  add("local", one);
  one = want("10.9.0.0/16", {via(nullptr, "eth0")});
  one.route.scope = 253;
  add("scope", one);
  add("gateway, IPv6", want("2001:db8:9::/48", {via("2001:db8::2")}));
  add("default, IPv6", want("::/0", {via("fe80::2", "eth0")}));
  one = want("2001:db8:9::/48", {via("2001:db8::2", "eth0")});
  one.route.preference = 1;
  one.route.metric = 5;
  one.route.table = 100;
  one.route.metrics.set(Metric::Mtu, 1400, true);
  one.route.metrics.set(Metric::HopLimit, 5);
  one.route.preferred_source = *Address::parse("2001:db8::1");
  add("preference and more, IPv6", one);
  one = want("2001:db8:9::/48", {via("2001:db8::2", "eth0")});
  one.route.expires = 100;
  add("expires", one);
  one = want("2001:db8:9::/48", {via("2001:db8::2", "eth0")});
  one.route.source = *Prefix::parse("2001:db8:1::/64");
  add("from", one, "ip -6 route add 2001:db8:77::/48 from 2001:db8:1::/64 via 2001:db8::2");
  one = want("2001:db8:9::/48", {via("2001:db8::2"), via("2001:db8::3", "eth0")});
  one.route.nexthops[1].weight = 7;
  add("several, IPv6", one);
  one = want("10.9.0.0/16", {via(nullptr, "eth0")});
  one.route.nexthops.front().encap =
      IpEncap{Family::IPv4, 42, *Address::parse("192.0.2.1"), *Address::parse("10.0.0.1"), 4, 9, 0};
  add("encap ip", one, "ip route add 10.77.0.0/16 encap ip id 1 dst 192.0.2.1 dev eth0");
  one = want("2001:db8:9::/48", {via(nullptr, "eth0")});
  one.route.nexthops.front().encap = IpEncap{Family::IPv6, 42, *Address::parse("2001:db8::9"), {}, 4, 9, 0};
  add("encap ip6", one, "ip -6 route add 2001:db8:77::/48 encap ip6 id 1 dst 2001:db8::9 dev eth0");
  one = want("10.9.0.0/16", {via("10.0.0.2", "eth0")});
  one.route.nexthops.front().encap = MplsEncap{{100, 200}, {}};
  add("encap mpls", one, "ip route add 10.77.0.0/16 encap mpls 100 via 10.0.0.2");
  one = want("2001:db8:9::/48", {via("2001:db8::2", "eth0")});
  one.route.nexthops.front().encap = IlaEncap{0x2001000000000001};
  add("encap ila", one,
      "ip -6 route add 2001:db8:77::/128 encap ila 2001:0:0:1 csum-mode no-action ident-type luid via "
      "2001:db8::2");
  return out;
}

TEST(NetlinkRouting, EveryKindOfRouteComesBackAsItWasWanted) {
  for (const auto& one : everything()) {
    SCOPED_TRACE(one.what);
    run_in_network([&](Room& room) {
      const bool known = fakes::shell(one.as_ip_says);
      if (known) {
        expect_round_trip(room, one.wanted);
      } else {
        std::printf("left out: %s\n", one.what);
      }
    });
  }
}

TEST(NetlinkRouting, ShowsWhatIpRouteWouldHaveMade) {
  run_in_network([](Room& room) {
    auto full = want("10.9.0.0/16", {via("10.0.0.2", "eth0")});
    full.route.metric = 7;
    full.route.metrics.set(Metric::Mtu, 1400, true);
    full.route.metrics.set(Metric::RtoMin, 200);
    room.routes.hold("VI_1", {want("0.0.0.0/0", {via("10.0.0.2")}), full});
    room.turn();
    EXPECT_EQ(shown("-4"), (Lines{"default via 10.0.0.2 dev eth0",
                                  "10.9.0.0/16 via 10.0.0.2 dev eth0 metric 7 mtu lock 1400 rto_min 200ms"}));
  });
}

TEST(NetlinkRouting, PutsBackWhatIsRemovedAndLeavesTheRestAlone) {
  run_in_network([](Room& room) {
    ASSERT_TRUE(fakes::shell("ip route add default via 10.0.0.254"));
    std::vector<Drift> told;
    room.routes.on_drift([&](const Drift& drift) { told.push_back(drift); });
    room.routes.hold("VI_1",
                     {want("0.0.0.0/0", {via("10.0.0.2")}), want("2001:db8:9::/48", {via("2001:db8::2")})});
    room.turn();
    ASSERT_TRUE(fakes::shell("ip route del default via 10.0.0.2 && ip -6 route del 2001:db8:9::/48"));
    room.turn();
    EXPECT_EQ(shown("-4"), Lines{"default via 10.0.0.2 dev eth0"});
    EXPECT_EQ(shown("-6").size(), 1U);
    EXPECT_EQ(room.routes.drift(), 2U);
    EXPECT_EQ(told.size(), 2U);
    room.routes.forget("VI_1");
    room.turn();
    EXPECT_EQ(fakes::output_of("ip route show default"), "default via 10.0.0.254 dev eth0 \n");
  });
}

TEST(NetlinkRouting, FollowsLinksThatGoDownAndUp) {
  run_in_network([](Room& room) {
    room.routes.hold("VI_1", {want("10.9.0.0/16", {via("10.0.0.2", "eth0")})});
    room.turn();
    ASSERT_TRUE(fakes::shell("ip link set eth0 down"));
    room.turn();
    EXPECT_EQ(shown("-4"), Lines{});
    EXPECT_TRUE(room.routes.settled());
    ASSERT_TRUE(fakes::shell("ip link set eth0 up"));
    room.turn();
    EXPECT_EQ(shown("-4"), Lines{"10.9.0.0/16 via 10.0.0.2 dev eth0"});
    // All in one: nothing told hald of it but the link.
    ASSERT_TRUE(fakes::shell("ip link del eth0"));
    room.turn();
    EXPECT_EQ(room.routes.drift(), 0U);
    EXPECT_TRUE(room.routes.settled());
  });
}

TEST(NetlinkRouting, AMergedIPv6RouteLosesOnlyWhatIsHalds) {
  run_in_network([](Room& room) {
    ASSERT_TRUE(fakes::shell("ip -6 route add 2001:db8:9::/48 via 2001:db8::2"));
    room.routes.hold("VI_1", {want("2001:db8:9::/48", {via("2001:db8::3")})});
    room.turn();
    EXPECT_TRUE(room.routes.settled());
    EXPECT_NE(fakes::output_of("ip -6 route show 2001:db8:9::/48").find("2001:db8::3"), std::string::npos);
    room.routes.forget("VI_1");
    room.turn();
    const auto left = fakes::output_of("ip -6 route show 2001:db8:9::/48");
    EXPECT_EQ(left.find("2001:db8::3"), std::string::npos) << left;
    EXPECT_NE(left.find("2001:db8::2"), std::string::npos) << left;
    EXPECT_EQ(room.routes.drift(), 0U);
  });
}

TEST(NetlinkRouting, EditsInOneStepAndSaysWhyTheKernelRefuses) {
  run_in_network([](Room& room) {
    room.routes.hold("VI_1", {want("10.9.0.0/16", {via("10.0.0.2")})});
    room.turn();
    auto edited = want("10.9.0.0/16", {via("10.0.0.2")});
    edited.route.metrics.set(Metric::Mtu, 1400);
    room.routes.hold("VI_1", {edited, want("10.8.0.0/16", {via("192.0.2.1")})});
    room.turn();
    EXPECT_EQ(shown("-4"), Lines{"10.9.0.0/16 via 10.0.0.2 dev eth0 mtu 1400"});
    EXPECT_TRUE(
        room.sink.contains("add route 10.8.0.0/16 via 192.0.2.1 (Nexthop has invalid gateway): Network is"))
        << room.sink.entries.back().message;
    EXPECT_EQ(room.routes.drift(), 0U);
  });
}

TEST(NetlinkRouting, ABigTableIsReadInPieces) {
  run_in_network([](Room& room) {
    ASSERT_TRUE(
        fakes::shell("for i in $(seq 0 19); do for j in $(seq 0 249); do echo route add 10.1$i.$j.0/24 via "
                     "10.0.0.2; done; done |"
                     "ip -batch -"));
    auto dump = room.routing.dump_routes(Family::IPv4, Route::kMainTable);
    ASSERT_TRUE(dump);
    std::size_t count = 0;
    int pieces = 0;
    for (bool more = true; more; ++pieces) {
      const auto next = (*dump)->next([&](const Route&) { ++count; });
      ASSERT_TRUE(next) << next.error().message();
      more = *next;
    }
    EXPECT_GE(count, 5000U);
    EXPECT_GE(pieces, 10);
    room.routes.hold("VI_1", {want("10.110.7.0/24", {via("10.0.0.3")})});
    room.turn();
    EXPECT_EQ(shown("-4"), Lines{"10.110.7.0/24 via 10.0.0.3 dev eth0"});
  });
}

std::vector<std::pair<Rule, const char*>> every_rule() {
  std::vector<std::pair<Rule, const char*>> out;
  const auto add = [&](auto change, const char* as_ip_says = "true") {
    for (const auto family : {Family::IPv4, Family::IPv6}) {
      Rule rule;
      rule.family = family;
      rule.priority = 100;
      rule.table = 1000;
      change(rule);
      out.emplace_back(rule, as_ip_says);
    }
  };
  const auto prefix = [](const Rule& rule, const char* v4, const char* v6) {
    return *Prefix::parse(rule.family == Family::IPv4 ? v4 : v6);
  };
  add([&](Rule& rule) {
    rule.from = prefix(rule, "10.0.0.0/24", "2001:db8::/64");
    rule.to = prefix(rule, "10.1.0.0/16", "2001:db8:1::/48");
    rule.invert = true;
  });
  add([](Rule& rule) {
    rule.input_link = "eth0";
    rule.output_link = "later0";
    rule.tos = 0x10;
  });
  add([](Rule& rule) {
    rule.mark = 5;
    rule.mark_mask = 0xff;
    rule.suppress_prefix_length = 5;
    rule.suppress_group = 7;
  });
  add([](Rule& rule) { rule.mark = 5; });
  add([](Rule& rule) { rule.tunnel_id = 0x0102030405U; });
  add([](Rule& rule) { rule.users = NumberRange<std::uint32_t>{1000, 2000}; });
  add([](Rule& rule) {
    rule.ip_protocol = 6;
    rule.source_ports = NumberRange<std::uint16_t>{1, 1024};
    rule.destination_ports = NumberRange<std::uint16_t>{80, 80};
  });
  for (const auto action :
       {RuleAction::Nop, RuleAction::Blackhole, RuleAction::Unreachable, RuleAction::Prohibit})
    add([&](Rule& rule) { rule.action = action; });
  add([](Rule& rule) {
    rule.action = RuleAction::Goto;
    rule.target = 200;
  });
  add([](Rule& rule) { rule.l3mdev = true; }, "ip rule add l3mdev pref 1000");
  add([](Rule& rule) { rule.realms = 0x00010002; }, "ip rule add from 10.9.9.9 realms 1/2");
  return out;
}

TEST(NetlinkRouting, EveryKindOfRuleComesBackAsItWasWanted) {
  for (const auto& one : every_rule()) {
    const auto& rule = one.first;
    SCOPED_TRACE(rule.to_string());
    run_in_network([&](Room& room) {
      if (!fakes::shell(one.second)) return;
      const auto before = fakes::output_of("ip rule; ip -6 rule");
      room.rules.hold("VI_1", {rule});
      room.turn();
      EXPECT_TRUE(room.rules.settled())
          << (room.sink.entries.empty() ? "" : room.sink.entries.back().message);
      EXPECT_EQ(room.rules.writes(), 1U);
      RuleReconciler fresh(room.routing, room.table, room.scheduler, room.logger);
      fresh.hold("VI_1", {rule});
      EXPECT_TRUE(fresh.settled());
      EXPECT_EQ(fresh.writes(), 0U);
      fresh.forget("VI_1");
      EXPECT_EQ(fresh.writes(), 1U);
      EXPECT_EQ(fakes::output_of("ip rule; ip -6 rule"), before);
    });
  }
}

TEST(NetlinkRouting, RulesThatOthersRemoveComeBack) {
  run_in_network([](Room& room) {
    Rule rule;
    rule.priority = 100;
    rule.table = 10;
    room.rules.hold("VI_1", {rule});
    room.turn();
    ASSERT_TRUE(fakes::shell("ip rule del pref 100"));
    room.turn();
    EXPECT_EQ(room.rules.drift(), 1U);
    EXPECT_NE(fakes::output_of("ip rule").find("100:\tfrom all lookup 10 proto keepalived"),
              std::string::npos);
  });
}

TEST(NetlinkRouting, AnOverrunIsNoticedAndMadeGood) {
  run_in_network([](Room& room) {
    room.routes.hold("VI_1", {want("10.9.0.0/16", {via("10.0.0.2")})});
    room.turn();
    ASSERT_TRUE(fakes::shell("ip route del 10.9.0.0/16"));
    // Nobody reads while far more happens than the socket can hold.
    Route other = canonical(want("10.8.0.0/16", {via("10.0.0.2")}).route);
    for (int round = 0; round < 20000; ++round) {
      ASSERT_TRUE(room.routing.write(RouteOperation{RouteOperation::What::Add, other}));
      ASSERT_TRUE(room.routing.write(RouteOperation{RouteOperation::What::Remove, other}));
    }
    room.turn();
    EXPECT_TRUE(room.sink.contains("dropped notifications about routes"));
    EXPECT_EQ(shown("-4"), Lines{"10.9.0.0/16 via 10.0.0.2 dev eth0"});
    EXPECT_EQ(room.routes.drift(), 1U);
  });
}

}  // namespace
}  // namespace hald::net
