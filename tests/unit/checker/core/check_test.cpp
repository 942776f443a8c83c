// SPDX-License-Identifier: Apache-2.0
#include "checker/core/check.h"

#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

namespace hald::checker {
namespace {

config::TcpCheck tcp() {
  config::TcpCheck out;
  out.target = {*Address::parse("10.0.0.7"), 80};
  return out;
}

TEST(SameCheck, IsTheSameWhateverItsPace) {
  auto other = tcp();
  other.settings.edit().timing.delay_loop = std::chrono::seconds(1);
  other.settings.edit().timing.connect_timeout = std::chrono::seconds(1);
  EXPECT_TRUE(same_check(tcp(), other));
}

TEST(SameCheck, AnotherTargetOrSourceIsAnotherCheck) {
  auto port = tcp();
  port.target.port = 81;
  auto source = tcp();
  source.settings.edit().bind = Endpoint{*Address::parse("10.0.0.5"), 0};
  EXPECT_FALSE(same_check(tcp(), port));
  EXPECT_FALSE(same_check(tcp(), source));
}

TEST(SameCheck, TheSourceIsItsInterfaceAndMarkToo) {
  auto interface = tcp();
  interface.settings.edit().bind_interface = "eth1";
  auto mark = tcp();
  mark.settings.edit().mark = 7;
  EXPECT_FALSE(same_check(tcp(), interface));
  EXPECT_FALSE(same_check(tcp(), mark));
}

TEST(SameCheck, AlphaAndLoggingAreNoQuestion) {
  auto other = tcp();
  other.settings.edit().alpha = true;
  other.settings.edit().log_all_failures = true;
  EXPECT_TRUE(same_check(tcp(), other));
}

TEST(SameCheck, WhatAKindAsksCounts) {
  config::HttpCheck http;
  http.target = tcp().target;
  http.urls.emplace_back().path = "/";
  auto slower = http;
  slower.settings.edit().timing.retry = 9;
  auto other = http;
  other.urls[0].path = "/other";
  const config::Check check = Boxed(http);
  EXPECT_TRUE(same_check(check, Boxed(http)));
  EXPECT_TRUE(same_check(check, Boxed(slower)));
  EXPECT_FALSE(same_check(check, Boxed(other)));
  EXPECT_FALSE(same_check(check, tcp()));
  EXPECT_FALSE(same_check(tcp(), config::PingCheck{}));
}

TEST(Check, SaysWhatItIs) {
  EXPECT_EQ(type_name(tcp()), "TCP_CHECK");
  EXPECT_EQ(target_of(tcp())->to_string(), "10.0.0.7:80");
  EXPECT_EQ(settings_of(tcp())->timing.retry, 1U);
  EXPECT_TRUE(is_run(tcp()));
}

TEST(Check, NamesEveryKind) {
  config::HttpCheck https;
  https.tls = true;
  const std::vector<std::pair<config::Check, std::string>> kinds{{config::PingCheck{}, "PING_CHECK"},
                                                                 {Boxed(config::HttpCheck{}), "HTTP_GET"},
                                                                 {Boxed(https), "SSL_GET"},
                                                                 {Boxed(config::UdpCheck{}), "UDP_CHECK"},
                                                                 {Boxed(config::DnsCheck{}), "DNS_CHECK"},
                                                                 {Boxed(config::SmtpCheck{}), "SMTP_CHECK"},
                                                                 {Boxed(config::MiscCheck{}), "MISC_CHECK"},
                                                                 {Boxed(config::FileCheck{}), "FILE_CHECK"},
                                                                 {Boxed(config::BfdCheck{}), "BFD_CHECK"}};
  for (const auto& [check, name] : kinds) {
    EXPECT_EQ(type_name(check), name);
    const bool local = name == "MISC_CHECK" || name == "FILE_CHECK" || name == "BFD_CHECK";
    EXPECT_EQ(is_run(check), !local) << name;
    EXPECT_EQ(target_of(check) == nullptr, local) << name;
    EXPECT_EQ(settings_of(check) == nullptr, local && name != "MISC_CHECK") << name;
  }
}

TEST(Check, OnlyThoseThatAreRunCount) {
  config::RealServer server;
  EXPECT_EQ(count_run(server), 0U);
  config::MiscCheck script;
  script.settings.edit().alpha = true;
  server.checks.push_back(Boxed(script));
  EXPECT_EQ(count_run(server), 0U);
  EXPECT_FALSE(starts_dead(server));
  auto alpha = tcp();
  alpha.settings.edit().alpha = true;
  server.checks.push_back(alpha);
  EXPECT_EQ(count_run(server), 1U);
  EXPECT_TRUE(starts_dead(server));
}

}  // namespace
}  // namespace hald::checker
