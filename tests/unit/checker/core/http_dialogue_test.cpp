// SPDX-License-Identifier: Apache-2.0
#include "checker/core/http_dialogue.h"

#include <string>

#include <gtest/gtest.h>

namespace hald::checker {
namespace {

config::HttpUrl url(const std::string& path = "/") {
  config::HttpUrl out;
  out.path = path;
  out.status = {{200, 299}};
  return out;
}

config::HttpCheck check(const std::string& address = "10.0.0.7") {
  config::HttpCheck out;
  out.target = {*Address::parse(address), 80};
  return out;
}

Outcome outcome_of(const config::HttpUrl& what, std::string_view answer, std::size_t split = 0) {
  HttpDialogue dialogue("GET", what);
  (void)dialogue.begin();
  if (auto turn = dialogue.received(answer.substr(0, split)); turn.verdict) return *turn.verdict;
  if (auto turn = dialogue.received(answer.substr(split)); turn.verdict) return *turn.verdict;
  return dialogue.ended(End::Closed);
}

TEST(HttpRequest, IsKeepalivedsOctetByOctet) {
  auto http = check();
  EXPECT_EQ(http_request(http, url("/x"), {}),
            "GET /x HTTP/1.0\r\nUser-Agent: KeepAliveClient\r\nHost: 10.0.0.7:80\r\n\r\n");
  http.version = config::HttpVersion::Http11;
  EXPECT_EQ(
      http_request(http, url(), {}),
      "GET / HTTP/1.1\r\nUser-Agent: KeepAliveClient\r\nConnection: close\r\nHost: 10.0.0.7:80\r\n\r\n");
  http.version = config::HttpVersion::Http10Close;
  EXPECT_EQ(
      http_request(http, url(), {}),
      "GET / HTTP/1.0\r\nUser-Agent: KeepAliveClient\r\nConnection: close\r\nHost: 10.0.0.7:80\r\n\r\n");
  EXPECT_NE(http_request(check("2001:db8::7"), url(), {}).find("Host: [2001:db8::7]:80\r\n"),
            std::string::npos);
}

TEST(HttpRequest, TheNearestVirtualhostCounts) {
  auto http = check();
  auto what = url();
  const auto host = [&](const OuterHosts& hosts) {
    const auto text = http_request(http, what, hosts);
    const auto begin = text.find("Host: ") + 6;
    return text.substr(begin, text.find('\r', begin) - begin);
  };
  EXPECT_EQ(host({"", "service"}), "service");
  EXPECT_EQ(host({"server", "service"}), "server");
  http.virtualhost = "check";
  EXPECT_EQ(host({"server", "service"}), "check");
  what.virtualhost = "url";
  EXPECT_EQ(host({"server", "service"}), "url");
}

TEST(TlsServerName, FollowsItsOwnOrder) {
  auto http = check();
  auto what = url();
  EXPECT_EQ(tls_server_name(http, what, {"server", "service"}), "");
  http.send_name = true;
  // compat: the virtualhost of the real server is not considered.
  EXPECT_EQ(tls_server_name(http, what, {"server", "service"}), "service");
  EXPECT_EQ(tls_server_name(http, what, {"server", ""}), "");
  http.virtualhost = "check:443";
  EXPECT_EQ(tls_server_name(http, what, {"server", "service"}), "check");
  what.virtualhost = "url";
  EXPECT_EQ(tls_server_name(http, what, {}), "url");
  http.tls_name = "own";
  EXPECT_EQ(tls_server_name(http, what, {}), "own");
  http.tls_name = "10.0.0.7";
  EXPECT_EQ(tls_server_name(http, what, {}), "");
}

TEST(HttpDialogue, AsksAtOnce) {
  HttpDialogue dialogue("GET / HTTP/1.0\r\n\r\n", url());
  EXPECT_EQ(dialogue.begin().send, "GET / HTTP/1.0\r\n\r\n");
  EXPECT_EQ(dialogue.awaited(), "an answer");
}

TEST(HttpDialogue, SplitAnywhereTheAnswerIsTheSame) {
  auto what = url();
  what.digest = config::Digest{0x5d, 0x41, 0x40, 0x2a, 0xbc, 0x4b, 0x2a, 0x76,
                               0xb9, 0x71, 0x9d, 0x91, 0x10, 0x17, 0xc5, 0x92};
  what.regex.emplace().pattern = "^hel+o";
  const std::string answer = "HTTP/1.1 200 OK\r\ncontent-length:  5 \r\nX: y\r\n\r\nhello, and more";
  for (std::size_t split = 0; split <= answer.size(); ++split) {
    const auto outcome = outcome_of(what, answer, split);
    EXPECT_TRUE(outcome.passed()) << split << ": " << outcome.text;
  }
}

TEST(HttpDialogue, StatusRanges) {
  auto what = url();
  what.status = {{200, 204}, {401, 401}};
  const auto kind = [&](int status) {
    return outcome_of(what, "HTTP/1.1 " + std::to_string(status) + " X\r\n\r\n").kind;
  };
  EXPECT_EQ(kind(199), Kind::BadStatus);
  EXPECT_EQ(kind(200), Kind::Passed);
  EXPECT_EQ(kind(204), Kind::Passed);
  EXPECT_EQ(kind(205), Kind::BadStatus);
  EXPECT_EQ(kind(401), Kind::Passed);
}

TEST(HttpDialogue, OffsetsOfTheMatch) {
  auto what = url();
  auto& regex = what.regex.emplace();
  regex.pattern = "ok";
  const std::string head = "HTTP/1.1 200 OK\r\n\r\n";
  regex.min_offset = 3;
  EXPECT_TRUE(outcome_of(what, head + "...ok").passed());
  EXPECT_EQ(outcome_of(what, head + "..ok").kind, Kind::BadContent);
  EXPECT_EQ(outcome_of(what, head + "o").kind, Kind::BadContent);
  regex.min_offset = 0;
  regex.max_offset = 2;
  EXPECT_TRUE(outcome_of(what, head + "..ok").passed());
  EXPECT_EQ(outcome_of(what, head + "...ok").kind, Kind::BadContent);
}

TEST(HttpDialogue, OptionsAndTheStackOfThePattern) {
  auto what = url();
  auto& regex = what.regex.emplace();
  regex.pattern = "OK";
  EXPECT_EQ(outcome_of(what, "HTTP/1.1 200 OK\r\n\r\nok").kind, Kind::BadContent);
  regex.options = 1U << 3U;  // caseless
  EXPECT_TRUE(outcome_of(what, "HTTP/1.1 200 OK\r\n\r\nok").passed());
  regex.stack = {32768, 65536};
  EXPECT_TRUE(outcome_of(what, "HTTP/1.1 200 OK\r\n\r\nok").passed());
}

TEST(HttpDialogue, ASearchThatDoesNotEndIsGivenUp) {
  auto what = url();
  auto& regex = what.regex.emplace();
  regex.pattern = "(a+)+$";
  for (const bool negated : {false, true}) {
    regex.negated = negated;
    const auto outcome = outcome_of(what, "HTTP/1.1 200 OK\r\n\r\n" + std::string(64, 'a') + "b");
    EXPECT_EQ(outcome.kind, Kind::BadContent);
    EXPECT_NE(outcome.text.find("given up"), std::string::npos) << outcome.text;
  }
}

TEST(HttpDialogue, NothingIsFoundInNoBody) {
  auto what = url();
  what.regex.emplace().pattern = "^";
  EXPECT_EQ(outcome_of(what, "HTTP/1.1 200 OK\r\n\r\n").kind, Kind::BadContent);
  what.regex->negated = true;
  EXPECT_TRUE(outcome_of(what, "HTTP/1.1 200 OK\r\n\r\n").passed());
}

TEST(HttpDialogue, WhatIsSaidInALogLineIsPrintable) {
  const auto outcome = outcome_of(url(), "\x1b[2Jhello\r\n\r\n");
  EXPECT_EQ(outcome.text, "this is no status line: .[2Jhello");
}

}  // namespace
}  // namespace hald::checker
