// SPDX-License-Identifier: Apache-2.0
#include "proc/helper_threads.h"

#include <pthread.h>
#include <sched.h>

#include <algorithm>
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

/// Threads begin with every signal blocked: signals are for the loop.
class BlockedSignals {
 public:
  BlockedSignals() {
    sigset_t all;
    ::sigfillset(&all);
    ::pthread_sigmask(SIG_SETMASK, &all, &before_);
  }
  BlockedSignals(const BlockedSignals&) = delete;
  BlockedSignals& operator=(const BlockedSignals&) = delete;
  ~BlockedSignals() { ::pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

 private:
  sigset_t before_{};
};

}  // namespace

struct HelperThreads::Waiting {
  void finish(unsigned long number) {
    const auto node = done.extract(number);
    if (!node.empty()) node.mapped()();
  }

  std::map<unsigned long, Function> done;
  unsigned long last = 0;
};

struct HelperThreads::Shared {
  struct Job {
    unsigned long number = 0;
    Function work;
  };

  Shared(boost::asio::io_context& loop, std::weak_ptr<Waiting> whom) : waiting(std::move(whom)), io(&loop) {}

  static void* body(void* argument);
  void run();
  [[nodiscard]] Job next();
  void finished(unsigned long number);

  const std::weak_ptr<Waiting> waiting;
  int policy = -1;  // the loop's, if that is wanted
  sched_param priority{};

  std::mutex mutex;
  std::condition_variable has_work;
  std::condition_variable thread_gone;
  std::deque<Job> jobs;
  boost::asio::io_context* io;  // nullptr once the object is gone
  int threads = 0;
};

void HelperThreads::Shared::run() {
  if (policy >= 0) ::sched_setscheduler(0, policy, &priority);
  for (Job job = next(); job.work; job = next()) {
    job.work();
    job.work = nullptr;
    finished(job.number);
  }
}

HelperThreads::Shared::Job HelperThreads::Shared::next() {
  std::unique_lock lock(mutex);
  has_work.wait(lock, [this] { return io == nullptr || !jobs.empty(); });
  if (io == nullptr) return {};
  Job out = std::move(jobs.front());
  jobs.pop_front();
  return out;
}

void HelperThreads::Shared::finished(unsigned long number) {
  const std::lock_guard lock(mutex);
  if (io == nullptr) return;
  boost::asio::post(*io, [whom = waiting, number] {
    if (const auto loop = whom.lock()) loop->finish(number);
  });
}

void* HelperThreads::Shared::body(void* argument) {
  const std::unique_ptr<std::shared_ptr<Shared>> owned(static_cast<std::shared_ptr<Shared>*>(argument));
  Shared& shared = **owned;
  shared.run();
  const std::lock_guard lock(shared.mutex);
  --shared.threads;
  shared.thread_gone.notify_all();
  return nullptr;
}

HelperThreads::HelperThreads(boost::asio::io_context& io, const Setup& setup)
    : setup_(setup), waiting_(std::make_shared<Waiting>()), shared_(std::make_shared<Shared>(io, waiting_)) {}

HelperThreads::~HelperThreads() {
  std::unique_lock lock(shared_->mutex);
  shared_->io = nullptr;
  shared_->jobs.clear();
  shared_->has_work.notify_all();
  shared_->thread_gone.wait_for(lock, setup_.farewell, [this] { return shared_->threads == 0; });
}

bool HelperThreads::submit(Function work, Function done) {
  has_threads_ = has_threads_ || make_threads();
  if (!has_threads_) return false;
  const unsigned long number = ++waiting_->last;
  waiting_->done.emplace(number, std::move(done));
  const std::lock_guard lock(shared_->mutex);
  shared_->jobs.push_back({number, std::move(work)});
  shared_->has_work.notify_one();
  return true;
}

bool HelperThreads::make_threads() {
  if (setup_.scheduling == Scheduling::OfTheLoop) {
    shared_->policy = ::sched_getscheduler(0);
    ::sched_getparam(0, &shared_->priority);
  }
  const BlockedSignals blocked;
  pthread_attr_t attributes;
  ::pthread_attr_init(&attributes);
  ::pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
  ::pthread_attr_setstacksize(&attributes, setup_.stack);
  const std::lock_guard lock(shared_->mutex);
  for (int i = 0; i < setup_.threads; ++i) {
    auto argument = std::make_unique<std::shared_ptr<Shared>>(shared_);
    pthread_t thread{};
    if (::pthread_create(&thread, &attributes, Shared::body, argument.get()) != 0) break;
    [[maybe_unused]] const auto* owned_by_the_thread = argument.release();
    ++shared_->threads;
  }
  ::pthread_attr_destroy(&attributes);
  return shared_->threads > 0;
}

}  // namespace hald::proc
