// SPDX-License-Identifier: Apache-2.0
// Tracking through the supervisor: scripts and interfaces move priorities and put into FAULT, and say so.
#include "vrrp/tracker.h"

#include <gtest/gtest.h>

#include "router.h"

namespace hald::vrrp {
namespace {

using namespace std::chrono_literals;
using testing::config_of;
using testing::from_peer;
using testing::instance;
using testing::Router;

config::Tracked line(const char* name, std::int16_t weight, bool reverse = false) {
  config::Tracked out;
  out.name = name;
  out.weight = {weight, reverse};
  return out;
}

struct Tracking : Router {
  Tracking() {
    script.name = "chk";
    script.command.words = {"/bin/check", "it"};
    script.interval = 2s;
    settings.track.scripts = {line("chk", -30)};
    file.name = "num";
    file.path = "/run/num";
    process.name = "web";
    process.path = "nginx";
  }
  void apply() {
    auto config = std::make_shared<config::Config>();
    config->instances = {settings};
    config->track_scripts = {script};
    config->track_files = {file};
    config->track_processes = {process};
    config->global.startup_delay = startup_delay;
    supervisor.apply(std::move(config));
  }
  /// Ends the run that is under way.
  void end(int status) { spawner.end(spawner.programs.size() - 1, proc::Exited{status}); }
  void next_run(int status) {
    scheduler.advance(script.interval);
    end(status);
  }
  [[nodiscard]] TrackView tracked(std::size_t index = 0) const { return view().tracked.at(index); }

  config::TrackScript script;
  config::TrackFile file;
  config::TrackProcess process;
  config::VrrpInstance settings = instance();
  std::optional<Duration> startup_delay;
};

TEST(Tracker, AScriptMovesThePriority) {
  Tracking router;
  router.apply();
  router.scheduler.advance(0s);
  EXPECT_EQ(router.spawner.lines(), (std::vector<std::string>{"/bin/check it"}));
  router.end(0);
  EXPECT_EQ(router.view().priority, 100);
  router.next_run(1);
  EXPECT_EQ(router.view().priority, 70);
  EXPECT_EQ(router.view().base_priority, 100);
  EXPECT_EQ(router.tracked().words, "failed (exited with status 1)");
  EXPECT_EQ(router.tracked().priority, -30);
  EXPECT_TRUE(router.sink.contains("(VI_51) Changing effective priority from 100 to 70"));
  EXPECT_TRUE(router.sink.contains("Script `chk` now returning 1"));
  EXPECT_TRUE(router.sink.contains("VRRP_Script(chk) failed (exited with status 1)"));
  router.next_run(0);
  EXPECT_EQ(router.view().priority, 100);
}

TEST(Tracker, ThePriorityIsInTheAdverts) {
  Tracking router;
  router.apply();
  router.scheduler.advance(0s);
  router.end(0);
  router.scheduler.advance(4s);
  ASSERT_EQ(router.state(), "MASTER");
  router.end(1);
  router.sent.clear();
  router.scheduler.advance(1s);
  ASSERT_EQ(router.sent.size(), 1U);
  EXPECT_EQ(router.sent[0].priority, 70);
  // And it loses against what it won against before.
  router.receive(from_peer(90).bytes());
  EXPECT_EQ(router.state(), "BACKUP");
  EXPECT_EQ(router.view().reason, "10.0.0.6 has the higher priority 90, ours 70");
}

TEST(Tracker, WithoutAWeightItPutsIntoFault) {
  Tracking router;
  router.settings.track.scripts = {line("chk", 0)};
  router.apply();
  router.scheduler.advance(0s);
  // Nobody knows yet whether it may take part.
  EXPECT_EQ(router.state(), "INIT");
  EXPECT_EQ(router.view().reason, "has not begun yet: script chk has not run yet");
  router.end(0);
  EXPECT_EQ(router.state(), "BACKUP");
  router.next_run(3);
  EXPECT_EQ(router.state(), "FAULT");
  EXPECT_EQ(router.view().reason, "script chk failed (exited with status 3)");
  EXPECT_TRUE(router.tracked().fault);
  router.next_run(0);
  EXPECT_EQ(router.state(), "BACKUP");
}

TEST(Tracker, BeginsInFaultIfTheFirstRunFails) {
  Tracking router;
  router.settings.track.scripts = {line("chk", 0)};
  router.apply();
  router.scheduler.advance(0s);
  router.spawner.end(0, proc::NotStarted{proc::StartStep::Exec, protocol_error("run /bin/check")});
  EXPECT_EQ(router.state(), "FAULT");
}

TEST(Tracker, InitFailNeedNotBeWaitedFor) {
  Tracking router;
  router.settings.track.scripts = {line("chk", 0)};
  router.script.init_fail = true;
  router.apply();
  EXPECT_EQ(router.state(), "FAULT");
  EXPECT_EQ(router.view().reason, "script chk has not succeeded yet");
}

TEST(Tracker, RiseAndFall) {
  Tracking router;
  router.script.fall = 2;
  router.script.rise = 2;
  router.apply();
  router.scheduler.advance(0s);
  router.end(0);
  router.next_run(1);
  EXPECT_EQ(router.view().priority, 100);
  router.next_run(1);
  EXPECT_EQ(router.view().priority, 70);
  router.next_run(0);
  EXPECT_EQ(router.view().priority, 70);
  router.next_run(0);
  EXPECT_EQ(router.view().priority, 100);
}

TEST(Tracker, NeverRunsTheSameScriptTwiceAtOnce) {
  Tracking router;
  router.apply();
  router.scheduler.advance(9s);
  EXPECT_EQ(router.spawner.programs.size(), 1U);
  EXPECT_TRUE(router.sink.contains("Track script chk is already running, expect idle - skipping run"));
  router.end(0);
  router.scheduler.advance(2s);
  EXPECT_EQ(router.spawner.programs.size(), 2U);
  EXPECT_EQ(router.spawner.running(), 1U);
}

TEST(Tracker, TooLongIsAFailureAtOnce) {
  Tracking router;
  router.script.timeout = 500ms;
  router.apply();
  router.scheduler.advance(0s);
  EXPECT_EQ(router.spawner.programs.at(0).options.limit, Duration(500ms));
  router.spawner.programs.at(0).watcher.late();
  EXPECT_EQ(router.view().priority, 70);
  EXPECT_EQ(router.tracked().words, "timed_out");
  router.spawner.end(0, proc::TimedOut{});
  EXPECT_EQ(router.view().priority, 70);
  router.next_run(0);
  EXPECT_EQ(router.view().priority, 100);
}

TEST(Tracker, TheTimeOutIsTheIntervalIfNoneIsGiven) {
  Tracking router;
  router.apply();
  router.scheduler.advance(0s);
  EXPECT_EQ(router.spawner.programs.at(0).options.limit, Duration(2s));
}

TEST(Tracker, AReloadLeavesAnUnchangedScriptAlone) {
  Tracking router;
  router.apply();
  router.scheduler.advance(0s);
  router.end(1);
  ASSERT_EQ(router.view().priority, 70);
  router.scheduler.advance(2s);
  router.script.rise = 3;
  router.apply();
  EXPECT_EQ(router.view().priority, 70);
  EXPECT_EQ(router.spawner.programs.size(), 2U);
  EXPECT_EQ(router.spawner.running(), 1U);
  router.end(0);
  EXPECT_EQ(router.view().priority, 70);
  router.next_run(0);
  router.next_run(0);
  EXPECT_EQ(router.view().priority, 100);
}

TEST(Tracker, AnotherCommandIsAnotherScript) {
  Tracking router;
  router.apply();
  router.scheduler.advance(0s);
  router.end(1);
  router.scheduler.advance(2s);
  router.script.command.words = {"/bin/other"};
  router.apply();
  EXPECT_EQ(router.view().priority, 100);
  EXPECT_EQ(router.spawner.running(), 0U);
  router.scheduler.advance(0s);
  EXPECT_EQ(router.spawner.lines().back(), "/bin/other");
}

TEST(Tracker, NobodyFollowsItSoNobodyRunsIt) {
  Tracking router;
  router.settings.track = {};
  router.apply();
  router.scheduler.advance(9s);
  EXPECT_TRUE(router.spawner.programs.empty());
}

TEST(Tracker, StopEndsWhatRuns) {
  Tracking router;
  router.apply();
  router.scheduler.advance(0s);
  router.supervisor.stop();
  EXPECT_EQ(router.spawner.running(), 0U);
  EXPECT_TRUE(router.scheduler.idle());
}

TEST(Tracker, AnInterfaceThatIsDown) {
  Tracking router;
  router.host.add_device("eth1", 3);
  router.settings.track = {};
  router.settings.track.interfaces = {line("eth1", 0)};
  router.apply();
  EXPECT_EQ(router.state(), "BACKUP");
  router.host.set_link("eth1", false);
  router.scheduler.advance(0s);
  EXPECT_EQ(router.state(), "FAULT");
  EXPECT_EQ(router.view().reason, "interface eth1 is down");
  router.host.set_link("eth1", true);
  router.scheduler.advance(0s);
  EXPECT_EQ(router.state(), "BACKUP");
  router.host.remove_device("eth1");
  router.scheduler.advance(0s);
  EXPECT_EQ(router.view().reason, "interface eth1 does not exist");
}

TEST(Tracker, AnInterfaceWithAWeight) {
  Tracking router;
  router.host.add_device("eth1", 3);
  router.settings.track = {};
  router.settings.track.interfaces = {line("eth1", 20, true)};
  router.apply();
  EXPECT_EQ(router.view().priority, 80);
  router.host.set_link("eth1", false);
  router.scheduler.advance(0s);
  EXPECT_EQ(router.view().priority, 100);
}

TEST(Tracker, TheOwnInterfaceNeedNotCount) {
  Tracking router;
  router.settings.track = {};
  router.settings.track_interface = false;
  router.apply();
  router.scheduler.advance(4s);
  ASSERT_EQ(router.state(), "MASTER");
  router.host.set_link("eth0", false);
  router.scheduler.advance(5s);
  EXPECT_EQ(router.state(), "MASTER");
  EXPECT_TRUE(router.has_vip());
  router.settings.track_interface = true;
  router.apply();
  EXPECT_EQ(router.state(), "FAULT");
}

TEST(Tracker, TheNumberInAFile) {
  Tracking router;
  router.settings.track = {};
  router.settings.track.files = {line("num", 2)};
  router.apply();
  EXPECT_EQ(router.view().priority, 100);
  EXPECT_EQ(router.tracked().words, "is missing");
  router.files.write("/run/num", "-10\n");
  EXPECT_EQ(router.view().priority, 80);
  EXPECT_EQ(router.tracked().words, "holds -10");
  router.files.write("/run/num", "99999999999999\n");
  EXPECT_EQ(router.view().priority, 80);
  router.files.write("/run/num", "-127\n");
  EXPECT_EQ(router.state(), "FAULT");
  EXPECT_EQ(router.view().reason, "file num holds -127");
  // A reload of the same neither reads nor forgets.
  router.apply();
  EXPECT_EQ(router.state(), "FAULT");
  EXPECT_EQ(router.files.watched(), 1U);
  router.files.remove("/run/num");
  EXPECT_EQ(router.state(), "BACKUP");
  EXPECT_EQ(router.view().priority, 100);
}

TEST(Tracker, AFileIsCreatedAtTheStartOnly) {
  Tracking router;
  router.settings.track = {};
  router.settings.track.files = {line("num", 1)};
  router.file.initial = config::TrackFile::Initial{7, true};
  router.files.files["/run/num"] = "1\n";
  router.apply();
  EXPECT_EQ(router.files.files["/run/num"], "7\n");
  EXPECT_EQ(router.view().priority, 107);
  router.files.write("/run/num", "9\n");
  router.apply();
  EXPECT_EQ(router.view().priority, 109);
}

TEST(Tracker, AProcessThatRuns) {
  Tracking router;
  router.settings.track = {};
  router.settings.track.processes = {line("web", 0)};
  router.process.terminate_delay = 2s;
  router.processes.names = {"sh", "nginx"};
  router.apply();
  EXPECT_EQ(router.view().reason, "has not begun yet: process web has not been counted yet");
  router.processes.tell();
  EXPECT_EQ(router.state(), "BACKUP");
  EXPECT_EQ(router.tracked().words, "has its quorum (1 running)");
  router.processes.names = {"sh"};
  router.processes.tell();
  EXPECT_EQ(router.state(), "BACKUP");
  router.apply();
  router.scheduler.advance(2s);
  EXPECT_EQ(router.state(), "FAULT");
  EXPECT_EQ(router.view().reason, "process web lacks its quorum (0 running)");
  EXPECT_TRUE(router.sink.contains("Quorum lost for tracked process web"));
  router.processes.names = {"nginx"};
  router.processes.tell();
  EXPECT_EQ(router.state(), "BACKUP");
}

TEST(Tracker, ASessionThatIsNotThereCountsForNothing) {
  Tracking router;
  router.settings.track = {};
  router.settings.track.bfds = {line("peer", 0), line("far", -30)};
  router.apply();
  // It neither waits nor is in FAULT, and the status says why the session does not count.
  EXPECT_EQ(router.state(), "BACKUP");
  EXPECT_EQ(router.view().priority, 100);
  EXPECT_EQ(router.tracked().state, "unknown");
  EXPECT_EQ(router.tracked().words, "has no session");
  router.supervisor.set_session("peer", false);
  EXPECT_EQ(router.state(), "FAULT");
  EXPECT_EQ(router.view().reason, "bfd peer is down");
  router.supervisor.set_session("peer", std::nullopt);
  EXPECT_EQ(router.state(), "BACKUP");
}

TEST(Tracker, ABfdSessionMovesThePriority) {
  Tracking router;
  router.settings.track = {};
  router.settings.track.bfds = {line("peer", -30), line("far", 20, true)};
  router.supervisor.set_session("peer", true);
  router.apply();
  EXPECT_EQ(router.view().priority, 100);
  router.supervisor.set_session("peer", false);
  EXPECT_EQ(router.view().priority, 70);
  EXPECT_EQ(router.tracked().words, "is down");
  router.supervisor.set_session("far", true);
  EXPECT_EQ(router.view().priority, 50);
  // Nothing of it is lost by a reload of the same.
  router.apply();
  EXPECT_EQ(router.view().priority, 50);
  router.supervisor.set_session("peer", true);
  router.supervisor.set_session("far", false);
  EXPECT_EQ(router.view().priority, 100);
  router.supervisor.set_session("somebody else's", false);
  EXPECT_EQ(router.view().priority, 100);
}

TEST(Tracker, ABfdSessionWithoutAWeightPutsIntoFault) {
  Tracking router;
  router.settings.track = {};
  router.settings.track.bfds = {line("peer", 0), line("spare", 0, true)};
  router.apply();
  router.supervisor.set_session("peer", true);
  router.supervisor.set_session("spare", false);
  EXPECT_EQ(router.state(), "BACKUP");
  router.supervisor.set_session("spare", true);
  EXPECT_EQ(router.state(), "FAULT");
  EXPECT_EQ(router.view().reason, "bfd spare is up");
  EXPECT_TRUE(router.tracked(1).fault);
  router.supervisor.set_session("spare", false);
  EXPECT_EQ(router.state(), "BACKUP");
}

TEST(Tracker, TheSessionOfAGroupIsThatOfAllMembers) {
  Tracking router;
  auto config = std::make_shared<config::Config>();
  auto second = instance(52);
  second.addresses = {testing::vip("10.0.0.4/24")};
  config->instances = {instance(), second};
  config::SyncGroup group;
  group.name = "G";
  group.members = {"VI_51", "VI_52"};
  group.track.bfds = {line("peer", 0)};
  config->sync_groups = {group};
  router.supervisor.apply(config);
  EXPECT_EQ(router.state(1), "BACKUP");
  router.supervisor.set_session("peer", false);
  EXPECT_EQ(router.state(0), "FAULT");
  EXPECT_EQ(router.state(1), "FAULT");
  EXPECT_EQ(router.view(1).reason, "bfd peer is down");
  router.supervisor.set_session("peer", true);
  EXPECT_EQ(router.state(0), "BACKUP");
  EXPECT_EQ(router.state(1), "BACKUP");
}

TEST(Tracker, TheStartCanBeDelayed) {
  Tracking router;
  router.host.add_address("eth0", Prefix::parse("10.0.0.3/24").value());
  router.settings.track = {};
  router.startup_delay = 5s;
  router.apply();
  EXPECT_EQ(router.state(), "INIT");
  EXPECT_FALSE(router.has_vip()) << "what an earlier run left behind would answer";
  router.receive(from_peer(50).bytes());
  router.scheduler.advance(4900ms);
  EXPECT_EQ(router.state(), "INIT");
  EXPECT_TRUE(router.sent.empty());
  router.scheduler.advance(100ms);
  EXPECT_EQ(router.state(), "BACKUP");
  EXPECT_TRUE(router.sink.contains("Delayed start completed"));
  // Only the start, not a reload.
  router.settings.vrid = 60;
  router.apply();
  EXPECT_EQ(router.state(), "BACKUP");
}

}  // namespace
}  // namespace hald::vrrp
