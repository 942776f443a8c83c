// SPDX-License-Identifier: Apache-2.0
// schedule: when a check runs next. Pure; randomness and time are arguments. As keepalived 2.4.3 does it: the
// first run comes one second after the start plus a random part of warmup; delay_loop and delay_before_retry
// both count from the end of the try before, so a try that waits for a time-out moves its successors.
#pragma once

#include <cstdint>

#include "base/time.h"
#include "checker/core/verdict.h"
#include "config/model.h"

namespace hald::checker {

/// A small seeded generator (splitmix64): equal seeds give equal spreads, on every platform.
class Rng {
 public:
  explicit Rng(std::uint64_t seed) : state_(seed) {}
  std::uint64_t next();

 private:
  std::uint64_t state_;
};

/// When a check that starts at `now` runs first: in [now + 1 s, now + 1 s + warmup].
[[nodiscard]] TimePoint first_run(const config::CheckTiming& timing, TimePoint now, Rng& rng);

/// When it runs after a try that ended at `ended`.
[[nodiscard]] TimePoint next_run(const config::CheckTiming& timing, TimePoint ended, Next next);

}  // namespace hald::checker
