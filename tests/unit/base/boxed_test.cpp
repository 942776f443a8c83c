// SPDX-License-Identifier: Apache-2.0
#include "base/boxed.h"

#include <string>

#include <gtest/gtest.h>

namespace hald {
namespace {

TEST(Boxed, EmptyOnesAreEqualAndDifferFromFullOnes) {
  Boxed<std::string> empty;
  EXPECT_FALSE(empty);
  EXPECT_EQ(empty, Boxed<std::string>());
  EXPECT_NE(empty, Boxed(std::string()));
}

TEST(Boxed, CopiesAndComparesInDepth) {
  Boxed box(std::string("a"));
  Boxed copy = box;
  EXPECT_EQ(copy, box);
  copy.edit() = "b";
  EXPECT_EQ(*box, "a");
  EXPECT_NE(copy, box);
  box = copy;
  EXPECT_EQ(*box, "b");
  box.reset();
  EXPECT_FALSE(box);
  EXPECT_EQ(box.edit(), "");
  EXPECT_TRUE(box);
}

TEST(Shared, ADefaultOneHasADefaultValue) {
  const Shared<std::string> usual;
  EXPECT_EQ(*usual, "");
  EXPECT_EQ(usual, Shared(std::string()));
  EXPECT_NE(usual, Shared(std::string("a")));
}

TEST(Shared, CopiesAreOneUntilEdited) {
  Shared one(std::string("a"));
  Shared other = one;
  EXPECT_EQ(&*one, &*other);
  other.edit() = "b";
  EXPECT_EQ(*one, "a");
  EXPECT_EQ(*other, "b");
  const std::string* const before = &*other;
  other.edit() = "c";  // nobody else has it
  EXPECT_EQ(&*other, before);
  one = other;
  EXPECT_EQ(one->size(), 1U);
  EXPECT_EQ(one, other);
  const Shared moved = std::move(one);
  EXPECT_EQ(*moved, "c");
}

}  // namespace
}  // namespace hald
