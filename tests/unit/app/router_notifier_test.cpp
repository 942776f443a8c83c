// SPDX-License-Identifier: Apache-2.0
// What scripts, pipes and mails are told of instances and groups; programs and mails that only seem to run,
// real pipes.
#include "app/router_notifier.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <filesystem>

#include <gtest/gtest.h>

#include "fakes/capture_sink.h"
#include "fakes/fake_machine.h"
#include "fakes/fake_mail_transport.h"
#include "fakes/fake_spawner.h"
#include "fakes/manual_scheduler.h"

namespace hald::app {
namespace {

using namespace std::chrono_literals;
using vrrp::StateName;
using Lines = std::vector<std::string>;

config::Command script(const std::string& path) {
  config::Command out;
  out.words = {path};
  return out;
}

config::Notifications all_scripts() {
  return {script("backup"), script("master"),  script("fault"), script("stop"),
          script("any"),    script("deleted"), script("lower")};
}

class RouterNotifierTest : public testing::Test {
 protected:
  RouterNotifierTest() {
    std::string pattern = (std::filesystem::temp_directory_path() / "hald-notifier-XXXXXX").string();
    folder_ = ::mkdtemp(pattern.data());
    instance_.name = "VI_1";
    instance_.notify = all_scripts();
    config_.global.router_id = "lvs1";
    config_.global.mail = {
        config::MailServer{"10.0.0.25", 25}, "hald@lvs1", "lvs1", 30s, {"ops@example.com"}};
  }
  ~RouterNotifierTest() override { std::filesystem::remove_all(folder_); }

  void apply() {
    config_.instances = {instance_};
    const auto config = std::make_shared<const config::Config>(config_);
    channels_.apply(config, std::make_shared<const ScriptUsers>(config_, machine_), {true, false});
  }
  void change(StateName from, StateName to, std::uint8_t priority = 100) {
    notifier_.on_state({instance_, from, to, "", priority});
  }
  /// Ends all scripts, those that come after one another too.
  Lines run_all() {
    for (std::size_t i = ended_; i < spawner_.programs.size(); ended_ = ++i) {
      if (spawner_.programs[i].running) spawner_.end(i);
    }
    return spawner_.lines();
  }
  std::string open_fifo() {
    config_.global.vrrp_notify_fifo.path = folder_ / "fifo";
    apply();
    reader_.reset(::open((folder_ / "fifo").c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
    return read();
  }
  std::string read() {
    std::array<char, 8192> buffer{};
    const ssize_t size = ::read(reader_.get(), buffer.data(), buffer.size());
    return size < 0 ? "" : std::string(buffer.data(), static_cast<std::size_t>(size));
  }
  Lines subjects() const {
    Lines out;
    for (const auto& mail : transport_.mails) {
      const auto at = mail.letter.text.find("Subject: ") + 9;
      out.push_back(mail.letter.text.substr(at, mail.letter.text.find("\r\n", at) - at));
    }
    return out;
  }

  std::filesystem::path folder_;
  fakes::FakeMachine machine_;
  fakes::ManualScheduler scheduler_;
  fakes::CaptureSink sink_;
  log::Logger logger_{sink_, scheduler_, log::Level::Info};
  fakes::FakeSpawner spawner_;
  fakes::FakeMailTransport transport_;
  Channels channels_{scheduler_, logger_, spawner_, transport_};
  RouterNotifier notifier_{channels_};
  config::Config config_;
  config::VrrpInstance instance_;
  UniqueFd reader_;
  std::size_t ended_ = 0;
};

TEST_F(RouterNotifierTest, ScriptsGetWhatKeepalivedGivesThem) {
  apply();
  change(StateName::Init, StateName::Backup);
  EXPECT_EQ(run_all(), (Lines{"backup", "any INSTANCE VI_1 BACKUP 100"}));
  change(StateName::Backup, StateName::Master);
  change(StateName::Master, StateName::Fault, 90);
  EXPECT_EQ(run_all(), (Lines{"backup", "any INSTANCE VI_1 BACKUP 100", "master", "fault",
                              "any INSTANCE VI_1 FAULT 90"}))
      << "what was not begun is about the past";
}

TEST_F(RouterNotifierTest, PipesGetEveryChange) {
  open_fifo();
  change(StateName::Init, StateName::Backup);
  change(StateName::Backup, StateName::Master);
  change(StateName::Master, StateName::Fault, 50);
  EXPECT_EQ(read(),
            "INSTANCE \"VI_1\" BACKUP 100\nINSTANCE \"VI_1\" MASTER 100\nINSTANCE \"VI_1\" FAULT 50\n");
}

TEST_F(RouterNotifierTest, ARemovedInstanceIsAFaultUnlessDeletedIsAskedFor) {
  open_fifo();
  change(StateName::Init, StateName::Backup);
  run_all();
  change(StateName::Backup, StateName::Init);
  EXPECT_EQ(run_all().back(), "any INSTANCE VI_1 FAULT 100");
  instance_.notify_deleted = true;
  change(StateName::Init, StateName::Fault);
  run_all();
  change(StateName::Fault, StateName::Init);
  EXPECT_EQ(run_all().back(), "any INSTANCE VI_1 DELETED 100");
  read();
  instance_.notify_deleted = false;
  change(StateName::Fault, StateName::Init);
  EXPECT_EQ(read(), "") << "nothing new to one that was in FAULT";
}

TEST_F(RouterNotifierTest, AnEventIsNoState) {
  open_fifo();
  change(StateName::Backup, StateName::Master);
  read();
  using Kind = vrrp::InstanceEvent::Kind;
  notifier_.on_event({instance_, Kind::LowerAdvertHeard, StateName::Master, 100});
  EXPECT_EQ(run_all(), (Lines{"master", "any INSTANCE VI_1 MASTER 100", "lower"}));
  EXPECT_EQ(read(), "INSTANCE \"VI_1\" MASTER_RX_LOWER_PRI 100\n");
  notifier_.on_event({instance_, Kind::PriorityChanged, StateName::Master, 90});
  EXPECT_EQ(read(), "") << "only if it is asked for";
  instance_.notify_priority_changes = true;
  notifier_.on_event({instance_, Kind::PriorityChanged, StateName::Master, 80});
  notifier_.on_event({instance_, Kind::PriorityChanged, StateName::Fault, 70});
  EXPECT_EQ(read(), "INSTANCE \"VI_1\" MASTER_PRIORITY 80\nINSTANCE \"VI_1\" BACKUP_PRIORITY 70\n");
}

/// After a restart that was no failover: nobody is told, but the stop is told to all.
TEST_F(RouterNotifierTest, WhatIsResumedWasToldBefore) {
  config::SyncGroup group;
  group.name = "G1";
  config_.sync_groups = {group};
  open_fifo();
  notifier_.on_state({instance_, StateName::Init, StateName::Master, "", 100, true});
  notifier_.on_group({group, StateName::Master, StateName::Master, "", true});
  EXPECT_EQ(run_all(), Lines());
  EXPECT_EQ(read(), "");
  EXPECT_EQ(subjects(), Lines());
  channels_.begin_stop();
  notifier_.tell_the_stop();
  EXPECT_EQ(read(), "INSTANCE \"VI_1\" STOP 100\nGROUP \"G1\" STOP 0\n");
}

TEST_F(RouterNotifierTest, GroupsHaveNoPriority) {
  config::SyncGroup group;
  group.name = "G1";
  group.notify = all_scripts();
  group.smtp_alert = true;
  config_.sync_groups = {group};
  open_fifo();
  notifier_.on_group({group, vrrp::StateName::Init, StateName::Init, "", false});
  notifier_.on_group({group, vrrp::StateName::Init, StateName::Master, "", false});
  EXPECT_EQ(run_all(), (Lines{"master", "any GROUP G1 MASTER 0"}));
  EXPECT_EQ(read(), "GROUP \"G1\" MASTER 0\n");
  EXPECT_EQ(subjects(), (Lines{"[lvs1] VRRP Group G1 - Entering MASTER state"}));
}

TEST_F(RouterNotifierTest, NoTwoMailsAboutOneState) {
  instance_.smtp_alert = true;
  config_.global.no_email_faults = true;
  apply();
  const std::pair<StateName, StateName> changes[] = {{StateName::Init, StateName::Backup},
                                                     {StateName::Backup, StateName::Fault},
                                                     {StateName::Fault, StateName::Backup},
                                                     {StateName::Backup, StateName::Master}};
  for (const auto& [from, to] : changes) {
    change(from, to);
    if (transport_.busy()) transport_.accept();
  }
  EXPECT_EQ(subjects(), (Lines{"[lvs1] VRRP Instance VI_1 - Entering BACKUP state",
                               "[lvs1] VRRP Instance VI_1 - Entering MASTER state"}));
  instance_.smtp_alert = false;
  change(StateName::Master, StateName::Backup);
  EXPECT_EQ(subjects().size(), 2U);
}

TEST_F(RouterNotifierTest, StatesAreRepeatedAfterAReloadIfAskedFor) {
  open_fifo();
  change(StateName::Init, StateName::Master);
  read();
  apply();
  notifier_.repeat_states();
  EXPECT_EQ(read(), "");
  config_.global.fifo_write_vrrp_states_on_reload = true;
  apply();
  notifier_.repeat_states();
  EXPECT_EQ(read(), "INSTANCE \"VI_1\" MASTER 100\n");
}

TEST_F(RouterNotifierTest, AStopIsToldToAllAndWaitsForTheScripts) {
  config::SyncGroup group;
  group.name = "G1";
  config_.sync_groups = {group};
  open_fifo();
  change(StateName::Init, StateName::Backup);
  notifier_.on_group({group, vrrp::StateName::Init, StateName::Backup, "", false});
  read();
  channels_.begin_stop();
  EXPECT_TRUE(spawner_.programs[0].stopped);
  spawner_.end(0, proc::Signaled{15});
  bool stopped = false;
  notifier_.tell_the_stop();
  channels_.finish_stop([&] { stopped = true; });
  EXPECT_EQ(read(), "INSTANCE \"VI_1\" STOP 100\nGROUP \"G1\" STOP 0\n");
  ASSERT_EQ(spawner_.lines(), (Lines{"backup", "stop"}));
  EXPECT_EQ(spawner_.programs[1].options.limit, Channels::kStopScript);
  scheduler_.advance(1s);
  EXPECT_FALSE(stopped);
  run_all();
  scheduler_.advance(100ms);
  EXPECT_TRUE(stopped);
  EXPECT_EQ(spawner_.lines().back(), "any INSTANCE VI_1 STOP 100");
  EXPECT_FALSE(std::filesystem::exists(folder_ / "fifo"));
}

TEST_F(RouterNotifierTest, AStopIsToldOnce) {
  apply();
  change(StateName::Init, StateName::Master);
  run_all();
  channels_.begin_stop();
  change(StateName::Master, StateName::Init);
  run_all();
  bool stopped = false;
  notifier_.tell_the_stop();
  channels_.finish_stop([&] { stopped = true; });
  scheduler_.advance(100ms);
  EXPECT_TRUE(stopped);
  EXPECT_EQ(spawner_.lines().size(), 4U);
}

TEST_F(RouterNotifierTest, NothingHoldsUpAStopForLong) {
  instance_.smtp_alert = true;
  config_.global.vrrp_notify_fifo.script = script("reader");
  open_fifo();
  change(StateName::Init, StateName::Master);
  channels_.begin_stop();
  change(StateName::Master, StateName::Init);
  bool stopped = false;
  notifier_.tell_the_stop();
  channels_.finish_stop([&] { stopped = true; });
  scheduler_.advance(Channels::kFarewell + 2 * NotifyFifos::kPatience + 100ms);
  EXPECT_TRUE(stopped);
}

TEST_F(RouterNotifierTest, AReaderMayTakeTheLastLines) {
  config_.global.vrrp_notify_fifo.script = script("reader");
  instance_.notify = {};
  open_fifo();
  ASSERT_EQ(spawner_.lines(), (Lines{"reader " + (folder_ / "fifo").string()}));
  bool stopped = false;
  channels_.begin_stop();
  notifier_.tell_the_stop();
  channels_.finish_stop([&] { stopped = true; });
  scheduler_.advance(100ms);
  EXPECT_FALSE(stopped);
  EXPECT_FALSE(spawner_.programs[0].stopped);
  spawner_.end(0);
  scheduler_.advance(1ms);
  EXPECT_TRUE(stopped);
}

TEST_F(RouterNotifierTest, AnEqualReloadTouchesNoPipe) {
  config_.global.vrrp_notify_fifo.script = script("reader");
  open_fifo();
  apply();
  EXPECT_EQ(spawner_.programs.size(), 1U);
  EXPECT_EQ(spawner_.running(), 1U);
  config_.global.vrrp_notify_fifo.script = script("other");
  apply();
  EXPECT_EQ(spawner_.programs.size(), 2U);
  EXPECT_EQ(spawner_.running(), 1U);
  EXPECT_TRUE(std::filesystem::exists(folder_ / "fifo"));
}

TEST(ScriptUsers, KnowsWhomEachRunsAs) {
  fakes::FakeMachine machine;
  machine.users["keepalived_script"] = {700, 701};
  machine.users["web"] = {800, 801};
  machine.groups["www"] = 900;
  config::Config config;
  config::VrrpInstance instance;
  instance.notify.master = script("/m");
  instance.notify.backup = script("/b");
  instance.notify.backup.run_as = {"web", "www", {}};
  instance.notify.fault = script("/f");
  instance.notify.fault.run_as = {"nobody_knows", "", {}};
  config.instances = {instance};
  config.global.script_security = true;
  const ScriptUsers users(config, machine);
  const auto master = users.command(instance.notify.master, {"more"});
  ASSERT_TRUE(master.has_value());
  EXPECT_EQ(master->argv, (Lines{"/m", "more"}));
  EXPECT_EQ(master->user->uid, 700U);
  EXPECT_EQ(master->user->gid, 701U);
  EXPECT_TRUE(master->refuse_insecure);
  const auto backup = users.command(instance.notify.backup);
  ASSERT_TRUE(backup.has_value());
  EXPECT_EQ(backup->user->uid, 800U);
  EXPECT_EQ(backup->user->gid, 900U);
  EXPECT_FALSE(users.command(instance.notify.fault).has_value());
  EXPECT_FALSE(users.command(instance.notify.stop).has_value()) << "there is none";
}

TEST(ScriptUsers, WithoutAnAccountItIsHaldUnlessScriptsMustBeSecure) {
  const fakes::FakeMachine machine;
  config::Config config;
  EXPECT_EQ(ScriptUsers(config, machine).user({})->uid, 0U);
  config.global.script_security = true;
  EXPECT_FALSE(ScriptUsers(config, machine).user({}).has_value());
}

TEST(SmtpSettings, NobodyIsMailedWithoutServerAndRecipients) {
  config::Mail mail;
  mail.recipients = {"Ops <ops@example.com>", "broken address"};
  EXPECT_FALSE(smtp_settings(mail).has_value());
  mail.server = config::MailServer{"mail", 2525};
  mail.from = "hald@lvs1";
  const auto settings = smtp_settings(mail);
  ASSERT_TRUE(settings.has_value());
  EXPECT_EQ(settings->server.port, 2525);
  ASSERT_EQ(settings->to.size(), 1U);
  EXPECT_EQ(settings->to[0].address, "ops@example.com");
  mail.recipients = {"broken address"};
  EXPECT_FALSE(smtp_settings(mail).has_value());
}

}  // namespace
}  // namespace hald::app
