// SPDX-License-Identifier: Apache-2.0
// SocketProbes: the production Probes, on Asio's loop and real sockets. It knows which probe belongs to which
// kind of check, and nothing of verdicts or schedules.
#pragma once

#include "base/scheduler.h"
#include "checker/probe.h"

namespace boost::asio {
class io_context;
}

namespace hald::checker {

class SocketProbes : public Probes {
 public:
  /// Both must outlive every probe that was started.
  SocketProbes(boost::asio::io_context& io, Scheduler& scheduler) : io_(io), scheduler_(scheduler) {}

  [[nodiscard]] std::unique_ptr<Probe> start(const config::Check& check, Report report) override;

 private:
  boost::asio::io_context& io_;
  Scheduler& scheduler_;
};

}  // namespace hald::checker
