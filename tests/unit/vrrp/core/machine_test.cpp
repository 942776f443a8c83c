// SPDX-License-Identifier: Apache-2.0
#include "vrrp/core/machine.h"

#include <gtest/gtest.h>

namespace hald::vrrp {
namespace {

using namespace std::chrono_literals;
using Kind = Reason::Kind;

const TimePoint start{1h};
const Address ours = Address::v4(0x0a000005);    // 10.0.0.5
const Address lower = Address::v4(0x0a000004);   // 10.0.0.4
const Address higher = Address::v4(0x0a000006);  // 10.0.0.6

Params params(std::uint8_t version = 2, std::uint8_t priority = 100) {
  Params out;
  out.version = version;
  out.priority = priority;
  out.source = ours;
  return out;
}

AdvertReceived advert(std::uint8_t priority, const Address& from = higher, Duration interval = 1s) {
  return AdvertReceived{priority, interval, from};
}

Backup backup_until(TimePoint down_at, Duration interval = 1s) {
  Backup out;
  out.down_at = down_at;
  out.master_interval = interval;
  return out;
}

const std::vector<Action> take_over = {SendAdvert{100}, HoldAddresses{}, Announce{}};
const std::vector<Action> yield = {ReleaseAddresses{}, StopAnnouncing{}};
const std::vector<Action> farewell = {SendAdvert{0}, ReleaseAddresses{}, StopAnnouncing{}};

template <typename T>
const T& as(const Step& step) {
  return std::get<T>(step.next);
}

// ---------------------------------------------------------------- starting

TEST(Machine, StartsAsBackupWithTheFullDownTime) {
  const auto out = step(params(), Init{}, Startup{}, start);
  EXPECT_EQ(as<Backup>(out).down_at, start + 3609375us);
  EXPECT_EQ(out.actions, (std::vector<Action>{ReleaseAddresses{}}));
  EXPECT_EQ(out.reason.kind, Kind::StartedAsBackup);
}

TEST(Machine, StateMasterBelow255WaitsForAboutOneInterval) {
  auto p = params();
  p.initial_state = config::InitialState::Master;
  EXPECT_EQ(as<Backup>(step(p, Init{}, Startup{}, start)).down_at, start + 1s + 1s / 256.0);
  p.version = 3;
  p.advert_interval = 100ms;
  EXPECT_EQ(as<Backup>(step(p, Init{}, Startup{}, start)).down_at, start + 100ms + 100ms / 256.0);
}

TEST(Machine, AnOwnerThatIsToBeMasterIsSoAtOnce) {
  auto p = params(3, 255);
  p.initial_state = config::InitialState::Master;
  const auto out = step(p, Init{}, Startup{}, start);
  EXPECT_EQ(as<Master>(out).advert_at, start + 1s);
  EXPECT_EQ(out.actions, (std::vector<Action>{SendAdvert{255}, HoldAddresses{}, Announce{}}));
}

TEST(Machine, StartsInFaultWhenBlocked) {
  const auto out = step(params(), Init{}, Startup{Blocked{FaultCause::InterfaceDown}}, start);
  EXPECT_EQ(as<Fault>(out).cause, FaultCause::InterfaceDown);
  EXPECT_EQ(out.actions, (std::vector<Action>{ReleaseAddresses{}}));
}

// ---------------------------------------------------------------- BACKUP

TEST(Machine, ASilentMasterIsReplacedWhenTheTimerRunsOut) {
  const State backup = backup_until(start);
  const auto out = step(params(), backup, TimerFired{}, start);
  EXPECT_EQ(as<Master>(out).advert_at, start + 1s);
  EXPECT_EQ(out.actions, take_over);
}

TEST(Machine, ATimerThatFiresEarlyIsHarmless) {
  const State backup = backup_until(start + 1ns);
  const auto out = step(params(), backup, TimerFired{}, start);
  EXPECT_EQ(out.next, backup);
  EXPECT_TRUE(out.actions.empty());
  EXPECT_EQ(out.reason.kind, Kind::TimerEarly);
}

TEST(Machine, AnAdvertOfEqualPriorityIsFollowedWhateverTheAddress) {
  for (const auto& from : {lower, higher}) {
    const auto out = step(params(), backup_until(start + 1ms), advert(100, from), start);
    EXPECT_EQ(as<Backup>(out).down_at, start + 3609375us);
    EXPECT_EQ(as<Backup>(out).master, (Backup::Sender{from, 100}));
  }
}

TEST(Machine, ALowerAdvertLeavesTheTimerAlone) {
  const State backup = backup_until(start + 1ms);
  const auto out = step(params(), backup, advert(99), start);
  EXPECT_EQ(out.next, backup);
  EXPECT_EQ(out.reason.kind, Kind::LowerDiscarded);
}

TEST(Machine, WithoutPreemptionALowerAdvertIsFollowed) {
  auto p = params();
  p.preempt = false;
  EXPECT_EQ(as<Backup>(step(p, backup_until(start + 1ms), advert(1), start)).down_at, start + 3609375us);
}

TEST(Machine, TheOwnerPreemptsWhateverIsConfigured) {
  auto p = params(2, 255);
  p.preempt = false;
  const State backup = backup_until(start + 1ms);
  EXPECT_EQ(step(p, backup, advert(254), start).next, backup);
  // A preempt_delay still ends.
  p.preempt_delay = 5s;
  const State waiting = step(p, backup, advert(254), start).next;
  EXPECT_EQ(std::get<Backup>(waiting).preempt_at, start + 5s);
  EXPECT_EQ(step(p, waiting, advert(254), start + 5s).next, waiting);
}

TEST(Machine, PriorityZeroLeavesTheSkewTime) {
  const auto v2 = step(params(), backup_until(start + 3s), advert(0), start);
  EXPECT_EQ(as<Backup>(v2).down_at, start + 609375us);
  // v3: of the learned interval, and not that of the farewell.
  const auto v3 = step(params(3), backup_until(start + 30s, 10s), advert(0, higher, 1s), start);
  EXPECT_EQ(as<Backup>(v3).down_at, start + 6093750us);
  EXPECT_EQ(as<Backup>(v3).master_interval, 10s);
}

TEST(Machine, Version3LearnsTheIntervalOfTheMasterAndVersion2DoesNot) {
  const auto v3 = as<Backup>(step(params(3), backup_until(start), advert(200, higher, 4s), start));
  EXPECT_EQ(v3.master_interval, 4s);
  EXPECT_EQ(v3.down_at, start + 12s + Duration(4s) * 156 / 256);
  const auto v2 = as<Backup>(step(params(2), backup_until(start), advert(200, higher, 4s), start));
  EXPECT_EQ(v2.master_interval, 1s);
}

TEST(Machine, PreemptDelayRunsFromTheFirstLowerAdvert) {
  auto p = params();
  p.preempt_delay = 10s;
  State state = backup_until(start + 3s);
  TimePoint now = start;
  for (; now < start + 10s; now += 1s) {
    const auto out = step(p, state, advert(50), now);
    EXPECT_EQ(out.reason.kind, Kind::FollowedWhileDelay);
    EXPECT_EQ(as<Backup>(out).preempt_at, start + 10s);
    state = out.next;
  }
  const auto out = step(p, state, advert(50), now);
  EXPECT_EQ(out.reason.kind, Kind::LowerDiscarded);
  EXPECT_EQ(deadline(out.next), start + 9s + 3609375us);
}

TEST(Machine, AHigherAdvertStopsThePreemptDelay) {
  auto p = params();
  p.preempt_delay = 10s;
  const auto first = step(p, backup_until(start + 3s), advert(50), start);
  const auto second = step(p, first.next, advert(100), start + 5s);
  EXPECT_EQ(as<Backup>(second).preempt_at, std::nullopt);
  EXPECT_EQ(as<Backup>(step(p, second.next, advert(50), start + 6s)).preempt_at, start + 16s);
}

TEST(Machine, ABackupThatWokeVeryLateListensOnceMore) {
  const State backup = backup_until(start);
  const TimePoint late = start + 3609376us;
  const auto out = step(params(), backup, TimerFired{}, late);
  EXPECT_EQ(out.reason.kind, Kind::BackupWokeLate);
  EXPECT_EQ(as<Backup>(out).down_at, late + 1609375us);
  EXPECT_TRUE(out.actions.empty());
  // Once: a loop that is always late must still take over.
  const auto again = step(params(), out.next, TimerFired{}, late + 1h);
  EXPECT_EQ(again.actions, take_over);
}

TEST(Machine, ABackupThatWokeALittleLateTakesOver) {
  EXPECT_EQ(step(params(), backup_until(start), TimerFired{}, start + 3609375us).actions, take_over);
}

// ---------------------------------------------------------------- MASTER

TEST(Machine, AMasterAdvertisesFromDeadlineToDeadline) {
  const auto out = step(params(), Master{start}, TimerFired{}, start + 3ms);
  EXPECT_EQ(as<Master>(out).advert_at, start + 1s);  // no drift
  EXPECT_EQ(out.actions, (std::vector<Action>{SendAdvert{100}}));
  const auto late = step(params(), Master{start}, TimerFired{}, start + 1500ms);
  EXPECT_EQ(as<Master>(late).advert_at, start + 2500ms);
}

// ---------------------------------------------------------------- leaving

TEST(Machine, WhoLeavesSaysSoAndKeepsTheAddresses) {
  const auto out = step(params(), Master{start + 900ms}, Leave{}, start);
  EXPECT_EQ(out.actions, (std::vector<Action>{SendAdvert{0}, StopAnnouncing{}}));
  EXPECT_TRUE(as<Master>(out).leaving);
  EXPECT_EQ(as<Master>(out).advert_at, start + 255s / 256.0);
  const auto again = step(params(), out.next, Leave{}, start);
  EXPECT_TRUE(again.actions.empty());
}

TEST(Machine, LeavingEndsWithTheSuccessorOrWithTheLongestSkew) {
  const Master leaving{start + 1s, false, true};
  const auto heard = step(params(), leaving, advert(1), start);
  EXPECT_EQ(heard.reason.kind, Kind::SuccessorHeard);
  EXPECT_EQ(heard.actions, yield);
  EXPECT_TRUE(std::holds_alternative<Init>(heard.next));
  EXPECT_EQ(step(params(), leaving, advert(0), start).next, State{leaving});
  EXPECT_EQ(step(params(), leaving, advert(200, ours), start).next, State{leaving});
  const auto alone = step(params(), leaving, TimerFired{}, start + 1s);
  EXPECT_EQ(alone.reason.kind, Kind::NoSuccessor);
  EXPECT_EQ(alone.actions, yield);
}

TEST(Machine, WhoLeavesIsNotHeldBack) {
  const Master leaving{start + 1s, false, true};
  EXPECT_EQ(step(params(), leaving, Shutdown{}, start).actions, yield);
  EXPECT_EQ(step(params(), leaving, Blocked{}, start).actions, yield);
  // Nothing keeps it in FAULT: somebody waits for it to be gone.
  EXPECT_TRUE(std::holds_alternative<Init>(step(params(), leaving, Blocked{}, start).next));
  EXPECT_EQ(step(params(), leaving, Synced{StateName::Backup}, start).next, State{leaving});
  EXPECT_EQ(step(params(), leaving, Reconfigured{params()}, start).next, State{leaving});
}

TEST(Machine, OnlyAMasterHasSomethingToHandOver) {
  EXPECT_TRUE(std::holds_alternative<Init>(step(params(), backup_until(start), Leave{}, start).next));
  EXPECT_TRUE(std::holds_alternative<Init>(step(params(), Fault{}, Leave{}, start).next));
}

// ---------------------------------------------------------------- handing over

TEST(Machine, WhoHandsOverKeepsTheAddressesAndFollowsItsSuccessor) {
  auto p = params();
  p.yields = true;
  const auto out = step(p, Master{start + 900ms}, HandOver{}, start);
  EXPECT_EQ(out.actions, (std::vector<Action>{SendAdvert{0}, StopAnnouncing{}}));
  EXPECT_EQ(out.reason.kind, Kind::HandingOver);
  EXPECT_TRUE(as<Master>(out).handing_over);
  EXPECT_EQ(as<Master>(out).advert_at, start + 255s / 256.0);
  EXPECT_TRUE(step(p, out.next, HandOver{}, start).actions.empty());
  EXPECT_EQ(step(p, out.next, advert(0), start).next, out.next);

  const auto heard = step(p, out.next, advert(1), start + 10ms);
  EXPECT_EQ(heard.reason.kind, Kind::HandedOver);
  EXPECT_EQ(heard.actions, yield);
  EXPECT_EQ(as<Backup>(heard).master->priority, 1);
  // It would preempt; having been asked to hand over it follows.
  EXPECT_EQ(step(p, heard.next, advert(1), start + 1s).reason.kind, Kind::FollowedAsAsked);
  p.priority = 255;
  EXPECT_EQ(step(p, heard.next, advert(1), start + 1s).reason.kind, Kind::FollowedAsAsked);
}

TEST(Machine, WithoutASuccessorWhoHandsOverStaysMaster) {
  const Master handing_over{start + 1s, false, false, true};
  const auto out = step(params(), handing_over, TimerFired{}, start + 1s);
  EXPECT_EQ(out.reason.kind, Kind::NobodyTookOver);
  EXPECT_EQ(out.next, (State{Master{start + 2s}}));
  EXPECT_EQ(out.actions, (std::vector<Action>{SendAdvert{100}, HoldAddresses{}, Announce{false}}));
}

TEST(Machine, WhoHandsOverMayLeaveOrFailMeanwhile) {
  const Master handing_over{start + 1s, false, false, true};
  EXPECT_TRUE(as<Master>(step(params(), handing_over, Leave{}, start)).leaving);
  EXPECT_TRUE(std::holds_alternative<Fault>(step(params(), handing_over, Blocked{}, start).next));
  EXPECT_EQ(step(params(), handing_over, Reconfigured{params()}, start).next, State{handing_over});
  EXPECT_TRUE(std::holds_alternative<Init>(step(params(), handing_over, Shutdown{}, start).next));
}

TEST(Machine, WhoHandsOverLeavesItToItsOwnSuccessorAndNotToThatOfAnother) {
  const Master handing_over{start + 1s, false, false, true};
  EXPECT_EQ(step(params(), handing_over, Synced{StateName::Backup}, start).next, State{handing_over});
  auto p = params();
  p.group_agrees = false;
  EXPECT_EQ(step(p, handing_over, TimerFired{}, start + 999ms).next, State{handing_over});
  for (const Duration late : {0s, 10s}) {
    const auto out = step(p, handing_over, TimerFired{}, start + 1s + late);
    EXPECT_EQ(out.reason.kind, Kind::SyncedToBackup);
    EXPECT_EQ(out.actions, yield);
    EXPECT_TRUE(std::holds_alternative<Backup>(out.next));
  }
}

TEST(Machine, WhoIsNoMasterHasNothingToHandOver) {
  const State backup = backup_until(start + 1s);
  EXPECT_EQ(step(params(), backup, HandOver{}, start).next, backup);
  EXPECT_TRUE(std::holds_alternative<Fault>(step(params(), Fault{}, HandOver{}, start).next));
}

// ---------------------------------------------------------------- sync groups

TEST(Machine, AGroupThatIsNotReadyHoldsATakeover) {
  auto p = params();
  p.group_agrees = false;
  const auto held = step(p, backup_until(start), TimerFired{}, start);
  EXPECT_EQ(held.reason.kind, Kind::HeldByGroup);
  EXPECT_TRUE(as<Backup>(held).wants_master);
  EXPECT_EQ(as<Backup>(held).down_at, start + 3609375us);
  EXPECT_TRUE(held.actions.empty());
  // Who hears somebody better wants it no longer.
  EXPECT_FALSE(as<Backup>(step(p, held.next, advert(120), start + 1s)).wants_master);
  EXPECT_TRUE(as<Backup>(step(p, held.next, advert(50), start + 1s)).wants_master);
}

TEST(Machine, AnOwnerWaitsForItsGroupToo) {
  auto p = params(3, 255);
  p.initial_state = config::InitialState::Master;
  p.group_agrees = false;
  EXPECT_TRUE(as<Backup>(step(p, Init{}, Startup{}, start)).wants_master);
}

TEST(Machine, AGroupMovesItsMembers) {
  const auto up = step(params(), backup_until(start + 3s), Synced{StateName::Master}, start);
  EXPECT_EQ(up.actions, take_over);
  EXPECT_EQ(up.reason.kind, Kind::SyncedToMaster);
  // No farewell: who deposed the group takes over by itself.
  const auto down = step(params(), Master{start + 900ms}, Synced{StateName::Backup}, start);
  EXPECT_EQ(down.actions, yield);
  EXPECT_EQ(down.reason.kind, Kind::SyncedToBackup);
  EXPECT_TRUE(step(params(), Fault{}, Synced{StateName::Master}, start).actions.empty());
}

TEST(Machine, AMasterAnswersPriorityZeroAtOnce) {
  const auto out = step(params(), Master{start + 900ms}, advert(0), start);
  EXPECT_EQ(out.actions, (std::vector<Action>{SendAdvert{100}}));
  EXPECT_EQ(as<Master>(out).advert_at, start + 1s);
}

TEST(Machine, ALosingAdvertIsAnsweredAndAnnouncedAgainst) {
  for (const auto& losing : {advert(99, higher), advert(100, lower)}) {
    const auto out = step(params(), Master{start + 900ms}, losing, start);
    EXPECT_EQ(out.actions, (std::vector<Action>{SendAdvert{100}, Announce{true}}));
    EXPECT_EQ(as<Master>(out).advert_at, start + 1s);
    EXPECT_EQ(out.reason.kind, Kind::LosingAdvert);
  }
}

TEST(Machine, LowerPrioNoAdvertStaysSilentAndOnTime) {
  auto p = params();
  p.lower_prio_no_advert = true;
  const auto out = step(p, Master{start + 900ms}, advert(99), start);
  EXPECT_EQ(out.actions, (std::vector<Action>{Announce{true}}));
  EXPECT_EQ(as<Master>(out).advert_at, start + 900ms);
}

TEST(Machine, AHigherPriorityOrAddressWinsPreemptOrNot) {
  auto p = params(3);
  p.preempt = false;
  for (const auto& winning : {advert(101, lower, 2s), advert(100, higher, 2s)}) {
    const auto out = step(p, Master{start + 900ms}, winning, start);
    EXPECT_EQ(out.actions, yield);
    EXPECT_EQ(as<Backup>(out).master_interval, 2s);
    EXPECT_EQ(as<Backup>(out).down_at, start + 6s + Duration(2s) * 156 / 256);
    EXPECT_EQ(as<Backup>(out).master->address, winning.source);
  }
}

TEST(Machine, AddressesAreComparedAsUnsignedNumbers) {
  auto p = params();
  p.source = Address::v4(0x0a000005);                                                         // 10.0.0.5
  const auto out = step(p, Master{start + 1s}, advert(100, Address::v4(0xc8000001)), start);  // 200.0.0.1
  EXPECT_EQ(out.reason.kind, Kind::HigherAddress);
}

TEST(Machine, HigherPrioSendAdvertSpeaksOnceMore) {
  auto p = params();
  p.higher_prio_send_advert = true;
  const auto out = step(p, Master{start + 900ms}, advert(101), start);
  EXPECT_EQ(out.actions, (std::vector<Action>{SendAdvert{100}, ReleaseAddresses{}, StopAnnouncing{}}));
}

TEST(Machine, OfTwoOwnersTheLowerAddressYields) {
  const auto p = params(3, 255);
  const auto yields = step(p, Master{start + 900ms}, advert(255, higher), start);
  EXPECT_EQ(yields.reason.kind, Kind::TwoOwnersWeYield);
  EXPECT_EQ(yields.actions, yield);
  const auto stays = step(p, Master{start + 900ms}, advert(255, lower), start);
  EXPECT_EQ(stays.reason.kind, Kind::TwoOwnersWeStay);
  EXPECT_EQ(stays.actions, (std::vector<Action>{SendAdvert{255}, Announce{true}}));
}

TEST(Machine, OurOwnAdvertIsNotARival) {
  const State master = Master{start + 900ms};
  const auto out = step(params(), master, advert(100, ours), start);
  EXPECT_EQ(out.next, master);
  EXPECT_TRUE(out.actions.empty());
}

// ---------------------------------------------------------------- a MASTER that slept

// Every BACKUP has given up after 3 s and the skew of priority 1, from the advert before the missed one.
constexpr Duration deposed_after = 2s + 996093750ns;

TEST(Machine, AShortSleepIsMadeUpForByAnAdvert) {
  const auto out = step(params(), Master{start}, TimerFired{}, start + deposed_after);
  EXPECT_EQ(out.actions, (std::vector<Action>{SendAdvert{100}}));
}

TEST(Machine, ALongSleepMakesTheMasterListenAndKeepItsAddresses) {
  const TimePoint woke = start + deposed_after + 1ns;
  const auto out = step(params(), Master{start}, TimerFired{}, woke);
  EXPECT_EQ(out.reason.kind, Kind::MasterWokeLate);
  EXPECT_TRUE(out.actions.empty());
  EXPECT_EQ(out.next, State(Master{woke + 1s + Duration(1s) / 256, true}));
}

TEST(Machine, WhoKnowsTheOthersListensAsSoonAsOneOfThemMayHaveTakenOver) {
  Params knowing = params();
  knowing.highest_other = 254;
  // 3 s and the skew of 254, from the advert before.
  const TimePoint theirs = start + 2s + 7812500ns;
  EXPECT_EQ(step(knowing, Master{start}, TimerFired{}, theirs).actions,
            (std::vector<Action>{SendAdvert{100}}));
  EXPECT_EQ(step(knowing, Master{start}, TimerFired{}, theirs + 1ns).reason.kind, Kind::MasterWokeLate);
  // What lies in the socket by then is from the one that took over.
  EXPECT_EQ(step(knowing, Master{start}, advert(50), theirs + 1ns).reason.kind, Kind::Deposed);
  EXPECT_NE(step(params(), Master{start}, advert(50), theirs + 1ns).reason.kind, Kind::Deposed);
  config::VrrpInstance instance;
  EXPECT_EQ(params_of(instance, Address{}).highest_other, 1);
  instance.timer_expired_backup = 200;
  EXPECT_EQ(params_of(instance, Address{}).highest_other, 200);
}

TEST(Machine, NobodyHeardTheMasterGoesOnAndAnnouncesAgain) {
  const auto out = step(params(), Master{start, true}, TimerFired{}, start);
  EXPECT_EQ(out.next, State(Master{start + 1s}));
  EXPECT_EQ(out.actions, (std::vector<Action>{SendAdvert{100}, HoldAddresses{}, Announce{false}}));
}

TEST(Machine, AnyAdvertHeardAfterALongSleepDeposes) {
  // Both while listening and when the advert was in the queue before the timer ran.
  for (const State& master : {State(Master{start + 1s, true}), State(Master{start - 10s})}) {
    const auto out = step(params(), master, advert(50), start);
    EXPECT_EQ(out.reason.kind, Kind::Deposed);
    EXPECT_EQ(out.actions, yield);
    EXPECT_EQ(as<Backup>(out).down_at, start + 3609375us);
  }
}

TEST(Machine, AFarewellHeardAfterALongSleepProvesNothing) {
  // It may have waited in the queue while its sender was replaced.
  const auto first = step(params(), Master{start - 10s}, advert(0), start);
  EXPECT_EQ(first.next, State(Master{start + 1s + Duration(1s) / 256, true}));
  EXPECT_TRUE(first.actions.empty());
  const auto second = step(params(), first.next, advert(0), start + 1ms);
  EXPECT_EQ(second.next, first.next);
  EXPECT_TRUE(second.actions.empty());
}

// ---------------------------------------------------------------- FAULT, stop, new settings

TEST(Machine, AMasterThatIsBlockedSaysFarewellOnce) {
  const auto out = step(params(), Master{start}, Blocked{FaultCause::NoSourceAddress}, start);
  EXPECT_EQ(out.actions, farewell);
  EXPECT_EQ(as<Fault>(out).cause, FaultCause::NoSourceAddress);
  EXPECT_TRUE(step(params(), out.next, Blocked{FaultCause::InterfaceDown}, start).actions.empty());
}

TEST(Machine, FaultIsLeftThroughBackup) {
  const State fault = Fault{FaultCause::InterfaceDown};
  EXPECT_EQ(as<Backup>(step(params(), fault, Unblocked{}, start)).down_at, start + 3609375us);
  EXPECT_EQ(as<Backup>(step(params(2, 255), fault, Unblocked{}, start)).down_at, start + 1s + 1s / 256.0);
}

TEST(Machine, AdvertsDoNotCountInFaultAndInit) {
  for (const State& state : {State(Init{}), State(Fault{FaultCause::InterfaceDown})}) {
    EXPECT_EQ(step(params(), state, advert(200), start).next, state);
  }
}

TEST(Machine, StoppingSaysFarewellOnlyAsMaster) {
  EXPECT_EQ(step(params(), Master{start}, Shutdown{}, start).actions, farewell);
  EXPECT_EQ(step(params(), backup_until(start), Shutdown{}, start).actions,
            (std::vector<Action>{ReleaseAddresses{}}));
  EXPECT_TRUE(step(params(), Init{}, Shutdown{}, start).actions.empty());
  EXPECT_EQ(step(params(), Master{start}, Shutdown{}, start).next, State(Init{}));
}

TEST(Machine, ANewPriorityShiftsTheTimerOfABackup) {
  const auto out = step(params(2, 200), backup_until(start + 2s), Reconfigured{params(2, 100)}, start);
  EXPECT_EQ(as<Backup>(out).down_at, start + 2s - 100 * 1s / 256.0);
}

TEST(Machine, ANewIntervalCountsForTheNextAdvertOfAMaster) {
  auto p = params(3);
  p.advert_interval = 100ms;
  EXPECT_EQ(as<Master>(step(p, Master{start + 900ms}, Reconfigured{params(3)}, start)).advert_at,
            start + 100ms);
  p.advert_interval = 10s;
  EXPECT_EQ(as<Master>(step(p, Master{start + 900ms}, Reconfigured{params(3)}, start)).advert_at,
            start + 900ms);
}

TEST(Machine, ALearnedIntervalSurvivesNewSettings) {
  Backup backup = backup_until(start + 12s, 4s);
  backup.master = Backup::Sender{higher, 200};
  auto p = params(3);
  p.advert_interval = 2s;
  EXPECT_EQ(as<Backup>(step(p, backup, Reconfigured{params(3)}, start)).master_interval, 4s);
  backup.master.reset();
  EXPECT_EQ(as<Backup>(step(p, backup, Reconfigured{params(3)}, start)).master_interval, 2s);
}

TEST(Machine, ANewMasterUsesItsOwnInterval) {
  const auto out = step(params(3), backup_until(start, 40950ms), TimerFired{}, start);
  EXPECT_EQ(as<Master>(out).advert_at, start + 1s);
}

// ---------------------------------------------------------------- words

TEST(Machine, EveryKindOfReasonHasWords) {
  for (int kind = 0; kind <= static_cast<int>(Kind::Meaningless); ++kind) {
    Reason reason;
    reason.kind = static_cast<Kind>(kind);
    reason.address = higher;
    const std::string words = to_string(reason);
    EXPECT_FALSE(words.empty());
    EXPECT_EQ(words == "nothing to do", reason.kind == Kind::Meaningless) << kind;
  }
}

}  // namespace
}  // namespace hald::vrrp
