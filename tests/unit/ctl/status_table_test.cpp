// SPDX-License-Identifier: Apache-2.0
#include "ctl/status_table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hald::ctl {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

constexpr const char* kDocument = R"({
  "version": 1,
  "node": {"name": "lb01", "pid": 7, "version": "0.1.0"},
  "config": {"file": "/etc/hald/hald.conf", "loaded_at": "1970-01-01T00:00:00.000Z", "stale": true,
             "reason": "line 7: unknown word"},
  "kernel": {"ipvs": "memory", "ipvs_writes": 3},
  "advert_lateness": {"count": 9, "p50_us": 10, "p99_us": 80, "p999_us": 640, "max_us": 700},
  "instances": [{"name": "VI_1", "adverts": {"lateness_max_us": 700}, "interface": "eth0", "vrid": 51, "state": "MASTER", "priority": 70,
                 "base_priority": 100,
                 "tracked": [{"kind": "script", "name": "chk", "weight": -30, "reverse": false, "priority": -30,
                              "fault": false, "words": "timed_out"}],
                 "since": "1970-01-01T00:00:30.000Z", "addresses": ["10.0.0.3/24"], "reason": "silence"}],
  "sync_groups": [{"name": "G", "state": "MASTER", "since": "1970-01-01T00:00:30.000Z",
                   "members": ["VI_1", "VI_2"], "reason": "VI_1: silence"}],
  "virtual_servers": [{"protocol": "tcp", "address": "10.0.0.3", "port": 80, "fwmark": null, "scheduler": "wrr",
                       "quorum_up": false,
                       "real_servers": [{"address": "2001:db8::7", "port": 80, "weight": 1, "forwarding": "TUN",
                                         "in_kernel": null, "state": "DOWN", "reason": "connection refused"}]}]})";

TEST(StatusTable, ShowsEveryStateWithItsReason) {
  const auto text = render_status(kDocument, WallTime(90s));
  ASSERT_TRUE(text.has_value()) << text.error().message();
  EXPECT_THAT(*text, HasSubstr("STALE: line 7: unknown word"));
  EXPECT_THAT(*text, HasSubstr("ATTENTION"));
  EXPECT_THAT(*text, HasSubstr("adverts late by us: p50 10, p99 80, p99.9 640, max 700 (VI_1)\n"));
  EXPECT_THAT(*text,
              testing::ContainsRegex("VI_1 +eth0 +51 +MASTER +1m00s +70 of 100 +- +10.0.0.3/24 +silence"));
  EXPECT_THAT(*text, testing::ContainsRegex("G +MASTER +1m00s +VI_1 VI_2 +VI_1: silence"));
  EXPECT_THAT(*text, testing::ContainsRegex("VI_1 +script +chk +-30 +-30 +timed_out"));
  EXPECT_THAT(*text, testing::ContainsRegex("10.0.0.3:80 +tcp +wrr .*DOWN .*quorum lost"));
  EXPECT_THAT(*text,
              testing::ContainsRegex(R"(-> \[2001:db8::7\]:80 +TUN +1 +- +DOWN .*connection refused)"));
}

TEST(StatusTable, RefusesWhatIsNotAStatus) {
  for (const char* text : {"", "nonsense", "[]", R"({"error":"unknown request"})"}) {
    EXPECT_TRUE(render_status(text, WallTime{}).has_error()) << text;
  }
}

TEST(StatusTable, SurvivesFieldsThatAreMissingOrOfAnotherKind) {
  for (const char* text : {"{}", R"({"instances": 7, "node": []})", R"({"instances": [null, {"vrid": {}}]})",
                           R"({"virtual_servers": [{"real_servers": [3]}]})"}) {
    EXPECT_TRUE(render_status(text, WallTime{}).has_value()) << text;
  }
}

TEST(Age, ReadsAtAGlance) {
  EXPECT_EQ(to_age(-5s), "0s");
  EXPECT_EQ(to_age(59s), "59s");
  EXPECT_EQ(to_age(185s), "3m05s");
  EXPECT_EQ(to_age(4h + 7min), "4h07m");
  EXPECT_EQ(to_age(291h), "12d03h");
}

}  // namespace
}  // namespace hald::ctl
