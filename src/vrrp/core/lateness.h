// SPDX-License-Identifier: Apache-2.0
// Lateness: how long after their time adverts left, as a histogram with fixed buckets: four to each power of
// two of microseconds, so a percentile is never more than a quarter too high. Counting is a few instructions.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/time.h"

namespace hald::vrrp {

class Lateness {
 public:
  struct Bucket {
    Duration below;  ///< of the lateness of those counted here
    std::uint64_t count = 0;
  };

  /// What came early counts as on time.
  void add(Duration late);

  [[nodiscard]] std::uint64_t count() const { return count_; }
  [[nodiscard]] Duration max() const { return max_; }
  /// At most this late were `per_mille` of a thousand adverts: the end of their bucket, and never more than
  /// the latest of all. Zero while nothing was counted.
  [[nodiscard]] Duration percentile(unsigned per_mille) const;
  /// Those that counted something, in rising order.
  [[nodiscard]] std::vector<Bucket> buckets() const;

 private:
  static constexpr std::size_t size = 132;  // up to 2^34 us, almost five hours; the last one takes all beyond

  static std::size_t index_of(std::uint64_t micros);
  static Duration end_of(std::size_t index);

  std::array<std::uint64_t, size> counts_{};
  std::uint64_t count_ = 0;
  Duration max_{};
};

}  // namespace hald::vrrp
