// SPDX-License-Identifier: Apache-2.0
#include "proc/launcher.h"

#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <condition_variable>
#include <csignal>
#include <deque>
#include <map>
#include <mutex>
#include <utility>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

namespace hald::proc {
namespace {

constexpr int kThreads = 4;
constexpr std::size_t kThreadStack = 256UL * 1024;  // small, since hald may lock its memory
constexpr auto kFarewell = std::chrono::milliseconds(200);

UniqueFd open_null() {
  UniqueFd fd(::open("/dev/null", O_RDWR | O_CLOEXEC));
  if (fd.valid() && fd.get() <= STDERR_FILENO)
    fd.reset(::fcntl(fd.get(), F_DUPFD_CLOEXEC, STDERR_FILENO + 1));
  return fd;
}

void kill_group(const LaunchResult& result) {
  if (const auto* started = std::get_if<Started>(&result)) ::kill(-started->pid, SIGKILL);
}

}  // namespace

struct Launcher::Waiting {
  void deliver(unsigned long number, LaunchResult result) {
    const auto node = done.extract(number);
    if (!node.empty()) node.mapped()(std::move(result));
  }

  std::map<unsigned long, Done> done;
  unsigned long last = 0;
};

struct Launcher::Shared {
  struct Numbered {
    unsigned long number = 0;
    std::shared_ptr<Job> job;
  };

  Shared(boost::asio::io_context& loop, std::weak_ptr<Waiting> whom, Baseline what)
      : baseline(std::move(what)), null(open_null()), waiting(std::move(whom)), io(&loop) {}

  void work();
  [[nodiscard]] Numbered next();
  void deliver(unsigned long number, LaunchResult result);

  const Baseline baseline;
  const UniqueFd null;
  const std::weak_ptr<Waiting> waiting;
  int policy = SCHED_OTHER;  // the loop's
  sched_param priority{};

  std::mutex mutex;
  std::condition_variable has_work;
  std::condition_variable thread_gone;
  std::deque<Numbered> jobs;
  boost::asio::io_context* io;  // nullptr once the launcher is gone
  int threads = 0;
};

void Launcher::Shared::work() {
  // The loop's scheduling is theirs too: a thread with a lock that the loop wants must not wait for the
  // processor behind lesser programs. Threads of a process in real time begin outside of it.
  ::sched_setscheduler(0, policy, &priority);
  const ChildStack stack;
  for (auto next_job = next(); next_job.job; next_job = next()) {
    const Job& job = *next_job.job;
    deliver(next_job.number,
            job.cancelled
                ? LaunchResult(NotStarted{StartStep::Clone, errno_error(ECANCELED, "run a program")})
                : proc::launch(job.command, job.capture, baseline, null.get(), stack));
  }
}

Launcher::Shared::Numbered Launcher::Shared::next() {
  std::unique_lock lock(mutex);
  has_work.wait(lock, [this] { return io == nullptr || !jobs.empty(); });
  if (io == nullptr) return {};
  Numbered out = std::move(jobs.front());
  jobs.pop_front();
  return out;
}

void Launcher::Shared::deliver(unsigned long number, LaunchResult result) {
  const std::lock_guard lock(mutex);
  if (io == nullptr) return kill_group(result);
  boost::asio::post(*io, [whom = waiting, number, result = std::move(result)]() mutable {
    const auto loop = whom.lock();
    if (!loop) return kill_group(result);
    loop->deliver(number, std::move(result));
  });
}

Launcher::Launcher(boost::asio::io_context& io, Baseline baseline)
    : waiting_(std::make_shared<Waiting>()),
      shared_(std::make_shared<Shared>(io, waiting_, std::move(baseline))) {
  // A zombie is how the end of a program is found out; with SIGCHLD ignored there would be none.
  struct sigaction now {};
  if (::sigaction(SIGCHLD, nullptr, &now) == 0 && now.sa_handler == SIG_IGN) ::signal(SIGCHLD, SIG_DFL);
}

Launcher::~Launcher() {
  std::unique_lock lock(shared_->mutex);
  shared_->io = nullptr;
  shared_->jobs.clear();
  shared_->has_work.notify_all();
  shared_->thread_gone.wait_for(lock, kFarewell, [this] { return shared_->threads == 0; });
}

void Launcher::launch(std::shared_ptr<Job> job, Done done) {
  const unsigned long number = ++waiting_->last;
  waiting_->done.emplace(number, std::move(done));
  has_threads_ = has_threads_ || make_threads();
  if (!has_threads_)
    return shared_->deliver(
        number, NotStarted{StartStep::Clone, errno_error(EAGAIN, "make a thread that starts programs")});
  const std::lock_guard lock(shared_->mutex);
  shared_->jobs.push_back({number, std::move(job)});
  shared_->has_work.notify_one();
}

/// The threads block every signal, and with them the first moments of the programs.
bool Launcher::make_threads() {
  shared_->policy = std::max(0, ::sched_getscheduler(0));
  ::sched_getparam(0, &shared_->priority);
  sigset_t all;
  sigset_t before;
  ::sigfillset(&all);
  ::pthread_sigmask(SIG_SETMASK, &all, &before);
  pthread_attr_t attributes;
  ::pthread_attr_init(&attributes);
  ::pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
  ::pthread_attr_setstacksize(&attributes, kThreadStack);
  const auto body = [](void* argument) -> void* {
    const std::unique_ptr<std::shared_ptr<Shared>> owned(static_cast<std::shared_ptr<Shared>*>(argument));
    Shared& shared = **owned;
    shared.work();
    const std::lock_guard lock(shared.mutex);
    --shared.threads;
    shared.thread_gone.notify_all();
    return nullptr;
  };
  const std::lock_guard lock(shared_->mutex);
  for (int i = 0; i < kThreads; ++i) {
    auto argument = std::make_unique<std::shared_ptr<Shared>>(shared_);
    pthread_t thread{};
    if (::pthread_create(&thread, &attributes, body, argument.get()) != 0) break;
    [[maybe_unused]] const auto* owned_by_the_thread = argument.release();
    ++shared_->threads;
  }
  ::pthread_attr_destroy(&attributes);
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
  return shared_->threads > 0;
}

}  // namespace hald::proc
