// SPDX-License-Identifier: Apache-2.0
// Runs a piece of a test in a network namespace of its own, which vanishes with the thread that entered it.
// Sockets opened and programs started from within belong to that namespace. Needs root and ip(8).
#pragma once

#include <sched.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <string>
#include <thread>

namespace hald::fakes {

/// Runs a shell command quietly; true if it succeeded.
inline bool shell(const std::string& command) {
  return std::system((command + " >/dev/null 2>&1").c_str()) == 0;
}

/// What a shell command prints.
inline std::string output_of(const std::string& command) {
  std::string out;
  std::array<char, 4096> buffer{};
  FILE* pipe = ::popen(command.c_str(), "r");
  if (pipe == nullptr) return out;
  while (const auto count = std::fread(buffer.data(), 1, buffer.size(), pipe))
    out.append(buffer.data(), count);
  ::pclose(pipe);
  return out;
}

/// False, with nothing run, if this process may not make namespaces: the caller skips its test.
inline bool in_private_network(const std::function<void()>& body) {
  bool entered = false;
  std::thread thread([&] {
    if (::unshare(CLONE_NEWNET) != 0 || !shell("ip link set lo up")) return;
    entered = true;
    body();
  });
  thread.join();
  return entered;
}

}  // namespace hald::fakes
