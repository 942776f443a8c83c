// SPDX-License-Identifier: Apache-2.0
// haldctl: asks a running hald. Exit status: 0 done, 1 hald's answer is an error, 2 wrong usage, 3 hald
// cannot be reached.
#include <getopt.h>

#include <cstdio>
#include <string>

#include <fmt/format.h>

#include "ctl/client.h"
#include "ctl/status_table.h"

namespace {

constexpr int kRefused = 1;
constexpr int kUsage = 2;
constexpr int kUnreachable = 3;

constexpr const char* kHelp =
    "Usage: haldctl [--socket PATH] COMMAND\n"
    "\n"
    "Commands:\n"
    "  status          who is MASTER, which servers are in, and why\n"
    "  status --json   the same as one JSON document (version 1)\n"
    "\n"
    "Options:\n"
    "  -s, --socket PATH   control socket of the hald to ask (default /run/hald/control.sock)\n"
    "  -j, --json          print JSON\n"
    "  -v, --version       print the version\n"
    "  -h, --help          print this help\n"
    "\n"
    "Exit status: 0 done, 1 hald answered with an error, 2 wrong usage, 3 hald cannot be reached.\n";

struct Options {
  std::string socket = hald::ctl::kDefaultSocket;
  bool json = false;
  std::string command;
};

int usage_error(const std::string& message) {
  fmt::print(stderr, "haldctl: {}\nTry 'haldctl --help'.\n", message);
  return kUsage;
}

int print_status(const Options& options) {
  const auto answer = hald::ctl::ask(options.socket, "status");
  if (!answer) {
    fmt::print(stderr, "haldctl: {}\n", answer.error().message());
    return kUnreachable;
  }
  if (options.json) {
    fmt::print("{}", *answer);
    return 0;
  }
  const auto table = hald::ctl::render_status(*answer, std::chrono::system_clock::now());
  if (!table) {
    fmt::print(stderr, "haldctl: {}\n", table.error().message());
    return kRefused;
  }
  fmt::print("{}", *table);
  return 0;
}

int run(int argc, char** argv) {
  static const option kLong[] = {{"socket", required_argument, nullptr, 's'},
                                 {"json", no_argument, nullptr, 'j'},
                                 {"version", no_argument, nullptr, 'v'},
                                 {"help", no_argument, nullptr, 'h'},
                                 {nullptr, 0, nullptr, 0}};
  Options options;
  for (int letter = 0; (letter = getopt_long(argc, argv, "s:jvh", kLong, nullptr)) != -1;) {
    switch (letter) {
      case 's': options.socket = optarg; break;
      case 'j': options.json = true; break;
      case 'v': fmt::print("haldctl {}\n", HALD_VERSION); return 0;
      case 'h': fmt::print("{}", kHelp); return 0;
      default: return usage_error("that option is not known or lacks its argument");
    }
  }
  if (optind >= argc) return usage_error("a command is missing");
  options.command = argv[optind++];
  if (optind < argc) return usage_error(fmt::format("'{}' is one word too many", argv[optind]));
  if (options.command == "status") return print_status(options);
  return usage_error(fmt::format("there is no command '{}'", options.command));
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run(argc, argv);
  } catch (const std::exception& problem) {
    std::fputs(problem.what(), stderr);
    return kRefused;
  }
}
