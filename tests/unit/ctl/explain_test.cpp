// SPDX-License-Identifier: Apache-2.0
#include "ctl/explain.h"

#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config/catalogue.h"

namespace hald::ctl {
namespace {

using testing::HasSubstr;

TEST(Explain, SaysAllThereIsInShortLines) {
  for (const auto& each : config::catalogue()) {
    const auto text = explain_code(each.code);
    ASSERT_TRUE(text.has_value());
    EXPECT_THAT(*text, HasSubstr("Why it matters: "));
    EXPECT_THAT(*text, HasSubstr("keepalived: "));
    std::istringstream lines(*text);
    for (std::string line; std::getline(lines, line);) EXPECT_LE(line.size(), 100U) << line;
  }
}

TEST(Explain, ExamplesBeginAtTheLeft) {
  EXPECT_THAT(*explain_code("unknown-word"),
              HasSubstr("Instead of\n\n    prioritty 150\n\nwrite\n\n    priority 150\n"));
  EXPECT_THAT(*explain_code("ops-ignored"), HasSubstr("write\n\n    nothing\n"));
}

TEST(Explain, AWrongCodeFindsItsNeighbour) {
  EXPECT_FALSE(explain_code("unknwn-word").has_value());
  EXPECT_EQ(nearest_code("unknwn-word"), "unknown-word");
  EXPECT_EQ(nearest_code("zzzzzzzzzzz"), "");
}

TEST(Explain, ListsEveryCode) {
  const std::string list = list_codes();
  for (const auto& each : config::catalogue()) EXPECT_THAT(list, HasSubstr(std::string(each.title)));
}

}  // namespace
}  // namespace hald::ctl
