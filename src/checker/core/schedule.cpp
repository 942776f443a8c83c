// SPDX-License-Identifier: Apache-2.0
#include "checker/core/schedule.h"

namespace hald::checker {
namespace {

/// keepalived lets the daemon settle before it checks anything.
constexpr Duration kBootstrap = std::chrono::seconds(1);

}  // namespace

std::uint64_t Rng::next() {
  state_ += 0x9e3779b97f4a7c15ULL;
  std::uint64_t mixed = state_;
  mixed = (mixed ^ (mixed >> 30U)) * 0xbf58476d1ce4e5b9ULL;
  mixed = (mixed ^ (mixed >> 27U)) * 0x94d049bb133111ebULL;
  return mixed ^ (mixed >> 31U);
}

TimePoint first_run(const config::CheckTiming& timing, TimePoint now, Rng& rng) {
  // Whole microseconds; the remainder's bias is far below them.
  const auto span = std::chrono::duration_cast<std::chrono::microseconds>(timing.warmup).count();
  const auto steps = static_cast<std::uint64_t>(span > 0 ? span : 0) + 1;
  const auto spread = std::chrono::microseconds(static_cast<std::int64_t>(rng.next() % steps));
  return now + kBootstrap + spread;
}

TimePoint next_run(const config::CheckTiming& timing, TimePoint ended, Next next) {
  return ended + (next == Next::Retry ? timing.delay_before_retry : timing.delay_loop);
}

}  // namespace hald::checker
