// SPDX-License-Identifier: Apache-2.0
// ProcfsProcesses: /proc, gone through once a second in slices, so that a machine with many processes does
// not hold up the loop. The end of one that is counted is known at once, through a pidfd.
#pragma once

#include <memory>

#include "base/scheduler.h"
#include "proc/process_list.h"

namespace boost::asio {
class io_context;
}

namespace hald::proc {

class ProcfsProcesses final : public ProcessList {
 public:
  ProcfsProcesses(boost::asio::io_context& io, Scheduler& scheduler);
  ~ProcfsProcesses() override;

  [[nodiscard]] std::unique_ptr<Watch> watch(Matches matches, bool command_line, Counted counted) override;

 private:
  class Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace hald::proc
