// SPDX-License-Identifier: Apache-2.0
// Baseline: what hald was given when it was started and then changes for itself, scheduling and limits. The
// programs it runs get it back. Their environment is hald's own without the words that change how a program
// is loaded or a shell reads.
#pragma once

#include <sched.h>
#include <sys/resource.h>

#include <array>
#include <string>
#include <vector>

namespace hald::proc {

struct Baseline {
  struct Limit {
    __rlimit_resource resource;
    rlimit value;
  };

  int policy = SCHED_OTHER;
  sched_param priority{};
  int nice = 0;
  cpu_set_t processors{};
  bool knows_processors = false;
  std::array<Limit, 5> limits{};
  std::vector<std::string> environment{};
};

/// To be called before hald changes anything about itself.
[[nodiscard]] Baseline capture_baseline();

/// `inherited` without IFS and the loader's words; `additions` ("NAME=value") replace what has their name.
[[nodiscard]] std::vector<std::string> script_environment(const std::vector<std::string>& inherited,
                                                          const std::vector<std::string>& additions);

/// PATH of an environment, or a usual one.
[[nodiscard]] std::string search_path(const std::vector<std::string>& environment);

}  // namespace hald::proc
