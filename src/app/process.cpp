// SPDX-License-Identifier: Apache-2.0
#include "app/process.h"

#include <fcntl.h>
#include <linux/capability.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <set>
#include <string_view>

#include <fmt/format.h>

#include "base/unique_fd.h"

namespace hald::app {
namespace {

constexpr int kModprobePatienceMs = 10'000;

/// Waits for a child, at most `limit_ms`; then kills it.
Result<int> wait_for(pid_t child, int limit_ms) {
  const UniqueFd pidfd(static_cast<int>(::syscall(SYS_pidfd_open, child, 0)));
  pollfd ended{pidfd.get(), POLLIN, 0};
  if (pidfd.valid() && ::poll(&ended, 1, limit_ms) == 0) ::kill(child, SIGKILL);
  int status = 0;
  while (::waitpid(child, &status, 0) < 0) {
    if (errno != EINTR) return errno_error("wait for a child");
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace

Result<void> enter_network_namespace(const std::string& name) {
  const std::string doing = fmt::format("enter network namespace {}", name);
  if (name.empty() || name.find('/') != std::string::npos) return errno_error(EINVAL, doing);
  const UniqueFd fd(::open(("/run/netns/" + name).c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd.valid() || ::setns(fd.get(), CLONE_NEWNET) != 0) return errno_error(doing);
  return {};
}

Result<void> require_network_capabilities() {
  __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
  std::array<__user_cap_data_struct, _LINUX_CAPABILITY_U32S_3> sets{};
  if (::syscall(SYS_capget, &header, sets.data()) != 0) return errno_error("read the capabilities");
  const auto has = [&](unsigned number) { return (sets[0].effective >> number & 1U) != 0; };
  if (!has(CAP_NET_ADMIN)) return errno_error(EPERM, "set addresses without CAP_NET_ADMIN");
  if (!has(CAP_NET_RAW)) return errno_error(EPERM, "send adverts without CAP_NET_RAW");
  return {};
}

void name_process(const std::string& name) {
  ::prctl(PR_SET_NAME, name.empty() ? "hald" : name.c_str());
}

Result<void> allow_core_dumps() {
  const rlimit unlimited{RLIM_INFINITY, RLIM_INFINITY};
  if (::setrlimit(RLIMIT_CORE, &unlimited) != 0) return errno_error("allow core files");
  return {};
}

void raise_descriptor_limit() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

Result<void> load_module(const std::string& name) {
  std::string program = "modprobe";
  std::string quiet = "-q";
  std::string module = name;
  const std::array<char*, 4> words{program.data(), quiet.data(), module.data(), nullptr};
  pid_t child = 0;
  if (const int failure = ::posix_spawnp(&child, "modprobe", nullptr, nullptr, words.data(), environ)) {
    return errno_error(failure, "run modprobe " + name);
  }
  const auto status = wait_for(child, kModprobePatienceMs);
  if (!status) return status.error();
  if (*status == 0) return {};
  return errno_error(ENOENT, fmt::format("load module {} (modprobe exited with {})", name, *status));
}

void load_scheduler_modules(const config::Config& config) {
  std::set<std::string> modules;
  const auto add = [&](const config::Service& server) {
    modules.insert("ip_vs_" + server.scheduler);
    if (!server.persistence_engine.empty()) modules.insert("ip_vs_pe_" + server.persistence_engine);
  };
  for (const auto& server : config.virtual_servers) add(server);
  for (const auto& server : config.group_servers) add(server);
  for (const std::string& module : modules) {
    if (::access(("/sys/module/" + module).c_str(), F_OK) == 0) continue;
    [[maybe_unused]] const auto unless_built_in = load_module(module);
  }
}

}  // namespace hald::app
