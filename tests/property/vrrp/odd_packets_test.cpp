// SPDX-License-Identifier: Apache-2.0
// Odd packets: fifty instances of every kind on one interface are flooded with 2,000 packets a second that
// are made from good adverts by changing fields, lengths and ends. The adverts of every instance stay on time
// to the nanosecond, and nothing moves but by a packet that counted as received, and then as the election
// says.
#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include <gtest/gtest.h>

#include "sim/random.h"
#include "unit/vrrp/router.h"

namespace hald::vrrp {
namespace {

using namespace std::chrono_literals;
using sim::Random;
using testing::Bytes;
using testing::ip;

constexpr std::uint8_t instances = 50;
constexpr Duration interval = 1s;
constexpr std::size_t ip_header = 20;

struct Made {
  Wire wire;
  Bytes bytes;
  Address source;
  Address destination;
};

config::VrrpInstance settings_of(std::uint8_t vrid) {
  auto out = testing::instance(vrid, 100);
  const unsigned kind = vrid % 7U;
  out.version = kind < 3 ? 2 : 3;
  if (kind == 1) out.auth_type = config::AuthType::Pass;
  if (kind == 2) out.auth_type = config::AuthType::Ah;
  if (kind == 1 || kind == 2) out.auth_password = "1111";
  if (kind == 4) out.v3_checksum_as_v2 = true;
  if (kind == 5) {
    out.family = Family::IPv6;
    out.addresses = {testing::vip("fe80::3/64"), testing::vip("2001:db8::3/64")};
  }
  if (kind == 6) {
    config::UnicastPeer peer;
    peer.address = ip("10.0.0.6");
    peer.max_ttl = 255;
    out.unicast = true;
    out.peers = {peer};
    out.check_unicast_source = true;
  }
  return out;
}

/// Sums the message anew, over IPv4, so that the change itself is all that is odd.
void sum(Bytes& bytes, bool pseudo_header) {
  if (bytes.size() < ip_header + 8) return;
  bytes[26] = bytes[27] = 0;
  unsigned total = 0;
  for (std::size_t i = ip_header; i < bytes.size(); ++i) total += i % 2 == 0 ? bytes[i] * 256U : bytes[i];
  if (pseudo_header) {
    for (std::size_t i = 12; i < ip_header; ++i) total += i % 2 == 0 ? bytes[i] * 256U : bytes[i];
    total += 112U + static_cast<unsigned>(bytes.size() - ip_header);
  }
  while (total > 0xffffU) total = (total >> 16U) + (total & 0xffffU);
  bytes[26] = static_cast<std::uint8_t>(~total >> 8U);
  bytes[27] = static_cast<std::uint8_t>(~total);
}

class Flood {
 public:
  explicit Flood(std::uint64_t seed) : random_(seed) {
    router_.host.add_address("eth0", Prefix::parse("fe80::5/64").value());
    router_.transport.on_send = [this](const Outgoing& out) { sent(out); };
    std::vector<config::VrrpInstance> all;
    for (std::uint8_t vrid = 1; vrid <= instances; ++vrid) all.push_back(settings_of(vrid));
    router_.supervisor.apply(testing::config_of(all));
    router_.scheduler.advance(10s);
  }

  void play(int packets) {
    ASSERT_EQ(due_.size(), instances) << "all are MASTER";
    for (int i = 0; i < packets && !::testing::Test::HasFailure(); ++i) {
      deliver(odd_packet());
      router_.scheduler.advance(500us);
      nobody_is_late();
    }
    EXPECT_GT(dropped_, packets / 3);
    EXPECT_GT(accepted_, packets / 100);
  }

 private:
  static std::uint8_t vrid_of(const Wire& wire, std::span<const std::uint8_t> bytes) {
    return bytes[(wire.family == Family::IPv6 ? 0 : ip_header + (wire.ah ? 24U : 0U)) + 1];
  }

  void sent(const Outgoing& out) {
    const std::uint8_t vrid = vrid_of(out.wire, out.bytes);
    bases_[vrid] = Made{out.wire, Bytes(out.bytes.begin(), out.bytes.end()), out.source, out.destination};
    const TimePoint now = router_.scheduler.now();
    if (delivering_) {
      answered_.push_back(vrid);
    } else if (const auto due = due_.find(vrid); due != due_.end()) {
      EXPECT_EQ(now, due->second) << "instance " << int{vrid};
    }
    due_[vrid] = now + interval;
  }

  void nobody_is_late() {
    for (const auto& [vrid, due] : due_) EXPECT_GT(due, router_.scheduler.now()) << "instance " << int{vrid};
  }

  /// As a peer would send it.
  Made good_packet() {
    Made out = bases_[static_cast<std::uint8_t>(1 + random_.below(instances))];
    const bool lower = random_.chance(0.5);
    if (out.wire.family == Family::IPv6) {
      out.source = ip(lower ? "fe80::4" : "fe80::6");
      return out;
    }
    out.bytes[15] = lower ? 4 : 6;
    if (out.destination == ip("10.0.0.6")) out.bytes[19] = 5;
    return out;
  }

  std::uint8_t odd_value() {
    static constexpr std::uint8_t odd[] = {0, 1, 2, 3, 0x0f, 0x10, 0x20, 0x31, 0x7f, 0x80, 0xf0, 0xfe, 0xff};
    return random_.chance(0.7) ? odd[random_.below(std::size(odd))]
                               : static_cast<std::uint8_t>(random_.next());
  }

  Made odd_packet() {
    Made out = good_packet();
    const std::size_t message = out.wire.family == Family::IPv6 ? 0 : ip_header;
    if (random_.chance(0.3)) out.bytes[message + 2] = odd_value();  // the priority is any
    for (std::size_t changes = random_.below(3); changes > 0; --changes) {
      const bool in_message = random_.chance(0.7);
      const std::size_t from = in_message ? message : 0;
      const std::size_t span =
          in_message ? std::min<std::size_t>(8, out.bytes.size() - from) : out.bytes.size();
      out.bytes[from + random_.below(span)] = odd_value();
    }
    if (random_.chance(0.8) && out.wire.family == Family::IPv4 && !out.wire.ah)
      sum(out.bytes, random_.chance(0.5));
    if (random_.chance(0.15)) out.bytes.resize(random_.below(out.bytes.size() + 1));
    if (random_.chance(0.15)) {
      for (std::size_t more = 1 + random_.below(64); more > 0; --more) out.bytes.push_back(odd_value());
    }
    return out;
  }

  void deliver(const Made& packet) {
    const auto before = router_.supervisor.views();
    const auto armed = router_.scheduler.armed();
    answered_.clear();
    delivering_ = true;
    router_.transport.arrive(packet.wire, packet.bytes, packet.source, packet.destination);
    router_.transport.poll();
    delivering_ = false;
    bool counted = false;
    const auto after = router_.supervisor.views();
    for (std::size_t i = 0; i < after.size(); ++i) {
      if (after[i].adverts.received == before[i].adverts.received) {
        EXPECT_EQ(after[i].state, before[i].state) << after[i].name;
        EXPECT_EQ(after[i].adverts.sent, before[i].adverts.sent) << after[i].name;
        continue;
      }
      counted = true;
      moved(before[i], after[i], packet);
    }
    ++(counted ? accepted_ : dropped_);
    if (counted) return;
    EXPECT_TRUE(answered_.empty());
    // What remembers a MASTER that speaks otherwise may wake once; nothing else may.
    EXPECT_LE(router_.scheduler.armed(), armed + 1);
  }

  /// What an advert does to its instance.
  void moved(const InstanceView& before, const InstanceView& after, const Made& packet) {
    const std::size_t message = packet.wire.family == Family::IPv6 ? 0 : (packet.bytes[0] & 0x0fU) * 4U;
    const std::uint8_t priority = packet.bytes.at(message + 2);
    const Address source =
        packet.wire.family == Family::IPv6
            ? packet.source
            : Address::from_bytes(Family::IPv4, std::span(packet.bytes).subspan(12, 4)).value();
    const Address ours = packet.wire.family == Family::IPv6 ? ip("fe80::5") : ip("10.0.0.5");
    if (before.state != "MASTER") {
      EXPECT_EQ(after.state, "BACKUP");
    } else if (priority == 0 || std::pair(priority, source) < std::pair(before.priority, ours)) {
      EXPECT_EQ(after.state, "MASTER");
      EXPECT_EQ(answered_, std::vector<std::uint8_t>{before.vrid});
    } else {
      EXPECT_EQ(after.state, "BACKUP");
      EXPECT_TRUE(answered_.empty());
      due_.erase(before.vrid);
    }
  }

  Random random_;
  testing::Router router_;
  std::map<std::uint8_t, Made> bases_;     // each instance's latest advert
  std::map<std::uint8_t, TimePoint> due_;  // of each MASTER
  std::vector<std::uint8_t> answered_;
  bool delivering_ = false;
  int dropped_ = 0;
  int accepted_ = 0;
};

TEST(OddPackets, TwoThousandASecondDelayNoAdvertAndMoveNothingThatDoesNotCount) {
  for (std::uint64_t seed = 1; seed <= 4 && !HasFailure(); ++seed) {
    SCOPED_TRACE(seed);
    Flood(seed).play(4000);
  }
}

}  // namespace
}  // namespace hald::vrrp
