// SPDX-License-Identifier: Apache-2.0
// SocketProbes: the production Probes, on Asio's loop and real sockets. It knows which probe belongs to which
// kind of check, and nothing of verdicts or schedules.
#pragma once

#include <cstdint>
#include <random>

#include "base/scheduler.h"
#include "checker/probe.h"
#include "checker/tls_session.h"

namespace boost::asio {
class io_context;
}

namespace hald::checker {

class SocketProbes : public Probes {
 public:
  /// Both must outlive every probe that was started.
  SocketProbes(boost::asio::io_context& io, Scheduler& scheduler);

  [[nodiscard]] std::unique_ptr<Probe> ask(const Question& question, Report report) override;

 private:
  [[nodiscard]] std::unique_ptr<Probe> start(const config::HttpCheck& check, const Question& question,
                                             Report report);

  boost::asio::io_context& io_;
  Scheduler& scheduler_;
  std::mt19937 ids_;
  std::uint32_t next_tag_;
  TlsContext tls_;  ///< with the first SSL_GET
};

}  // namespace hald::checker
