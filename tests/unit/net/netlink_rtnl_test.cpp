// SPDX-License-Identifier: Apache-2.0
// The real kernel's rtnetlink, in a network namespace of the test's own.
#include "net/netlink_rtnl.h"

#include <sstream>

#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include "fakes/capture_sink.h"
#include "fakes/manual_scheduler.h"
#include "fakes/private_network.h"
#include "net/address_reconciler.h"
#include "net/interface_table.h"

namespace hald::net {
namespace {

using namespace std::chrono_literals;
using Lines = std::vector<std::string>;

/// A table and a reconciler over the real thing; time stands still.
struct Room {
  /// As the loop does: whatever the kernel has said by now is taken in and acted upon.
  void turn() {
    io.poll();
    io.restart();
    scheduler.advance(0ns);
  }
  /// Turns until it is so; false if it never is. The kernel tells of carriers and IPv6 in its own time.
  bool wait_until(const std::function<bool()>& so) {
    const auto end = std::chrono::steady_clock::now() + 10s;
    for (turn(); !so(); turn()) {
      io.run_one_until(end);
      if (std::chrono::steady_clock::now() >= end) return false;
    }
    return true;
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
  InterfaceTable table{rtnl, scheduler, logger};
  AddressReconciler addresses{rtnl, table, scheduler, logger};
};

bool make_eth0() {
  return fakes::shell(
      "sysctl -qw net.ipv6.conf.default.accept_dad=0 net.ipv4.conf.all.promote_secondaries=0 "
      "net.ipv4.conf.default.promote_secondaries=0;"
      "ip link add eth0 type veth peer name eth0p && ip link set eth0 up && ip link set eth0p up");
}

/// `ip -o addr` without the columns that do not matter: "inet 10.0.0.3/24 scope global eth0:0".
Lines shown(const std::string& family) {
  std::istringstream in(fakes::output_of("ip -o " + family + " addr show dev eth0"));
  Lines out;
  for (std::string line; std::getline(in, line);) {
    const auto begin = line.find("inet");
    const auto end = line.find('\\', begin);
    auto text = line.substr(begin, end - begin);
    while (!text.empty() && text.back() == ' ') text.pop_back();
    if (line.find("preferred_lft 0sec") != std::string::npos) text += " unpreferred";
    if (text.find("fe80:") == std::string::npos) out.push_back(text);
  }
  return out;
}

Lines prefixes(Room& room) {
  Lines out;
  for (const auto& address : room.table.addresses(room.index("eth0")))
    out.push_back(address.prefix.to_string());
  return out;
}

WantedAddress want(const std::string& prefix, const std::string& label = "") {
  WantedAddress out;
  out.device = "eth0";
  out.prefix = *Prefix::parse(prefix);
  out.label = label;
  return out;
}

void run_in_network(const std::function<void(Room&)>& body) {
  const bool entered = fakes::in_private_network([&] {
    ASSERT_TRUE(make_eth0());
    Room room;
    ASSERT_TRUE(room.table.start());
    body(room);
  });
  if (!entered) GTEST_SKIP() << "needs the right to make network namespaces";
}

// compat: the lines are those that keepalived 2.2.7 leaves for the same configuration.
TEST(NetlinkRtnl, LeavesWhatKeepalivedLeaves) {
  run_in_network([](Room& room) {
    ASSERT_TRUE(fakes::shell("ip addr add 10.0.0.5/24 dev eth0"));
    auto scoped = want("10.1.0.6/24");
    scoped.scope = 253;
    auto broadcasting = want("10.2.0.3/24");
    broadcasting.broadcast = *Address::parse("10.2.0.255");
    room.addresses.hold(
        "VI_1", {want("10.0.0.3/24", "eth0:0"), want("10.0.0.4"), scoped, broadcasting, want("10.5.0.1/24"),
                 want("10.5.0.2/24"), want("2001:db8::3"), want("2001:db8::4/64")});
    EXPECT_EQ(
        shown("-4"),
        (Lines{"inet 10.1.0.6/24 scope link eth0", "inet 10.0.0.5/24 scope global eth0",
               "inet 10.0.0.4/32 scope global eth0", "inet 10.2.0.3/24 brd 10.2.0.255 scope global eth0",
               "inet 10.5.0.1/24 scope global eth0", "inet 10.0.0.3/24 scope global secondary eth0:0",
               "inet 10.5.0.2/24 scope global secondary eth0"}));
    EXPECT_EQ(shown("-6"), (Lines{"inet6 2001:db8::4/64 scope global nodad",
                                  "inet6 2001:db8::3/128 scope global nodad deprecated unpreferred"}));
    EXPECT_TRUE(room.addresses.settled());
    EXPECT_EQ(room.addresses.writes(), 8U);
    room.turn();
    EXPECT_EQ(room.addresses.writes(), 8U);
    EXPECT_EQ(room.addresses.drift(), 0U);
    room.addresses.release("VI_1", {want("2001:db8::3"), want("2001:db8::4/64")});
    EXPECT_EQ(shown("-6"), Lines{});
    room.turn();
    EXPECT_EQ(room.addresses.drift(), 0U);
    EXPECT_TRUE(room.wait_until([&] { return prefixes(room).back().rfind("fe80:", 0) == 0; }));
    // The picture kept by events is the one a dump gives, order and all.
    const auto kept = prefixes(room);
    ASSERT_TRUE(room.table.look_again());
    EXPECT_EQ(kept, prefixes(room));
  });
}

TEST(NetlinkRtnl, ReleasesAndLeavesTheRestAlone) {
  run_in_network([](Room& room) {
    ASSERT_TRUE(fakes::shell("ip addr add 10.0.0.5/24 dev eth0"));
    room.addresses.hold("VI_1", {want("10.7.0.1/24")});
    ASSERT_TRUE(fakes::shell("ip addr add 10.7.0.9/24 dev eth0 label eth0:x"));
    room.addresses.hold("VI_2", {want("10.7.0.2/24")});
    room.addresses.release("VI_1", {want("10.7.0.1/24")});
    EXPECT_EQ(shown("-4"),
              (Lines{"inet 10.0.0.5/24 scope global eth0", "inet 10.7.0.9/24 scope global eth0:x",
                     "inet 10.7.0.2/24 scope global secondary eth0"}));
    room.turn();
    EXPECT_EQ(room.addresses.drift(), 0U);
    room.addresses.forget("VI_2");
    EXPECT_EQ(shown("-4"),
              (Lines{"inet 10.0.0.5/24 scope global eth0", "inet 10.7.0.9/24 scope global eth0:x"}));
  });
}

TEST(NetlinkRtnl, RestoresWhatSomebodyRemovesAndEditsALabel) {
  run_in_network([](Room& room) {
    ASSERT_TRUE(fakes::shell("ip addr add 10.0.0.3/24 dev eth0"));
    room.addresses.hold("VI_1", {want("10.0.0.3/24", "eth0:0")});
    EXPECT_EQ(shown("-4"), Lines{"inet 10.0.0.3/24 scope global eth0:0"});
    room.turn();
    ASSERT_TRUE(fakes::shell("ip addr del 10.0.0.3/24 dev eth0"));
    room.turn();
    EXPECT_EQ(shown("-4"), Lines{"inet 10.0.0.3/24 scope global eth0:0"});
    EXPECT_EQ(room.addresses.drift(), 1U);
  });
}

TEST(NetlinkRtnl, PeersFlagsAndLifetimesStayAsTheyWereAskedFor) {
  run_in_network([](Room& room) {
    auto peered = want("10.0.0.3/32");
    peered.peer = *Address::parse("10.9.0.7");
    auto twin = want("10.0.0.3/32");
    twin.peer = *Address::parse("10.9.0.8");
    auto bare = want("10.4.0.3/24");
    bare.flags.noprefixroute = true;
    auto six = want("2001:db8::3/64");
    six.flags = {true, true, true, false};
    six.preferred_lft = 600;
    auto plain = want("2001:db8:1::3/64");
    room.addresses.hold("VI_1", {peered, twin, bare, six, plain});
    EXPECT_EQ(shown("-4"), (Lines{"inet 10.0.0.3 peer 10.9.0.7/32 scope global eth0",
                                  "inet 10.0.0.3 peer 10.9.0.8/32 scope global eth0",
                                  "inet 10.4.0.3/24 scope global noprefixroute eth0"}));
    EXPECT_EQ(shown("-6"), (Lines{"inet6 2001:db8:1::3/64 scope global nodad",
                                  "inet6 2001:db8::3/64 scope global nodad home mngtmpaddr noprefixroute"}));
    ASSERT_TRUE(room.table.look_again());
    room.turn();
    EXPECT_TRUE(room.addresses.settled());
    EXPECT_EQ(room.addresses.writes(), 5U);
    plain.preferred_lft = 0;
    plain.flags.home = true;
    room.addresses.hold("VI_1", {peered, bare, six, plain});
    EXPECT_EQ(room.addresses.writes(), 7U);
    ASSERT_TRUE(room.table.look_again());
    room.turn();
    EXPECT_EQ(room.addresses.writes(), 7U);
    EXPECT_EQ(shown("-6").front(), "inet6 2001:db8:1::3/64 scope global nodad home deprecated unpreferred");
    EXPECT_EQ(shown("-4").front(), "inet 10.0.0.3 peer 10.9.0.7/32 scope global eth0");
    EXPECT_EQ(room.addresses.drift(), 0U);
    room.addresses.forget("VI_1");
    EXPECT_EQ(shown("-4"), Lines{});
  });
}

TEST(NetlinkRtnl, DuplicateDetectionIsSeenToRunAndToFail) {
  run_in_network([](Room& room) {
    ASSERT_TRUE(
        fakes::shell("sysctl -qw net.ipv6.conf.eth0.accept_dad=1 net.ipv6.conf.eth0p.accept_dad=0;"
                     "ip addr add 2001:db8::3/64 dev eth0p nodad"));
    auto wanted = want("2001:db8::3/64");
    wanted.detect_duplicates = true;
    room.addresses.hold("VI_1", {wanted});
    const auto is = [&](bool InterfaceAddress::*flag) {
      for (const auto& address : room.table.addresses(room.index("eth0"))) {
        if (address.prefix == wanted.prefix) return address.*flag;
      }
      return false;
    };
    EXPECT_TRUE(room.wait_until([&] { return is(&InterfaceAddress::tentative); }));
    EXPECT_TRUE(room.wait_until([&] { return is(&InterfaceAddress::dad_failed); }));
    EXPECT_TRUE(room.addresses.settled());
    // Who does not ask has it at once, whatever became of it before.
    wanted.detect_duplicates = false;
    room.addresses.hold("VI_1", {wanted});
    EXPECT_TRUE(room.wait_until([&] { return is(&InterfaceAddress::detect_duplicates) == false; }));
    EXPECT_FALSE(is(&InterfaceAddress::dad_failed));
    EXPECT_FALSE(is(&InterfaceAddress::tentative));
  });
}

TEST(NetlinkRtnl, SaysWhyTheKernelRefuses) {
  run_in_network([](Room& room) {
    ASSERT_TRUE(fakes::shell("ip addr add 10.0.0.5/24 dev eth0"));
    auto scoped = want("10.0.0.6/24");
    scoped.scope = 253;
    room.addresses.hold("VI_1", {scoped});
    EXPECT_FALSE(room.addresses.settled());
    EXPECT_TRUE(room.sink.contains("add 10.0.0.6/24 to eth0"));
    EXPECT_TRUE(room.sink.contains("Invalid argument; will try again"));
    const auto missing = room.rtnl.remove_address(as_kernel_holds(want("10.9.9.9/24"), room.index("eth0")));
    ASSERT_FALSE(missing);
    EXPECT_EQ(missing.error().code.value(), EADDRNOTAVAIL);
    const auto twice = room.rtnl.add_address(as_kernel_holds(want("10.0.0.5/24"), room.index("eth0")));
    ASSERT_FALSE(twice);
    EXPECT_EQ(twice.error().code.value(), EEXIST);
    const auto nowhere = room.rtnl.add_address(as_kernel_holds(want("10.0.0.5/24"), 9999));
    ASSERT_FALSE(nowhere);
    EXPECT_EQ(nowhere.error().code.value(), ENODEV);
  });
}

TEST(NetlinkRtnl, FollowsInterfaces) {
  run_in_network([](Room& room) {
    EXPECT_TRUE(room.wait_until([&] { return room.table.find("eth0")->usable(); }));
    room.addresses.hold("VI_1", {want("10.0.0.3/24")});
    ASSERT_TRUE(fakes::shell("ip link set eth0p down"));
    EXPECT_TRUE(room.wait_until([&] { return !room.table.find("eth0")->running; }));
    EXPECT_TRUE(room.table.find("eth0")->up);
    ASSERT_TRUE(fakes::shell("ip link set eth0 down && ip link set eth0 name old0"));
    room.turn();
    EXPECT_EQ(room.table.find("eth0"), nullptr);
    EXPECT_EQ(fakes::output_of("ip -o -4 addr show dev old0"), "");
    ASSERT_TRUE(fakes::shell("ip link del old0"));
    ASSERT_TRUE(make_eth0());
    room.turn();
    EXPECT_EQ(shown("-4"), Lines{"inet 10.0.0.3/24 scope global eth0"});
    EXPECT_EQ(room.addresses.drift(), 0U);
  });
}

TEST(NetlinkRtnl, ABridgePortComesAndGoesWithoutItsInterfaceGoing) {
  run_in_network([](Room& room) {
    if (!fakes::shell("ip link add br0 type bridge")) GTEST_SKIP() << "no bridges in this kernel";
    ASSERT_TRUE(fakes::shell("ip link set eth0 master br0 && ip link set eth0 nomaster"));
    room.turn();
    EXPECT_NE(room.table.find("eth0"), nullptr);
  });
}

TEST(NetlinkRtnl, AnOverrunIsNoticedAndMadeGood) {
  run_in_network([](Room& room) {
    room.addresses.hold("VI_1", {want("10.0.0.3/24")});
    room.turn();
    ASSERT_TRUE(fakes::shell("ip addr del 10.0.0.3/24 dev eth0"));
    // Nobody reads while far more happens than the socket can hold.
    const auto other = as_kernel_holds(want("192.0.2.1/24"), room.index("eth0"));
    for (int round = 0; round < 20000; ++round) {
      ASSERT_TRUE(room.rtnl.add_address(other));
      ASSERT_TRUE(room.rtnl.remove_address(other));
    }
    room.turn();
    EXPECT_GE(room.table.overruns(), 1U);
    EXPECT_EQ(shown("-4"), Lines{"inet 10.0.0.3/24 scope global eth0"});
    EXPECT_EQ(room.addresses.drift(), 1U);
  });
}

TEST(NetlinkRtnl, MayGoWhileItWaits) {
  run_in_network([](Room&) {
    boost::asio::io_context io;
    {
      NetlinkRtnl rtnl(io);
      io.poll();
    }
    io.poll();
  });
}

}  // namespace
}  // namespace hald::net
