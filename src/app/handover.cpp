// SPDX-License-Identifier: Apache-2.0
#include "app/handover.h"

#include <poll.h>
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <fmt/format.h>

#include "app/options.h"
#include "app/pid_file.h"
#include "base/unique_fd.h"

namespace hald::app {
namespace {

constexpr int kPatience = 10'000;  // ms

}  // namespace

Result<void> ask_for_handover(const std::string& pid_file) {
  const auto pid = PidFile::holder(pid_file);
  if (!pid) return errno_error(ESRCH, "find a running hald by its pid file " + pid_file);
  const UniqueFd process(static_cast<int>(::syscall(SYS_pidfd_open, *pid, 0)));
  if (!process.valid()) return errno_error(fmt::format("find the process {}", *pid));
  if (::syscall(SYS_pidfd_send_signal, process.get(), handover_signal(), nullptr, 0) != 0)
    return errno_error(fmt::format("signal the process {}", *pid));
  pollfd ended{process.get(), POLLIN, 0};
  if (::poll(&ended, 1, kPatience) != 1)
    return errno_error(ETIMEDOUT, fmt::format("wait for the end of the process {}", *pid));
  return {};
}

}  // namespace hald::app
