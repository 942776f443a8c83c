// SPDX-License-Identifier: Apache-2.0
// ProcessList: the processes of the machine, counted by what they are called. Production is ProcfsProcesses;
// tests use fakes::FakeProcesses.
#pragma once

#include <functional>
#include <memory>
#include <string_view>

namespace hald::proc {

class ProcessList {
 public:
  /// Ends when destroyed.
  class Watch {
   public:
    Watch() = default;
    Watch(const Watch&) = delete;
    Watch& operator=(const Watch&) = delete;
    virtual ~Watch() = default;
  };
  /// Is this one of those? `name` is the short name; `command_line` its words, each with a zero byte behind
  /// it, cut after some thousand bytes.
  using Matches = std::function<bool(std::string_view name, std::string_view command_line)>;
  /// As many there are now.
  using Counted = std::function<void(unsigned count)>;

  ProcessList() = default;
  ProcessList(const ProcessList&) = delete;
  ProcessList& operator=(const ProcessList&) = delete;
  virtual ~ProcessList() = default;

  /// Calls `counted` once all have been looked at, not from within, and then whenever the count changes.
  /// Without `command_line`, none is read: that of a process that was swapped out is slow to get.
  [[nodiscard]] virtual std::unique_ptr<Watch> watch(Matches matches, bool command_line, Counted counted) = 0;
};

}  // namespace hald::proc
