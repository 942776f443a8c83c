// SPDX-License-Identifier: Apache-2.0
// Time in hald. Everything a protocol or a check measures runs on CLOCK_MONOTONIC (steady_clock in
// libstdc++); wall-clock time exists only for people, in logs and in the status. Cores take `now` as an
// argument and never read a clock.
#pragma once

#include <chrono>

namespace hald {

using Duration = std::chrono::nanoseconds;
using TimePoint = std::chrono::time_point<std::chrono::steady_clock, Duration>;
using WallTime = std::chrono::system_clock::time_point;

/// The clocks as a dependency: production reads the kernel, tests set the hands.
class Clock {
 public:
  virtual ~Clock() = default;
  [[nodiscard]] virtual TimePoint now() const = 0;
  [[nodiscard]] virtual WallTime wall_now() const = 0;
};

}  // namespace hald
