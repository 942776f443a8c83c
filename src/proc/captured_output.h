// SPDX-License-Identifier: Apache-2.0
// CapturedOutput: keeps the beginning of what a program prints. It goes on reading after that, slowly, so
// that a program that prints without end neither fails for it nor keeps the loop busy.
#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include "base/scheduler.h"
#include "base/unique_fd.h"

namespace boost::asio {
class io_context;
}

namespace hald::proc {

class CapturedOutput {
 public:
  CapturedOutput(boost::asio::io_context& io, Scheduler& scheduler, UniqueFd pipe, std::size_t limit);
  CapturedOutput(const CapturedOutput&) = delete;
  CapturedOutput& operator=(const CapturedOutput&) = delete;
  ~CapturedOutput();

  /// The program is gone: reads what is still in the pipe, and lets go of it. What it left running in the
  /// background may hold the other end for ever.
  [[nodiscard]] std::string finish();

 private:
  class Reader;
  std::shared_ptr<Reader> reader_;
};

}  // namespace hald::proc
