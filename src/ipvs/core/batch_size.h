// SPDX-License-Identifier: Apache-2.0
// BatchSize: how many Ops go out in one turn of the loop so that the turn stays near its time budget. It
// learns from the last turn, because the kernel's price of one Op differs a hundredfold (a destination is
// searched for on the list of deleted ones first).
#pragma once

#include <algorithm>
#include <cstddef>

#include "base/time.h"

namespace hald::ipvs {

class BatchSize {
 public:
  static constexpr std::size_t kSmallest = 1;
  static constexpr std::size_t kLargest = 1024;
  static constexpr Duration kBudget = std::chrono::milliseconds(1);

  [[nodiscard]] std::size_t value() const { return value_; }

  /// The turn that just ended did `spent` units of work in `took`. A long turn may be the machine's fault,
  /// so it halves the size and no more; short ones soon make up for it.
  void measured(std::size_t spent, Duration took) {
    if (took > kBudget + kBudget / 2) {
      value_ = std::max(kSmallest, value_ / 2);
    } else if (took < kBudget / 2 && spent >= value_ / 2) {
      value_ = std::min(kLargest, value_ * 2);
    } else if (took < kBudget && spent >= value_) {
      value_ = std::min(kLargest, value_ + value_ / 8 + 1);
    }
  }

 private:
  std::size_t value_ = 16;
};

}  // namespace hald::ipvs
