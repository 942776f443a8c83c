// SPDX-License-Identifier: Apache-2.0
#include "ipvs/core/diff.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fakes/ipvs_tables.h"

namespace hald::ipvs {
namespace {

using fakes::destination;
using fakes::endpoint;
using fakes::service;
using testing::ElementsAre;

const ServiceKey kWeb = fakes::tcp("10.0.0.3", 80);

Ops ops_between(const Service* actual, const Service* desired, std::size_t limit = kNoLimit) {
  Ops out;
  diff(actual, desired, out, limit);
  return out;
}

TEST(Diff, EqualNeedsNothing) {
  const Service web = service(kWeb, {destination("10.0.0.7"), destination("10.0.0.8")});
  EXPECT_TRUE(ops_between(&web, &web).empty());
  EXPECT_TRUE(ops_between(nullptr, nullptr).empty());
}

TEST(Diff, AMissingServiceComesBeforeItsServersInOrder) {
  const Service web = service(kWeb, {destination("10.0.0.8"), destination("10.0.0.7")});
  EXPECT_THAT(ops_between(nullptr, &web), ElementsAre(Op(AddService{kWeb, web.settings}),
                                                      Op(AddDestination{kWeb, destination("10.0.0.7")}),
                                                      Op(AddDestination{kWeb, destination("10.0.0.8")})));
}

TEST(Diff, EditsInPlaceAndMakesBeforeItBreaks) {
  const Service before =
      service(kWeb, {destination("10.0.0.6"), destination("10.0.0.7"), destination("10.0.0.8")}, "rr");
  const Service after =
      service(kWeb, {destination("10.0.0.7", 5), destination("10.0.0.8"), destination("10.0.0.9")}, "wrr");
  EXPECT_THAT(
      ops_between(&before, &after),
      ElementsAre(Op(EditService{kWeb, after.settings}), Op(AddDestination{kWeb, destination("10.0.0.9")}),
                  Op(EditDestination{kWeb, destination("10.0.0.7", 5)}),
                  Op(DeleteDestination{kWeb, endpoint("10.0.0.6", 80)})));
}

TEST(Diff, AThresholdAloneIsAChange) {
  const Service before = service(kWeb, {destination("10.0.0.7")});
  Service after = before;
  after.destinations[0].upper_threshold = 9;
  EXPECT_THAT(ops_between(&before, &after), ElementsAre(Op(EditDestination{kWeb, after.destinations[0]})));
}

TEST(Diff, OneMessageDeletesAServiceWithItsServers) {
  const Service web = service(kWeb, {destination("10.0.0.7"), destination("10.0.0.8")});
  EXPECT_THAT(ops_between(&web, nullptr), ElementsAre(Op(DeleteService{kWeb})));
}

TEST(Diff, StopsAtTheLimit) {
  const Service web = service(kWeb, {destination("10.0.0.7"), destination("10.0.0.8")});
  EXPECT_EQ(ops_between(nullptr, &web, 2).size(), 2U);
  EXPECT_THAT(ops_between(nullptr, &web, 1), ElementsAre(Op(AddService{kWeb, web.settings})));
  EXPECT_TRUE(ops_between(nullptr, &web, 0).empty());
}

TEST(Diff, TheLimitCountsFromWhatIsThereAlready) {
  const Service web = service(kWeb, {destination("10.0.0.7"), destination("10.0.0.8")});
  Ops out{DeleteService{kWeb}, DeleteService{kWeb}};
  diff(nullptr, &web, out, 2);
  EXPECT_EQ(out.size(), 4U);
}

TEST(Diff, OfWholeTablesDeletesOnlyWhatIsOwnedAndLast) {
  const ServiceKey mine = fakes::tcp("10.0.0.1", 80);
  const ServiceKey foreign = fakes::tcp("10.0.0.2", 80);
  const Table actual{{mine, service(mine, {})}, {foreign, service(foreign, {destination("10.0.0.7")})}};
  const Table desired{{kWeb, service(kWeb, {})}};
  EXPECT_THAT(diff(actual, desired, {mine}),
              ElementsAre(Op(AddService{kWeb, desired.at(kWeb).settings}), Op(DeleteService{mine})));
}

TEST(Op, NamesItselfAsTheErrorLinesDo) {
  const Op op = AddDestination{kWeb, destination("10.0.0.7")};
  EXPECT_EQ(command_of(op), "NEW_DEST(5)");
  EXPECT_EQ(target_of(op), "[10.0.0.3]:tcp:80 -> 10.0.0.7:80");
  EXPECT_EQ(target_of(DeleteService{config::FirewallMark{7, Family::IPv4}}), "FWM 7");
  EXPECT_EQ(command_of(DeleteService{kWeb}), "DEL_SERVICE(3)");
}

}  // namespace
}  // namespace hald::ipvs
