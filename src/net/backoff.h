// SPDX-License-Identifier: Apache-2.0
// Backoff: how long to wait before trying again, twice as long each time.
#pragma once

#include <algorithm>

#include "base/time.h"

namespace hald::net {

class Backoff {
 public:
  Backoff(Duration first, Duration last) : first_(first), last_(last) {}

  [[nodiscard]] Duration next() { return current_ = std::clamp(current_ * 2, first_, last_); }
  void reset() { current_ = {}; }

 private:
  Duration first_;
  Duration last_;
  Duration current_{};
};

}  // namespace hald::net
