// SPDX-License-Identifier: Apache-2.0
// verdict: the one policy that turns the outcomes of tries into up and down, for every kind of check. Pure:
// no clock, no timer; schedule.h says when the next try is due. It follows keepalived 2.4.3:
// - a check that is up goes down at the (retry + 1)th failing try in a row; one passing try brings it up;
// - until its first verdict a single failing try is enough (the counter of tries starts at its limit);
// - a check counts as up from the start, except with alpha, which counts it as failed until it passes;
// - a try that this machine could not run (no descriptor, the source address is missing) is no verdict.
#pragma once

#include <cstdint>
#include <string>

#include "checker/core/outcome.h"

namespace hald::checker {

struct VerdictParams {
  std::uint32_t retry = 1;  ///< further tries before a failure counts
  bool partial = false;     ///< the try was of a part: its pass alone brings nothing up
};

struct VerdictState {
  bool up = true;
  bool decided = false;      ///< at least one verdict was reached
  std::uint32_t failed = 0;  ///< failing tries since the last verdict; starts at the limit, `retry`
  friend bool operator==(const VerdictState&, const VerdictState&) = default;
};

/// What follows a try.
enum class Next : unsigned char {
  Regular,  ///< the next regular run, after delay_loop
  Retry,    ///< another try, after delay_before_retry
};

struct Decision {
  bool verdict = false;       ///< this try decided, and it was the first to do so or it changed the state
  bool changed = false;       ///< up became down, or down up
  std::uint32_t retries = 0;  ///< with a verdict of down: tries that were spent after the first failing one
  Next next = Next::Regular;
  std::string reason;  ///< in words: "connection refused, try 2 of 4"
};

struct Folded {
  VerdictState state;
  Decision decision;
};

/// The state before the first try. `down` for alpha, and for a check that a reload adds to a server that is
/// down at that time: replacing a failing check is no proof of health.
[[nodiscard]] VerdictState initial_verdict(const VerdictParams& params, bool down);

/// Total: defined for every state and outcome.
[[nodiscard]] Folded fold(const VerdictState& state, const Outcome& outcome, const VerdictParams& params);

/// The state under new parameters, as a reload brings them: enough failing tries for the new limit means that
/// one more is decisive, never that the reload itself decides.
[[nodiscard]] VerdictState with_params(const VerdictState& state, const VerdictParams& params);

}  // namespace hald::checker
