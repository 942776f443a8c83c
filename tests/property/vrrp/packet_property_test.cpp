// SPDX-License-Identifier: Apache-2.0
// Properties of the VRRP codec: what is encoded decodes to itself, and no octets whatever make it read past
// the end (the sanitizers watch) or take a damaged advert for a good one.
#include <random>

#include <gtest/gtest.h>

#include "vrrp/core/packet.h"

namespace hald::vrrp {
namespace {

using Bytes = std::vector<std::uint8_t>;

struct Sample {
  Advert advert;
  Sealing sealing;
  Bytes bytes;

  [[nodiscard]] Packet packet() const {
    return Packet{sealing.source.family(), bytes, sealing.source, sealing.destination, 255, false};
  }
  [[nodiscard]] Expectation expectation() const {
    Expectation out;
    out.version = advert.version;
    out.vrid = advert.vrid;
    out.interval = advert.interval;
    out.auth_type = sealing.auth_type;
    out.auth = sealing.auth;
    out.allow_empty_list = true;
    out.addresses = advert.addresses;
    return out;
  }
};

Address some_address(std::mt19937_64& random, Family family) {
  std::array<std::uint8_t, 16> bytes{};
  for (auto& byte : bytes) byte = static_cast<std::uint8_t>(random());
  bytes[0] = family == Family::IPv4 ? 10 : 0xfd;
  return Address::from_bytes(family, bytes).value();
}

Sample some_sample(std::uint64_t seed) {
  std::mt19937_64 random(seed);
  Sample out;
  out.advert.version = random() % 2 == 0 ? 2 : 3;
  const Family family = out.advert.version == 3 && random() % 2 == 0 ? Family::IPv6 : Family::IPv4;
  out.advert.vrid = static_cast<std::uint8_t>(1 + random() % 255);
  out.advert.priority = static_cast<std::uint8_t>(random());
  out.advert.interval = out.advert.version == 2
                            ? Duration(std::chrono::seconds(1 + random() % 255))
                            : Duration(std::chrono::milliseconds(10 * (1 + random() % 4095)));
  out.advert.addresses.resize(random() % (seed % 10 == 0 ? 256 : 4));
  for (auto& address : out.advert.addresses) address = some_address(random, family);
  out.sealing.source = some_address(random, family);
  out.sealing.destination = multicast_group(family);
  out.sealing.checksum = random() % 2 == 0 ? ChecksumForm::Message : ChecksumForm::Pseudo;
  if (out.advert.version == 2 && random() % 2 == 0) {
    out.sealing.auth_type = config::AuthType::Pass;
    for (auto& byte : out.sealing.auth) byte = static_cast<std::uint8_t>(random());
  }
  out.bytes = encode(out.advert, out.sealing);
  if (family == Family::IPv4) {
    out.bytes = ipv4_datagram(out.bytes, out.sealing.source, out.sealing.destination, 1);
  }
  return out;
}

TEST(PacketProperties, WhatIsEncodedDecodesToItself) {
  for (std::uint64_t seed = 1; seed <= 5000; ++seed) {
    const Sample sample = some_sample(seed);
    const auto decoded = decode(sample.packet(), sample.expectation());
    ASSERT_TRUE(std::holds_alternative<Received>(decoded))
        << "seed " << seed << ": " << to_string(std::get<Dropped>(decoded).why);
    ASSERT_EQ(std::get<Received>(decoded).advert, sample.advert) << "seed " << seed;
    ASSERT_EQ(std::get<Received>(decoded).source, sample.sealing.source) << "seed " << seed;
  }
}

/// Where two forms of the checksum are right, damage to one may by bad luck be the other.
bool taken_for_the_other_form(const std::variant<Received, Dropped>& decoded, ChecksumForm sent) {
  const auto* received = std::get_if<Received>(&decoded);
  return received != nullptr && received->checksum && received->checksum != sent;
}

TEST(PacketProperties, NoFlippedBitOfTheMessageIsOverlooked) {
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    Sample sample = some_sample(seed);
    const std::size_t message = sample.sealing.source.is_v4() ? 20 : 0;
    for (std::size_t bit = message * 8; bit < sample.bytes.size() * 8; ++bit) {
      sample.bytes[bit / 8] ^= static_cast<std::uint8_t>(1U << bit % 8);
      const auto decoded = decode(sample.packet(), sample.expectation());
      ASSERT_TRUE(std::holds_alternative<Dropped>(decoded) ||
                  taken_for_the_other_form(decoded, sample.sealing.checksum))
          << "seed " << seed << " bit " << bit;
      sample.bytes[bit / 8] ^= static_cast<std::uint8_t>(1U << bit % 8);
    }
  }
}

TEST(PacketProperties, EveryPrefixIsDropped) {
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    Sample sample = some_sample(seed);
    while (!sample.bytes.empty()) {
      sample.bytes.pop_back();
      const Bytes exact(sample.bytes);  // no spare capacity to read into
      Packet packet = sample.packet();
      packet.bytes = exact;
      ASSERT_TRUE(std::holds_alternative<Dropped>(decode(packet, sample.expectation()))) << "seed " << seed;
      (void)peek(packet);
    }
  }
}

TEST(PacketProperties, NoiseIsDropped) {
  for (std::uint64_t seed = 1; seed <= 20000; ++seed) {
    std::mt19937_64 random(seed);
    Sample sample = some_sample(seed);
    sample.bytes.resize(random() % 100);
    for (auto& byte : sample.bytes) byte = static_cast<std::uint8_t>(random());
    if (!sample.bytes.empty() && random() % 2 == 0) sample.bytes[0] = 0x45;
    ASSERT_TRUE(std::holds_alternative<Dropped>(decode(sample.packet(), sample.expectation())))
        << "seed " << seed;
  }
}

}  // namespace
}  // namespace hald::vrrp
