// SPDX-License-Identifier: Apache-2.0
// What moves priorities: scripts, files, processes, and the lines that refer to them.
#include "fakes/fake_machine.h"
#include "unit/config/routers.h"

namespace hald::config {
namespace {

const std::string kScript = "vrrp_script s {\n script \"/usr/bin/true 'a b'\"\n weight 5 reverse\n}\n";

TEST(Tracking, ALineTakesTheWeightOfWhatItNames) {
  const auto track = [](const std::string& line) {
    const auto it = first(load(kScript + instance(" track_script {\n " + line + "\n }")));
    return it.track.scripts.empty() ? Tracked{} : it.track.scripts.front();
  };
  EXPECT_EQ(track("s").weight, (TrackWeight{5, true}));
  EXPECT_EQ(track("s weight -7").weight, (TrackWeight{-7, true}));
  EXPECT_EQ(track("s weight 7 noreverse").weight, (TrackWeight{7, false}));
  EXPECT_EQ(track("s weight 254").weight, (TrackWeight{253, true}));
}

TEST(Tracking, OnlyWhatStandsAbove) {
  const auto late = load(instance(" track_script {\n s\n }") + kScript);
  EXPECT_EQ(said(late), (Said{"error unknown-name"}));
  EXPECT_EQ(entry(late, code::kUnknownName).remarks.size(), 1U);
  const std::string web = "vrrp_script chk_web {\n script /usr/bin/true\n}\n";
  const auto none = load(web + instance(" track_script {\n chk_wbe\n }"));
  EXPECT_EQ(said(none), (Said{"error unknown-name"}));
  EXPECT_EQ(entry(none, code::kUnknownName).help, "did you mean `chk_web`?");
}

TEST(Tracking, WhatIsWrongInALine) {
  const std::string all =
      kScript + "track_file f {\n file /tmp/f\n}\nvrrp_track_process p {\n process x\n}\n";
  const auto line = [&all](const std::string& block, const std::string& text) {
    return said(load(all + instance(" " + block + " {\n " + text + "\n }")));
  };
  EXPECT_EQ(line("track_script", "s\n s"), (Said{"error repeated-word"}));
  EXPECT_EQ(line("track_script", "s foo"), (Said{"error unknown-word"}));
  EXPECT_EQ(line("track_script", "s weight"), (Said{"error missing-argument"}));
  EXPECT_EQ(line("track_script", "s weight x"), (Said{"error bad-number"}));
  EXPECT_EQ(line("track_script", "s weight 254"), (Said{"complaint out-of-range"}));
  EXPECT_EQ(line("track_script", "s weight 5 foo"), (Said{"error unknown-word"}));
  EXPECT_EQ(line("track_file", "f weight 254"), Said{});
  EXPECT_EQ(line("track_process", "p weight 255"), (Said{"error out-of-range"}));
  EXPECT_EQ(line("track_interface", "eth1 weight 5 noreverse"), (Said{"error unknown-word"}));
  EXPECT_EQ(line("track_interface", "eth0"), (Said{"complaint contradiction"}));
}

TEST(Tracking, AnOwnerNeverMoves) {
  const std::string all =
      kScript + "track_file f {\n file /tmp/f\n}\ntrack_file g {\n file /tmp/g\n weight 3\n}\n";
  const auto loaded =
      load(all + instance(" priority 255\n track_script {\n s\n }\n"
                          " track_file {\n f\n g\n }\n track_interface {\n eth1 weight 5\n eth2\n }"));
  EXPECT_EQ(said(loaded), (Said{"error weight-ignored", "error weight-ignored", "error weight-ignored",
                                "error weight-ignored"}));
  const auto& track = first(loaded).track;
  EXPECT_TRUE(track.scripts.empty());
  ASSERT_EQ(track.files.size(), 1U);
  EXPECT_EQ(track.files[0].weight.value, 0);
  ASSERT_EQ(track.interfaces.size(), 1U);
  EXPECT_EQ(track.interfaces[0].name, "eth2");
}

TEST(Tracking, Scripts) {
  const auto loaded = load(
      "vrrp_script s {\n script /usr/bin/true\n interval 0.5\n rise 2\n fall 3\n user bob staff\n"
      " init_fail\n}\n" +
      instance(" track_script {\n s\n }"));
  EXPECT_EQ(said(loaded), Said{});
  const TrackScript& script = loaded.config->track_scripts.front();
  EXPECT_EQ(script.interval, std::chrono::milliseconds(500));
  EXPECT_EQ(script.timeout, script.interval);
  EXPECT_EQ(script.command.run_as.group, "staff");
  EXPECT_TRUE(script.rise == 2 && script.fall == 3 && script.init_fail);
  const auto words = [](const std::string& text) {
    return said(load("vrrp_script s {\n" + text + "\n}\n" + instance()));
  };
  EXPECT_EQ(words("interval 2"), (Said{"error missing-word"}));
  EXPECT_EQ(words("script /usr/bin/true\n interval 0.0004"), (Said{"error out-of-range"}));
  EXPECT_EQ(words("script /usr/bin/true\n interval 1.0004"), (Said{"complaint too-precise"}));
  EXPECT_EQ(words("script /usr/bin/true\n weight 254"), (Said{"error out-of-range"}));
  EXPECT_EQ(words("script /usr/bin/true -x"), (Said{"warning extra-words"}));
}

TEST(Tracking, AScriptThatCannotRunGoesWithItsLines) {
  fakes::FakeMachine machine;
  machine.users["nobody"] = {65534, 65534};
  machine.interfaces["eth0"] = {};
  const auto loaded = load(kScript + instance(" track_script {\n s\n }\n notify_master /none\n"), &machine);
  EXPECT_EQ(said(loaded), (Said{"error script-missing", "warning script-missing"}));
  EXPECT_TRUE(loaded.config->track_scripts.empty());
  EXPECT_TRUE(first(loaded).track.scripts.empty());
  EXPECT_TRUE(first(loaded).notify.master.words.empty());
  EXPECT_EQ(said(load(kScript, &machine)), (Said{"warning empty-configuration"}));
}

TEST(Tracking, Files) {
  const auto file = [](const std::string& words) {
    return load("track_file f {\n" + words + "\n}\n" + instance());
  };
  const auto loaded = file("file /tmp/f\n weight -3 reverse\n init_file 7 overwrite");
  EXPECT_EQ(said(loaded), Said{});
  const TrackFile& it = loaded.config->track_files.front();
  EXPECT_EQ(it.weight, (TrackWeight{-3, true}));
  EXPECT_EQ(it.initial, (TrackFile::Initial{7, true}));
  EXPECT_EQ(said(file("weight 2")), (Said{"error missing-word"}));
  EXPECT_EQ(said(file("file /tmp/f\n file /tmp/g")), (Said{"error repeated-word"}));
  EXPECT_EQ(said(file("file /tmp/f\n weight 2\n weight 3")), (Said{"error repeated-word"}));
  EXPECT_EQ(said(file("file /tmp/f\n init_file 300")), (Said{"complaint out-of-range"}));
  EXPECT_EQ(said(file("file /tmp/f\n init_file 5x")), (Said{"error bad-number"}));
  EXPECT_EQ(said(file("file /tmp/f\n init_file foo")), (Said{"error unknown-word"}));
}

TEST(Tracking, FilesThatTellOfChanges) {
  fakes::FakeMachine machine;
  machine.users["nobody"] = {65534, 65534};
  machine.interfaces["eth0"] = {};
  machine.add_folder("/run");
  machine.add_folder("/proc");
  machine.unwatched.insert("/proc");
  machine.add_folder("/run/folder");
  const auto file = [&machine](const std::string& words) {
    return said(load("track_file f {\n file " + words + "\n}\n" + instance(), &machine));
  };
  EXPECT_EQ(file("/run/f"), Said{});
  EXPECT_EQ(file("/none/f"), (Said{"error unwatchable-file"}));
  EXPECT_EQ(file("/proc/f"), (Said{"error unwatchable-file"}));
  EXPECT_EQ(file("/run/folder\n init_file 0 overwrite"), (Said{"error unwatchable-file"}));
}

TEST(Tracking, Processes) {
  const auto process = [](const std::string& words) {
    return load("vrrp_track_process p {\n" + words + "\n}\n" + instance());
  };
  const auto loaded =
      process("process nginx -g x\n param_match initial\n quorum 2\n quorum_max 5\n delay 1.5");
  EXPECT_EQ(said(loaded), Said{});
  const TrackProcess& it = loaded.config->track_processes.front();
  EXPECT_EQ(it.parameters, (std::vector<std::string>{"-g", "x"}));
  EXPECT_EQ(it.match, TrackProcess::Match::Initial);
  EXPECT_TRUE(it.full_command);
  EXPECT_EQ(it.fork_delay, std::chrono::milliseconds(1500));
  EXPECT_EQ(process("process nginx -g").config->track_processes.front().match, TrackProcess::Match::Exact);
  EXPECT_EQ(process("process nginx\n quorum_max 0").config->track_processes.front().quorum, 0U);
  EXPECT_EQ(said(process("process nginx\n quorum 5\n quorum_max 4")), (Said{"error contradiction"}));
  EXPECT_EQ(said(process("process nginx\n quorum_max 4\n quorum 5")), (Said{"error contradiction"}));
  EXPECT_EQ(said(process("process nginx\n param_match x")), (Said{"error bad-choice"}));
  EXPECT_EQ(said(process("quorum 5")), (Said{"error missing-word"}));
}

TEST(Tracking, TheFirstOfANameStays) {
  const auto loaded = load(kScript + "vrrp_script s {\n script /usr/bin/false\n}\n" + instance());
  EXPECT_EQ(said(loaded), (Said{"warning duplicate-name"}));
  EXPECT_EQ(loaded.config->track_scripts.size(), 1U);
}

}  // namespace
}  // namespace hald::config
