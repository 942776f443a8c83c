// SPDX-License-Identifier: Apache-2.0
// What scripts, pipes and mails are told of virtual and real servers.
#include "app/server_notifier.h"

#include <gtest/gtest.h>

#include "fakes/capture_sink.h"
#include "fakes/fake_machine.h"
#include "fakes/fake_mail_transport.h"
#include "fakes/fake_spawner.h"
#include "fakes/manual_scheduler.h"

namespace hald::app {
namespace {

using Lines = std::vector<std::string>;

config::Command script(const std::string& path) {
  config::Command out;
  out.words = {path, "its own words"};
  return out;
}

class ServerNotifierTest : public testing::Test {
 protected:
  ServerNotifierTest() {
    service_.key = config::ServiceAddress{config::Protocol::Tcp, {Address::v4(0x0a000003), 80}};
    service_.quorum_up = script("quorum_up");
    service_.quorum_down = script("quorum_down");
    server_.endpoint = {Address::v4(0x0a000007), 80};
    server_.extras.edit().notify_up = script("up");
    server_.extras.edit().notify_down = script("down");
    config_.global.router_id = "lvs1";
    config_.global.mail = {config::MailServer{"10.0.0.25", 25},
                           "hald@lvs1",
                           "lvs1",
                           std::chrono::seconds(30),
                           {"ops@example.com"}};
  }
  void apply() {
    const auto config = std::make_shared<const config::Config>(config_);
    channels_.apply(config, std::make_shared<const ScriptUsers>(config_, machine_), {false, true});
  }
  [[nodiscard]] bool mailed(const std::string& subject) const {
    return !transport_.mails.empty() &&
           transport_.mails.back().letter.text.find("Subject: " + subject) != std::string::npos;
  }

  fakes::FakeMachine machine_;
  fakes::ManualScheduler scheduler_;
  fakes::CaptureSink sink_;
  log::Logger logger_{sink_, scheduler_, log::Level::Info};
  fakes::FakeSpawner spawner_;
  fakes::FakeMailTransport transport_;
  Channels channels_{scheduler_, logger_, spawner_, transport_};
  ServerNotifier notifier_{channels_};
  config::Config config_;
  config::VirtualServer service_;
  config::RealServer server_;
};

TEST_F(ServerNotifierTest, ScriptsGetTheirOwnWordsAlone) {
  apply();
  notifier_.on_server({service_, server_, false, "refused"});
  notifier_.on_quorum({service_, false, "Lost quorum 1-0=1 > 0"});
  EXPECT_EQ(spawner_.lines(), (Lines{"down its own words", "quorum_down its own words"}))
      << "they do not wait for each other";
  notifier_.on_server({service_, server_, true, "fine"});
  EXPECT_EQ(spawner_.programs.size(), 2U);
  spawner_.end(0);
  EXPECT_EQ(spawner_.lines().back(), "up its own words");
}

TEST_F(ServerNotifierTest, AQueueGoesWhenItIsDone) {
  apply();
  notifier_.on_server({service_, server_, false, "refused"});
  const std::string object = "real server [10.0.0.7]:tcp:80 of [10.0.0.3]:tcp:80";
  EXPECT_TRUE(channels_.knows(object));
  spawner_.end(0);
  scheduler_.advance(std::chrono::milliseconds(1));
  EXPECT_FALSE(channels_.knows(object));
}

TEST_F(ServerNotifierTest, RealServersAreMailedByDefaultAndQuorumsAreNot) {
  apply();
  notifier_.on_server({service_, server_, false, "refused"});
  EXPECT_TRUE(mailed("[lvs1] Realserver [10.0.0.7]:tcp:80 of "));
  transport_.accept();
  notifier_.on_quorum({service_, false, "Lost quorum 1-0=1 > 0"});
  EXPECT_EQ(transport_.mails.size(), 1U);
  service_.smtp_alert = true;
  notifier_.on_quorum({service_, false, "Lost quorum 1-0=1 > 0"});
  EXPECT_TRUE(mailed("[lvs1] Virtualserver [10.0.0.3]:tcp:80 - DOWN"));
  transport_.accept();
  config_.global.smtp_alert = true;
  config_.global.smtp_alert_checker = false;
  apply();
  notifier_.on_server({service_, server_, true, "fine"});
  EXPECT_EQ(transport_.mails.size(), 2U);
}

TEST_F(ServerNotifierTest, WhatIsInFromTheStartIsSilentUnlessAskedFor) {
  apply();
  notifier_.on_server({service_, server_, true, "in from the start", true});
  EXPECT_TRUE(spawner_.programs.empty());
  config_.global.rs_init_notifies = true;
  apply();
  notifier_.on_server({service_, server_, true, "in from the start", true});
  EXPECT_EQ(spawner_.lines(), (Lines{"up its own words"}));
  EXPECT_TRUE(transport_.mails.empty());
}

}  // namespace
}  // namespace hald::app
