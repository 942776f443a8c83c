// SPDX-License-Identifier: Apache-2.0
// Processor time of this thread: what an assertion about effort may use, since other work on the machine
// does not count.
#pragma once

#include <ctime>

namespace hald::fakes {

/// In seconds, since the thread began.
[[nodiscard]] inline double cpu_seconds() {
  std::timespec now{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9;
}

}  // namespace hald::fakes
