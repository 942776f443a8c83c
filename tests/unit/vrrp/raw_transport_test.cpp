// SPDX-License-Identifier: Apache-2.0
// Raw sockets against the real kernel, in a network namespace of the test's own with one veth pair. Skipped
// where none may be made.
#include "vrrp/raw_transport.h"

#include <arpa/inet.h>
#include <linux/if_ether.h>
#include <net/if.h>
#include <netpacket/packet.h>
#include <sched.h>
#include <sys/socket.h>

#include <cstdlib>
#include <functional>
#include <thread>

#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include "router.h"
#include "vrrp/core/auth_ah.h"
#include "vrrp/core/frames.h"
#include "vrrp/packet_announcer.h"

namespace hald::vrrp {
namespace {

using namespace std::chrono_literals;
using testing::Bytes;
using testing::from_peer;
using testing::ip;

const char* const set_up_link =
    "ip link set lo up && ip link add va type veth peer name vb && "
    "ip addr add 10.0.0.5/24 dev va && ip addr add 10.0.0.6/24 dev vb && "
    "for i in all va vb; do echo 1 > /proc/sys/net/ipv4/conf/$i/accept_local;"
    " echo 0 > /proc/sys/net/ipv4/conf/$i/rp_filter; done && "
    "ip link set va addrgenmode none && ip link set vb addrgenmode none && "
    "ip link set va up && ip link set vb up && "
    "ip -6 addr add fe80::5/64 dev va nodad && ip -6 addr add fe80::6/64 dev vb nodad";

class RawTransportTest : public ::testing::Test {
 protected:
  /// Runs `body` in a fresh namespace, which ends with its thread.
  void in_namespace(const std::function<void()>& body) {
    bool possible = false;
    std::thread([&] {
      possible = ::unshare(CLONE_NEWNET) == 0 && std::system(set_up_link) == 0;
      if (possible) body();
    }).join();
    if (!possible) GTEST_SKIP() << "needs the right to make network namespaces and raw sockets";
  }
  static int index(const char* name) { return static_cast<int>(::if_nametoindex(name)); }

  fakes::CaptureSink sink;
  fakes::ManualScheduler clock;
  log::Logger log{sink, clock, log::Level::Debug};
};

struct End {
  End(boost::asio::io_context& io, log::Logger& log) : transport(io, log) {
    transport.on_receive([this](const Wire& from, const Packet& packet) {
      ifindex = from.ifindex;
      last = packet;
      received.emplace_back(packet.bytes.begin(), packet.bytes.end());
    });
  }
  RawTransport transport;
  int ifindex = 0;
  Packet last;
  std::vector<Bytes> received;
};

bool run_until(boost::asio::io_context& io, const std::function<bool()>& done) {
  const auto deadline = std::chrono::steady_clock::now() + 5s;
  while (!done() && std::chrono::steady_clock::now() < deadline) {
    io.restart();
    io.run_one_for(100ms);
  }
  return done();
}

Outgoing outgoing(int ifindex, const Bytes& bytes) {
  return Outgoing{{Family::IPv4, ifindex}, ip("10.0.0.5"), ip("224.0.0.18"), {}, bytes};
}

Bytes advert(std::uint8_t vrid = 51) {
  auto out = from_peer(100, vrid);
  out.sealing.source = ip("10.0.0.5");
  return out.bytes();
}

TEST_F(RawTransportTest, WhatOneSendsTheOtherReceivesUnchanged) {
  in_namespace([&] {
    boost::asio::io_context io;
    End a(io, log);
    End b(io, log);
    ASSERT_TRUE(a.transport.join({Family::IPv4, index("va")}, "va", {multicast_group(Family::IPv4)}));
    ASSERT_TRUE(b.transport.join({Family::IPv4, index("vb")}, "vb", {multicast_group(Family::IPv4)}));
    ASSERT_TRUE(a.transport.send(outgoing(index("va"), advert())));
    ASSERT_TRUE(run_until(io, [&] { return !b.received.empty(); }));
    EXPECT_EQ(b.received[0], advert()) << "octet for octet, IP header included";
    EXPECT_EQ(b.ifindex, index("vb"));
    io.restart();
    io.poll();
    EXPECT_TRUE(a.received.empty()) << "no loop";
  });
}

TEST_F(RawTransportTest, PollDeliversWithoutTheLoop) {
  in_namespace([&] {
    boost::asio::io_context io;
    End a(io, log);
    End b(io, log);
    ASSERT_TRUE(a.transport.join({Family::IPv4, index("va")}, "va", {multicast_group(Family::IPv4)}));
    ASSERT_TRUE(b.transport.join({Family::IPv4, index("vb")}, "vb", {multicast_group(Family::IPv4)}));
    b.transport.poll();
    EXPECT_TRUE(b.received.empty());
    ASSERT_TRUE(a.transport.send(outgoing(index("va"), advert(1))));
    ASSERT_TRUE(a.transport.send(outgoing(index("va"), advert(2))));
    const auto deadline = std::chrono::steady_clock::now() + 5s;
    while (b.received.size() < 2 && std::chrono::steady_clock::now() < deadline) b.transport.poll();
    EXPECT_EQ(b.received, (std::vector<Bytes>{advert(1), advert(2)}));
  });
}

TEST_F(RawTransportTest, AFloodIsReadInPortions) {
  in_namespace([&] {
    boost::asio::io_context io;
    End a(io, log);
    End b(io, log);
    ASSERT_TRUE(a.transport.join({Family::IPv4, index("va")}, "va", {multicast_group(Family::IPv4)}));
    ASSERT_TRUE(b.transport.join({Family::IPv4, index("vb")}, "vb", {multicast_group(Family::IPv4)}));
    for (int i = 0; i < 1000; ++i) ASSERT_TRUE(a.transport.send(outgoing(index("va"), advert())));
    const auto deadline = std::chrono::steady_clock::now() + 5s;
    std::size_t largest = 0;
    while (b.received.size() < 1000 && std::chrono::steady_clock::now() < deadline) {
      const std::size_t before = b.received.size();
      b.transport.poll();
      largest = std::max(largest, b.received.size() - before);
    }
    EXPECT_EQ(b.received.size(), 1000U) << "the queue holds a burst";
    EXPECT_LE(largest, 256U);
    EXPECT_GT(largest, 0U);
  });
}

TEST_F(RawTransportTest, AfterLeavingNothingIsDelivered) {
  in_namespace([&] {
    boost::asio::io_context io;
    End a(io, log);
    End b(io, log);
    ASSERT_TRUE(a.transport.join({Family::IPv4, index("va")}, "va", {multicast_group(Family::IPv4)}));
    ASSERT_TRUE(b.transport.join({Family::IPv4, index("vb")}, "vb", {multicast_group(Family::IPv4)}));
    ASSERT_TRUE(b.transport.join({Family::IPv4, index("vb")}, "vb", {multicast_group(Family::IPv4)}));
    EXPECT_EQ(b.transport.sockets(), 1U);
    ASSERT_TRUE(a.transport.send(outgoing(index("va"), advert())));
    b.transport.leave({Family::IPv4, index("vb")});
    EXPECT_EQ(b.transport.sockets(), 0U);
    b.transport.poll();
    io.restart();
    io.poll();
    EXPECT_TRUE(b.received.empty());
    EXPECT_FALSE(b.transport.send(outgoing(index("vb"), advert())));
  });
}

TEST_F(RawTransportTest, GroupsComeAndGoWithoutANewSocket) {
  in_namespace([&] {
    boost::asio::io_context io;
    End a(io, log);
    End b(io, log);
    const Address group = ip("224.0.0.99");
    const Wire from{Family::IPv4, index("va")};
    const Wire to{Family::IPv4, index("vb")};
    ASSERT_TRUE(a.transport.join(from, "va", {}));
    ASSERT_TRUE(b.transport.join(to, "vb", {multicast_group(Family::IPv4)}));
    ASSERT_TRUE(b.transport.join(to, "vb", {group}));
    EXPECT_EQ(b.transport.sockets(), 1U);
    ASSERT_TRUE(a.transport.send(outgoing(index("va"), advert(51))));
    auto other = from_peer(100, 52);
    other.sealing.destination = group;
    const Bytes bytes = other.bytes();
    ASSERT_TRUE(a.transport.send(Outgoing{from, ip("10.0.0.5"), group, {}, bytes}));
    ASSERT_TRUE(run_until(io, [&] { return !b.received.empty(); }));
    EXPECT_EQ(b.received, std::vector<Bytes>{bytes}) << "the group that was left is not heard";
  });
}

TEST_F(RawTransportTest, UnicastNeedsNoGroupAndNoInterface) {
  in_namespace([&] {
    // On lo, which is ready at once.
    ASSERT_EQ(std::system("ip addr add fd00::5/128 dev lo && ip addr add fd00::6/128 dev lo"), 0);
    boost::asio::io_context io;
    End any(io, log);
    for (const char* const pair : {"10.0.0.5 10.0.0.6", "fd00::5 fd00::6"}) {
      const std::string text(pair);
      const auto source = ip(text.substr(0, text.find(' ')).c_str());
      const auto destination = ip(text.substr(text.find(' ') + 1).c_str());
      const Wire wire{source.family(), 0};
      ASSERT_TRUE(any.transport.join(wire, "", {}));
      const Sealing sealing{source, destination};
      const Advert sent{3, 51, 100, 1s, {}};
      Bytes bytes = encode(sent, sealing);
      if (source.family() == Family::IPv4) bytes = ipv4_datagram(bytes, source, destination, 1, 7);
      ASSERT_TRUE(any.transport.send(Outgoing{wire, source, destination, std::uint8_t{7}, bytes}));
      ASSERT_TRUE(run_until(io, [&] { return !any.received.empty(); }));
      EXPECT_EQ(any.received, std::vector<Bytes>{bytes});
      if (source.family() == Family::IPv6) {
        EXPECT_EQ(any.last.hop_limit, 7);
        EXPECT_EQ(any.last.destination, destination);
      }
      any.received.clear();
    }
  });
}

TEST_F(RawTransportTest, AhIsAWireOfItsOwn) {
  in_namespace([&] {
    boost::asio::io_context io;
    End a(io, log);
    End b(io, log);
    const Wire from{Family::IPv4, index("va"), true};
    ASSERT_TRUE(a.transport.join(from, "va", {}));
    ASSERT_TRUE(b.transport.join({Family::IPv4, index("vb"), true}, "vb", {multicast_group(Family::IPv4)}));
    ASSERT_TRUE(b.transport.join({Family::IPv4, index("vb")}, "vb", {multicast_group(Family::IPv4)}));
    const Bytes sealed = add_ah(advert(), auth_data("1234"), 1, false);
    ASSERT_TRUE(a.transport.send(Outgoing{from, ip("10.0.0.5"), ip("224.0.0.18"), {}, sealed}));
    ASSERT_TRUE(run_until(io, [&] { return !b.received.empty(); }));
    EXPECT_EQ(b.received, std::vector<Bytes>{sealed});
    EXPECT_TRUE(b.last.ah);
  });
}

TEST_F(RawTransportTest, AReceiverMayLeaveWhileItIsTold) {
  in_namespace([&] {
    boost::asio::io_context io;
    End a(io, log);
    RawTransport b(io, log);
    int count = 0;
    b.on_receive([&](const Wire& wire, const Packet&) {
      ++count;
      b.leave(wire);
    });
    ASSERT_TRUE(a.transport.join({Family::IPv4, index("va")}, "va", {multicast_group(Family::IPv4)}));
    ASSERT_TRUE(b.join({Family::IPv4, index("vb")}, "vb", {multicast_group(Family::IPv4)}));
    for (int i = 0; i < 3; ++i) ASSERT_TRUE(a.transport.send(outgoing(index("va"), advert())));
    EXPECT_TRUE(run_until(io, [&] { return count > 0; }));
    EXPECT_EQ(count, 1);
  });
}

TEST_F(RawTransportTest, Ipv6ComesWithSourceDestinationAndHopLimit) {
  in_namespace([&] {
    boost::asio::io_context io;
    End a(io, log);
    End b(io, log);
    ASSERT_TRUE(a.transport.join({Family::IPv6, index("va")}, "va", {multicast_group(Family::IPv6)}));
    ASSERT_TRUE(b.transport.join({Family::IPv6, index("vb")}, "vb", {multicast_group(Family::IPv6)}));
    const Advert sent{3, 51, 100, 1s, {ip("fe80::3")}};
    const Sealing sealing{ip("fe80::5"), multicast_group(Family::IPv6)};
    const Bytes message = encode(sent, sealing);
    ASSERT_TRUE(a.transport.send(
        Outgoing{{Family::IPv6, index("va")}, sealing.source, sealing.destination, {}, message}));
    ASSERT_TRUE(run_until(io, [&] { return !b.received.empty(); }));
    EXPECT_EQ(b.received[0], message);
    EXPECT_EQ(b.last.source, ip("fe80::5"));
    EXPECT_EQ(b.last.destination, ip("ff02::12"));
    EXPECT_EQ(b.last.hop_limit, 255);
  });
}

TEST_F(RawTransportTest, AMissingInterfaceIsAnErrorThatNamesIt) {
  in_namespace([&] {
    boost::asio::io_context io;
    End a(io, log);
    const auto joined = a.transport.join({Family::IPv4, 99}, "nosuch", {multicast_group(Family::IPv4)});
    ASSERT_FALSE(joined);
    EXPECT_NE(joined.error().message().find("nosuch"), std::string::npos);
    EXPECT_EQ(a.transport.sockets(), 0U);
  });
}

TEST_F(RawTransportTest, AnnouncementsLeaveAsTheyAre) {
  in_namespace([&] {
    UniqueFd listener(::socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, htons(ETH_P_ARP)));
    ASSERT_TRUE(listener.valid());
    sockaddr_ll where{};
    where.sll_family = AF_PACKET;
    where.sll_protocol = htons(ETH_P_ARP);
    where.sll_ifindex = index("vb");
    ASSERT_EQ(::bind(listener.get(), reinterpret_cast<const sockaddr*>(&where), sizeof(where)), 0);
    const timeval patience{5, 0};
    ASSERT_EQ(::setsockopt(listener.get(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience)), 0);
    const auto frame = gratuitous_arp(MacAddress{{2, 0, 0, 0, 0, 0x77}}, ip("10.0.0.3"));
    PacketAnnouncer announcer;
    ASSERT_TRUE(announcer.send(index("va"), frame));
    // Others (the kernel's own ARP) may speak as well.
    Bytes got;
    do {
      got.resize(100);
      const auto size = ::recv(listener.get(), got.data(), got.size(), 0);
      ASSERT_GT(size, 0);
      got.resize(static_cast<std::size_t>(size));
    } while (got != frame);
    EXPECT_FALSE(announcer.send(99, frame));
    EXPECT_FALSE(announcer.send(index("va"), Bytes(3)));
  });
}

}  // namespace
}  // namespace hald::vrrp
