// SPDX-License-Identifier: Apache-2.0
// Servers that misbehave: for each of them the verdict, how it is classed, and that it comes in time.
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include "checker/core/http_dialogue.h"
#include "checker/socket_probes.h"
#include "fakes/scripted_server.h"
#include "net/asio_scheduler.h"

namespace hald::checker {
namespace {

using namespace std::chrono_literals;
using fakes::ScriptedConnection;
using fakes::ScriptedServer;

/// Of what a server never says all of.
constexpr Duration kTimeout = 300ms;
/// When a verdict that needs no time-out has to be there, and how much later than its time-out one may come,
/// on a machine that has other things to do.
constexpr Duration kPatience = 15s;

enum class Asks : unsigned char { Http, Https, Digest, Pattern, NoPattern, Smtp };

struct Case {
  std::string name;
  Asks asks;
  ScriptedServer::Script server;
  Layer layer;
  Kind kind;
};

std::ostream& operator<<(std::ostream& out, const Case& each) {
  return out << each.name;
}

/// Says `text` once the request is there, and closes.
ScriptedServer::Script says(std::string text) {
  return [text = std::move(text)](ScriptedConnection& client) {
    (void)client.read_until("\r\n\r\n");
    (void)client.send(text);
  };
}
ScriptedServer::Script says_and_waits(std::string text) {
  return [text = std::move(text)](ScriptedConnection& client) {
    (void)client.read_until("\r\n\r\n");
    (void)client.send(text);
    client.wait_for_client_to_go();
  };
}
ScriptedServer::Script says_and_resets(std::string text) {
  return [text = std::move(text)](ScriptedConnection& client) {
    (void)client.read_until("\r\n\r\n");
    (void)client.send(text);
    // The reset must not overtake what was said.
    (void)client.client_goes(50);
    client.reset();
  };
}
/// Says `text` again and again, for as long as somebody listens; `pause` in milliseconds.
ScriptedServer::Script repeats(std::string first, std::string text, int pause = 0) {
  return [first = std::move(first), text = std::move(text), pause](ScriptedConnection& client) {
    (void)client.send(first);
    while (client.send(text) && !(pause > 0 && client.client_goes(pause))) {
    }
  };
}
ScriptedServer::Script silent() {
  return [](ScriptedConnection& client) { client.wait_for_client_to_go(); };
}
ScriptedServer::Script closes() {
  return [](ScriptedConnection&) {};
}
/// Greets, and answers each line with the next text.
ScriptedServer::Script smtp(std::vector<std::string> replies) {
  return [replies = std::move(replies)](ScriptedConnection& client) {
    for (const auto& reply : replies) {
      if (!client.send(reply)) return;
      (void)client.read_until("\n");
    }
  };
}

const std::string kOk = "HTTP/1.1 200 OK\r\n";
const std::string kHead = kOk + "\r\n";
constexpr auto kApp = Layer::Application;

std::vector<Case> http_cases() {
  return {
      {"Good", Asks::Http, says(kHead + "hello"), kApp, Kind::Passed},
      {"NoBody", Asks::Http, says("HTTP/1.0 204 No Content\r\n\r\n"), kApp, Kind::Passed},
      {"ClosesAtOnce", Asks::Http, closes(), kApp, Kind::BadReply},
      {"NeverAnswers", Asks::Http, silent(), kApp, Kind::TimedOut},
      {"HalfAStatusLine", Asks::Http, says("HTTP/1.1 20"), kApp, Kind::BadReply},
      {"HalfAStatusLineAndWaits", Asks::Http, says_and_waits("HTTP/1.1 20"), kApp, Kind::TimedOut},
      {"HeadWithoutEnd", Asks::Http, says(kOk + "Server: x\r\n"), kApp, Kind::BadReply},
      {"EndlessHead", Asks::Http, repeats(kOk, "X-Filler: and another one\r\n"), kApp, Kind::BadReply},
      {"EndlessLine", Asks::Http, repeats("HTTP/1.1 200 ", std::string(1000, 'x')), kApp, Kind::BadReply},
      {"EndlessBody", Asks::Http, repeats(kHead, std::string(262144, 'x')), kApp, Kind::BadReply},
      {"SlowHead", Asks::Http, repeats(kOk, "X", 20), kApp, Kind::TimedOut},
      {"SlowBody", Asks::Http, repeats(kHead, "X", 20), kApp, Kind::TimedOut},
      {"StallsWithinTheBody", Asks::Http, says_and_waits(kOk + "Content-Length: 9\r\n\r\nhal"), kApp,
       Kind::TimedOut},
      {"NeverCloses", Asks::Http, says_and_waits(kOk + "Content-Length: 2\r\n\r\nok"), kApp, Kind::TimedOut},
      {"NotFound", Asks::Http, says("HTTP/1.1 404 Not Found\r\n\r\n"), kApp, Kind::BadStatus},
      {"Broken", Asks::Http, says("HTTP/1.1 500 Internal\r\n\r\n"), kApp, Kind::BadStatus},
      {"Redirects", Asks::Http, says("HTTP/1.1 302 Found\r\nLocation: /\r\n\r\n"), kApp, Kind::BadStatus},
      {"InterimFirst", Asks::Http, says("HTTP/1.1 100 Continue\r\n\r\n" + kHead), kApp, Kind::BadStatus},
      {"NoReason", Asks::Http, says("HTTP/1.1 200\r\n\r\n"), kApp, Kind::BadReply},
      {"TwoDigits", Asks::Http, says("HTTP/1.1 20 OK\r\n\r\n"), kApp, Kind::BadReply},
      {"FourDigits", Asks::Http, says("HTTP/1.1 2000 OK\r\n\r\n"), kApp, Kind::BadReply},
      {"TwoBlanks", Asks::Http, says("HTTP/1.1  200 OK\r\n\r\n"), kApp, Kind::BadReply},
      {"NegativeStatus", Asks::Http, says("HTTP/1.1 -20 OK\r\n\r\n"), kApp, Kind::BadReply},
      {"NoHttp", Asks::Http, says("<html>hello</html>\r\n\r\n"), kApp, Kind::BadReply},
      {"NulOctets", Asks::Http, says(std::string(5000, '\0')), kApp, Kind::BadReply},
      {"SmtpInstead", Asks::Http, says("220 mail ESMTP\r\n\r\n"), kApp, Kind::BadReply},
      {"ResetWithinTheHead", Asks::Http, says_and_resets(kOk), kApp, Kind::BadReply},
      {"ResetWithinTheBody", Asks::Http, says_and_resets(kOk + "Content-Length: 9\r\n\r\nhal"), kApp,
       Kind::Reset},
      {"ResetBehindTheBody", Asks::Http, says_and_resets(kOk + "Content-Length: 2\r\n\r\nok"), kApp,
       Kind::Passed},
      {"HugeLength", Asks::Http, says(kOk + "Content-Length: 99999999999999999999\r\n\r\nok"), kApp,
       Kind::Passed},
      {"NegativeLength", Asks::Http, says(kOk + "Content-Length: -1\r\n\r\nok"), kApp, Kind::Passed},
      {"TwoLengths", Asks::Http, says(kOk + "Content-Length: 1\r\nContent-Length: 2\r\n\r\nok"), kApp,
       Kind::Passed},
      {"BadChunks", Asks::Http, says(kOk + "Transfer-Encoding: chunked\r\n\r\nzz\r\nok"), kApp, Kind::Passed},
      {"AnotherDigest", Asks::Digest, says(kHead + "hallo"), kApp, Kind::BadContent},
      {"Digest", Asks::Digest, says(kHead + "hello"), kApp, Kind::Passed},
      {"DigestEndsWithTheLength", Asks::Digest, says(kOk + "Content-Length: 5\r\n\r\nhello and more"), kApp,
       Kind::Passed},
      {"DigestOfNothing", Asks::Digest, says(kHead), kApp, Kind::BadContent},
      {"Pattern", Asks::Pattern, says(kHead + "all is well"), kApp, Kind::Passed},
      {"NoMatch", Asks::Pattern, says(kHead + "nothing is"), kApp, Kind::BadContent},
      {"PatternInTheHeadOnly", Asks::Pattern, says(kOk + "X: well\r\n\r\nnothing"), kApp, Kind::BadContent},
      {"UnwantedMatch", Asks::NoPattern, says(kHead + "all is well"), kApp, Kind::BadContent},
      {"PatternBehindWhatIsSearched", Asks::Pattern,
       says(kHead + std::string(HttpDialogue::kSearched, 'x') + "well"), kApp, Kind::BadContent},
  };
}

std::vector<Case> tls_cases() {
  return {
      {"TlsClosesAtOnce", Asks::Https, closes(), Layer::Tls, Kind::Failed},
      {"TlsNeverAnswers", Asks::Https, silent(), Layer::Tls, Kind::TimedOut},
      {"TlsPlainHttp", Asks::Https, repeats(kHead, "hello", 20), Layer::Tls, Kind::Failed},
      {"TlsGarbage", Asks::Https, repeats("", std::string("\x16\x03\x03\x00\x05garbage", 12), 20), Layer::Tls,
       Kind::Failed},
      {"TlsEndlessRecord", Asks::Https, repeats("\x16\x03\x03\x3f\xff", "\x02", 20), Layer::Tls,
       Kind::TimedOut},
      {"TlsAlert", Asks::Https,
       [](ScriptedConnection& client) {
         (void)client.send(std::string("\x15\x03\x03\x00\x02\x02\x28", 7));
         client.wait_for_client_to_go();
       },
       Layer::Tls, Kind::Failed},
  };
}

std::vector<Case> smtp_cases() {
  const std::string hello = "220 mail ESMTP\r\n";
  return {
      {"Mail", Asks::Smtp, smtp({hello, "250 hello\r\n", "221 bye\r\n"}), kApp, Kind::Passed},
      {"MailSeveralLines", Asks::Smtp,
       smtp({"220-mail\r\n220-says\r\n220 hello\r\n", "250-one\r\n250 two\r\n", "221 bye\r\n"}), kApp,
       Kind::Passed},
      {"MailLineFeedsOnly", Asks::Smtp, smtp({"220 mail\n", "250 hello\n", "221 bye\n"}), kApp, Kind::Passed},
      {"MailOddGoodbye", Asks::Smtp, smtp({hello, "250 hello\r\n", "500 what?\r\n"}), kApp, Kind::Passed},
      {"MailBusy", Asks::Smtp, smtp({"421 too busy\r\n"}), kApp, Kind::BadStatus},
      {"MailNo", Asks::Smtp, smtp({"554 no\r\n"}), kApp, Kind::BadStatus},
      {"MailDislikesName", Asks::Smtp, smtp({hello, "501 who?\r\n"}), kApp, Kind::BadStatus},
      {"MailNoCode", Asks::Smtp, smtp({"hello\r\n"}), kApp, Kind::BadReply},
      {"MailNoBlank", Asks::Smtp, smtp({"220hello\r\n"}), kApp, Kind::BadReply},
      {"MailChangesItsMind", Asks::Smtp, smtp({"220-mail\r\n554 no\r\n"}), kApp, Kind::BadReply},
      {"MailClosesAtOnce", Asks::Smtp, closes(), kApp, Kind::BadReply},
      {"MailSilent", Asks::Smtp, silent(), kApp, Kind::TimedOut},
      {"MailHalfAGreeting", Asks::Smtp, repeats("220 ma", "i", 20), kApp, Kind::TimedOut},
      {"MailEndlessLine", Asks::Smtp, repeats("220 ", std::string(1000, 'x')), kApp, Kind::BadReply},
      {"MailEndlessLines", Asks::Smtp, repeats("", "220-and another one\r\n"), kApp, Kind::BadReply},
  };
}

config::HttpCheck http_check(const Case& each, const Endpoint& target) {
  config::HttpCheck out;
  out.target = target;
  out.tls = each.asks == Asks::Https;
  config::HttpUrl& url = out.urls.emplace_back();
  url.path = "/";
  url.status = {{200, 299}};
  if (each.asks == Asks::Digest)  // of "hello"
    url.digest = config::Digest{0x5d, 0x41, 0x40, 0x2a, 0xbc, 0x4b, 0x2a, 0x76,
                                0xb9, 0x71, 0x9d, 0x91, 0x10, 0x17, 0xc5, 0x92};
  if (each.asks == Asks::Pattern || each.asks == Asks::NoPattern) {
    url.regex.emplace().pattern = "well$";
    url.regex->negated = each.asks == Asks::NoPattern;
  }
  return out;
}

config::Check check_of(const Case& each, const Endpoint& target) {
  const Duration timeout = each.kind == Kind::TimedOut ? kTimeout : kPatience;
  if (each.asks == Asks::Smtp) {
    config::SmtpCheck out;
    out.target = target;
    out.helo_name = "me.example";
    out.settings.edit().timing.connect_timeout = timeout;
    return Boxed(std::move(out));
  }
  config::HttpCheck out = http_check(each, target);
  out.settings.edit().timing.connect_timeout = timeout;
  return Boxed(std::move(out));
}

class MisbehavingTest : public testing::TestWithParam<Case> {};

TEST_P(MisbehavingTest, IsFoundOutInTime) {
  const Case& each = GetParam();
  ScriptedServer server(each.server);
  boost::asio::io_context io;
  net::AsioScheduler scheduler(io);
  SocketProbes probes(io, scheduler);
  std::optional<Outcome> outcome;
  auto probe = probes.ask({check_of(each, server.endpoint())}, [&](Outcome what) {
    outcome = std::move(what);
    scheduler.stop();
  });
  scheduler.run();
  probe.reset();
  ASSERT_TRUE(outcome);
  EXPECT_EQ(outcome->layer, each.layer) << outcome->text;
  EXPECT_EQ(outcome->kind, each.kind) << outcome->text;
  EXPECT_FALSE(outcome->text.empty());
  EXPECT_GE(outcome->took, each.kind == Kind::TimedOut ? kTimeout : Duration::zero());
  EXPECT_LT(outcome->took, kPatience);
}

std::string name_of(const testing::TestParamInfo<Case>& info) {
  return info.param.name;
}

INSTANTIATE_TEST_SUITE_P(Http, MisbehavingTest, testing::ValuesIn(http_cases()), name_of);
INSTANTIATE_TEST_SUITE_P(Tls, MisbehavingTest, testing::ValuesIn(tls_cases()), name_of);
INSTANTIATE_TEST_SUITE_P(Smtp, MisbehavingTest, testing::ValuesIn(smtp_cases()), name_of);

}  // namespace
}  // namespace hald::checker
