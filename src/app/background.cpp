// SPDX-License-Identifier: Apache-2.0
#include "app/background.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdlib>

#include "app/exit_status.h"

namespace hald::app {
namespace {

/// The parent's whole life after the fork.
[[noreturn]] void wait_for_daemon(int ready, pid_t child) {
  char byte = 0;
  ssize_t size = 0;
  while ((size = ::read(ready, &byte, 1)) < 0 && errno == EINTR) {
  }
  if (size == 1) ::_exit(kExitOk);
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  ::_exit(WIFEXITED(status) ? WEXITSTATUS(status) : kExitFatal);
}

void point_at_null(int fd) {
  const UniqueFd null(::open("/dev/null", O_RDWR | O_CLOEXEC));
  if (null.valid()) ::dup2(null.get(), fd);
}

}  // namespace

Result<Background> Background::enter(bool keep_stderr) {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return errno_error("make a pipe");
  UniqueFd read_end(ends[0]);
  UniqueFd write_end(ends[1]);
  const pid_t child = ::fork();
  if (child < 0) return errno_error("fork");
  if (child > 0) {
    write_end.reset();
    wait_for_daemon(read_end.get(), child);
  }
  // One fork is enough: the daemon opens no terminal, and its parent can tell how it ended.
  if (::setsid() < 0) return errno_error("start a session");
  if (::chdir("/") != 0) return errno_error("change to /");
  point_at_null(STDIN_FILENO);
  point_at_null(STDOUT_FILENO);
  return Background(std::move(write_end), keep_stderr);
}

void Background::started() {
  const char byte = 1;
  [[maybe_unused]] const ssize_t written = ::write(ready_.get(), &byte, 1);
  ready_.reset();
  if (!keep_stderr_) point_at_null(STDERR_FILENO);
}

}  // namespace hald::app
