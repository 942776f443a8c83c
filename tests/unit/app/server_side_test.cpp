// SPDX-License-Identifier: Apache-2.0
// The balancing half with a real runner, a real reconciler and the memory kernel: verdicts reach the table,
// reloads write differences only, a stop leaves nothing.
#include "app/server_side.h"

#include <gtest/gtest.h>

#include "config/load.h"
#include "fakes/capture_sink.h"
#include "fakes/fake_probes.h"
#include "fakes/manual_scheduler.h"
#include "ipvs/memory_kernel.h"

namespace hald::app {
namespace {

using namespace std::chrono_literals;

constexpr const char* kWeb = R"(
virtual_server 10.0.0.3 80 {
  delay_loop 6
  lb_algo wrr
  lb_kind DR
  protocol TCP
  real_server 10.0.0.7 80 { weight 1
    TCP_CHECK { connect_timeout 8
      retry 3
      delay_before_retry 3 } }
  real_server 10.0.0.8 80 { weight 2
    TCP_CHECK { connect_timeout 8
      retry 3
      delay_before_retry 3 } }
})";

class ServerSideTest : public testing::Test {
 protected:
  ServerSideTest() {
    auto kernel = std::make_unique<ipvs::MemoryKernel>();
    kernel_ = kernel.get();
    side_ = std::make_unique<ServerSide>(scheduler_, logger_, std::move(kernel), probes_, 1);
  }
  void apply(const std::string& text) {
    auto loaded = config::load_text(text, "test.conf");
    ASSERT_FALSE(loaded.diagnostics.has_errors()) << loaded.diagnostics.all().front().message;
    config_ = loaded.config;
    side_->apply(config_);
    scheduler_.advance(1ms);
  }
  [[nodiscard]] std::vector<std::string> table() const {
    std::vector<std::string> out;
    for (const auto& [key, service] : kernel_->table()) {
      for (const auto& server : service.destinations) {
        out.push_back(config::to_string(key) + " " + server.endpoint.to_string() + " " +
                      std::to_string(server.weight));
      }
    }
    return out;
  }

  const std::string web01_ = "[10.0.0.3]:tcp:80 10.0.0.7:80 1";
  const std::string web02_ = "[10.0.0.3]:tcp:80 10.0.0.8:80 2";
  fakes::ManualScheduler scheduler_;
  fakes::CaptureSink sink_;
  log::Logger logger_{sink_, scheduler_, log::Level::Info};
  fakes::FakeProbes probes_{scheduler_};
  ipvs::MemoryKernel* kernel_ = nullptr;
  std::unique_ptr<ServerSide> side_;
  std::shared_ptr<const config::Config> config_;
};

TEST_F(ServerSideTest, ServersAreInFromTheStart) {
  apply(kWeb);
  EXPECT_EQ(table(), (std::vector<std::string>{web01_, web02_}));
  EXPECT_TRUE(sink_.contains("Gained quorum 1+0=1 <= 3 for VS [10.0.0.3]:tcp:80") ||
              side_->view(config_->virtual_servers[0]).quorum_up);
}

TEST_F(ServerSideTest, ADeadServerLeavesTheTableAndComesBack) {
  apply(kWeb);
  scheduler_.advance(10s);
  probes_.answers["10.0.0.7:80"].outcome = fakes::FakeProbes::refused();
  scheduler_.advance(6s + 3 * 3s + 1ms);
  EXPECT_EQ(table(), (std::vector<std::string>{web02_}));
  EXPECT_TRUE(sink_.contains("Removing service [10.0.0.7]:tcp:80 from VS [10.0.0.3]:tcp:80"));
  const auto view = side_->view(config_->virtual_servers[0]);
  EXPECT_FALSE(view.real_servers[0].up);
  EXPECT_EQ(view.real_servers[0].in_kernel, std::nullopt);
  EXPECT_NE(view.real_servers[0].reason, "");
  probes_.answers.clear();
  scheduler_.advance(6s + 1ms);
  EXPECT_EQ(table(), (std::vector<std::string>{web01_, web02_}));
  EXPECT_TRUE(sink_.contains("Adding service [10.0.0.7]:tcp:80 to VS [10.0.0.3]:tcp:80"));
}

TEST_F(ServerSideTest, QuorumIsLostAndGainedWithKeepalivedsWords) {
  apply(kWeb);
  scheduler_.advance(10s);
  probes_.fallback.outcome = fakes::FakeProbes::refused();
  scheduler_.advance(30s);
  EXPECT_TRUE(table().empty());
  EXPECT_TRUE(sink_.contains("Lost quorum 1-0=1 > 0 for VS [10.0.0.3]:tcp:80"));
  EXPECT_FALSE(side_->view(config_->virtual_servers[0]).quorum_up);
  probes_.fallback.outcome = fakes::FakeProbes::passed();
  scheduler_.advance(7s);
  EXPECT_TRUE(sink_.contains("Gained quorum 1+0=1 <= "));
  EXPECT_TRUE(side_->view(config_->virtual_servers[0]).quorum_up);
}

TEST_F(ServerSideTest, TheSorryServerServesWhileTheQuorumIsLost) {
  std::string text = kWeb;
  text.replace(text.find("  protocol TCP"), 14,
               "  protocol TCP\n  sorry_server 10.0.0.1 80\n  inhibit_on_failure");
  apply(text);
  EXPECT_EQ(table(), (std::vector<std::string>{web01_, web02_}));
  scheduler_.advance(10s);
  probes_.fallback.outcome = fakes::FakeProbes::refused();
  scheduler_.advance(30s);
  EXPECT_EQ(table(),
            (std::vector<std::string>{"[10.0.0.3]:tcp:80 10.0.0.1:80 1", "[10.0.0.3]:tcp:80 10.0.0.7:80 0",
                                      "[10.0.0.3]:tcp:80 10.0.0.8:80 0"}));
  EXPECT_TRUE(sink_.contains("Disabling service [10.0.0.7]:tcp:80 of VS [10.0.0.3]:tcp:80"));
  EXPECT_TRUE(sink_.contains("Adding sorry server [10.0.0.1]:tcp:80 to VS [10.0.0.3]:tcp:80"));
  EXPECT_TRUE(sink_.contains("Removing alive servers from the pool for VS [10.0.0.3]:tcp:80"));
  probes_.fallback.outcome = fakes::FakeProbes::passed();
  scheduler_.advance(7s);
  EXPECT_EQ(table(), (std::vector<std::string>{web01_, web02_}));
  EXPECT_TRUE(sink_.contains("Removing sorry server [10.0.0.1]:tcp:80 from VS [10.0.0.3]:tcp:80"));
}

TEST_F(ServerSideTest, AChangeOfThresholdsAloneReachesTheTable) {
  apply(kWeb);
  const auto before = kernel_->writes();
  std::string text = kWeb;
  text.replace(text.find("weight 1"), 8, "weight 1\n    uthreshold 100");
  apply(text);
  EXPECT_EQ(kernel_->writes(), before + 1);
  EXPECT_EQ(kernel_->table().begin()->second.destinations.front().upper_threshold, 100U);
}

constexpr const char* kGroup = R"(
virtual_server_group web {
  10.0.0.3-5 80
  10.0.1.1 8080
  fwmark 7
}
virtual_server group web {
  delay_loop 6
  lb_algo wrr
  lb_kind DR
  protocol TCP
  real_server 10.0.0.7 { weight 1
    TCP_CHECK { connect_port 80
      retry 0 } }
})";

TEST_F(ServerSideTest, AGroupIsOneServiceForEachAddressAndCheckedOnce) {
  apply(kGroup);
  const std::vector<std::string> all{"[10.0.0.3]:tcp:80 10.0.0.7:80 1", "[10.0.0.4]:tcp:80 10.0.0.7:80 1",
                                     "[10.0.0.5]:tcp:80 10.0.0.7:80 1", "[10.0.1.1]:tcp:8080 10.0.0.7:8080 1",
                                     "FWM 7 10.0.0.7:0 1"};
  EXPECT_EQ(table(), all);
  scheduler_.advance(7s + 1ms);
  EXPECT_EQ(probes_.starts.size(), 1U);
  const auto view = side_->view(config_->group_servers[0]);
  EXPECT_EQ(view.group, "[web]:0");
  EXPECT_EQ(view.members, 5U);
  EXPECT_EQ(view.real_servers[0].in_kernel, 1);
  probes_.fallback.outcome = fakes::FakeProbes::refused();
  scheduler_.advance(7s);
  EXPECT_TRUE(table().empty());
  EXPECT_EQ(kernel_->table().size(), 5U);
  EXPECT_TRUE(sink_.contains("Removing service [10.0.0.7]:tcp:0 from VS [web]:0"));
  probes_.fallback.outcome = fakes::FakeProbes::passed();
  scheduler_.advance(7s);
  EXPECT_EQ(table(), all);
}

TEST_F(ServerSideTest, AReloadOfAGroupChangesOnlyWhatIsNew) {
  apply(kGroup);
  const auto writes = kernel_->writes();
  apply(kGroup);
  EXPECT_EQ(kernel_->writes(), writes);
  std::string other = kGroup;
  other.replace(other.find("10.0.0.3-5"), 10, "10.0.0.4-6");
  apply(other);
  EXPECT_EQ(kernel_->writes(), writes + 3) << "a service and its server come, one service goes";
  EXPECT_EQ(kernel_->table().size(), 5U);
  apply(kWeb);
  EXPECT_EQ(kernel_->table().size(), 1U);
}

TEST_F(ServerSideTest, AnAddressHasOneOwner) {
  apply(std::string(kWeb) + kGroup);
  EXPECT_EQ(table().front(), web01_);
  EXPECT_EQ(table().size(), 6U);
  EXPECT_TRUE(sink_.contains("1 of the 5 addresses of VS [web]:0 belong to another virtual server already"));
}

TEST_F(ServerSideTest, WhoListensHearsOfServersAndQuorums) {
  std::vector<std::string> news;
  side_->observe({[&](const RealServerNews& each) {
                    news.push_back(real_server_name(each.service.id(), each.server.endpoint) +
                                   (each.up ? " up" : " down") + (each.initial ? " from the start" : ""));
                  },
                  [&](const QuorumNews& each) { news.push_back(each.text); }});
  apply(kWeb);
  EXPECT_EQ(std::exchange(news, {}), (std::vector<std::string>{"Gained quorum 1+0=1 <= 3"}));
  scheduler_.advance(10s);
  probes_.answers["10.0.0.7:80"].outcome = fakes::FakeProbes::refused();
  scheduler_.advance(6s + 3 * 3s + 1ms);
  EXPECT_EQ(std::exchange(news, {}), (std::vector<std::string>{"[10.0.0.7]:tcp:80 down"}));
  apply(kWeb);
  EXPECT_TRUE(news.empty());
  probes_.fallback.outcome = fakes::FakeProbes::refused();
  scheduler_.advance(30s);
  EXPECT_EQ(std::exchange(news, {}),
            (std::vector<std::string>{"[10.0.0.8]:tcp:80 down", "Lost quorum 1-0=1 > 0"}));
}

TEST_F(ServerSideTest, WhatAReloadTakesAwayGoesDown) {
  std::vector<std::string> news;
  side_->observe({[&](const RealServerNews& each) {
                    news.push_back(each.server.endpoint.to_string() + (each.up ? " up" : " down"));
                  },
                  [&](const QuorumNews& each) { news.push_back(each.text); }});
  apply(kWeb);
  news.clear();
  std::string other = kWeb;
  other.replace(other.find("10.0.0.8 80"), 11, "10.0.0.9 80");
  apply(other);
  EXPECT_EQ(std::exchange(news, {}), (std::vector<std::string>{"10.0.0.8:80 down"}));
  other.replace(other.find("10.0.0.3 80"), 11, "10.0.0.4 80");
  apply(other);
  EXPECT_EQ(news, (std::vector<std::string>{"Gained quorum 1+0=1 <= 3", "10.0.0.7:80 down",
                                            "10.0.0.9:80 down", "Removing"}));
}

TEST_F(ServerSideTest, WhatIsInFromTheStartIsToldIfAskedFor) {
  std::vector<std::string> news;
  side_->observe({[&](const RealServerNews& each) {
                    if (each.up && each.initial) news.push_back(each.server.endpoint.to_string());
                  },
                  [](const QuorumNews&) {}});
  apply(std::string("global_defs { rs_init_notifies on\n }") + kWeb);
  EXPECT_EQ(news, (std::vector<std::string>{"10.0.0.7:80", "10.0.0.8:80"}));
}

TEST_F(ServerSideTest, AStopIsToldWithOmega) {
  std::vector<std::string> news;
  const ServerObserver observer{
      [&](const RealServerNews& each) { news.push_back(each.up ? "up" : "down " + each.text); },
      [&](const QuorumNews& each) { news.push_back(each.text); }};
  side_->observe(observer);
  std::string omega = kWeb;
  omega.insert(omega.find("delay_loop"), "omega\n");
  apply(omega);
  news.clear();
  side_->stop(false, [](std::size_t) {});
  EXPECT_EQ(news, (std::vector<std::string>{"down Shutting down", "down Shutting down", "Shutting down"}));
}

TEST_F(ServerSideTest, ReloadOfTheSameFileWritesNothingAndRestartsNothing) {
  apply(kWeb);
  scheduler_.advance(10s);
  const auto writes = kernel_->writes();
  const auto tries = probes_.starts.size();
  apply(kWeb);
  EXPECT_EQ(kernel_->writes(), writes);
  EXPECT_EQ(probes_.starts.size(), tries) << "no check starts because of a reload";
}

TEST_F(ServerSideTest, ReloadKeepsTheVerdictOfADeadServer) {
  apply(kWeb);
  probes_.answers["10.0.0.7:80"].outcome = fakes::FakeProbes::refused();
  scheduler_.advance(30s);
  std::string heavier = kWeb;
  heavier.replace(heavier.find("weight 2"), 8, "weight 5");
  const auto writes = kernel_->writes();
  apply(heavier);
  EXPECT_EQ(table(), (std::vector<std::string>{"[10.0.0.3]:tcp:80 10.0.0.8:80 5"}));
  EXPECT_EQ(kernel_->writes(), writes + 1);
}

TEST_F(ServerSideTest, ManyServicesAreAppliedInSlices) {
  std::string text;
  for (int i = 0; i < 500; ++i) {
    text += "virtual_server 10.1." + std::to_string(i / 250) + "." + std::to_string(i % 250 + 1) +
            " 80 {\n lb_algo rr\n lb_kind DR\n protocol TCP\n";
    for (int j = 1; j <= 10; ++j) text += " real_server 10.2.0." + std::to_string(j) + " 80 { weight 1 }\n";
    text += "}\n";
  }
  apply(text);
  scheduler_.advance(1s);
  EXPECT_EQ(table().size(), 5000U);
  apply(kWeb);
  scheduler_.advance(1s);
  EXPECT_EQ(table(), (std::vector<std::string>{web01_, web02_}));
}

TEST_F(ServerSideTest, AFlushClearsWhatNobodyWants) {
  const ipvs::ServiceKey other = config::FirewallMark{9, Family::IPv4};
  const std::vector<ipvs::Op> ops{ipvs::AddService{other, {}}};
  ASSERT_TRUE(kernel_->apply(ops));
  apply(kWeb);
  EXPECT_EQ(kernel_->table().size(), 2U);
  side_->stop(false, [](std::size_t) {});
  scheduler_.advance(1s);
  EXPECT_EQ(kernel_->table().size(), 1U) << "another's stays";
  apply(std::string("global_defs { lvs_flush_on_stop\n }") + kWeb);
  EXPECT_EQ(kernel_->table().size(), 2U);
  side_->stop(false, [](std::size_t) {});
  scheduler_.advance(1s);
  EXPECT_TRUE(kernel_->table().empty());
}

TEST_F(ServerSideTest, AFlushAtTheStartKeepsWhatIsWanted) {
  const ipvs::ServiceKey web = config::ServiceAddress{config::Protocol::Tcp, {Address::v4(0x0a000003), 80}};
  const std::vector<ipvs::Op> ops{ipvs::AddService{config::FirewallMark{9, Family::IPv4}, {}},
                                  ipvs::AddService{web, {}}};
  ASSERT_TRUE(kernel_->apply(ops));
  apply(std::string("global_defs { lvs_flush\n }") + kWeb);
  EXPECT_EQ(table(), (std::vector<std::string>{web01_, web02_}));
  EXPECT_EQ(kernel_->table().size(), 1U);
}

TEST_F(ServerSideTest, StopLeavesNothingUnlessAskedTo) {
  apply(kWeb);
  std::size_t left = 99;
  side_->stop(true, [&](std::size_t count) { left = count; });
  scheduler_.advance(1s);
  EXPECT_EQ(table().size(), 2U);
  side_->stop(false, [&](std::size_t count) { left = count; });
  scheduler_.advance(1s);
  EXPECT_EQ(left, 0U);
  EXPECT_TRUE(kernel_->table().empty());
  EXPECT_EQ(probes_.running, 0);
}

/// As the next run of hald: the same kernel, and what the one before passed on.
TEST_F(ServerSideTest, ARestartTakesNobodyOutAndPutsNobodyBack) {
  apply(kWeb);
  scheduler_.advance(10s);
  probes_.answers["10.0.0.7:80"].outcome = fakes::FakeProbes::refused();
  scheduler_.advance(20s);
  ASSERT_EQ(table(), (std::vector<std::string>{web02_}));
  const auto before = side_->view(config_->virtual_servers[0]);
  const CarriedServers carried = side_->carry();
  auto kernel = std::make_unique<ipvs::MemoryKernel>(*kernel_);
  kernel_ = kernel.get();
  side_ = std::make_unique<ServerSide>(scheduler_, logger_, std::move(kernel), probes_, 2);
  std::vector<std::string> told;
  side_->observe({[&](const auto& news) { told.push_back(news.text); },
                  [&](const auto& news) { told.push_back(news.text); }});
  side_->resume(*config_, carried);
  apply(kWeb);
  EXPECT_EQ(table(), (std::vector<std::string>{web02_}));
  EXPECT_EQ(side_->counters().writes, 0U);
  EXPECT_TRUE(told.empty()) << told.front();
  const auto after = side_->view(config_->virtual_servers[0]);
  EXPECT_FALSE(after.real_servers[0].up);
  EXPECT_EQ(after.real_servers[0].since, before.real_servers[0].since);
  EXPECT_TRUE(after.quorum_up);
  // One failing try does not take out what had been up for long.
  probes_.answers["10.0.0.8:80"].outcome = fakes::FakeProbes::refused();
  scheduler_.advance(7s);
  EXPECT_EQ(table(), (std::vector<std::string>{web02_}));
  scheduler_.advance(20s);
  EXPECT_TRUE(table().empty());
}

TEST_F(ServerSideTest, ARestartWithAnotherFileDeletesWhatIsGone) {
  apply(kWeb);
  const auto former = config_;
  const CarriedServers carried = side_->carry();
  auto kernel = std::make_unique<ipvs::MemoryKernel>(*kernel_);
  kernel_ = kernel.get();
  side_ = std::make_unique<ServerSide>(scheduler_, logger_, std::move(kernel), probes_, 2);
  side_->resume(*former, carried);
  std::string text = kWeb;
  text.replace(text.find("10.0.0.3"), 8, "10.0.0.4");
  apply(text);
  EXPECT_EQ(table(),
            (std::vector<std::string>{"[10.0.0.4]:tcp:80 10.0.0.7:80 1", "[10.0.0.4]:tcp:80 10.0.0.8:80 2"}));
}

}  // namespace
}  // namespace hald::app
