// SPDX-License-Identifier: Apache-2.0
#include "base/short_list.h"

#include <string>
#include <utility>

#include <gtest/gtest.h>

namespace hald {
namespace {

/// Long enough to have memory of its own, so that a sanitizer sees what is lost or freed twice.
std::string text(int number) {
  return "a text that is kept on the heap " + std::to_string(number);
}

ShortList<std::string> list(int size) {
  ShortList<std::string> out;
  for (int i = 0; i < size; ++i) out.push_back(text(i));
  return out;
}

TEST(ShortList, KeepsWhatIsPutIn) {
  for (int size = 0; size < 9; ++size) {
    const auto made = list(size);
    ASSERT_EQ(made.size(), static_cast<std::size_t>(size));
    EXPECT_EQ(made.empty(), size == 0);
    int next = 0;
    for (const std::string& each : made) EXPECT_EQ(each, text(next++));
    if (size > 0) {
      EXPECT_EQ(made[static_cast<std::size_t>(size) - 1], text(size - 1));
    }
  }
}

TEST(ShortList, CopiesMovesAndCompares) {
  for (int size = 0; size < 5; ++size) {
    for (int other = 0; other < 5; ++other) {
      auto from = list(size);
      auto into = list(other);
      EXPECT_EQ(from == into, size == other);
      into = from;
      EXPECT_EQ(into, from);
      auto moved = std::move(from);
      EXPECT_EQ(moved, into);
      into = list(other);
      into = std::move(moved);
      EXPECT_EQ(into, list(size));
    }
  }
}

TEST(ShortList, AMovedOneIsEmptyAndOfUse) {
  auto from = list(3);
  const auto into = std::move(from);
  EXPECT_TRUE(from.empty());  // NOLINT(bugprone-use-after-move): that is what is tested
  from.push_back(text(7));
  EXPECT_EQ(from.front(), text(7));
  EXPECT_EQ(into.size(), 3U);
}

TEST(ShortList, TakesOut) {
  auto made = list(4);
  made.erase_if([](const std::string& each) { return each.ends_with('1') || each.ends_with('3'); });
  EXPECT_EQ(made, (ShortList<std::string>{text(0), text(2)}));
  made.clear();
  EXPECT_TRUE(made.empty());
  made.push_back(text(1));
  EXPECT_EQ(made.back(), text(1));
}

}  // namespace
}  // namespace hald
