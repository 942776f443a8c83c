// SPDX-License-Identifier: Apache-2.0
#include "checker/core/check.h"

#include <gtest/gtest.h>

namespace hald::checker {
namespace {

config::TcpCheck tcp() {
  config::TcpCheck out;
  out.target = {*Address::parse("10.0.0.7"), 80};
  return out;
}

TEST(SameCheck, IsTheSameWhateverItsPace) {
  auto other = tcp();
  other.timing.delay_loop = std::chrono::seconds(1);
  other.timing.connect_timeout = std::chrono::seconds(1);
  EXPECT_TRUE(same_check(tcp(), other));
}

TEST(SameCheck, AnotherTargetOrSourceIsAnotherCheck) {
  auto port = tcp();
  port.target.port = 81;
  auto source = tcp();
  source.bind = Endpoint{*Address::parse("10.0.0.5"), 0};
  EXPECT_FALSE(same_check(tcp(), port));
  EXPECT_FALSE(same_check(tcp(), source));
}

TEST(Check, SaysWhatItIs) {
  EXPECT_EQ(type_name(tcp()), "TCP_CHECK");
  EXPECT_EQ(target_of(tcp()).to_string(), "10.0.0.7:80");
  EXPECT_EQ(timing_of(tcp()).retry, 1U);
}

}  // namespace
}  // namespace hald::checker
