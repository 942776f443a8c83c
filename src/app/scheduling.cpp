// SPDX-License-Identifier: Apache-2.0
#include "app/scheduling.h"

#include <sched.h>
#include <sys/mman.h>
#include <sys/resource.h>

#include <cerrno>
#include <cstring>

#include <fmt/format.h>

namespace hald::app {
namespace {

/// Above every ordinary process; more would only matter among real-time programs, and is the operator's to
/// say.
constexpr int kUsualPriority = 1;

class Scheduling {
 public:
  explicit Scheduling(const config::Config& config)
      : wish_(config.instances.empty() ? config.global.checker_process : config.global.vrrp_process),
        has_instances_(!config.instances.empty()) {}

  std::vector<std::string> apply() {
    nice();
    policy();
    processors();
    memory();
    return std::move(refused_);
  }

 private:
  void refuse(const std::string& what) {
    refused_.push_back(fmt::format("{}: {}", what, std::strerror(errno)));
  }

  void nice() {
    const int value = wish_.nice.value_or(0);
    errno = 0;
    if (::getpriority(PRIO_PROCESS, 0) == value && errno == 0) return;
    if (!wish_.nice && ::getpriority(PRIO_PROCESS, 0) < 0) return;  // what the service manager gave stays
    if (::setpriority(PRIO_PROCESS, 0, value) != 0)
      refuse(fmt::format("cannot set the nice value {}", value));
  }

  void policy() {
    const bool by_default = !wish_.rt_priority && !wish_.nice && has_instances_;
    sched_param parameters{};
    if (!wish_.rt_priority && !by_default) {
      ::sched_setscheduler(0, SCHED_OTHER | SCHED_RESET_ON_FORK, &parameters);
      return;
    }
    parameters.sched_priority = wish_.rt_priority.value_or(kUsualPriority);
    if (::sched_setscheduler(0, SCHED_RR | SCHED_RESET_ON_FORK, &parameters) == 0 || by_default) return;
    refuse(fmt::format("cannot set the real-time priority {}", parameters.sched_priority));
  }

  void processors() {
    cpu_set_t set;
    CPU_ZERO(&set);
    for (const unsigned cpu : wish_.cpus) CPU_SET(cpu, &set);
    if (wish_.cpus.empty()) {
      for (unsigned cpu = 0; cpu < CPU_SETSIZE; ++cpu) CPU_SET(cpu, &set);
    }
    if (::sched_setaffinity(0, sizeof(set), &set) != 0)
      refuse("cannot use the processors that are asked for");
  }

  void memory() {
    if (!wish_.no_swap) {
      ::munlockall();
    } else if (::mlockall(MCL_CURRENT | MCL_FUTURE) != 0) {
      refuse("cannot lock the memory");
    }
  }

  const config::ProcessSettings& wish_;
  bool has_instances_;
  std::vector<std::string> refused_;
};

}  // namespace

std::vector<std::string> apply_scheduling(const config::Config& config) {
  return Scheduling(config).apply();
}

std::string scheduling_in_words() {
  sched_param parameters{};
  const int policy = ::sched_getscheduler(0) & ~SCHED_RESET_ON_FORK;
  const bool real_time = policy == SCHED_RR || policy == SCHED_FIFO;
  if (real_time && ::sched_getparam(0, &parameters) == 0)
    return fmt::format("real-time {}", parameters.sched_priority);
  return fmt::format("nice {}", ::getpriority(PRIO_PROCESS, 0));
}

}  // namespace hald::app
