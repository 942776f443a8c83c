// SPDX-License-Identifier: Apache-2.0
// Writer and reader of adverts against each other: unicast, AH, auth_hmac. Against keepalived:
// captures_test.cpp.
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "vrrp/core/advert_reader.h"
#include "vrrp/core/advert_writer.h"
#include "vrrp/core/auth_ah.h"
#include "wire.h"

namespace hald::vrrp {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::Bytes;

Address ip(const char* text) {
  return Address::parse(text).value();
}

const Address kUs = ip("10.0.0.6");
const Address kPeer = ip("10.0.0.5");

/// That of the captures, seen from the peer that received them.
config::VrrpInstance settings(std::uint8_t version = 2) {
  config::VrrpInstance out;
  out.name = "VI_1";
  out.interface = "eth0";
  out.vrid = 51;
  out.version = version;
  config::VirtualAddress address;
  address.prefix = Prefix::parse("10.0.0.3/24").value();
  out.addresses = {address};
  return out;
}

config::VrrpInstance unicast(std::uint8_t version, const Address& peer) {
  auto out = settings(version);
  out.unicast = true;
  out.peers = {{peer, 0, 255}};
  return out;
}

config::HmacAuth hmac(std::uint8_t active) {
  config::HmacAuth out;
  std::string binary;
  for (char c = 0; c < 32; ++c) binary += c;
  out.keys = {{1, "0123456789abcdef0123456789abcdef0123456789abcdef", ""}, {2, binary, ""}};
  out.active_key = active;
  out.by_time = false;
  return out;
}

struct Reading {
  explicit Reading(const config::VrrpInstance& its_settings) : reader(its_settings) {}
  /// Nothing: accepted.
  std::optional<Drop> read(const Bytes& bytes, bool ah = false) {
    Packet packet{Family::IPv4, bytes, {}, {}, 0, ah};
    const auto out = reader.read(packet, {kUs, owner, now, wall});
    if (const auto* dropped = std::get_if<Dropped>(&out)) {
      detail = dropped->detail;
      return dropped->why;
    }
    last = std::get<Received>(out);
    return std::nullopt;
  }
  AdvertReader reader;
  bool owner = false;
  TimePoint now{};
  WallTime wall{seconds(1'700'000'000)};
  Received last;
  std::string detail;
};

/// What `from` sends, as `to` judges it.
std::optional<Drop> judge(const config::VrrpInstance& from, const config::VrrpInstance& to) {
  AdvertWriter writer(from);
  Reading reading(to);
  const auto copies = writer.write(100, kPeer, reading.wall);
  return reading.read(copies.at(0).bytes, from.auth_type == config::AuthType::Ah);
}

TEST(AdvertWire, EveryPeerGetsACopyWithItsOwnChecksum) {
  auto with = unicast(3, kUs);
  with.peers.push_back({ip("10.0.0.7"), 0, 255});
  with.unicast_ttl = 3;
  AdvertWriter writer(with);
  const auto copies = writer.write(100, kPeer, {});
  ASSERT_EQ(copies.size(), 2U);
  Reading reading(unicast(3, kPeer));
  for (const auto& copy : copies) {
    EXPECT_EQ(copy.bytes[8], 3) << "unicast_ttl";
    EXPECT_EQ(reading.read(copy.bytes), std::nullopt);
    EXPECT_EQ(reading.last.checksum, ChecksumForm::Pseudo);
  }
}

TEST(AdvertWire, UnicastAndMulticastDoNotMix) {
  EXPECT_EQ(judge(unicast(2, kUs), settings()), Drop::Destination);
  EXPECT_EQ(judge(settings(), unicast(2, kPeer)), Drop::Destination);
}

TEST(AdvertWire, OnlyPeersCountIfAsked) {
  auto to = unicast(2, ip("10.0.0.9"));
  EXPECT_EQ(judge(unicast(2, kUs), to), std::nullopt);
  to.check_unicast_source = true;
  EXPECT_EQ(judge(unicast(2, kUs), to), Drop::UnknownPeer);
  to.peers = {{kPeer, 10, 64}};
  EXPECT_EQ(judge(unicast(2, kUs), to), Drop::Ttl);
  auto from = unicast(2, kUs);
  from.unicast_ttl = 64;
  EXPECT_EQ(judge(from, to), std::nullopt);
}

TEST(AdvertWire, OldUnicastChecksums) {
  auto old = unicast(3, kUs);
  old.unicast_checksum = config::UnicastChecksum::Old;
  auto to = unicast(3, kPeer);
  EXPECT_EQ(judge(old, to), std::nullopt);
  to.unicast_checksum = config::UnicastChecksum::New;
  EXPECT_EQ(judge(old, to), Drop::Checksum);
  AdvertWriter writer(unicast(3, kUs));
  EXPECT_TRUE(writer.use_old_checksum(kUs));
  EXPECT_FALSE(writer.use_old_checksum(kUs)) << "no news";
  Reading reading(unicast(3, kPeer));
  EXPECT_EQ(reading.read(writer.write(100, kPeer, {}).at(0).bytes), std::nullopt);
  EXPECT_EQ(reading.last.checksum, ChecksumForm::OldUnicast);
}

TEST(AdvertWire, AnOwnerMayIgnoreAdverts) {
  auto with = settings();
  with.owner_ignore_adverts = true;
  Reading reading(with);
  const Bytes bytes = AdvertWriter(settings()).write(100, kPeer, {}).at(0).bytes;
  EXPECT_EQ(reading.read(bytes), std::nullopt);
  reading.owner = true;
  EXPECT_EQ(reading.read(bytes), Drop::OwnerIgnores);
}

config::VrrpInstance with_ah(const char* password = "secret") {
  auto out = settings();
  out.auth_type = config::AuthType::Ah;
  out.auth_password = password;
  return out;
}

TEST(AdvertWire, AhIsThereOnBothSidesOrNeither) {
  EXPECT_EQ(judge(with_ah(), with_ah()), std::nullopt);
  EXPECT_EQ(judge(with_ah(), settings()), Drop::AuthType);
  EXPECT_EQ(judge(settings(), with_ah()), Drop::AuthType);
  EXPECT_EQ(judge(with_ah("other"), with_ah()), Drop::AuthFailure);
}

TEST(AdvertWire, AhNumbersOnlyGrowUnlessTheSenderWasSilent) {
  AdvertWriter writer(with_ah());
  Reading reading(with_ah());
  const Bytes first = writer.write(100, kPeer, {}).at(0).bytes;
  const Bytes second = writer.write(100, kPeer, {}).at(0).bytes;
  EXPECT_EQ(reading.read(second, true), std::nullopt);
  EXPECT_EQ(reading.read(first, true), Drop::AuthFailure);
  EXPECT_EQ(reading.detail, "replayed");
  reading.now += milliseconds(4100);
  EXPECT_EQ(reading.read(first, true), std::nullopt) << "it has been started again";
}

TEST(AdvertWire, AhOverUnicastIsUnderstood) {
  auto from = unicast(2, kUs);
  from.auth_type = config::AuthType::Ah;
  from.auth_password = "1111";
  auto to = from;
  to.peers = {{kPeer, 0, 255}};
  EXPECT_EQ(judge(from, to), std::nullopt);
}

TEST(AdvertWire, AhNumbersGoOnAfterThoseOfOthers) {
  AdvertWriter others(with_ah());
  others.go_on_after(41);
  Reading reading(with_ah());
  EXPECT_EQ(reading.read(others.write(100, kPeer, {}).at(0).bytes, true), std::nullopt);
  EXPECT_EQ(reading.reader.highest_ah(), 42U);
  EXPECT_EQ(reading.read(others.write(100, kUs, {}).at(0).bytes, true), Drop::OwnPacket);
  EXPECT_EQ(reading.reader.highest_ah(), 42U);
  AdvertWriter ours(with_ah());
  ours.go_on_after(reading.reader.highest_ah());
  ours.go_on_after(7);
  Reading neighbour(with_ah());
  EXPECT_EQ(neighbour.read(ours.write(100, kPeer, {}).at(0).bytes, true), std::nullopt);
  EXPECT_EQ(neighbour.reader.highest_ah(), 43U);
}

TEST(AdvertWire, HmacModes) {
  auto plain = settings(3);
  auto enforcing = plain;
  enforcing.auth_hmac = hmac(1);
  auto permissive = enforcing;
  permissive.auth_hmac->mode = config::HmacAuth::Mode::Permissive;
  auto quiet = enforcing;
  quiet.auth_hmac->mode = config::HmacAuth::Mode::ReceiveOnly;
  EXPECT_EQ(judge(enforcing, enforcing), std::nullopt);
  EXPECT_EQ(judge(plain, enforcing), Drop::AuthType);
  EXPECT_EQ(judge(plain, permissive), std::nullopt);
  EXPECT_EQ(judge(permissive, enforcing), std::nullopt);
  EXPECT_EQ(judge(quiet, enforcing), Drop::AuthType) << "it does not sign";
  EXPECT_EQ(judge(enforcing, quiet), std::nullopt);
  EXPECT_EQ(judge(enforcing, plain), Drop::Length) << "who knows nothing of it sees octets too many";
  auto rotated = enforcing;
  rotated.auth_hmac->active_key = 2;
  EXPECT_EQ(judge(rotated, enforcing), std::nullopt) << "keys are rotated one router after the other";
  auto stranger = enforcing;
  stranger.auth_hmac->keys[0].bytes = "another secret of the necessary length";
  EXPECT_EQ(judge(stranger, permissive), Drop::AuthFailure);
}

TEST(AdvertWire, HmacNumbersSurviveAReload) {
  auto with = settings(3);
  with.auth_hmac = hmac(1);
  AdvertWriter writer(with);
  Reading reading(with);
  const Bytes first = writer.write(100, kPeer, reading.wall).at(0).bytes;
  EXPECT_EQ(reading.read(first), std::nullopt);
  writer.configure(with);
  reading.reader.configure(with);
  EXPECT_EQ(reading.read(first), Drop::AuthFailure);
  EXPECT_EQ(reading.read(writer.write(100, kPeer, reading.wall).at(0).bytes), std::nullopt);
}

}  // namespace
}  // namespace hald::vrrp
