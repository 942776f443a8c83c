// SPDX-License-Identifier: Apache-2.0
#include "checker/runner.h"

#include <gtest/gtest.h>

#include "fakes/capture_sink.h"
#include "fakes/fake_probes.h"
#include "fakes/manual_scheduler.h"

namespace hald::checker {
namespace {

using namespace std::chrono_literals;
using fakes::FakeProbes;

config::ServiceKey service(const std::string& address = "10.0.0.3") {
  return config::ServiceAddress{config::Protocol::Tcp, {*Address::parse(address), 80}};
}

config::TcpCheck check(const std::string& address, std::uint16_t port = 80) {
  config::TcpCheck out;
  out.target = {*Address::parse(address), port};
  out.settings.edit().timing.delay_loop = 6s;
  out.settings.edit().timing.retry = 3;
  out.settings.edit().timing.delay_before_retry = 3s;
  out.settings.edit().timing.connect_timeout = 8s;
  out.settings.edit().timing.warmup = 0s;
  return out;
}

config::RealServer server(const std::string& address, std::vector<config::Check> checks) {
  config::RealServer out;
  out.endpoint = {*Address::parse(address), 80};
  for (auto& each : checks) out.checks.push_back(std::move(each));
  return out;
}

class RunnerTest : public testing::Test {
 protected:
  /// A configuration of one virtual server.
  std::shared_ptr<config::Config> with(std::vector<config::RealServer> servers) {
    auto out = std::make_shared<config::Config>();
    config::VirtualServer virtual_server;
    virtual_server.key = service();
    virtual_server.real_servers = std::move(servers);
    out->virtual_servers.push_back(std::move(virtual_server));
    return out;
  }
  void apply(std::vector<config::RealServer> servers) {
    config = with(std::move(servers));
    runner.apply(config);
  }
  const config::RealServer& real(std::size_t index = 0) {
    return config->virtual_servers[0].real_servers[index];
  }
  bool alive(std::size_t index = 0) { return runner.alive(service(), real(index)); }
  std::vector<std::string> told() { return std::exchange(said, {}); }
  void answer(const std::string& target, FakeProbes::Answer with) {
    probes.answers[target] = std::move(with);
  }

  fakes::ManualScheduler scheduler;
  fakes::CaptureSink sink;
  log::Logger logger{sink, scheduler, log::Level::Debug};
  FakeProbes probes{scheduler};
  std::vector<std::string> said;
  std::shared_ptr<config::Config> config;
  Runner runner{scheduler, logger, probes, 1,
                [this](const ServiceId&, const Endpoint& endpoint, bool alive, const std::string& why) {
                  said.push_back(endpoint.to_string() + (alive ? " alive: " : " dead: ") + why);
                }};
};

using Lines = std::vector<std::string>;
using Times = std::vector<Duration>;

// The drill's configuration: delay_loop 6, retry 3, delay_before_retry 3.
TEST_F(RunnerTest, ExactTriesAtExactTimes) {
  apply({server("10.0.0.7", {check("10.0.0.7")})});
  scheduler.advance(14s);
  EXPECT_EQ(probes.times(), (Times{1s, 7s, 13s}));
  answer("10.0.0.7:80", {FakeProbes::refused()});
  scheduler.advance(14s);  // to 28 s
  EXPECT_EQ(probes.times(), (Times{19s, 22s, 25s, 28s}));
  EXPECT_FALSE(alive());
  EXPECT_EQ(told(),
            Lines{"10.0.0.7:80 dead: TCP_CHECK 10.0.0.7:80: connection refused, 4 of 4 tries failed"});
  scheduler.advance(13s);  // to 41 s
  EXPECT_EQ(probes.times(), (Times{34s, 40s}));
  EXPECT_TRUE(told().empty());
  answer("10.0.0.7:80", {});
  scheduler.advance(6s);  // to 47 s
  EXPECT_EQ(probes.times(), Times{46s});
  EXPECT_TRUE(alive());
  EXPECT_EQ(told(), Lines{"10.0.0.7:80 alive: TCP_CHECK 10.0.0.7:80: connected"});
}

TEST_F(RunnerTest, DelaysCountFromTheEndOfATry) {
  answer("10.0.0.7:80", {FakeProbes::passed(), 500ms});
  apply({server("10.0.0.7", {check("10.0.0.7")})});
  scheduler.advance(8s);
  EXPECT_EQ(probes.times(), (Times{1s, 7500ms}));
  answer("10.0.0.7:80", {{Layer::Network, Kind::TimedOut, {}, "no answer within 8 s"}, 8s});
  scheduler.advance(60s);
  // 14 s + 8 s + 3 s ... four tries, the verdict at 55 s, then delay_loop from there.
  EXPECT_EQ(probes.times(), (Times{14s, 25s, 36s, 47s, 61s}));
  EXPECT_FALSE(alive());
}

TEST_F(RunnerTest, TheFirstFailureIsEnough) {
  answer("10.0.0.7:80", {FakeProbes::refused()});
  apply({server("10.0.0.7", {check("10.0.0.7")})});
  EXPECT_TRUE(alive());
  scheduler.advance(1s);
  EXPECT_FALSE(alive());
  EXPECT_EQ(told(), Lines{"10.0.0.7:80 dead: TCP_CHECK 10.0.0.7:80: connection refused"});
  scheduler.advance(6s);
  EXPECT_EQ(probes.times(), (Times{1s, 7s}));
}

TEST_F(RunnerTest, AlphaStartsDead) {
  auto alpha = check("10.0.0.7");
  alpha.settings.edit().alpha = true;
  config = with({server("10.0.0.7", {alpha})});
  EXPECT_FALSE(runner.alive(service(), real()));  // even before it is known
  runner.apply(config);
  EXPECT_FALSE(alive());
  EXPECT_TRUE(told().empty());
  scheduler.advance(1s);
  EXPECT_TRUE(alive());
  EXPECT_EQ(told(), Lines{"10.0.0.7:80 alive: TCP_CHECK 10.0.0.7:80: connected"});
}

TEST_F(RunnerTest, AServerLivesByAllItsChecks) {
  answer("10.0.0.7:81", {FakeProbes::refused()});
  apply({server("10.0.0.7", {check("10.0.0.7"), check("10.0.0.7", 81), check("10.0.0.7", 82)}),
         server("10.0.0.8", {check("10.0.0.8")})});
  scheduler.advance(1s);
  EXPECT_FALSE(alive());
  EXPECT_TRUE(alive(1));
  EXPECT_EQ(told(),
            Lines{"10.0.0.7:80 dead: 1 of 3 checks failed; TCP_CHECK 10.0.0.7:81: connection refused"});
  answer("10.0.0.7:82", {FakeProbes::refused()});
  scheduler.advance(20s);
  answer("10.0.0.7:81", {});
  scheduler.advance(6s);
  EXPECT_FALSE(alive());
  EXPECT_TRUE(told().empty());
  answer("10.0.0.7:82", {});
  scheduler.advance(6s);
  EXPECT_TRUE(alive());
  EXPECT_EQ(told().size(), 1U);
}

TEST_F(RunnerTest, WithoutChecksAServerIsAliveAndCostsNothing) {
  apply({server("10.0.0.7", {})});
  EXPECT_TRUE(alive());
  EXPECT_EQ(runner.size(), 0U);
  EXPECT_TRUE(scheduler.idle());
  EXPECT_EQ(runner.view(service(), real()).reason, "no checks");
  EXPECT_EQ(runner.view(service(), real()).since, std::nullopt);
}

TEST_F(RunnerTest, KeepalivedsLogLines) {
  apply({server("10.0.0.7", {check("10.0.0.9", 8080)})});
  EXPECT_EQ(sink.count("Activating healthchecker for service [10.0.0.7]:tcp:80 for VS [10.0.0.3]:tcp:80"),
            1U);
  scheduler.advance(13s);
  EXPECT_EQ(sink.count("TCP connection to [10.0.0.7]:tcp:80 success."), 1U);
  probes.fallback = {FakeProbes::refused()};
  scheduler.advance(1min);
  EXPECT_EQ(sink.count("TCP_CHECK on service [10.0.0.7]:tcp:80 failed after 3 retries."), 1U);
  probes.fallback = {};
  scheduler.advance(6s);
  EXPECT_EQ(sink.count("TCP connection to [10.0.0.7]:tcp:80 success."), 2U);
}

TEST_F(RunnerTest, TheFirstFailureIsLoggedWithoutRetries) {
  probes.fallback = {FakeProbes::refused()};
  apply({server("10.0.0.7", {check("10.0.0.7")})});
  scheduler.advance(1min);
  EXPECT_EQ(sink.count("TCP_CHECK on service [10.0.0.7]:tcp:80 failed."), 1U);
  EXPECT_EQ(sink.count("failed after"), 0U);
}

TEST_F(RunnerTest, AServerOfAFirewallMarkIsNamedWithoutProtocol) {
  auto marked = std::make_shared<config::Config>();
  marked->virtual_servers.resize(1);
  marked->virtual_servers[0].key = config::FirewallMark{7, Family::IPv4};
  marked->virtual_servers[0].real_servers = {server("10.0.0.7", {check("10.0.0.7")})};
  runner.apply(marked);
  EXPECT_TRUE(sink.contains("Activating healthchecker for service [10.0.0.7]:none:80 for VS FWM 7"));
}

TEST_F(RunnerTest, ALocalFailureIsNoVerdictAndSaysSo) {
  apply({server("10.0.0.7", {check("10.0.0.7")})});
  scheduler.advance(1s);
  probes.fallback = {FakeProbes::local()};
  scheduler.advance(1h);
  EXPECT_TRUE(alive());
  EXPECT_TRUE(told().empty());
  EXPECT_TRUE(
      sink.contains("TCP_CHECK on service [10.0.0.7]:tcp:80 could not be checked: no socket: too many open "
                    "files. Rescheduling."));
  const auto view = runner.view(service(), real());
  EXPECT_EQ(view.checks[0].last->outcome, "not attempted");
  probes.times();
  scheduler.advance(12s);
  EXPECT_EQ(probes.times().size(), 2U);
}

// ---------------------------------------------------------------- reload

TEST_F(RunnerTest, AnUnchangedReloadIsNotNoticed) {
  answer("10.0.0.8:80", {FakeProbes::refused()});
  const std::vector<config::RealServer> both{server("10.0.0.7", {check("10.0.0.7")}),
                                             server("10.0.0.8", {check("10.0.0.8")})};
  apply(both);
  scheduler.advance(9s);
  answer("10.0.0.7:80", {FakeProbes::refused()});
  scheduler.advance(5s);  // 14 s: one failing try at 13 s
  probes.times();
  told();
  const auto lines = sink.entries.size();
  apply(both);
  EXPECT_EQ(sink.entries.size(), lines);
  EXPECT_FALSE(alive(1));
  scheduler.advance(9s);  // 23 s
  EXPECT_EQ(probes.times(), (Times{16s, 19s, 19s, 22s}));
  EXPECT_EQ(told(),
            Lines{"10.0.0.7:80 dead: TCP_CHECK 10.0.0.7:80: connection refused, 4 of 4 tries failed"});
}

TEST_F(RunnerTest, AReloadDoesNotTouchATryUnderWay) {
  answer("10.0.0.7:80", {FakeProbes::passed(), 4s});
  apply({server("10.0.0.7", {check("10.0.0.7")})});
  scheduler.advance(2s);
  apply({server("10.0.0.7", {check("10.0.0.7")})});
  EXPECT_EQ(probes.running, 1);
  scheduler.advance(9s);
  EXPECT_EQ(probes.times(), (Times{1s, 11s}));
}

TEST_F(RunnerTest, WhatIsGoneIsCancelled) {
  probes.fallback.silent = true;
  apply({server("10.0.0.7", {check("10.0.0.7")}), server("10.0.0.8", {check("10.0.0.8")})});
  scheduler.advance(2s);
  EXPECT_EQ(probes.running, 2);
  apply({server("10.0.0.8", {check("10.0.0.8")})});
  EXPECT_EQ(probes.running, 1);
  EXPECT_EQ(runner.size(), 1U);
  runner.apply(std::make_shared<config::Config>());
  EXPECT_EQ(probes.running, 0);
  EXPECT_EQ(runner.size(), 0U);
  EXPECT_TRUE(scheduler.idle());
  EXPECT_TRUE(told().empty());
}

TEST_F(RunnerTest, DroppingTheFailingCheckRevivesTheServer) {
  answer("10.0.0.7:81", {FakeProbes::refused()});
  apply({server("10.0.0.7", {check("10.0.0.7"), check("10.0.0.7", 81)})});
  scheduler.advance(1s);
  told();
  apply({server("10.0.0.7", {check("10.0.0.7")})});
  EXPECT_TRUE(alive());
  EXPECT_EQ(told(), Lines{"10.0.0.7:80 alive: TCP_CHECK 10.0.0.7:80: connected"});
}

TEST_F(RunnerTest, DroppingAllChecksRevivesTheServer) {
  probes.fallback = {FakeProbes::refused()};
  apply({server("10.0.0.7", {check("10.0.0.7")})});
  scheduler.advance(1s);
  told();
  apply({server("10.0.0.7", {})});
  EXPECT_TRUE(alive());
  EXPECT_EQ(told(), Lines{"10.0.0.7:80 alive: no checks"});
  EXPECT_TRUE(scheduler.idle());
}

TEST_F(RunnerTest, ANewCheckOfADeadServerStartsAsFailed) {
  probes.fallback = {FakeProbes::refused()};
  apply({server("10.0.0.7", {check("10.0.0.7")})});
  scheduler.advance(1s);
  told();
  apply({server("10.0.0.7", {check("10.0.0.7", 81)})});
  EXPECT_FALSE(alive());
  EXPECT_TRUE(told().empty());
  probes.fallback = {};
  scheduler.advance(1s);
  EXPECT_TRUE(alive());
}

TEST_F(RunnerTest, AServerWithoutAnythingToRunIsAlive) {
  config::MiscCheck script;
  script.settings.edit().alpha = true;
  apply({server("10.0.0.7", {Boxed(script)})});
  EXPECT_EQ(runner.size(), 0U);
  EXPECT_TRUE(alive());
  scheduler.advance(600s);
  EXPECT_TRUE(probes.starts.empty());
  EXPECT_TRUE(runner.view(service(), real()).checks.empty());
}

TEST_F(RunnerTest, OnlyTheChecksThatAreRunAreRun) {
  apply({server("10.0.0.7", {Boxed(config::MiscCheck{}), check("10.0.0.7"), Boxed(config::FileCheck{})})});
  EXPECT_EQ(runner.size(), 1U);
  scheduler.advance(1s);
  EXPECT_EQ(probes.starts.size(), 1U);
  EXPECT_EQ(runner.view(service(), real()).checks.size(), 1U);
  apply({server("10.0.0.7", {Boxed(config::MiscCheck{})})});
  EXPECT_EQ(runner.size(), 0U);
  EXPECT_TRUE(alive());
}

TEST_F(RunnerTest, ACheckOfSeveralUrlsAsksThemInTurn) {
  config::HttpCheck http;
  http.target = {*Address::parse("10.0.0.7"), 80};
  http.settings.edit() = *check("10.0.0.7").settings;
  http.settings.edit().log_all_failures = true;
  http.urls.resize(2);
  apply({server("10.0.0.7", {Boxed(http)})});
  scheduler.advance(1s);
  scheduler.advance(6s);
  EXPECT_EQ(probes.times(), (std::vector<Duration>{1s, 7s}));
  EXPECT_EQ(sink.count("Remote Web server [10.0.0.7]:tcp:80 succeed on service."), 1U);
  probes.fallback = {FakeProbes::refused()};
  scheduler.advance(6s + 3 * 3s);
  EXPECT_EQ(probes.times(), (std::vector<Duration>{13s, 16s, 19s, 22s}));
  EXPECT_FALSE(alive());
  EXPECT_EQ(sink.count("HTTP_GET on service [10.0.0.7]:tcp:80: connection refused, try 1 of 4"), 1U);
  EXPECT_EQ(sink.count("HTTP_CHECK on service [10.0.0.7]:tcp:80 failed after 3 retries."), 1U);
  probes.fallback = {};
  scheduler.advance(6s);   // the one that failed
  scheduler.advance(12s);  // and both
  EXPECT_EQ(probes.times(), (std::vector<Duration>{28s, 34s, 40s}));
  EXPECT_TRUE(alive());
}

TEST_F(RunnerTest, ANewCheckOfALiveServerDoesNotKillItEvenWithAlpha) {
  apply({server("10.0.0.7", {check("10.0.0.7")})});
  scheduler.advance(1s);
  auto more = check("10.0.0.7", 81);
  more.settings.edit().alpha = true;
  apply({server("10.0.0.7", {check("10.0.0.7"), more})});
  EXPECT_TRUE(alive());
  EXPECT_TRUE(told().empty());
}

TEST_F(RunnerTest, ANewPaceKeepsTheVerdictAndTakesEffectAtOnce) {
  apply({server("10.0.0.7", {check("10.0.0.7")})});
  scheduler.advance(2s);
  auto slower = check("10.0.0.7");
  slower.settings.edit().timing.delay_loop = 20s;
  apply({server("10.0.0.7", {slower})});
  scheduler.advance(20s);  // 22 s
  EXPECT_EQ(probes.times(), (Times{1s, 21s}));
  auto faster = check("10.0.0.7");
  faster.settings.edit().timing.delay_loop = 500ms;
  apply({server("10.0.0.7", {faster})});
  scheduler.advance(400ms);
  EXPECT_EQ(probes.times(), Times{22s});
  EXPECT_EQ(sink.count("Activating"), 1U);
}

TEST_F(RunnerTest, FewerRetriesNeverDecideByThemselves) {
  apply({server("10.0.0.7", {check("10.0.0.7")})});
  scheduler.advance(1s);
  probes.fallback = {FakeProbes::refused()};
  scheduler.advance(10s);  // failing at 7 s and 10 s
  auto stricter = check("10.0.0.7");
  stricter.settings.edit().timing.retry = 1;
  apply({server("10.0.0.7", {stricter})});
  EXPECT_TRUE(alive());
  scheduler.advance(2s);
  EXPECT_FALSE(alive());
}

TEST_F(RunnerTest, ServersKeepTheirStateWhenTheyChangePlaces) {
  answer("10.0.0.7:80", {FakeProbes::refused()});
  const auto one = server("10.0.0.7", {check("10.0.0.7")});
  const auto two = server("10.0.0.8", {check("10.0.0.8")});
  apply({one, two});
  scheduler.advance(1s);
  told();
  apply({two, one});
  EXPECT_TRUE(alive(0));
  EXPECT_FALSE(alive(1));
  EXPECT_TRUE(told().empty());
}

TEST_F(RunnerTest, TwoEqualChecksOfOneServerStayTwo) {
  apply({server("10.0.0.7", {check("10.0.0.7"), check("10.0.0.7")})});
  EXPECT_EQ(runner.size(), 2U);
  apply({server("10.0.0.7", {check("10.0.0.7"), check("10.0.0.7")})});
  EXPECT_EQ(runner.size(), 2U);
  EXPECT_EQ(sink.count("Activating"), 2U);
}

TEST_F(RunnerTest, StopEndsEverything) {
  probes.fallback.silent = true;
  apply({server("10.0.0.7", {check("10.0.0.7")})});
  scheduler.advance(2s);
  runner.stop();
  EXPECT_EQ(probes.running, 0);
  EXPECT_TRUE(scheduler.idle());
}

// ---------------------------------------------------------------- size

std::shared_ptr<config::Config> big(unsigned services, unsigned servers) {
  auto out = std::make_shared<config::Config>();
  for (unsigned s = 0; s < services; ++s) {
    config::VirtualServer virtual_server;
    virtual_server.key = config::ServiceAddress{config::Protocol::Tcp, {Address::v4(0x0a800000 + s), 80}};
    for (unsigned r = 0; r < servers; ++r) {
      config::RealServer real;
      real.endpoint = {Address::v4(0x0a000000 + r), 80};
      auto tcp = check("10.0.0.1");
      tcp.target = real.endpoint;
      real.checks.push_back(tcp);
      virtual_server.real_servers.push_back(std::move(real));
    }
    out->virtual_servers.push_back(std::move(virtual_server));
  }
  return out;
}

TEST_F(RunnerTest, ABigConfigurationIsWorkedOffInSlices) {
  const auto large = big(50, 20);
  runner.apply(large);
  EXPECT_TRUE(runner.busy());
  EXPECT_LE(runner.size(), 300U);
  const auto& last = large->virtual_servers.back();
  EXPECT_TRUE(runner.alive(last.key, last.real_servers.back()));
  EXPECT_EQ(runner.view(last.key, last.real_servers.back()).reason, "checks are about to start");
  scheduler.advance(0ns);
  EXPECT_FALSE(runner.busy());
  EXPECT_EQ(runner.size(), 1000U);
}

TEST_F(RunnerTest, ANewerConfigurationOvertakesAnUnfinishedOne) {
  runner.apply(big(50, 20));
  scheduler.advance(0ns);
  runner.apply(big(40, 20));  // its sweep is still to come
  ASSERT_TRUE(runner.busy());
  runner.apply(big(10, 19));
  ASSERT_TRUE(runner.busy());
  scheduler.advance(0ns);
  EXPECT_EQ(runner.size(), 190U);
  EXPECT_EQ(sink.count("Activating"), 1000U);
  scheduler.advance(2s);
  EXPECT_EQ(probes.starts.size(), 190U);
}

TEST_F(RunnerTest, MayGoInTheMiddle) {
  auto other = std::make_unique<Runner>(scheduler, logger, probes, 1, Runner::Observer{});
  other->apply(big(50, 20));
  other.reset();
  scheduler.advance(1min);
  EXPECT_TRUE(probes.starts.empty());
}

// ---------------------------------------------------------------- views

TEST_F(RunnerTest, ViewsTellTheStory) {
  const auto began = scheduler.wall_now();
  apply({server("10.0.0.7", {check("10.0.0.7")})});
  auto view = runner.view(service(), real());
  EXPECT_TRUE(view.alive);
  EXPECT_EQ(view.reason, "TCP_CHECK 10.0.0.7:80: not tried yet");
  ASSERT_EQ(view.checks.size(), 1U);
  EXPECT_EQ(view.checks[0].type, "TCP_CHECK");
  EXPECT_EQ(view.checks[0].state, "PENDING");
  EXPECT_FALSE(view.checks[0].last);
  EXPECT_EQ(view.since, began);
  answer("10.0.0.7:80", {FakeProbes::passed(), 250us});
  scheduler.advance(2s);
  view = runner.view(service(), real());
  EXPECT_EQ(view.checks[0].state, "UP");
  EXPECT_EQ(view.checks[0].reason, "connected");
  EXPECT_EQ(view.checks[0].last->outcome, "connected");
  EXPECT_EQ(view.checks[0].last->took, 250us);
  EXPECT_EQ(view.since, began);
  answer("10.0.0.7:80", {FakeProbes::refused()});
  scheduler.advance(10s);
  view = runner.view(service(), real());
  EXPECT_TRUE(view.alive);
  EXPECT_EQ(view.checks[0].state, "UP");
  EXPECT_EQ(view.checks[0].reason, "connection refused, try 2 of 4");
  scheduler.advance(10s);
  view = runner.view(service(), real());
  EXPECT_FALSE(view.alive);
  EXPECT_EQ(view.checks[0].state, "DOWN");
  EXPECT_EQ(view.checks[0].last->outcome, "refused");
  EXPECT_GT(view.since, began);
}

}  // namespace
}  // namespace hald::checker
