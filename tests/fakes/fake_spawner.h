// SPDX-License-Identifier: Apache-2.0
// FakeSpawner: programs that run until the test says how they end.
#pragma once

#include <deque>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "proc/spawner.h"

namespace hald::fakes {

class FakeSpawner final : public proc::Spawner {
 public:
  struct Program {
    proc::Command command;
    proc::RunOptions options;
    proc::Watcher watcher;
    bool running = true;  ///< neither ended nor killed
    bool stopped = false;

    [[nodiscard]] std::string line() const {
      std::string out;
      for (const auto& word : command.argv) out += (out.empty() ? "" : " ") + word;
      return out;
    }
  };

  [[nodiscard]] std::unique_ptr<proc::Execution> start(proc::Command command, const proc::RunOptions& options,
                                                       proc::Watcher watcher) override {
    programs.push_back({std::move(command), options, std::move(watcher)});
    return std::make_unique<Handle>(programs.back());
  }

  /// Ends a program, which the test must know to run.
  void end(std::size_t index, proc::Ending ending = proc::Exited{0}) {
    end(index, proc::Report{std::move(ending)});
  }
  void end(std::size_t index, proc::Report report) {
    Program& program = programs.at(index);
    program.running = false;
    const auto watcher = std::exchange(program.watcher, {});
    watcher.ended(std::move(report));
  }
  [[nodiscard]] std::size_t running() const {
    std::size_t out = 0;
    for (const auto& program : programs) out += program.running ? 1 : 0;
    return out;
  }
  [[nodiscard]] std::vector<std::string> lines() const {
    std::vector<std::string> out;
    for (const auto& program : programs) out.push_back(program.line());
    return out;
  }

  std::deque<Program> programs;  // in the order of their starts; addresses stay

 private:
  class Handle final : public proc::Execution {
   public:
    explicit Handle(Program& program) : program_(program) {}
    ~Handle() override { program_.running = false, program_.watcher = {}; }
    void stop() override { program_.stopped = true; }

   private:
    Program& program_;
  };
};

}  // namespace hald::fakes
