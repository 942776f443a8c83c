// SPDX-License-Identifier: Apache-2.0
#include "proc/process_spawner.h"

#include <utility>

#include "proc/process.h"

namespace hald::proc {
namespace {

class ProcessExecution final : public Execution {
 public:
  explicit ProcessExecution(std::shared_ptr<Process> process) : process_(std::move(process)) {}
  ~ProcessExecution() override { process_->abandon(); }
  void stop() override { process_->stop(); }

 private:
  std::shared_ptr<Process> process_;
};

}  // namespace

ProcessSpawner::ProcessSpawner(boost::asio::io_context& io, Scheduler& scheduler, Baseline baseline)
    : io_(io), scheduler_(scheduler), launcher_(io, std::move(baseline)) {}

std::unique_ptr<Execution> ProcessSpawner::start(Command command, const RunOptions& options,
                                                 Watcher watcher) {
  auto process = std::make_shared<Process>(io_, scheduler_, options, std::move(watcher));
  process->begin(launcher_, std::move(command));
  return std::make_unique<ProcessExecution>(std::move(process));
}

}  // namespace hald::proc
