// SPDX-License-Identifier: Apache-2.0
// Whole captures of keepalived, both ways: the reader accepts every advert, and writer and frames make every
// packet again, octet for octet and in its order. What depends on the moment (the clock in auth_hmac) is
// taken from the packet itself.
#include <functional>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "vrrp/core/advert_reader.h"
#include "vrrp/core/advert_writer.h"
#include "vrrp/core/frames.h"
#include "wire.h"

namespace hald::vrrp {
namespace {

using testing::Bytes;

constexpr std::ptrdiff_t ethernet_header = 14;
constexpr std::ptrdiff_t ipv6_header = 40;
constexpr MacAddress interface_mac{{2, 0, 0, 0, 0, 5}};
constexpr MacAddress virtual_mac{{0, 0, 0x5e, 0, 1, 51}};

Address ip(const char* text) {
  return Address::parse(text).value();
}

struct Capture {
  const char* name;
  std::uint8_t version = 2;
  std::vector<const char*> addresses{"10.0.0.3/24"};
  std::function<void(config::VrrpInstance&)> more = [](config::VrrpInstance&) {};
  Address source = ip("10.0.0.5");
  MacAddress announced = interface_mac;

  friend std::ostream& operator<<(std::ostream& out, const Capture& capture) { return out << capture.name; }
};

config::VrrpInstance settings_of(const Capture& capture, const Address& peer) {
  config::VrrpInstance out;
  out.name = "VI_1";
  out.interface = "eth0";
  out.vrid = 51;
  out.version = capture.version;
  out.family = capture.source.family();
  for (const char* text : capture.addresses) {
    config::VirtualAddress address;
    address.prefix = Prefix::parse(text).value();
    out.addresses.push_back(address);
  }
  capture.more(out);
  if (out.unicast) out.peers = {{peer, 0, 255}};
  return out;
}

void with_hmac(config::VrrpInstance& instance, std::uint8_t active) {
  config::HmacAuth hmac;
  std::string binary;
  for (char c = 0; c < 32; ++c) binary += c;
  hmac.keys = {{1, "0123456789abcdef0123456789abcdef0123456789abcdef", ""}, {2, binary, ""}};
  hmac.active_key = active;
  instance.auth_hmac = hmac;
}

void with_password(config::VrrpInstance& instance, config::AuthType type, const char* password) {
  instance.auth_password = password;
  instance.auth_type = type;
}

/// The clock of the sender, from the trailer's seconds and their 65,536ths.
WallTime clock_of(const Bytes& packet) {
  constexpr std::size_t from_end = hmac_trailer_size - 4;
  std::uint64_t number = 0;
  for (std::size_t at = packet.size() - from_end; at < packet.size() - from_end + 8; ++at)
    number = number << 8U | packet[at];
  const std::uint64_t parts = (number >> 16U) & 0xffffU;
  const std::uint64_t nanoseconds = (parts * 1'000'000'000U + 0xffffU) >> 16U;
  return WallTime(std::chrono::seconds(number >> 32U) + std::chrono::nanoseconds(nanoseconds));
}

enum class Kind { Advert, Announcement };

Kind kind_of(const Bytes& frame) {
  const bool arp = frame[12] == 0x08 && frame[13] == 0x06;
  const bool icmp = frame[12] == 0x86 && frame[ethernet_header + 6] == 58;
  return arp || icmp ? Kind::Announcement : Kind::Advert;
}

class Captured : public ::testing::TestWithParam<Capture> {
 protected:
  Captured()
      : reader_(settings_of(GetParam(), ip("10.0.0.5"))), writer_(settings_of(GetParam(), ip("10.0.0.6"))) {}

  void advert(const Bytes& frame) {
    const bool v6 = GetParam().source.family() == Family::IPv6;
    const Bytes bytes(frame.begin() + ethernet_header + (v6 ? ipv6_header : 0), frame.end());
    WallTime now{std::chrono::seconds(1'700'000'000)};
    if (settings_.auth_hmac) now = clock_of(bytes);
    Packet packet{settings_.family, bytes, {}, {}, 0, settings_.auth_type == config::AuthType::Ah};
    if (v6) {
      packet.source = GetParam().source;
      packet.destination = ip("ff02::12");
      packet.hop_limit = frame[ethernet_header + 7];
    }
    const auto read = reader_.read(packet, {v6 ? ip("fe80::6") : ip("10.0.0.6"), false, {}, now});
    ASSERT_TRUE(std::holds_alternative<Received>(read)) << to_string(std::get<Dropped>(read).why);
    const auto& received = std::get<Received>(read);
    EXPECT_FALSE(received.list_differs);
    EXPECT_EQ(received.source, GetParam().source);
    const auto copies = writer_.write(received.advert.priority, GetParam().source, now);
    ASSERT_EQ(copies.size(), 1U);
    EXPECT_EQ(copies[0].bytes, bytes);
    priorities_.push_back(received.advert.priority);
  }

  void announcement(const Bytes& frame, std::size_t number) {
    const Address address = settings_.addresses[number % settings_.addresses.size()].prefix.address;
    EXPECT_EQ(address.family() == Family::IPv4
                  ? gratuitous_arp(GetParam().announced, address)
                  : unsolicited_advertisement(GetParam().announced, address, false),
              frame);
  }

  config::VrrpInstance settings_ = settings_of(GetParam(), ip("10.0.0.6"));
  AdvertReader reader_;
  AdvertWriter writer_;
  std::vector<int> priorities_;
};

TEST_P(Captured, EveryPacketIsReadAndMadeAgain) {
  std::size_t announced = 0;
  for (const Bytes& frame : testing::read_capture(GetParam().name)) {
    if (kind_of(frame) == Kind::Announcement) {
      announcement(frame, announced++);
    } else {
      advert(frame);
    }
  }
  EXPECT_EQ(announced, 5 * settings_.addresses.size());
  EXPECT_EQ(priorities_, (std::vector<int>{100, 100, 100, 100, 100, 0}));
}

std::vector<Capture> all() {
  const auto unicast = [](config::VrrpInstance& it) { it.unicast = true; };
  return {
      {"v2-none"},
      {"v2-pass",
       2,
       {"10.0.0.3/24", "10.0.0.4/24"},
       [](auto& it) { with_password(it, config::AuthType::Pass, "1111"); }},
      {"v2-ah", 2, {"10.0.0.3/24"}, [](auto& it) { with_password(it, config::AuthType::Ah, "12345678"); }},
      {"v2-hmac-unicast",
       2,
       {"10.0.0.3/24"},
       [unicast](auto& it) {
         unicast(it);
         with_hmac(it, 2);
       }},
      {"v3-ipv4", 3},
      {"v3-ipv6", 3, {"fe80::3/64", "fd00::3/64"}, [](auto&) {}, ip("fe80::ff:fe00:5")},
      {"v3-unicast", 3, {"10.0.0.3/24"}, unicast},
      {"v3-hmac", 3, {"10.0.0.3/24"}, [](auto& it) { with_hmac(it, 1); }},
      {"v3-vmac", 3, {"10.0.0.3/24"}, [](auto&) {}, ip("10.0.0.5"), virtual_mac},
  };
}

INSTANTIATE_TEST_SUITE_P(Wire, Captured, ::testing::ValuesIn(all()), [](const auto& its) {
  std::string name = its.param.name;
  for (char& c : name) c = c == '-' ? '_' : c;
  return name;
});

}  // namespace
}  // namespace hald::vrrp
