// SPDX-License-Identifier: Apache-2.0
#include "proc/baseline.h"

#include <unistd.h>

#include <algorithm>
#include <string_view>

namespace hald::proc {
namespace {

constexpr std::array kLimits{RLIMIT_NOFILE, RLIMIT_CORE, RLIMIT_RTTIME, RLIMIT_RTPRIO, RLIMIT_MEMLOCK};
constexpr std::string_view kUsualPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

std::string_view name_of(std::string_view variable) {
  return variable.substr(0, variable.find('='));
}

bool is_harmful(std::string_view variable) {
  const auto name = name_of(variable);
  return name == "IFS" || name == "LD_PRELOAD" || name == "LD_LIBRARY_PATH";
}

}  // namespace

Baseline capture_baseline() {
  Baseline out;
  out.policy = std::max(0, ::sched_getscheduler(0)) & ~SCHED_RESET_ON_FORK;
  ::sched_getparam(0, &out.priority);
  out.nice = ::getpriority(PRIO_PROCESS, 0);
  out.knows_processors = ::sched_getaffinity(0, sizeof out.processors, &out.processors) == 0;
  std::transform(kLimits.begin(), kLimits.end(), out.limits.begin(), [](auto resource) {
    Baseline::Limit limit{resource, {}};
    ::getrlimit(resource, &limit.value);
    return limit;
  });
  for (char** variable = environ; variable != nullptr && *variable != nullptr; ++variable)
    out.environment.emplace_back(*variable);
  return out;
}

std::vector<std::string> script_environment(const std::vector<std::string>& inherited,
                                            const std::vector<std::string>& additions) {
  const auto replaced = [&](const std::string& variable) {
    return std::any_of(additions.begin(), additions.end(),
                       [&](const std::string& addition) { return name_of(addition) == name_of(variable); });
  };
  std::vector<std::string> out;
  for (const auto& variable : inherited) {
    if (!is_harmful(variable) && !replaced(variable)) out.push_back(variable);
  }
  out.insert(out.end(), additions.begin(), additions.end());
  return out;
}

std::string search_path(const std::vector<std::string>& environment) {
  constexpr std::string_view kPath = "PATH=";
  for (const auto& variable : environment) {
    if (variable.starts_with(kPath)) return variable.substr(kPath.size());
  }
  return std::string(kUsualPath);
}

}  // namespace hald::proc
