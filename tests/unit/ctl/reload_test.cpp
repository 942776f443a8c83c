// SPDX-License-Identifier: Apache-2.0
#include "ctl/reload.h"

#include <gtest/gtest.h>

namespace hald::ctl {
namespace {

TEST(Reload, SaysWhatChanged) {
  const auto reload = read_reload(
      R"({"version":1,"applied":true,"changes":"1 instance changed","reason":"","report":"1 warning\n"})");
  ASSERT_TRUE(reload.has_value());
  EXPECT_TRUE(reload->applied);
  EXPECT_EQ(reload->text, "1 warning\nreloaded: 1 instance changed\n");
}

TEST(Reload, SaysWhyNothingDid) {
  const auto reload = read_reload(
      R"({"version":1,"applied":false,"changes":"","reason":"the file has errors","report":"1 error\n"})");
  ASSERT_TRUE(reload.has_value());
  EXPECT_FALSE(reload->applied);
  EXPECT_EQ(reload->text, "1 error\nnot reloaded, the running configuration stays: the file has errors\n");
}

TEST(Reload, NonsenseIsAnError) {
  for (const auto* text : {"", "{", "[]", "{}", R"({"error":"unknown request"})", R"({"applied":1})"})
    EXPECT_FALSE(read_reload(text).has_value()) << text;
}

}  // namespace
}  // namespace hald::ctl
