// SPDX-License-Identifier: Apache-2.0
#include "vrrp/core/conflicts.h"

#include <gtest/gtest.h>

namespace hald::vrrp {
namespace {

using namespace std::chrono_literals;

constexpr TimePoint start{100s};
const Address rival = Address::v4(0x0a000006);

RivalAdvert advert(std::uint8_t priority = 50) {
  RivalAdvert out;
  out.source = rival;
  out.priority = priority;
  out.we_are_master = true;
  out.patience = 4s;
  return out;
}

TEST(Conflicts, TwoMastersAreAnAlarmOnceNoElectionCanTakeSoLong) {
  Conflicts conflicts;
  for (int second = 0; second <= 4; ++second)
    EXPECT_TRUE(conflicts.heard(advert(), start + second * 1s).empty()) << second;
  const auto alarms = conflicts.heard(advert(), start + 5s);
  ASSERT_EQ(alarms.size(), 1U);
  EXPECT_EQ(alarms[0].kind, Conflict::Kind::TwoMasters);
  EXPECT_EQ(alarms[0].source, rival);
  EXPECT_EQ(alarms[0].count, 6U);
  EXPECT_EQ(alarms[0].since, start);
  EXPECT_TRUE(conflicts.heard(advert(), start + 6s).empty()) << "told once";
}

TEST(Conflicts, ALateAnswerOfAnElectionIsNoConflict) {
  Conflicts conflicts;
  EXPECT_TRUE(conflicts.heard(advert(), start).empty());
  EXPECT_TRUE(conflicts.heard(advert(), start + 10s).empty()) << "begins anew after a silence";
  EXPECT_EQ(conflicts.all().at(0).since, start + 10s);
}

TEST(Conflicts, AFarewellIsNoClaim) {
  Conflicts conflicts;
  EXPECT_TRUE(conflicts.heard(advert(0), start).empty());
  EXPECT_TRUE(conflicts.all().empty());
}

TEST(Conflicts, OneWhoseAdvertsAreDroppedIsAMasterAllTheSame) {
  Conflicts conflicts;
  auto dropped = advert(0);
  dropped.dropped = "wrong password";
  for (int second = 0; second < 5; ++second) (void)conflicts.heard(dropped, start + second * 1s);
  const auto alarms = conflicts.heard(dropped, start + 5s);
  ASSERT_EQ(alarms.size(), 1U);
  EXPECT_NE(explain(alarms[0]).find("do not count: wrong password"), std::string::npos);
}

TEST(Conflicts, EachSourceIsOneOfItsOwn) {
  Conflicts conflicts;
  auto other = advert();
  other.source = Address::v4(0x0a000007);
  std::size_t alarms = 0;
  for (int second = 0; second < 8; ++second) {
    alarms += conflicts.heard(advert(), start + second * 1s).size();
    alarms += conflicts.heard(other, start + second * 1s).size();
  }
  EXPECT_EQ(alarms, 2U);
}

TEST(Conflicts, TheyEndWithSilenceOrWithOurOwnMastership) {
  Conflicts conflicts;
  for (int second = 0; second < 6; ++second) (void)conflicts.heard(advert(), start + second * 1s);
  EXPECT_EQ(conflicts.next_end(), start + 9s + 1ns);
  EXPECT_TRUE(conflicts.end_silent(start + 9s).empty());
  EXPECT_EQ(conflicts.end_silent(start + 9s + 1ns).size(), 1U);
  EXPECT_FALSE(conflicts.next_end());
  (void)conflicts.heard(advert(), start + 20s);
  EXPECT_TRUE(conflicts.end_two_masters().empty()) << "nobody had been told";
  EXPECT_TRUE(conflicts.all().empty());
}

TEST(Conflicts, AnotherListIsOneUntilItIsOurs) {
  Conflicts conflicts;
  auto differs = advert(200);
  differs.we_are_master = false;
  differs.list_differs = true;
  differs.addresses = {Address::v4(0x0a000004)};
  EXPECT_EQ(conflicts.heard(differs, start).size(), 1U);
  EXPECT_TRUE(conflicts.heard(differs, start + 1s).empty());
  auto unknown = differs;
  unknown.list_differs.reset();
  EXPECT_TRUE(conflicts.heard(unknown, start + 2s).empty());
  EXPECT_TRUE(conflicts.end_silent(start + 2s).empty()) << "nobody compared";
  differs.addresses.push_back(Address::v4(0x0a000005));
  EXPECT_EQ(conflicts.heard(differs, start + 3s).size(), 1U) << "yet another list";
  auto same = differs;
  same.list_differs = false;
  (void)conflicts.heard(same, start + 4s);
  const auto ended = conflicts.end_silent(start + 4s);
  ASSERT_EQ(ended.size(), 1U);
  EXPECT_EQ(ended[0].theirs.size(), 2U);
}

TEST(Conflicts, TwoOwnersAreAnAlarmAtOnce) {
  Conflicts conflicts;
  auto owner = advert(255);
  EXPECT_TRUE(conflicts.heard(owner, start).empty());
  owner.we_are_owner = true;
  const auto alarms = conflicts.heard(owner, start);
  ASSERT_EQ(alarms.size(), 1U);
  EXPECT_EQ(alarms[0].kind, Conflict::Kind::TwoOwners);
}

TEST(Conflicts, WhoMakesUpSourcesFillsNoMemory) {
  Conflicts conflicts;
  for (std::uint32_t i = 0; i < 10000; ++i) {
    auto forged = advert();
    forged.source = Address::v4(i);
    (void)conflicts.heard(forged, start);
  }
  EXPECT_EQ(conflicts.all().size(), Conflicts::most);
}

}  // namespace
}  // namespace hald::vrrp
