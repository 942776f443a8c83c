// SPDX-License-Identifier: Apache-2.0
#include "app/life_script.h"

#include <utility>

#include <fmt/format.h>

namespace hald::app {

void LifeScript::run(const std::string& word, std::optional<proc::Command> command, Duration limit,
                     std::function<void()> done) {
  if (!command) return done();
  const std::string program = command->argv.front();
  logger_.debug(fmt::format("Running {} {}", word, program));
  proc::RunOptions options;
  options.limit = limit;
  const auto ended = [this, word, program, done = std::move(done)](const proc::Report& result) {
    const auto after = done;  // this very function goes with the execution
    report(word, program, result);
    execution_.reset();
    after();
  };
  execution_ = spawner_.start(*std::move(command), options, {ended});
}

void LifeScript::report(const std::string& word, const std::string& program, const proc::Report& report) {
  if (!report.insecure.empty())
    logger_.warning(fmt::format("{} {} runs as root, but {}", word, program, report.insecure));
  const std::string text = fmt::format("{} {} {}", word, program, describe(report.ending));
  succeeded(report.ending) ? logger_.debug(text) : logger_.warning(text);
}

}  // namespace hald::app
