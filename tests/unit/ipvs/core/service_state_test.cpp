// SPDX-License-Identifier: Apache-2.0
#include "ipvs/core/service_state.h"

#include <gtest/gtest.h>

#include "fakes/ipvs_tables.h"
#include "ipvs/core/diff.h"

namespace hald::ipvs {
namespace {

using fakes::destination;
using fakes::service;

const ServiceKey kWeb = fakes::tcp("10.0.0.3", 80);
const Service kOne = service(kWeb, {destination("10.0.0.7")});
const Service kTwo = service(kWeb, {destination("10.0.0.7"), destination("10.0.0.8")});

Ops ops_of(const ServiceState& state, std::size_t limit = kNoLimit) {
  Ops out;
  state.next_ops(out, limit);
  return out;
}

TEST(ServiceState, KnowsNothingAtFirstAndThenAsksForNothing) {
  const ServiceState state(kOne);
  EXPECT_FALSE(state.known());
  EXPECT_FALSE(state.settled());
  EXPECT_TRUE(ops_of(state).empty());
  EXPECT_EQ(state.actual(), nullptr);
}

TEST(ServiceState, IsSettledOnceItsOpsAreDone) {
  ServiceState state(kTwo);
  state.learned(std::nullopt);
  const Ops ops = ops_of(state);
  EXPECT_EQ(ops.size(), 3U);
  state.done(ops);
  EXPECT_TRUE(state.settled());
  EXPECT_EQ(*state.actual(), kTwo);
}

TEST(ServiceState, PiecesLeadToTheSameEnd) {
  ServiceState state(kTwo);
  state.learned(service(kWeb, {destination("10.0.0.6"), destination("10.0.0.8", 7)}, "rr"));
  int pieces = 0;
  for (; !state.settled() && pieces < 10; ++pieces) state.done(ops_of(state, 1));
  EXPECT_EQ(pieces, 4) << "scheduler, add, edit, delete";
  EXPECT_EQ(*state.actual(), kTwo);
}

TEST(ServiceState, ANewWishTurnsTheOldOneIntoTheBelief) {
  ServiceState state(kTwo);
  state.learned(kTwo);
  EXPECT_TRUE(state.settled());
  state.want(kOne);
  EXPECT_FALSE(state.settled());
  EXPECT_EQ(*state.actual(), kTwo);
  state.want(kTwo);
  EXPECT_TRUE(state.settled()) << "changing one's mind costs nothing";
}

TEST(ServiceState, AWishChangedWhileItsOpsWereOnTheWay) {
  ServiceState state(kOne);
  state.learned(std::nullopt);
  const Ops ops = ops_of(state);
  state.want(kTwo);
  state.done(ops);
  EXPECT_FALSE(state.settled());
  EXPECT_EQ(*state.actual(), kOne);
}

TEST(ServiceState, UnwantedIsSettledWhenAbsent) {
  ServiceState state(kOne);
  state.learned(kOne);
  state.unwant();
  EXPECT_EQ(state.desired(), nullptr);
  EXPECT_EQ(ops_of(state), Ops{DeleteService{kWeb}});
  state.done(ops_of(state));
  EXPECT_TRUE(state.settled());
  EXPECT_EQ(state.actual(), nullptr);
}

TEST(ServiceState, WantedAgainBeforeTheDeletionNeedsNothing) {
  ServiceState state(kOne);
  state.learned(kOne);
  state.unwant();
  state.want(kOne);
  EXPECT_TRUE(state.settled());
}

TEST(ServiceState, DoubtForgets) {
  ServiceState state(kOne);
  state.learned(kTwo);
  state.doubt();
  EXPECT_FALSE(state.known());
  EXPECT_EQ(state.actual(), nullptr);
}

}  // namespace
}  // namespace hald::ipvs
