// SPDX-License-Identifier: Apache-2.0
// In a thread of its own, so that the test program keeps what it has.
#include "app/scheduling.h"

#include <sched.h>

#include <memory>
#include <thread>

#include <gtest/gtest.h>

namespace hald::app {
namespace {

config::Config with_instance() {
  config::Config out;
  out.instances.emplace_back();
  return out;
}

struct Seen {
  int policy = 0;
  int priority = 0;
  int processors = 0;
  int child_policy = 0;  // of a thread that this one starts
  std::string words;
};

Seen look() {
  Seen out;
  sched_param parameters{};
  ::sched_getparam(0, &parameters);
  out.policy = ::sched_getscheduler(0) & ~SCHED_RESET_ON_FORK;
  out.priority = parameters.sched_priority;
  cpu_set_t set;
  ::sched_getaffinity(0, sizeof(set), &set);
  out.processors = CPU_COUNT(&set);
  std::thread([&out] { out.child_policy = ::sched_getscheduler(0) & ~SCHED_RESET_ON_FORK; }).join();
  out.words = scheduling_in_words();
  return out;
}

template <typename Work>
void in_a_thread(Work work) {
  std::thread(work).join();
}

bool may_be_real_time() {
  bool out = false;
  in_a_thread([&out] {
    const sched_param parameters{1};
    out = ::sched_setscheduler(0, SCHED_RR, &parameters) == 0;
  });
  return out;
}

TEST(Scheduling, InstancesMakeItRealTimeAndHelpersStayOrdinary) {
  if (!may_be_real_time()) GTEST_SKIP() << "needs CAP_SYS_NICE";
  in_a_thread([] {
    EXPECT_TRUE(apply_scheduling(with_instance()).empty());
    const Seen seen = look();
    EXPECT_EQ(seen.policy, SCHED_RR);
    EXPECT_EQ(seen.priority, 1);
    EXPECT_EQ(seen.child_policy, SCHED_OTHER);
    EXPECT_EQ(seen.words, "real-time 1");
    // Without instances there is no advert to be late.
    const auto none = std::make_unique<config::Config>();  // on the heap: g++ 12 is wrong about it elsewhere
    EXPECT_TRUE(apply_scheduling(*none).empty());
    EXPECT_EQ(look().policy, SCHED_OTHER);
  });
}

TEST(Scheduling, TheWordsOfTheFileCount) {
  if (!may_be_real_time()) GTEST_SKIP() << "needs CAP_SYS_NICE";
  in_a_thread([] {
    config::Config config = with_instance();
    config.global.vrrp_process.rt_priority = 7;
    config.global.vrrp_process.cpus = {0};
    EXPECT_TRUE(apply_scheduling(config).empty());
    const Seen seen = look();
    EXPECT_EQ(seen.priority, 7);
    EXPECT_EQ(seen.processors, 1);
    config.global.vrrp_process.cpus.clear();
    config.global.vrrp_process.rt_priority.reset();
    config.global.vrrp_process.nice = 3;  // who says how nice to be wants no real time
    EXPECT_TRUE(apply_scheduling(config).empty());
    EXPECT_EQ(look().policy, SCHED_OTHER);
    EXPECT_EQ(look().words, "nice 3");
  });
}

TEST(Scheduling, WithoutInstancesTheWordsForChecksCount) {
  in_a_thread([] {
    const auto config = std::make_unique<config::Config>();
    config->global.vrrp_process.nice = 3;
    config->global.checker_process.nice = 4;
    EXPECT_TRUE(apply_scheduling(*config).empty());
    EXPECT_EQ(look().words, "nice 4");
  });
}

TEST(Scheduling, WhatCannotBeHadIsSaid) {
  in_a_thread([] {
    config::Config config = with_instance();
    config.global.vrrp_process.cpus = {1023};
    const auto refused = apply_scheduling(config);
    ASSERT_EQ(refused.size(), 1U);
    EXPECT_EQ(refused[0], "cannot use the processors that are asked for: Invalid argument");
  });
}

}  // namespace
}  // namespace hald::app
