// SPDX-License-Identifier: Apache-2.0
#include "checker/core/round.h"

#include <algorithm>

namespace hald::checker {

Round advance(const Round& round, std::size_t parts, const Outcome& outcome, const Decision& decision) {
  if (outcome.local()) return round;
  if (!outcome.passed()) return {round.part, round.failed || decision.verdict};
  if (round.failed || completes(round, parts)) return {};
  return {round.part + 1, false};
}

Duration pause_after(const config::HttpCheck& check, const Round& next, const VerdictState& state,
                     const Outcome& outcome) {
  const config::CheckTiming& timing = check.settings->timing;
  if (outcome.local()) return timing.delay_loop;
  const bool rising = !state.decided || (!state.up && !next.failed);
  if (check.fast_recovery && rising) return Duration::zero();
  if (outcome.passed()) return timing.delay_loop;
  if (next.failed) return std::max(timing.delay_before_retry, timing.delay_loop);
  // compat: also on the way up again, where other checks wait for their regular turn.
  return timing.delay_before_retry;
}

}  // namespace hald::checker
