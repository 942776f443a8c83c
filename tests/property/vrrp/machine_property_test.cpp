// SPDX-License-Identifier: Apache-2.0
// Properties of the VRRP machine under random settings, states, events and times. HALD_PROPERTY_SEED reruns
// one seed; it is printed with every failure.
#include <cstdlib>
#include <random>

#include <gtest/gtest.h>

#include "vrrp/core/machine.h"
#include "vrrp/core/timing.h"

namespace hald::vrrp {
namespace {

using namespace std::chrono_literals;

class Dice {
 public:
  explicit Dice(std::uint64_t seed) : engine_(seed) {}
  std::uint64_t below(std::uint64_t bound) { return engine_() % bound; }
  bool chance(unsigned percent) { return below(100) < percent; }
  Duration up_to(Duration most) {
    return Duration(static_cast<std::int64_t>(below(static_cast<std::uint64_t>(most.count()) + 1)));
  }
  std::uint8_t priority() {
    static constexpr std::uint8_t edges[] = {0, 1, 2, 99, 100, 101, 253, 254, 255};
    return chance(60) ? edges[below(std::size(edges))] : static_cast<std::uint8_t>(below(256));
  }
  Address address() { return Address::v4(0x0a000004U + static_cast<std::uint32_t>(below(4))); }

  Params params() {
    Params out;
    out.version = chance(50) ? 2 : 3;
    out.priority = std::max<std::uint8_t>(priority(), 1);
    out.initial_state = chance(50) ? config::InitialState::Master : config::InitialState::Backup;
    out.advert_interval =
        out.version == 2 ? Duration(1s) * (1 + below(255)) : Duration(10ms) * (1 + below(4095));
    out.down_timer_adverts = 1 + static_cast<unsigned>(below(100));
    out.preempt = chance(70);
    if (chance(30)) out.preempt_delay = up_to(1000s);
    out.lower_prio_no_advert = chance(30);
    out.higher_prio_send_advert = chance(30);
    out.group_agrees = chance(80);
    out.yields = chance(20);
    out.source = address();
    return out;
  }

  State state(TimePoint now) {
    switch (below(4)) {
      case 0: return Init{};
      case 1: {
        Backup backup;
        backup.down_at = now - 3600s + up_to(7200s);
        backup.master_interval = Duration(10ms) * (1 + below(4095));
        if (chance(50)) backup.master = Backup::Sender{address(), priority()};
        if (chance(30)) backup.preempt_at = now - 1000s + up_to(2000s);
        backup.listened = chance(20);
        backup.wants_master = chance(20);
        return backup;
      }
      case 2: {
        const bool leaving = chance(20);
        const bool listening = !leaving && chance(20);
        return Master{now - 3600s + up_to(3700s), listening, leaving, !leaving && !listening && chance(20)};
      }
      default: return Fault{static_cast<FaultCause>(below(8))};
    }
  }

  Event event() {
    switch (below(9)) {
      case 0: return Startup{chance(30) ? std::optional(Blocked{FaultCause::InterfaceDown}) : std::nullopt};
      case 1:
      case 2: return TimerFired{};
      case 3: return Blocked{static_cast<FaultCause>(below(8))};
      case 4: return Unblocked{};
      case 5: return Reconfigured{params()};
      case 7: return Synced{chance(50) ? StateName::Master : StateName::Backup};
      case 6:
        if (chance(20)) return chance(50) ? Event(Shutdown{}) : Event(Leave{});
        if (chance(20)) return HandOver{};
        return TimerFired{};
      default: return AdvertReceived{priority(), Duration(10ms) * (1 + below(4095)), address()};
    }
  }

 private:
  std::mt19937_64 engine_;
};

template <typename T>
std::size_t count(const Step& step) {
  std::size_t out = 0;
  for (const auto& action : step.actions) out += std::holds_alternative<T>(action) ? 1U : 0U;
  return out;
}

Duration longest_wait(const Params& params, Duration master_interval) {
  const Duration interval = std::max(params.advert_interval, master_interval);
  return master_down_time(params.version, 1, interval, params.down_timer_adverts) + interval;
}

/// What every single step must satisfy, whatever the state.
void check_step(const Params& params, const State& before, const Event& event, const Step& out,
                TimePoint now) {
  ASSERT_FALSE(to_string(out.reason).empty());
  // No storm: one event, one advert at the most.
  EXPECT_LE(count<SendAdvert>(out), 1U);
  EXPECT_LE(out.actions.size(), 4U);
  const StateName from = name_of(before);
  const StateName to = name_of(out.next);
  // The addresses follow the state.
  const bool enters = to == StateName::Master && from != StateName::Master;
  const bool leaves = to != StateName::Master && from == StateName::Master;
  EXPECT_GE(count<HoldAddresses>(out), enters ? 1U : 0U);
  EXPECT_GE(count<ReleaseAddresses>(out), leaves ? 1U : 0U);
  EXPECT_EQ(count<HoldAddresses>(out) > 0 && to != StateName::Master, false);
  EXPECT_EQ(count<ReleaseAddresses>(out) > 0 && to == StateName::Master, false);
  EXPECT_EQ(count<Announce>(out) > 0 && to != StateName::Master, false);
  // Priority 0 is a farewell and nothing else.
  for (const auto& action : out.actions) {
    const auto* advert = std::get_if<SendAdvert>(&action);
    if (advert == nullptr) continue;
    const auto* master = std::get_if<Master>(&out.next);
    const bool parts = master != nullptr && (master->leaving || master->handing_over);
    const bool says_farewell = (leaves && to != StateName::Backup) || parts;
    EXPECT_EQ(advert->priority, says_farewell ? priority_release : params.priority);
  }
  // A timer that has fired is never due again at once: the loop cannot spin.
  const auto due = deadline(out.next);
  EXPECT_EQ(due.has_value(), to == StateName::Backup || to == StateName::Master);
  EXPECT_TRUE(!std::holds_alternative<TimerFired>(event) || !due || *due > now);
  if (!due || out.next == before) return;
  const auto* backup = std::get_if<Backup>(&out.next);
  const auto bound =
      std::max(deadline(before).value_or(now),
               now + longest_wait(params, backup != nullptr ? backup->master_interval : Duration()));
  EXPECT_TRUE(std::holds_alternative<Reconfigured>(event) || *due <= bound);
}

bool may_follow(StateName from, StateName to) {
  if (from == to || to == StateName::Init) return true;
  if (from == StateName::Fault) return to == StateName::Backup;
  return true;
}

std::uint64_t first_seed() {
  const char* text = std::getenv("HALD_PROPERTY_SEED");
  return text == nullptr ? 1 : std::strtoull(text, nullptr, 10);
}
std::uint64_t last_seed(std::uint64_t count) {
  return std::getenv("HALD_PROPERTY_SEED") == nullptr ? count : first_seed();
}

TEST(MachineProperties, EverySingleStepIsSound) {
  for (auto seed = first_seed(); seed <= last_seed(200000); ++seed) {
    Dice dice(seed);
    const TimePoint now = TimePoint(100h) + dice.up_to(10h);
    const Params params = dice.params();
    const State state = dice.state(now);
    const Event event = dice.event();
    const Step out = step(params, state, event, now);
    check_step(params, state, event, out, now);
    EXPECT_TRUE(may_follow(name_of(state), name_of(out.next)));
    if (::testing::Test::HasFailure()) FAIL() << "HALD_PROPERTY_SEED=" << seed;
  }
}

TEST(MachineProperties, ATimerThatFiresTwiceActsOnce) {
  for (auto seed = first_seed(); seed <= last_seed(50000); ++seed) {
    Dice dice(seed);
    const TimePoint now(100h);
    const Params params = dice.params();
    const Step once = step(params, dice.state(now), TimerFired{}, now);
    const Step twice = step(params, once.next, TimerFired{}, now);
    ASSERT_EQ(twice.next, once.next) << "HALD_PROPERTY_SEED=" << seed;
    ASSERT_TRUE(twice.actions.empty()) << "HALD_PROPERTY_SEED=" << seed;
  }
}

TEST(MachineProperties, AlongAnyWalkTheAddressesAreHeldExactlyWhileMaster) {
  for (auto seed = first_seed(); seed <= last_seed(2000); ++seed) {
    Dice dice(seed);
    TimePoint now(100h);
    Params params = dice.params();
    State state;
    bool holding = true;  // left over from a crash
    for (int i = 0; i < 200; ++i) {
      now += dice.up_to(dice.chance(90) ? params.advert_interval : Duration(3600s));
      Event event = i == 0 ? Event(Startup{}) : dice.event();
      if (auto* change = std::get_if<Reconfigured>(&event))
        change->before = std::exchange(params, dice.params());
      const Step out = step(params, state, event, now);
      check_step(params, state, event, out, now);
      for (const auto& action : out.actions) {
        holding = std::holds_alternative<HoldAddresses>(action) ||
                  (holding && !std::holds_alternative<ReleaseAddresses>(action));
      }
      state = out.next;
      ASSERT_EQ(holding, std::holds_alternative<Master>(state))
          << "HALD_PROPERTY_SEED=" << seed << " step " << i;
      if (::testing::Test::HasFailure()) FAIL() << "HALD_PROPERTY_SEED=" << seed << " step " << i;
    }
  }
}

TEST(MachineProperties, AMasterWhoseTimerIsServedIsNeverSilentForMoreThanItsInterval) {
  for (auto seed = first_seed(); seed <= last_seed(2000); ++seed) {
    Dice dice(seed);
    TimePoint now(100h);
    const Params params = dice.params();
    State state = Master{now + params.advert_interval};
    TimePoint last = now;
    for (int i = 0; i < 200; ++i) {
      // Either something arrives before the timer, or the timer fires on time.
      const TimePoint due = *deadline(state);
      const bool early = dice.chance(60) && due > now;
      now = early ? now + dice.up_to(due - now) : due;
      const Event event =
          early ? Event(AdvertReceived{dice.priority(), 1s, dice.address()}) : Event(TimerFired{});
      const Step out = step(params, state, event, now);
      if (count<SendAdvert>(out) > 0) last = now;
      state = out.next;
      if (!std::holds_alternative<Master>(state)) break;
      ASSERT_LE(*deadline(state) - last, params.advert_interval) << "HALD_PROPERTY_SEED=" << seed;
    }
  }
}

}  // namespace
}  // namespace hald::vrrp
