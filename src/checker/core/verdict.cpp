// SPDX-License-Identifier: Apache-2.0
#include "checker/core/verdict.h"

#include <algorithm>

#include <fmt/format.h>

namespace hald::checker {
namespace {

Folded pass(const VerdictState& state, const Outcome& outcome) {
  Folded out{{true, true, 0}, {}};
  out.decision.changed = !state.up;
  out.decision.verdict = out.decision.changed || !state.decided;
  out.decision.reason = outcome.text;
  return out;
}

Folded pass_part(const VerdictState& state, const Outcome& outcome, const VerdictParams& params) {
  Folded out{state, {}};
  out.state.failed = state.decided ? 0 : params.retry;
  out.decision.reason = outcome.text;
  return out;
}

/// The failing try that decides. Before the first verdict nothing was tried twice, so nothing is counted.
Folded go_down(const VerdictState& state, const Outcome& outcome, const VerdictParams& params) {
  Folded out{{false, true, 0}, {}};
  out.decision.verdict = true;
  out.decision.changed = state.up;
  out.decision.retries = state.decided ? params.retry : 0;
  out.decision.reason = outcome.text;
  if (out.decision.retries > 0) {
    const auto tries = std::uint64_t{params.retry} + 1;
    out.decision.reason = fmt::format("{}, {} of {} tries failed", outcome.text, tries, tries);
  }
  return out;
}

Folded fail(const VerdictState& state, const Outcome& outcome, const VerdictParams& params) {
  const bool open = state.up || !state.decided;
  if (open && state.failed >= params.retry) return go_down(state, outcome, params);
  Folded out{state, {}};
  out.decision.reason = outcome.text;
  // What is down waits for its regular turn: only a check that can still be lost is tried again sooner.
  if (!state.up) return out;
  ++out.state.failed;
  out.decision.next = Next::Retry;
  out.decision.reason =
      fmt::format("{}, try {} of {}", outcome.text, out.state.failed, std::uint64_t{params.retry} + 1);
  return out;
}

}  // namespace

VerdictState initial_verdict(const VerdictParams& params, bool down) {
  return {!down, false, params.retry};
}

Folded fold(const VerdictState& state, const Outcome& outcome, const VerdictParams& params) {
  // compat: keepalived reschedules a check it could not run, at its regular pace, and counts nothing.
  if (outcome.local()) {
    Folded out{state, {}};
    out.decision.reason = fmt::format("could not be checked: {}", outcome.text);
    return out;
  }
  if (!outcome.passed()) return fail(state, outcome, params);
  return params.partial ? pass_part(state, outcome, params) : pass(state, outcome);
}

VerdictState with_params(const VerdictState& state, const VerdictParams& params) {
  VerdictState out = state;
  out.failed = state.decided ? std::min(state.failed, params.retry) : params.retry;
  return out;
}

}  // namespace hald::checker
