// SPDX-License-Identifier: Apache-2.0
// RealLoop: an io_context and a scheduler whose time follows the real clock, for tests with real processes
// and sockets. It runs until a condition holds, and never for a while.
#pragma once

#include <chrono>

#include <boost/asio/io_context.hpp>

#include "fakes/manual_scheduler.h"

namespace hald::fakes {

class RealLoop {
 public:
  /// False if `condition` does not hold after a time in which it surely should.
  template <typename Condition>
  [[nodiscard]] bool run_until(Condition condition,
                               std::chrono::seconds patience = std::chrono::seconds(20)) {
    const auto start = std::chrono::steady_clock::now();
    auto last = start;
    while (!condition()) {
      io_.restart();
      io_.run_one_for(std::chrono::milliseconds(1));
      const auto now = std::chrono::steady_clock::now();
      scheduler_.advance(now - last);
      last = now;
      if (now - start > patience) return false;
    }
    return true;
  }
  [[nodiscard]] boost::asio::io_context& io() { return io_; }
  [[nodiscard]] ManualScheduler& scheduler() { return scheduler_; }

 private:
  boost::asio::io_context io_;
  ManualScheduler scheduler_;
};

}  // namespace hald::fakes
