// SPDX-License-Identifier: Apache-2.0
// Random: splitmix64, so that a seed means the same history with every compiler and library.
#pragma once

#include <cstdint>

#include "base/time.h"

namespace hald::sim {

class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}

  std::uint64_t next() {
    state_ += 0x9e3779b97f4a7c15ULL;
    std::uint64_t z = state_;
    z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27U)) * 0x94d049bb133111ebULL;
    return z ^ (z >> 31U);
  }
  /// 0 .. bound-1
  std::size_t below(std::size_t bound) { return static_cast<std::size_t>(next() % bound); }
  bool chance(double probability) { return static_cast<double>(next() >> 11U) * 0x1.0p-53 < probability; }
  Duration between(Duration least, Duration most) {
    if (most <= least) return least;
    return least +
           Duration(static_cast<std::int64_t>(next() % static_cast<std::uint64_t>((most - least).count())));
  }

 private:
  std::uint64_t state_;
};

}  // namespace hald::sim
