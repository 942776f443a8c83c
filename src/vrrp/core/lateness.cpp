// SPDX-License-Identifier: Apache-2.0
#include "vrrp/core/lateness.h"

#include <algorithm>
#include <bit>

namespace hald::vrrp {

// The first four buckets are 0, 1, 2 and 3 us; from then on the two bits below the highest one choose.
std::size_t Lateness::index_of(std::uint64_t micros) {
  if (micros < 4) return static_cast<std::size_t>(micros);
  const auto exponent = static_cast<std::size_t>(std::bit_width(micros)) - 1;
  const auto quarter = static_cast<std::size_t>(micros >> (exponent - 2)) & 3U;
  return std::min(4 * (exponent - 1) + quarter, size - 1);
}

Duration Lateness::end_of(std::size_t index) {
  const std::size_t next = index + 1;
  if (next < 4) return std::chrono::microseconds(next);
  return std::chrono::microseconds((4 + next % 4) << (next / 4 - 1));
}

void Lateness::add(Duration late) {
  late = std::max(late, Duration::zero());
  const auto micros = std::chrono::duration_cast<std::chrono::microseconds>(late).count();
  ++counts_.at(index_of(static_cast<std::uint64_t>(micros)));
  ++count_;
  max_ = std::max(max_, late);
}

Duration Lateness::percentile(unsigned per_mille) const {
  if (count_ == 0) return Duration::zero();
  const std::uint64_t rank = std::max<std::uint64_t>(1, count_ - count_ * (1000 - per_mille) / 1000);
  std::uint64_t seen = 0;
  for (std::size_t index = 0; index < size; ++index) {
    seen += counts_.at(index);
    if (seen >= rank) return index + 1 == size ? max_ : std::min(end_of(index), max_);
  }
  return max_;
}

std::vector<Lateness::Bucket> Lateness::buckets() const {
  std::vector<Bucket> out;
  for (std::size_t index = 0; index < size; ++index) {
    if (counts_.at(index) == 0) continue;
    const Duration end = index + 1 == size ? max_ + std::chrono::microseconds(1) : end_of(index);
    out.push_back(Bucket{end, counts_.at(index)});
  }
  return out;
}

}  // namespace hald::vrrp
