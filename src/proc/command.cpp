// SPDX-License-Identifier: Apache-2.0
#include "proc/command.h"

#include <csignal>
#include <cstring>

#include <fmt/format.h>

#include "base/overloaded.h"

namespace hald::proc {
namespace {

std::string quoted(const std::string& word) {
  std::string out = "'";
  for (const char c : word) {
    if (c == '\'') {
      out += "'\\''";
    } else {
      out += c;
    }
  }
  return out + '\'';
}

}  // namespace

std::string describe(const Ending& ending) {
  const auto signal_name = [](int number) {
    const char* name = ::sigabbrev_np(number);
    return name == nullptr ? fmt::format("signal {}", number) : fmt::format("SIG{}", name);
  };
  return std::visit(
      Overloaded{
          [](const Exited& exited) { return fmt::format("exited with status {}", exited.status); },
          [&](const Signaled& signaled) { return "was ended by " + signal_name(signaled.signal); },
          [](const TimedOut&) { return std::string("took too long and was ended"); },
          [](const NotStarted& failure) { return "could not be started: " + failure.error.message(); },
          [](const Refused& refused) { return "was not run: " + refused.reason; },
      },
      ending);
}

std::string shell_line(const std::vector<std::string>& argv) {
  std::string out;
  for (const auto& word : argv) {
    if (!out.empty()) out += ' ';
    out += out.empty() && is_open_test(word) ? word : quoted(word);
  }
  return out;
}

}  // namespace hald::proc
