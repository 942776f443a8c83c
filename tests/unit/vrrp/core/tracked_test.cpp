// SPDX-License-Identifier: Apache-2.0
#include "vrrp/core/tracked.h"

#include <gtest/gtest.h>

namespace hald::vrrp {
namespace {

using Is = TrackedState::Is;

config::Tracked line(const char* name, std::int16_t weight, bool reverse = false) {
  config::Tracked out;
  out.name = name;
  out.weight = {weight, reverse};
  return out;
}

TEST(Tracked, OfTheInstanceAndOfItsGroup) {
  config::VrrpInstance instance;
  instance.track.scripts = {line("both", 10), line("own", -20), line("fault", 0)};
  config::SyncGroup group;
  group.track.scripts = {line("both", 30, true), line("fault", 40)};
  group.track.interfaces = {line("eth1", 0)};
  const auto items = items_of(instance, &group);
  ASSERT_EQ(items.size(), 4U);
  EXPECT_EQ(items[0].key.name, "both");
  // compat: the group's weight, unless the instance has none.
  EXPECT_EQ(items[0].weight, (TrackWeight{30, true}));
  EXPECT_EQ(items[2].key.name, "fault");
  EXPECT_EQ(items[2].weight, (TrackWeight{0, false}));
  EXPECT_EQ(items[3].key, (TrackKey{TrackKind::Interface, "eth1"}));
  EXPECT_TRUE(items[3].of_group);
  EXPECT_FALSE(items[1].of_group);
  EXPECT_EQ(items_of(instance, nullptr).size(), 3U);
}

TEST(Tracked, WhatItComesTo) {
  const std::vector<TrackItem> items{{{TrackKind::Script, "a"}, {20, false}},
                                     {{TrackKind::Script, "b"}, {-30, false}},
                                     {{TrackKind::Interface, "eth1"}, {0, false}}};
  const TrackedState good{Is::Good, 0, "is fine"};
  const TrackedState bad{Is::Bad, 0, "failed"};
  const TrackedState unknown{Is::Unknown, 0, "has not run yet"};
  EXPECT_EQ(influence_of(100, items, std::vector{good, good, good}), (Influence{120, ""}));
  EXPECT_EQ(influence_of(100, items, std::vector{bad, bad, good}), (Influence{70, ""}));
  EXPECT_EQ(influence_of(100, items, std::vector{unknown, unknown, unknown}), (Influence{100, ""}));
  EXPECT_EQ(influence_of(100, items, std::vector{good, bad, bad}), (Influence{90, "interface eth1 failed"}));
  EXPECT_EQ(influence_of(255, items, std::vector{bad, bad, good}), (Influence{255, ""}));
}

TEST(Tracked, NumbersOfFiles) {
  const std::vector<TrackItem> items{{{TrackKind::File, "f"}, {-2, false}}};
  const auto holds = [](std::int64_t number) {
    return std::vector{TrackedState{Is::Number, number, "holds it"}};
  };
  EXPECT_EQ(influence_of(100, items, holds(7)), (Influence{86, ""}));
  EXPECT_EQ(influence_of(100, items, holds(-7)), (Influence{114, ""}));
  EXPECT_EQ(influence_of(100, items, holds(127)), (Influence{100, "file f holds it"}));
}

}  // namespace
}  // namespace hald::vrrp
