// SPDX-License-Identifier: Apache-2.0
// Time-outs and sync daemons, kept what they should be; and their messages.
#include "ipvs/tuner.h"

#include <linux/ip_vs.h>

#include <gtest/gtest.h>

#include "fakes/capture_sink.h"
#include "fakes/manual_scheduler.h"
#include "ipvs/genl_tuning_codec.h"

namespace hald::ipvs {
namespace {

using namespace std::chrono_literals;

class TunerTest : public testing::Test {
 protected:
  TunerTest() {
    auto kernel = std::make_unique<MemoryTuning>();
    kernel_ = kernel.get();
    tuner_ = std::make_unique<Tuner>(scheduler_, logger_, std::move(kernel));
    config_.global.lvs_timeouts.tcp = 7200s;
    config_.global.lvs_sync_daemon.emplace();
    config_.global.lvs_sync_daemon->interface = "eth0";
    config_.global.lvs_sync_daemon->instance = "VI_1";
  }
  void apply() {
    tuner_->apply(std::make_shared<const config::Config>(config_));
    scheduler_.advance(1ms);
  }
  [[nodiscard]] std::vector<SyncRole> running() {
    std::vector<SyncRole> out;
    for (const SyncDaemon& each : *kernel_->daemons()) out.push_back(each.role);
    return out;
  }

  using Roles = std::vector<SyncRole>;
  fakes::ManualScheduler scheduler_;
  fakes::CaptureSink sink_;
  log::Logger logger_{sink_, scheduler_, log::Level::Info};
  MemoryTuning* kernel_ = nullptr;
  std::unique_ptr<Tuner> tuner_;
  config::Config config_;
};

TEST_F(TunerTest, TheDaemonFollowsTheInstance) {
  apply();
  EXPECT_EQ(running(), (Roles{SyncRole::Backup}));
  tuner_->master("VI_2", true);
  tuner_->master("VI_1", true);
  scheduler_.advance(1ms);
  EXPECT_EQ(running(), (Roles{SyncRole::Master}));
  tuner_->master("VI_1", false);
  scheduler_.advance(1ms);
  EXPECT_EQ(running(), (Roles{SyncRole::Backup}));
}

TEST_F(TunerTest, WithoutVirtualRoutersNoDaemonFollowsOne) {
  tuner_ = std::make_unique<Tuner>(scheduler_, logger_, std::make_unique<MemoryTuning>(),
                                   TuningScope{true, false});
  apply();
  EXPECT_EQ(sink_.entries.size(), 1U);
  EXPECT_TRUE(sink_.contains("IPVS time-outs of connections set"));
}

TEST_F(TunerTest, WithoutChecksTimeoutsAreLeftAlone) {
  tuner_ = std::make_unique<Tuner>(scheduler_, logger_, std::make_unique<MemoryTuning>(),
                                   TuningScope{false, true});
  apply();
  EXPECT_EQ(sink_.entries.size(), 1U);
  EXPECT_TRUE(sink_.contains("sync daemon (backup) started"));
}

TEST_F(TunerTest, EverythingGoesBackAtTheEndAndWithTheWords) {
  apply();
  EXPECT_EQ(*kernel_->timeouts(), (Timeouts{7200, 120, 300}));
  config_.global.lvs_timeouts.tcp.reset();
  config_.global.lvs_timeouts.udp = 60s;
  apply();
  EXPECT_EQ(*kernel_->timeouts(), (Timeouts{900, 120, 60}));
  tuner_->stop();
  EXPECT_EQ(*kernel_->timeouts(), (Timeouts{900, 120, 300}));
  EXPECT_TRUE(running().empty());
}

TEST_F(TunerTest, WhatAnotherProgramStopsIsStartedAgain) {
  apply();
  ASSERT_TRUE(kernel_->stop(SyncRole::Backup));
  scheduler_.advance(61s);
  EXPECT_EQ(running(), (Roles{SyncRole::Backup}));
}

TEST_F(TunerTest, WhatTheFileDoesNotSpeakOfIsNotTouched) {
  ASSERT_TRUE(kernel_->start(SyncDaemon{}));
  config_ = {};
  apply();
  tuner_->stop();
  EXPECT_EQ(running(), (Roles{SyncRole::Master}));
}

TEST(TuningCodec, ADaemonIsReadAsItIsWritten) {
  SyncDaemon daemon{SyncRole::Backup, "eth0", 51, 1400, 9000, 3, Address::v4(0xe0000052)};
  for (int family = 0; family < 2; ++family) {
    std::vector<std::uint8_t> message;
    genl::encode_start_daemon(message, {31, 7}, daemon);
    genl::MessageReader reader(message, 31);
    const auto read = reader.next();
    ASSERT_TRUE(read);
    const auto back = genl::decode_daemon(read->attributes);
    ASSERT_TRUE(back);
    EXPECT_EQ(*back, daemon);
    daemon.group = *Address::parse("ff02::81");
  }
}

TEST(TuningCodec, TimeoutsAreReadAsTheyAreWritten) {
  std::vector<std::uint8_t> message;
  genl::encode_set_timeouts(message, {31, 7}, {900, {}, 300});
  genl::MessageReader reader(message, 31);
  EXPECT_EQ(genl::decode_timeouts(reader.next()->attributes), (Timeouts{900, {}, 300}));
}

TEST(TuningCodec, ADaemonCutShortIsAnError) {
  std::vector<std::uint8_t> message;
  genl::encode_stop_daemon(message, {31, 7}, SyncRole::Master);
  const genl::Bytes attributes = genl::Bytes(message).subspan(20);
  EXPECT_TRUE(genl::decode_daemon(attributes));
  for (std::size_t size = 0; size < attributes.size(); ++size)
    EXPECT_FALSE(genl::decode_daemon(attributes.first(size))) << size;
}

}  // namespace
}  // namespace hald::ipvs
