// SPDX-License-Identifier: Apache-2.0
// Random outcomes through the verdict policy and through a whole runner, against the few sentences that say
// what must always hold.
#include <random>

#include <gtest/gtest.h>

#include "checker/core/quorum.h"
#include "checker/core/verdict.h"
#include "checker/runner.h"
#include "fakes/capture_sink.h"
#include "fakes/fake_probes.h"
#include "fakes/manual_scheduler.h"

namespace hald::checker {
namespace {

using namespace std::chrono_literals;

class Seeded : public testing::Test {
 protected:
  void SetUp() override { RecordProperty("seed", std::to_string(seed)); }
  unsigned pick(unsigned bound) { return static_cast<unsigned>(random() % bound); }

  const unsigned seed = std::random_device{}();
  testing::ScopedTrace trace{__FILE__, __LINE__, testing::Message() << "seed " << seed};
  std::mt19937 random{seed};
};

using VerdictProperty = Seeded;
using RunnerProperty = Seeded;

TEST_F(VerdictProperty, DownOnlyAfterEnoughFailuresInARowUpAtTheFirstPass) {
  for (int history = 0; history < 3000; ++history) {
    VerdictParams params{pick(5)};
    auto state = initial_verdict(params, pick(3) == 0);
    bool decided = false;
    std::uint32_t row = 0;  // failing tries in a row, since the last pass or verdict
    for (int step = 0; step < 60; ++step) {
      Outcome outcome{Layer::Network, Kind::Refused, {}, "x"};
      const unsigned dice = pick(10);
      if (dice < 3) outcome.kind = Kind::Passed;
      if (dice == 3) outcome = {Layer::Local, Kind::NotAttempted, {}, "x"};
      const auto folded = fold(state, outcome, params);
      const auto& decision = folded.decision;
      EXPECT_EQ(decision.changed, folded.state.up != state.up);
      EXPECT_FALSE(decision.reason.empty());
      EXPECT_TRUE(decision.verdict || !decision.changed);
      EXPECT_LE(folded.state.failed, params.retry);
      if (outcome.local()) {
        EXPECT_EQ(folded.state, state);
      } else if (outcome.passed()) {
        EXPECT_TRUE(folded.state.up);
        EXPECT_EQ(decision.next, Next::Regular);
        row = 0;
      } else {
        ++row;
        EXPECT_TRUE(!decision.changed || row == (decided ? params.retry + 1 : 1)) << row;
        EXPECT_TRUE(!state.up || row <= params.retry || !folded.state.up) << row;
        EXPECT_EQ(decision.next == Next::Retry, folded.state.up);
      }
      decided = decided || !outcome.local();
      EXPECT_EQ(folded.state.decided, decided);
      if (decision.verdict || !folded.state.up) row = 0;
      state = folded.state;
    }
  }
}

TEST_F(VerdictProperty, QuorumIsMonotoneInTheWeight) {
  for (int round = 0; round < 20000; ++round) {
    const QuorumParams params{1 + pick(10), pick(10)};
    const bool up = pick(2) == 0;
    const std::uint64_t weight = pick(25);
    EXPECT_TRUE(!fold_quorum(up, params, weight) || fold_quorum(up, params, weight + 1));
    // A settled answer is kept: the same weight does not flap.
    const bool once = fold_quorum(up, params, weight);
    EXPECT_EQ(fold_quorum(once, params, weight), once);
  }
}

config::ServiceKey service(unsigned number) {
  return config::ServiceAddress{config::Protocol::Tcp, {Address::v4(0x0a640000 + number), 80}};
}

/// Reloads, outages, slow and silent servers at random; the observer's story must be the runner's state, and
/// at the end nothing may be left.
TEST_F(RunnerProperty, TheObserverKnowsWhatTheRunnerKnows) {
  for (int history = 0; history < 60; ++history) {
    fakes::ManualScheduler scheduler;
    fakes::CaptureSink sink;
    log::Logger logger{sink, scheduler, log::Level::Error};
    fakes::FakeProbes probes{scheduler};
    using Key = std::pair<std::string, std::string>;
    std::map<Key, bool> told;
    Runner runner{scheduler, logger, probes, random(),
                  [&](const ServiceId& id, const Endpoint& endpoint, bool alive, const std::string&) {
                    told[{to_string(id), endpoint.to_string()}] = alive;
                  }};
    std::shared_ptr<config::Config> config;
    for (int step = 0; step < 40; ++step) {
      if (config == nullptr || pick(4) == 0) {
        config = std::make_shared<config::Config>();
        for (unsigned s = 0; s < 3; ++s) {
          if (pick(4) == 0) continue;
          config::VirtualServer virtual_server;
          virtual_server.key = service(s);
          for (unsigned r = 0; r < 4; ++r) {
            if (pick(4) == 0) continue;
            config::RealServer real;
            real.endpoint = {Address::v4(0x0a000001 + r), 80};
            for (unsigned c = pick(3); c > 0; --c) {
              config::TcpCheck tcp;
              tcp.target = {real.endpoint.address, static_cast<std::uint16_t>(80 + pick(2))};
              tcp.settings.edit().timing.delay_loop = std::chrono::seconds(1 + pick(5));
              tcp.settings.edit().timing.delay_before_retry = std::chrono::seconds(pick(3));
              tcp.settings.edit().timing.retry = pick(3);
              tcp.settings.edit().timing.warmup = std::chrono::seconds(pick(3));
              real.checks.push_back(tcp);
            }
            virtual_server.real_servers.push_back(std::move(real));
          }
          config->virtual_servers.push_back(std::move(virtual_server));
        }
        runner.apply(config);
        EXPECT_FALSE(runner.busy());
        // A server that is gone, and may come back, comes back alive.
        std::map<Key, bool> known;
        for (const auto& virtual_server : config->virtual_servers) {
          for (const auto& real : virtual_server.real_servers) {
            const Key key{config::to_string(virtual_server.key), real.endpoint.to_string()};
            if (told.count(key) > 0) known[key] = told[key];
          }
        }
        told = std::move(known);
      }
      for (unsigned r = 0; r < 4; ++r) {
        for (unsigned port = 80; port < 82; ++port) {
          fakes::FakeProbes::Answer answer;
          if (pick(2) == 0) answer.outcome = fakes::FakeProbes::refused();
          if (pick(8) == 0) answer.outcome = fakes::FakeProbes::local();
          answer.after = std::chrono::milliseconds(pick(1500));
          probes
              .answers[Endpoint{Address::v4(0x0a000001 + r), static_cast<std::uint16_t>(port)}.to_string()] =
              answer;
        }
      }
      scheduler.advance(std::chrono::milliseconds(pick(4000)));
      std::size_t checks = 0;
      for (const auto& virtual_server : config->virtual_servers) {
        for (const auto& real : virtual_server.real_servers) {
          checks += real.checks.size();
          const Key key{config::to_string(virtual_server.key), real.endpoint.to_string()};
          const bool believed = told.count(key) > 0 ? told[key] : true;
          EXPECT_EQ(runner.alive(virtual_server.key, real), believed) << key.first << " " << key.second;
          const auto view = runner.view(virtual_server.key, real);
          const bool failed = std::any_of(view.checks.begin(), view.checks.end(),
                                          [](const auto& check) { return check.state == "DOWN"; });
          EXPECT_TRUE(view.alive || !real.checks.empty());
          EXPECT_FALSE(failed && view.alive);
        }
      }
      EXPECT_EQ(runner.size(), checks);
    }
    runner.stop();
    EXPECT_EQ(probes.running, 0);
    EXPECT_TRUE(scheduler.idle());
  }
}

}  // namespace
}  // namespace hald::checker
