// SPDX-License-Identifier: Apache-2.0
// The datagrams of UDP_CHECK, DNS_CHECK and PING_CHECK, with every odd answer.
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "checker/core/dns_exchange.h"
#include "checker/core/ping_exchange.h"
#include "checker/core/udp_exchange.h"

namespace hald::checker {
namespace {

using Bytes = std::vector<std::uint8_t>;

TEST(UdpExchange, SendsItsPayload) {
  EXPECT_EQ(UdpExchange({}).request().size(), 32U);
  config::UdpCheck check;
  check.payload = {1, 2, 3};
  EXPECT_EQ(UdpExchange(check).request(), (Bytes{1, 2, 3}));
}

TEST(UdpExchange, AnyReplyWillDoUnlessItsContentMatters) {
  config::UdpCheck check;
  check.max_reply = 2;
  EXPECT_TRUE(UdpExchange(check).silence_passes());
  EXPECT_TRUE(UdpExchange(check).received(Bytes{1, 2, 3})->passed());
  check.require_reply = true;
  EXPECT_FALSE(UdpExchange(check).silence_passes());
  EXPECT_TRUE(UdpExchange(check).received(Bytes{1, 2, 3})->passed());
  EXPECT_TRUE(UdpExchange(check).received({})->passed());
}

TEST(UdpExchange, ComparesWhatIsNotIgnored) {
  config::UdpCheck check;
  check.require_reply = true;
  check.reply = {0x12, 0x34};
  const auto kind = [&](const Bytes& reply) { return UdpExchange(check).received(reply)->kind; };
  EXPECT_EQ(kind({0x12, 0x34}), Kind::Passed);
  EXPECT_EQ(kind({0x12, 0x34, 0x56}), Kind::Passed);
  EXPECT_EQ(kind({0x12}), Kind::Passed);
  EXPECT_EQ(kind({}), Kind::Passed);
  EXPECT_EQ(kind({0x12, 0x35}), Kind::BadContent);
  check.ignored = {0x00, 0x0f};
  EXPECT_EQ(kind({0x12, 0x35}), Kind::Passed);
  EXPECT_EQ(kind({0x12, 0x45}), Kind::BadContent);
  check.min_reply = 2;
  check.max_reply = 3;
  EXPECT_EQ(kind({0x12}), Kind::BadContent);
  EXPECT_EQ(kind({0x12, 0x34, 0, 0}), Kind::BadContent);
}

config::DnsCheck dns(const std::string& name, config::DnsType type = config::DnsType::Soa) {
  config::DnsCheck out;
  out.name = name;
  out.type = type;
  return out;
}

TEST(DnsExchange, AsksOneQuestion) {
  EXPECT_EQ(DnsExchange(dns("", config::DnsType::A), 0x1234).request(),
            (Bytes{0x12, 0x34, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 1}));
  const Bytes example{0x12, 0x34, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 2, 'a', 'b', 3, 'c', 'o', 'm', 0, 0, 6, 0, 1};
  EXPECT_EQ(DnsExchange(dns("ab.com"), 0x1234).request(), example);
  EXPECT_EQ(DnsExchange(dns("ab.com."), 0x1234).request(), example);
  EXPECT_EQ(DnsExchange(dns("."), 0x1234).request(), DnsExchange(dns(""), 0x1234).request());
}

TEST(DnsExchange, EveryTypeHasItsNumber) {
  const std::vector<std::uint8_t> numbers{1, 2, 5, 6, 15, 16, 28, 46, 48};
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    const auto request = DnsExchange(dns("", static_cast<config::DnsType>(i)), 1).request();
    EXPECT_EQ(request[14], numbers[i]);
  }
}

TEST(DnsExchange, LabelsThatAreTooLongAreNoHarm) {
  const auto request = DnsExchange(dns(std::string(300, 'x') + ".com"), 1).request();
  EXPECT_EQ(request[12], 63);
}

TEST(DnsExchange, AnAnswerWithoutAnErrorPasses) {
  DnsExchange exchange(dns(""), 0x1234);
  const auto answer = [&](Bytes begin, std::size_t size = 12) {
    begin.resize(size);
    return exchange.received(begin);
  };
  EXPECT_TRUE(answer({0x12, 0x34, 0x81, 0x80})->passed());
  EXPECT_TRUE(answer({0x12, 0x34, 0x83, 0x80}, 65000)->passed());  // cut off, and huge
  EXPECT_EQ(answer({0x12, 0x34, 0x81, 0x82})->text, "SERVFAIL");
  EXPECT_EQ(answer({0x12, 0x34, 0x81, 0x83})->text, "NXDOMAIN");
  EXPECT_EQ(answer({0x12, 0x34, 0x81, 0x85})->kind, Kind::BadStatus);
  EXPECT_EQ(answer({0x12, 0x34, 0x81, 0x8f})->text, "error code 15");
}

TEST(DnsExchange, WhatIsNoAnswerToItIsPassedOver) {
  DnsExchange exchange(dns(""), 0x1234);
  EXPECT_FALSE(exchange.received(Bytes{}));
  EXPECT_FALSE(exchange.received(Bytes{0x12, 0x34, 0x81, 0x80}));
  EXPECT_FALSE(exchange.received(Bytes{0x12, 0x35, 0x81, 0x80, 0, 0, 0, 0, 0, 0, 0, 0}));
  EXPECT_FALSE(exchange.received(exchange.request()));
}

TEST(PingExchange, RecognisesItsOwnReply) {
  for (const Family family : {Family::IPv4, Family::IPv6}) {
    PingExchange exchange(family, 0x01020304);
    Bytes reply;
    if (family == Family::IPv4) reply = {0x45, 0, 0, 0, 0, 0, 0, 0, 64, 1, 0, 0, 127, 0, 0, 1, 127, 0, 0, 1};
    const std::size_t type = reply.size();
    for (const auto byte : exchange.request()) reply.push_back(byte);
    EXPECT_FALSE(exchange.received(reply));  // the request itself
    reply[type] = family == Family::IPv4 ? 0 : 129;
    EXPECT_TRUE(exchange.received(reply)->passed());
    EXPECT_FALSE(PingExchange(family, 0x01020305).received(reply));
    for (std::size_t size = 0; size < reply.size(); ++size)
      EXPECT_FALSE(exchange.received(Exchange::Bytes(reply).first(size))) << size;
    reply.back() ^= 1U;
    EXPECT_FALSE(exchange.received(reply));
  }
}

TEST(PingExchange, TheChecksumIsRight) {
  const auto request = PingExchange(Family::IPv4, 0xdeadbeef).request();
  std::uint32_t sum = 0;
  for (std::size_t i = 0; i < request.size(); i += 2) sum += std::uint32_t{request[i]} << 8U | request[i + 1];
  while (sum > 0xffffU) sum = (sum & 0xffffU) + (sum >> 16U);
  EXPECT_EQ(sum, 0xffffU);
}

}  // namespace
}  // namespace hald::checker
