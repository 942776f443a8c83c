// SPDX-License-Identifier: Apache-2.0
#include "base/log.h"

#include <gtest/gtest.h>

#include "fakes/capture_sink.h"
#include "fakes/manual_scheduler.h"

namespace hald {
namespace {

using namespace std::chrono_literals;

TEST(Logger, DropsWhatIsBelowTheThreshold) {
  fakes::ManualScheduler clock;
  fakes::CaptureSink sink;
  log::Logger logger(sink, clock, log::Level::Info);
  logger.debug("unseen");
  logger.info("seen", {{"instance", "VI_1"}});
  ASSERT_EQ(sink.entries.size(), 1U);
  EXPECT_EQ(sink.entries[0].fields.at(0).second, "VI_1");
}

TEST(Logger, LimitsPerKeyAndSaysHowManyItHeldBack) {
  fakes::ManualScheduler clock;
  fakes::CaptureSink sink;
  log::Logger logger(sink, clock, log::Level::Info);
  for (int i = 0; i < 5; ++i) logger.limited(log::Level::Warning, "ttl", "bad TTL", {}, 10s);
  logger.limited(log::Level::Warning, "sum", "bad checksum", {}, 10s);
  EXPECT_EQ(sink.entries.size(), 2U);
  clock.advance(10s);
  logger.limited(log::Level::Warning, "ttl", "bad TTL", {}, 10s);
  ASSERT_EQ(sink.entries.size(), 3U);
  EXPECT_EQ(sink.entries[2].message, "bad TTL (4 more like it were not logged)");
}

}  // namespace
}  // namespace hald
