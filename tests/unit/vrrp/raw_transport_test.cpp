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
    transport.on_receive([this](int from, const Packet& packet) {
      ifindex = from;
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
  return Outgoing{Family::IPv4, ifindex, ip("10.0.0.5"), ip("224.0.0.18"), bytes};
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
    ASSERT_TRUE(a.transport.join(Family::IPv4, index("va"), "va"));
    ASSERT_TRUE(b.transport.join(Family::IPv4, index("vb"), "vb"));
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
    ASSERT_TRUE(a.transport.join(Family::IPv4, index("va"), "va"));
    ASSERT_TRUE(b.transport.join(Family::IPv4, index("vb"), "vb"));
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
    ASSERT_TRUE(a.transport.join(Family::IPv4, index("va"), "va"));
    ASSERT_TRUE(b.transport.join(Family::IPv4, index("vb"), "vb"));
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
    ASSERT_TRUE(a.transport.join(Family::IPv4, index("va"), "va"));
    ASSERT_TRUE(b.transport.join(Family::IPv4, index("vb"), "vb"));
    ASSERT_TRUE(b.transport.join(Family::IPv4, index("vb"), "vb"));
    EXPECT_EQ(b.transport.sockets(), 1U);
    ASSERT_TRUE(a.transport.send(outgoing(index("va"), advert())));
    b.transport.leave(Family::IPv4, index("vb"));
    EXPECT_EQ(b.transport.sockets(), 0U);
    b.transport.poll();
    io.restart();
    io.poll();
    EXPECT_TRUE(b.received.empty());
    EXPECT_FALSE(b.transport.send(outgoing(index("vb"), advert())));
  });
}

TEST_F(RawTransportTest, AReceiverMayLeaveWhileItIsTold) {
  in_namespace([&] {
    boost::asio::io_context io;
    End a(io, log);
    RawTransport b(io, log);
    int count = 0;
    b.on_receive([&](int ifindex, const Packet&) {
      ++count;
      b.leave(Family::IPv4, ifindex);
    });
    ASSERT_TRUE(a.transport.join(Family::IPv4, index("va"), "va"));
    ASSERT_TRUE(b.join(Family::IPv4, index("vb"), "vb"));
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
    ASSERT_TRUE(a.transport.join(Family::IPv6, index("va"), "va"));
    ASSERT_TRUE(b.transport.join(Family::IPv6, index("vb"), "vb"));
    const Advert sent{3, 51, 100, 1s, {ip("fe80::3")}};
    const Sealing sealing{ip("fe80::5"), multicast_group(Family::IPv6)};
    const Bytes message = encode(sent, sealing);
    ASSERT_TRUE(
        a.transport.send(Outgoing{Family::IPv6, index("va"), sealing.source, sealing.destination, message}));
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
    const auto joined = a.transport.join(Family::IPv4, 99, "nosuch");
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
