// SPDX-License-Identifier: Apache-2.0
// HelperThreads: a few threads for what can block: starting programs, talking to a mail server. Work is a
// function that sees plain data of its own and nothing that belongs to the loop; when it is done, the loop is
// told. The threads live as long as this object: a program is told that its parent died when the thread that
// started it ends. One that hangs outlives it, alone with its own data.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>

namespace boost::asio {
class io_context;
}

namespace hald::proc {

class HelperThreads {
 public:
  enum class Scheduling : unsigned char {
    Ordinary,
    /// That of the loop: a thread with a lock that the loop wants must not wait for the processor behind
    /// lesser programs.
    OfTheLoop,
  };
  struct Setup {
    int threads = 1;
    std::size_t stack = 1UL << 20U;  ///< small, since hald may lock its memory
    Scheduling scheduling = Scheduling::Ordinary;
    /// How long the end waits for work that is under way.
    std::chrono::milliseconds farewell = std::chrono::milliseconds(200);
  };
  using Function = std::function<void()>;

  HelperThreads(boost::asio::io_context& io, const Setup& setup);
  HelperThreads(const HelperThreads&) = delete;
  HelperThreads& operator=(const HelperThreads&) = delete;
  /// Drops what has not begun, and waits a moment for what has.
  ~HelperThreads();

  /// Runs `work` on a thread, then `done` on the loop, if this object is still there. Costs the loop some
  /// microseconds; the first call also makes the threads. False, and nothing happens, if there can be none.
  [[nodiscard]] bool submit(Function work, Function done);

 private:
  struct Shared;
  struct Waiting;
  [[nodiscard]] bool make_threads();

  Setup setup_;
  std::shared_ptr<Waiting> waiting_;  // the loop's
  std::shared_ptr<Shared> shared_;    // the threads'
  bool has_threads_ = false;
};

}  // namespace hald::proc
