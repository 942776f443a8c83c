// SPDX-License-Identifier: Apache-2.0
// Thousands of seeded histories of routers on one link, played by the real Supervisor and Instance.
//   HALD_SIM_HISTORIES  how many (default 10000)
//   HALD_SIM_FIRST      the first seed (default 1)
//   HALD_SIM_SEED       only this one, with its history
#include <cstdlib>
#include <iostream>
#include <string>
#include <utility>

#include <gtest/gtest.h>

#include "world.h"

namespace hald::sim {
namespace {

std::uint64_t setting(const char* name, std::uint64_t otherwise) {
  const char* text = std::getenv(name);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

Outcome play(std::uint64_t seed, bool keep_history = false) {
  return World(make_scenario(seed), keep_history).play();
}

/// Plays a failing seed once more, to tell its history.
void report(std::uint64_t seed) {
  const Outcome outcome = play(seed, true);
  ADD_FAILURE() << "seed " << seed << ": " << outcome.failure.value_or("does not fail any more") << "\n"
                << outcome.history << "again with: HALD_SIM_SEED=" << seed
                << " hald_sim_test --gtest_filter=Simulation.HoldsItsInvariants";
}

TEST(Simulation, HoldsItsInvariants) {
  if (const auto seed = setting("HALD_SIM_SEED", 0); seed != 0) {
    const Outcome outcome = play(seed, true);
    std::cout << outcome.history;
    EXPECT_FALSE(outcome.failure.has_value()) << outcome.failure.value_or("");
    return;
  }
  const auto first = setting("HALD_SIM_FIRST", 1);
  const auto histories = setting("HALD_SIM_HISTORIES", 10000);
  std::uint64_t events = 0;
  std::uint64_t takeovers = 0;
  std::uint64_t played = 0;
  for (std::uint64_t seed = first; seed < first + histories; ++seed) {
    const Outcome outcome = play(seed);
    ++played;
    events += outcome.events;
    takeovers += outcome.takeovers_checked;
    if (!outcome.failure) continue;
    report(seed);
    break;
  }
  std::cout << played << " histories from seed " << first << ": " << events << " events, " << takeovers
            << " takeovers measured\n";
  EXPECT_GE(takeovers, played / 20) << "the scenarios no longer test takeovers";
}

/// Histories that once went wrong.
TEST(Simulation, SeedsThatFoundSomethingStayMended) {
  const std::pair<std::uint64_t, const char*> seeds[] = {
      {152937,
       "a MASTER woke late, and an old farewell in its queue made it speak before it knew its successor"},
  };
  for (const auto& [seed, story] : seeds) {
    const Outcome outcome = play(seed);
    EXPECT_FALSE(outcome.failure.has_value())
        << "seed " << seed << " (" << story << "): " << *outcome.failure;
  }
}

TEST(Simulation, TheSameSeedIsTheSameHistory) {
  for (std::uint64_t seed = 1; seed <= 100; ++seed) {
    EXPECT_EQ(play(seed).fingerprint, play(seed).fingerprint) << "seed " << seed;
  }
}

}  // namespace
}  // namespace hald::sim
