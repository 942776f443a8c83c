// SPDX-License-Identifier: Apache-2.0
// The rules of a sync group by themselves, and with the real machine: members that are told by the rules end
// up MASTER together or not at all, whatever happens to them (a seeded walk).
#include "vrrp/core/sync_group.h"

#include <random>
#include <vector>

#include <gtest/gtest.h>

namespace hald::vrrp {
namespace {

using namespace std::chrono_literals;
using Members = std::vector<SyncMember>;

constexpr SyncMember kBackup{StateName::Backup, false, false};
constexpr SyncMember kWilling{StateName::Backup, true, false};
constexpr SyncMember kMaster{StateName::Master, true, false};
constexpr SyncMember kBroken{StateName::Fault, false, true};
constexpr SyncMember kDragged{StateName::Fault, false, false};

TEST(SyncGroup, StateOfTheWhole) {
  EXPECT_EQ(group_state(Members{{}, {}}), StateName::Init);
  EXPECT_EQ(group_state(Members{kBackup, kMaster}), StateName::Backup);
  EXPECT_EQ(group_state(Members{kMaster, kMaster}), StateName::Master);
  EXPECT_EQ(group_state(Members{kMaster, kBroken}), StateName::Fault);
}

TEST(SyncGroup, TakesOverOnlyIfAllTheOthersWould) {
  EXPECT_FALSE(group_agrees(Members{kWilling, kBackup, kWilling}, 0));
  EXPECT_TRUE(group_agrees(Members{kBackup, kWilling, kMaster}, 0));
  EXPECT_TRUE(group_agrees(Members{kBackup}, 0));
  EXPECT_FALSE(group_agrees(Members{kWilling, kBroken}, 0));
}

TEST(SyncGroup, OneInFaultBlocksTheOthers) {
  const Members members{kBroken, kDragged, kDragged};
  EXPECT_FALSE(blocked_by_group(members, 0));
  EXPECT_TRUE(blocked_by_group(members, 1));
  const Members recovered{kBackup, kDragged};
  EXPECT_FALSE(blocked_by_group(recovered, 1));
}

TEST(SyncGroup, AMasterTakesTheOthersAlong) {
  const auto orders = sync_others(Members{kMaster, kWilling, kMaster, kDragged}, 0, StateName::Backup);
  ASSERT_EQ(orders.size(), 1U);
  EXPECT_EQ(orders[0].member, 1U);
  EXPECT_EQ(orders[0].event.to, StateName::Master);
}

TEST(SyncGroup, WhoIsDeposedTakesTheOthersAlong) {
  const auto orders = sync_others(Members{kBackup, kMaster, kBackup}, 0, StateName::Master);
  ASSERT_EQ(orders.size(), 1U);
  EXPECT_EQ(orders[0].member, 1U);
  EXPECT_EQ(orders[0].event.to, StateName::Backup);
  EXPECT_TRUE(sync_others(Members{kBackup, kMaster}, 0, StateName::Fault).empty());
  EXPECT_TRUE(sync_others(Members{kBroken, kMaster}, 0, StateName::Master).empty());
  EXPECT_TRUE(sync_others(Members{kMaster, kBackup}, 0, StateName::Master).empty());
}

TEST(SyncGroup, WhoGivesWayWaitsForItsOwnSuccessor) {
  constexpr SyncMember handing_over{StateName::Master, true, false, true};
  const Members members{kBackup, handing_over, kMaster};
  const auto orders = sync_others(members, 0, StateName::Master);
  ASSERT_EQ(orders.size(), 1U);
  EXPECT_EQ(orders[0].member, 2U);
  EXPECT_EQ(follow_others(members, 0).size(), 1U);
  // Whoever has followed its successor does not want to be MASTER: the last of them cannot stay it alone.
  EXPECT_FALSE(group_agrees(Members{kBackup, handing_over}, 1));
  EXPECT_TRUE(group_agrees(Members{handing_over, handing_over}, 1));
}

/// Members as a shell would drive them.
class Group {
 public:
  Group(std::size_t size, unsigned seed)
      : random_(seed), states_(size, State{Init{}}), blocked_(size, false) {
    params_.source = Address::v4(0x0a000005);
    params_.priority = 100;
  }

  void start() {
    for (std::size_t i = 0; i < states_.size(); ++i) feed(i, Startup{});
  }

  void step_randomly() {
    now_ += std::chrono::milliseconds(pick(0, 4000));
    const std::size_t member = pick(0, states_.size() - 1);
    switch (pick(0, 9)) {
      case 0: set_blocked(member, true); break;
      case 1:
      case 2: set_blocked(member, false); break;
      case 3: feed(member, AdvertReceived{120, 1s, Address::v4(0x0a000006)}); break;
      case 4: feed(member, AdvertReceived{50, 1s, Address::v4(0x0a000006)}); break;
      default: feed(member, TimerFired{}); break;
    }
  }

  /// Time passes and nothing is heard.
  void settle() {
    for (std::size_t i = 0; i < states_.size(); ++i) set_blocked(i, false);
    for (int round = 0; round < 8; ++round) {
      now_ += 5s;
      for (std::size_t i = 0; i < states_.size(); ++i) feed(i, TimerFired{});
    }
  }

  [[nodiscard]] Members members() const {
    Members out;
    for (std::size_t i = 0; i < states_.size(); ++i) {
      const auto* backup = std::get_if<Backup>(&states_[i]);
      const bool is_master = std::holds_alternative<Master>(states_[i]);
      out.push_back(
          {name_of(states_[i]), is_master || (backup != nullptr && backup->wants_master), blocked_[i]});
    }
    return out;
  }

 private:
  std::size_t pick(std::size_t least, std::size_t most) {
    return std::uniform_int_distribution<std::size_t>(least, most)(random_);
  }

  void set_blocked(std::size_t member, bool blocked) {
    if (blocked_[member] == blocked) return;
    blocked_[member] = blocked;
    for (std::size_t i = 0; i < states_.size(); ++i) {
      const bool must_wait = blocked_[i] || blocked_by_group(members(), i);
      const bool waits = std::holds_alternative<Fault>(states_[i]);
      if (must_wait && !waits)
        feed(i, Blocked{blocked_[i] ? FaultCause::InterfaceDown : FaultCause::SyncGroup});
      if (!must_wait && waits) feed(i, Unblocked{});
    }
  }

  void feed(std::size_t member, const Event& event) {
    const StateName before = name_of(states_[member]);
    params_.group_agrees = group_agrees(members(), member);
    states_[member] = step(params_, states_[member], event, now_).next;
    for (const SyncOrder& order : sync_others(members(), member, before)) feed(order.member, order.event);
  }

  std::mt19937 random_;
  Params params_;
  std::vector<State> states_;
  std::vector<bool> blocked_;
  TimePoint now_{1000s};
};

TEST(SyncGroup, MembersAreMasterTogetherOrNotAtAll) {
  const unsigned base = std::random_device{}();
  for (unsigned run = 0; run < 300; ++run) {
    SCOPED_TRACE(base + run);
    Group group(2 + run % 3, base + run);
    group.start();
    for (int i = 0; i < 200; ++i) {
      group.step_randomly();
      const Members members = group.members();
      std::size_t masters = 0;
      bool blocked = false;
      for (const SyncMember& each : members) {
        masters += each.state == StateName::Master ? 1 : 0;
        blocked = blocked || each.blocked_itself;
      }
      ASSERT_TRUE(masters == 0 || masters == members.size()) << i;
      ASSERT_TRUE(!blocked || masters == 0) << i;
    }
    group.settle();
    EXPECT_EQ(group_state(group.members()), StateName::Master);
  }
}

}  // namespace
}  // namespace hald::vrrp
