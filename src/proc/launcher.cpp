// SPDX-License-Identifier: Apache-2.0
#include "proc/launcher.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <utility>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

namespace hald::proc {
namespace {

constexpr HelperThreads::Setup kThreads{
    .threads = 4, .stack = 256UL * 1024, .scheduling = HelperThreads::Scheduling::OfTheLoop};

UniqueFd open_null() {
  UniqueFd fd(::open("/dev/null", O_RDWR | O_CLOEXEC));
  if (fd.valid() && fd.get() <= STDERR_FILENO)
    fd.reset(::fcntl(fd.get(), F_DUPFD_CLOEXEC, STDERR_FILENO + 1));
  return fd;
}

}  // namespace

/// What a thread works on. A program that nobody took over when this goes is killed.
struct Launcher::Job {
  Job(Command what, bool with_output) : command(std::move(what)), capture(with_output) {}
  Job(const Job&) = delete;
  Job& operator=(const Job&) = delete;
  ~Job() {
    if (const auto* started = std::get_if<Started>(&result)) ::kill(-started->pid, SIGKILL);
  }

  void run(const Context& context) {
    if (!*cancelled) result = proc::launch(command, capture, context.baseline, context.null.get());
  }
  [[nodiscard]] LaunchResult take() { return std::exchange(result, failure(ECANCELED)); }
  [[nodiscard]] static LaunchResult failure(int error) {
    return NotStarted{StartStep::Clone, errno_error(error, "start a program")};
  }

  const Command command;
  const bool capture;
  const Cancelled cancelled = std::make_shared<std::atomic<bool>>(false);
  LaunchResult result = failure(ECANCELED);
};

Launcher::Launcher(boost::asio::io_context& io, Baseline baseline)
    : io_(io),
      context_(std::make_shared<const Context>(Context{std::move(baseline), open_null()})),
      threads_(io, kThreads) {
  // A zombie is how the end of a program is found out; with SIGCHLD ignored there would be none.
  struct sigaction now {};
  if (::sigaction(SIGCHLD, nullptr, &now) == 0 && now.sa_handler == SIG_IGN) ::signal(SIGCHLD, SIG_DFL);
}

Launcher::Cancelled Launcher::launch(Command command, bool capture, Done done) {
  auto job = std::make_shared<Job>(std::move(command), capture);
  auto cancelled = job->cancelled;
  const bool accepted =
      threads_.submit([job, context = context_] { job->run(*context); }, [job, done] { done(job->take()); });
  if (!accepted) boost::asio::post(io_, [done = std::move(done)] { done(Job::failure(EAGAIN)); });
  return cancelled;
}

}  // namespace hald::proc
