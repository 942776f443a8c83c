// SPDX-License-Identifier: Apache-2.0
#include "ctl/options.h"

#include <getopt.h>

#include <array>

#include <fmt/format.h>

namespace hald::ctl {
namespace {

constexpr const char* kHelp =
    "Usage: haldctl [OPTION]... COMMAND\n"
    "\n"
    "Commands that ask a running hald:\n"
    "  status              who is MASTER, which servers are in, and why\n"
    "  reload              read the file again; says what changed, or why nothing did\n"
    "  failover [NAME]     let another router take over an instance, a sync group or all,\n"
    "                      until that one falters; --undo ends this\n"
    "  drain SERVER        no new connections for a real server; out when the last one ended\n"
    "  disable SERVER      take a real server out at once\n"
    "  weight SERVER N     give a real server another weight\n"
    "  enable SERVER       end any of these\n"
    "\n"
    "Commands that need none:\n"
    "  check FILE...       what hald makes of these files\n"
    "  explain [CODE...]   what a message means; alone: all codes\n"
    "  ipvs save           the kernel's IPVS table as the lines of ipvsadm -Sn\n"
    "  ipvsadm [ARGUMENT]  what ipvsadm does with these arguments; -h shows them\n"
    "\n"
    "Options:\n"
    "  -s, --socket PATH     control socket of the hald to ask (default /run/hald/control.sock)\n"
    "  -j, --json            print JSON\n"
    "  -f, --format FORMAT   of check: human (default), json or gcc\n"
    "  -c, --color WHEN      colours: auto (default), always or never\n"
    "  -C, --compat          of check: only what keepalived would read differently\n"
    "  -i, --config-id ID    of check: what @ID lines are compared with\n"
    "  -u, --undo            of failover: take part by priority again\n"
    "  -S, --service NAME    of a server: in this virtual server only, not in all that have it\n"
    "  -t, --until TIME      of a server: 30m, 2h, 1d or 2026-01-31T12:00:00Z; of a drain, its deadline\n"
    "  -w, --why TEXT        of a server: what is shown as the reason\n"
    "  -W, --wait            of drain: until no connection is left\n"
    "  -v, --version         print the version\n"
    "  -h, --help            print this help\n"
    "\n"
    "Exit status: 0 done, 1 hald answered with an error, 2 wrong usage, 3 hald cannot be reached.\n"
    "check: 0 nothing to complain about, 4 a file cannot be read, 5 complaints, 6 scripts would run without\n"
    "script security.\n";

constexpr std::array kLong{
    option{"socket", required_argument, nullptr, 's'}, option{"json", no_argument, nullptr, 'j'},
    option{"format", required_argument, nullptr, 'f'}, option{"color", required_argument, nullptr, 'c'},
    option{"compat", no_argument, nullptr, 'C'},       option{"config-id", required_argument, nullptr, 'i'},
    option{"undo", no_argument, nullptr, 'u'},         option{"service", required_argument, nullptr, 'S'},
    option{"until", required_argument, nullptr, 't'},  option{"why", required_argument, nullptr, 'w'},
    option{"wait", no_argument, nullptr, 'W'},         option{"version", no_argument, nullptr, 'v'},
    option{"help", no_argument, nullptr, 'h'},         option{nullptr, 0, nullptr, 0}};

std::optional<Finished> take(Options& options, int letter, const char* argument) {
  switch (letter) {
    case 's': options.socket = argument; break;
    case 'C': options.compat = true; break;
    case 'u': options.undo = true; break;
    case 'S': options.service = argument; break;
    case 't': options.until = argument; break;
    case 'w': options.why = argument; break;
    case 'W': options.wait = true; break;
    case 'i': options.config_id = argument; break;
    case 'j':
      options.json = true;
      options.format = config::Format::Json;
      break;
    case 'f': {
      const auto format = config::format_of(argument);
      if (!format) return wrong_usage(fmt::format("--format={}: human, json or gcc", argument));
      options.format = *format;
      break;
    }
    case 'c': {
      const auto color = config::color_when(argument);
      if (!color) return wrong_usage(fmt::format("--color={}: auto, always or never", argument));
      options.color = *color;
      break;
    }
    case 'v': return Finished{kDone, fmt::format("haldctl {}\n", HALD_VERSION)};
    case 'h': return Finished{kDone, kHelp};
    default: return wrong_usage("that option is not known or lacks its argument");
  }
  return std::nullopt;
}

}  // namespace

Finished wrong_usage(const std::string& message) {
  return {kUsage, fmt::format("haldctl: {}\nTry 'haldctl --help'.\n", message)};
}

std::variant<Options, Finished> parse_options(int argc, char** argv) {
  Options options;
  optind = 0;  // a full restart of getopt: the parser may run twice in one process
  for (int letter = 0;
       (letter = getopt_long(argc, argv, "s:jf:c:Ci:uS:t:w:Wvh", kLong.data(), nullptr)) != -1;) {
    if (auto finished = take(options, letter, optarg)) return *finished;
  }
  if (optind >= argc) return wrong_usage("a command is missing");
  options.command = argv[optind++];
  options.words.assign(argv + optind, argv + argc);
  return options;
}

}  // namespace hald::ctl
