// SPDX-License-Identifier: Apache-2.0
#include "app/retired_configs.h"

#include <atomic>

#include <gtest/gtest.h>

#include "fakes/manual_scheduler.h"

namespace hald::app {
namespace {

/// Where the configuration was ended.
struct End {
  std::atomic<bool> ended = false;
  std::thread::id thread;
};

std::shared_ptr<const config::Config> config_ending_at(End& end) {
  return {new config::Config, [&end](const config::Config* config) {
            delete config;
            end.thread = std::this_thread::get_id();
            end.ended = true;
          }};
}

class RetiredConfigsTest : public testing::Test {
 protected:
  fakes::ManualScheduler scheduler_;
  End end_;
};

TEST_F(RetiredConfigsTest, EndOnAnotherThreadOnceUnused) {
  {
    RetiredConfigs retired(scheduler_);
    auto held = config_ending_at(end_);
    retired.add(held);
    scheduler_.advance(3 * RetiredConfigs::kPeriod);
    EXPECT_FALSE(end_.ended);
    held.reset();
    EXPECT_FALSE(end_.ended) << "ended by its last user";
    scheduler_.advance(RetiredConfigs::kPeriod);
  }
  ASSERT_TRUE(end_.ended);
  EXPECT_NE(end_.thread, std::this_thread::get_id());
}

TEST_F(RetiredConfigsTest, OneInUseDoesNotKeepAnother) {
  End other;
  const auto held = config_ending_at(other);
  {
    RetiredConfigs retired(scheduler_);
    retired.add(held);
    retired.add(config_ending_at(end_));
    scheduler_.advance(RetiredConfigs::kPeriod);
  }
  EXPECT_TRUE(end_.ended);
  EXPECT_FALSE(other.ended);
}

TEST_F(RetiredConfigsTest, NothingToEndArmsNoTimer) {
  RetiredConfigs retired(scheduler_);
  retired.add(nullptr);
  EXPECT_TRUE(scheduler_.idle());
  retired.add(config_ending_at(end_));
  scheduler_.advance(RetiredConfigs::kPeriod);
  EXPECT_TRUE(scheduler_.idle());
}

}  // namespace
}  // namespace hald::app
