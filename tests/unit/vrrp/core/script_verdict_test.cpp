// SPDX-License-Identifier: Apache-2.0
#include "vrrp/core/script_verdict.h"

#include <string>

#include <gtest/gtest.h>

namespace hald::vrrp {
namespace {

/// Results as '+' and '-' to what is thought after each of them: 'g', 'b', and '?' before the first.
std::string judge(const ScriptParams& params, bool init_fail, const std::string& results) {
  ScriptVerdict verdict = first_verdict(init_fail);
  const auto letter = [&verdict] { return !verdict.known ? '?' : verdict.good ? 'g' : 'b'; };
  std::string out(1, letter());
  for (const char result : results) {
    verdict = fold(params, verdict, result == '+');
    out += letter();
  }
  return out;
}

TEST(ScriptVerdict, TheFirstResultDecides) {
  EXPECT_EQ(judge({3, 3}, false, "+"), "?g");
  EXPECT_EQ(judge({3, 3}, false, "-"), "?b");
}

TEST(ScriptVerdict, ManyInARowTurnIt) {
  EXPECT_EQ(judge({2, 3}, false, "+---"), "?gggb");
  EXPECT_EQ(judge({2, 3}, false, "+--+--"), "?gggggg");
  EXPECT_EQ(judge({2, 3}, false, "-+-++"), "?bbbbg");
  EXPECT_EQ(judge({1, 1}, false, "+-+"), "?gbg");
}

TEST(ScriptVerdict, InitFailIsBadUntilItRose) {
  EXPECT_EQ(judge({2, 1}, true, "++-"), "bbgb");
  EXPECT_EQ(judge({1, 1}, true, "+"), "bg");
}

}  // namespace
}  // namespace hald::vrrp
