// SPDX-License-Identifier: Apache-2.0
#include "ipvs/core/tuning.h"

#include <gtest/gtest.h>

namespace hald::ipvs {
namespace {

using namespace std::chrono_literals;

SyncDaemon daemon(SyncRole role) {
  SyncDaemon out;
  out.role = role;
  out.interface = "eth0";
  out.id = 51;
  return out;
}

config::Config tied() {
  config::Config out;
  config::VrrpInstance instance;
  instance.name = "VI_1";
  instance.vrid = 51;
  out.instances.push_back(instance);
  out.global.lvs_sync_daemon.emplace();
  out.global.lvs_sync_daemon->interface = "eth0";
  out.global.lvs_sync_daemon->instance = "VI_1";
  return out;
}

TEST(Tuning, TimeoutsOfZeroStayWhatTheyAre) {
  config::LvsTimeouts wanted;
  wanted.tcp = 7200s;
  wanted.udp = 0s;
  EXPECT_EQ(desired_timeouts(wanted), (Timeouts{7200, {}, {}}));
  EXPECT_EQ(timeouts_to_set({900, 120, 300}, {7200, {}, 300}), (Timeouts{7200, {}, {}}));
}

TEST(Tuning, OneOfAnInstanceFollowsItAndHasItsId) {
  EXPECT_EQ(desired_daemons(tied(), true), (std::vector<SyncDaemon>{daemon(SyncRole::Master)}));
  EXPECT_EQ(desired_daemons(tied(), false), (std::vector<SyncDaemon>{daemon(SyncRole::Backup)}));
}

TEST(Tuning, WithoutAnInstanceBothRun) {
  config::Config config = tied();
  config.global.lvs_sync_daemon->instance.clear();
  const auto both = desired_daemons(config, false);
  ASSERT_EQ(both.size(), 2U);
  EXPECT_EQ(both[0].id, 0U);
  EXPECT_TRUE(desired_daemons({}, true).empty());
}

TEST(Tuning, WhatRunsAlreadyIsLeftAlone) {
  SyncDaemon running = daemon(SyncRole::Master);
  running.port = 8848;
  running.ttl = 1;
  running.group = Address::v4(0xe0000051);
  running.max_length = 1472;
  SyncDaemon wanted = daemon(SyncRole::Master);
  EXPECT_TRUE(sync_ops({running}, {wanted}).empty());
  running.max_length = 1024;
  wanted.max_length = 500;
  EXPECT_TRUE(sync_ops({running}, {wanted}).empty()) << "the kernel's least";
  wanted.port = 9000;
  EXPECT_EQ(sync_ops({running}, {wanted}), (std::vector<SyncOp>{{false, running}, {true, wanted}}));
}

TEST(Tuning, TheOtherRoleStopsFirst) {
  const auto ops = sync_ops({daemon(SyncRole::Backup)}, {daemon(SyncRole::Master)});
  EXPECT_EQ(ops, (std::vector<SyncOp>{{false, daemon(SyncRole::Backup)}, {true, daemon(SyncRole::Master)}}));
}

}  // namespace
}  // namespace hald::ipvs
