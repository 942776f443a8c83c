// SPDX-License-Identifier: Apache-2.0
#include "app/handover_record.h"

#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <random>

#include <gtest/gtest.h>

#include "app/handover_file.h"

namespace hald::app {
namespace {

using namespace std::chrono_literals;

const TimePoint now{1h};

HandoverRecord sample() {
  HandoverRecord out;
  out.hald = "1.2.3";
  out.place = {"0e2c3b", 4026531840, "/etc/hald/hald.conf"};
  out.written = now - 20ms;
  out.ended = true;
  out.config = "vrrp_instance VI_1 {\n  auth_pass \"ä\\\"\"\n}\n";
  vrrp::Backup backup;
  backup.down_at = now + 3s;
  backup.master_interval = 1s;
  backup.master = vrrp::Backup::Sender{*Address::parse("fe80::6"), 150};
  backup.preempt_at = now + 60s;
  const WallTime since{1'700'000'000s};
  out.routers.instances = {
      {"vrrp eth0 IPv4 51", vrrp::Master{now + 1s}, since, false, 4'000'000'000U, 17, 3, 1},
      {"vrrp eth0 IPv6 52", backup, since, true, 0, 0, 99, 0}};
  out.routers.groups = {{"G", vrrp::StateName::Master, since, "VI_1: timed out"}};
  out.routers.scripts = {{"chk", {"/bin/check", "two words"}, {true, false, 2}, "failed"}};
  out.servers.quorums = {{"[10.0.0.3]:tcp:80", true}};
  out.servers.servers = {{"[10.0.0.3]:tcp:80",
                          {*Address::parse("10.0.0.7"), 80},
                          since,
                          {{"TCP_CHECK 10.0.0.7:80", false, 2, since, "refused"}}}};
  out.sysctls = {{"net/ipv4/conf/all/rp_filter", "1", "0", ""}};
  return out;
}

std::string why_not(const std::string& bytes) {
  const auto record = decode(bytes);
  return record ? "" : record.error().message();
}

TEST(HandoverRecord, WhatIsWrittenIsRead) {
  const HandoverRecord before = sample();
  const auto after = decode(encode(before));
  ASSERT_TRUE(after) << after.error().message();
  EXPECT_EQ(encode(*after), encode(before));
  ASSERT_EQ(after->routers.instances.size(), 2U);
  EXPECT_EQ(after->routers.instances[0].state, before.routers.instances[0].state);
  EXPECT_EQ(after->routers.instances[1].state, before.routers.instances[1].state);
  EXPECT_EQ(after->routers.instances[0].ah_sequence, 4'000'000'000U);
  EXPECT_EQ(after->routers.scripts[0].verdict, before.routers.scripts[0].verdict);
  EXPECT_EQ(after->servers.servers[0].endpoint, before.servers.servers[0].endpoint);
  EXPECT_EQ(after->config, before.config);
  EXPECT_EQ(refusal(*after, before.place, now), "");
}

TEST(HandoverRecord, WhatIsNoneIsRefusedWithAReason) {
  const std::string bytes = encode(sample());
  EXPECT_EQ(why_not(""), "it has no header");
  EXPECT_EQ(why_not("hello\n"), "it has no header");
  EXPECT_EQ(why_not(std::string(300, 'x') + "\n"), "it has no header");
  EXPECT_NE(why_not(bytes.substr(0, bytes.size() - 1)).find("octets, not the"), std::string::npos);
  std::string changed = bytes;
  changed[bytes.size() - 5] = '!';
  EXPECT_EQ(why_not(changed), "its checksum is wrong");
  std::string newer = bytes;
  newer.replace(newer.find(" 1 "), 3, " 2 ");
  EXPECT_EQ(why_not(newer), "it has layout 2, this hald reads 1");
}

/// The checksum keeps accidents out; who makes a record by hand must not be able to do harm either.
TEST(HandoverRecord, ContentsThatMakeNoSenseAreRefused) {
  HandoverRecord record = sample();
  std::get<vrrp::Backup>(record.routers.instances[1].state).master_interval = -1s;
  EXPECT_NE(why_not(encode(record)).find("no such interval"), std::string::npos);
  record = sample();
  std::get<vrrp::Master>(record.routers.instances[0].state).advert_at = TimePoint(-1s);
  EXPECT_NE(why_not(encode(record)).find("before the machine was booted"), std::string::npos);
  record = sample();
  record.routers.instances[0].state = vrrp::Init{};
  EXPECT_NE(why_not(encode(record)).find("make no sense"), std::string::npos);
}

TEST(HandoverRecord, ItIsGoneOnWithOnlyWhereAndWhenItMeansSomething) {
  const HandoverRecord record = sample();
  RunPlace here = record.place;
  here.boot_id = "another";
  EXPECT_EQ(refusal(record, here, now), "it is from before the machine was booted");
  here = record.place;
  here.network_namespace = 1;
  EXPECT_EQ(refusal(record, here, now), "it is from another network namespace");
  here = record.place;
  here.config_file = "/tmp/mine.conf";
  EXPECT_EQ(refusal(record, here, now), "it is from a hald that runs /etc/hald/hald.conf");
  EXPECT_EQ(refusal(record, record.place, now + 11min), "it is 11 minutes old");
  EXPECT_EQ(refusal(record, record.place, now - 1s), "it is from the future");
  HandoverRecord of_a_killed_one = record;
  of_a_killed_one.ended = false;
  EXPECT_EQ(refusal(of_a_killed_one, record.place, now + 24h), "") << "nobody knows when it was killed";
}

/// Whatever is done to the bytes, reading ends, and what is read can be gone on with.
TEST(HandoverRecord, DamageIsNeverRead) {
  std::mt19937_64 dice(20261125);  // NOLINT: the same every time
  const std::string bytes = encode(sample());
  for (int round = 0; round < 5000; ++round) {
    std::string damaged = bytes;
    for (std::uint64_t times = 1 + dice() % 4; times > 0; --times) {
      const std::size_t at = dice() % damaged.size();
      if (dice() % 3 == 0) {
        damaged.resize(at + 1);
      } else {
        damaged[at] = static_cast<char>(dice());
      }
    }
    const auto record = decode(damaged);
    if (record) {
      EXPECT_EQ(encode(*record), bytes);
    }
  }
}

class HandoverFile : public testing::Test {
 protected:
  HandoverFile() { std::filesystem::create_directories(folder_); }
  ~HandoverFile() override { std::filesystem::remove_all(folder_); }
  [[nodiscard]] auto take() const { return take_handover(path_, sample().place, now); }

  const std::string folder_ = testing::TempDir() + "handover-" + std::to_string(::getpid());
  const std::string path_ = folder_ + "/record";
};

TEST_F(HandoverFile, IsReadableByItsAccountOnlyAndTakenOnce) {
  ASSERT_TRUE(write_handover(path_, sample()));
  struct stat about {};
  ASSERT_EQ(::stat(path_.c_str(), &about), 0);
  EXPECT_EQ(about.st_mode & 0777U, 0600U);
  const auto first = take();
  ASSERT_TRUE(first && *first);
  EXPECT_EQ(encode(**first), encode(sample()));
  const auto second = take();
  ASSERT_TRUE(second);
  EXPECT_FALSE(second->has_value());
}

TEST_F(HandoverFile, WhatOthersCouldHaveWrittenIsRefused) {
  ASSERT_TRUE(write_handover(path_, sample()));
  ASSERT_EQ(::chmod(path_.c_str(), 0620), 0);
  const auto taken = take();
  ASSERT_FALSE(taken);
  EXPECT_EQ(taken.error().message(), "others could have written it");
  EXPECT_FALSE(std::filesystem::exists(path_));
  std::filesystem::create_symlink("/etc/passwd", path_);
  EXPECT_FALSE(take());
}

TEST_F(HandoverFile, WhereNothingCanBeWrittenIsAnError) {
  EXPECT_FALSE(write_handover(folder_ + "/absent/record", sample()));
}

TEST_F(HandoverFile, ThisPlaceIsKnown) {
  const RunPlace here = this_place("/etc/hald/hald.conf");
  EXPECT_EQ(here.boot_id.size(), 36U);
  EXPECT_GT(here.network_namespace, 0U);
}

}  // namespace
}  // namespace hald::app
