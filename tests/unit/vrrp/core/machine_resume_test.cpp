// SPDX-License-Identifier: Apache-2.0
// How an instance goes on as what it was in the run before.
#include <gtest/gtest.h>

#include "vrrp/core/machine.h"

namespace hald::vrrp {
namespace {

using namespace std::chrono_literals;
using Kind = Reason::Kind;

const TimePoint now{1h};

Params params(std::uint8_t version = 2) {
  Params out;
  out.version = version;
  out.source = Address::v4(0x0a000005);
  return out;
}

Step resume(const State& before, const Params& with = params()) {
  return step(with, Init{}, Startup{std::nullopt, before}, now);
}

Backup backup(Duration down_in, Duration interval = 1s) {
  Backup out;
  out.down_at = now + down_in;
  out.master_interval = interval;
  out.master = Backup::Sender{Address::v4(0x0a000006), 150};
  return out;
}

TEST(MachineResume, AMasterKeepsItsBeat) {
  const auto out = resume(Master{now + 300ms});
  EXPECT_EQ(std::get<Master>(out.next), (Master{now + 300ms}));
  EXPECT_EQ(out.actions, (std::vector<Action>{HoldAddresses{}, Announce{}}));
  EXPECT_EQ(out.reason.kind, Kind::Resumed);
}

TEST(MachineResume, AnOverdueAdvertIsSentAtOnce) {
  const auto out = resume(Master{now - 200ms});
  EXPECT_EQ(deadline(out.next), now);
  EXPECT_EQ(step(params(), out.next, TimerFired{}, now).actions, (std::vector<Action>{SendAdvert{100}}));
}

TEST(MachineResume, AnAdvertNeverWaitsForMoreThanAnInterval) {
  EXPECT_EQ(deadline(resume(Master{now + 24h}).next), now + 1s);
}

TEST(MachineResume, AMasterThatWasAwayTooLongListensAndKeepsTheAddresses) {
  const auto out = resume(Master{now - 10s});
  EXPECT_TRUE(std::get<Master>(out.next).listening);
  EXPECT_EQ(out.actions, (std::vector<Action>{HoldAddresses{}}));
  EXPECT_EQ(out.reason.kind, Kind::MasterWokeLate);
}

TEST(MachineResume, WhoListenedGoesOnListening) {
  const auto out = resume(Master{now + 300ms, true});
  EXPECT_EQ(std::get<Master>(out.next), (Master{now + 300ms, true}));
  EXPECT_EQ(out.actions, (std::vector<Action>{HoldAddresses{}}));
  EXPECT_EQ(to_string(out.reason), "listens before it sends again");
}

TEST(MachineResume, WhoSaidFarewellStartsAnew) {
  for (const Master& before : {Master{now + 1s, false, true}, Master{now + 1s, false, false, true}}) {
    const auto out = resume(before);
    EXPECT_EQ(name_of(out.next), StateName::Backup);
    EXPECT_EQ(out.actions, (std::vector<Action>{ReleaseAddresses{}}));
    EXPECT_EQ(out.reason.kind, Kind::StartedAsBackup);
  }
}

TEST(MachineResume, ABackupKnowsItsMasterAndHowLongToWait) {
  const auto out = resume(backup(2s));
  EXPECT_EQ(std::get<Backup>(out.next), backup(2s));
  EXPECT_EQ(out.reason.kind, Kind::Resumed);
  EXPECT_EQ(deadline(resume(backup(300ms, 100ms), params(3)).next), now + 300ms) << "of the learned interval";
}

TEST(MachineResume, ABackupThatHeardNothingMeanwhileListensForAnAdvertFirst) {
  EXPECT_EQ(deadline(resume(backup(-5s)).next), now + 1609375us);
  EXPECT_EQ(deadline(resume(backup(24h)).next), now + 3609375us) << "never longer than at a start";
}

TEST(MachineResume, WhatIsInTheWayCountsMore) {
  const auto out =
      step(params(), Init{}, Startup{Blocked{FaultCause::InterfaceDown}, State(Master{now + 1s})}, now);
  EXPECT_EQ(name_of(out.next), StateName::Fault);
  EXPECT_EQ(out.actions, (std::vector<Action>{ReleaseAddresses{}}));
}

}  // namespace
}  // namespace hald::vrrp
