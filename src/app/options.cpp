// SPDX-License-Identifier: Apache-2.0
#include "app/options.h"

#include <getopt.h>
#include <signal.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>
#include <vector>

#include <fmt/format.h>

#include "app/exit_status.h"
#include "config/schema.h"

namespace hald::app {
namespace {

/// Long options without a letter.
enum LongOnly : int {
  kAll = 256,
  kSignum,
  kIpvs,
  kControlSocket,
  kHandover,
  kHandoverFile,
  kAdminFile,
  kFlushLogFile,
  kFormat,
  kColor,
  kSchema,
  kDumpConfig,
  kAs
};

/// One row is all there is to an option: the grammar and the help both come from here.
struct Row {
  int letter;
  const char* name;
  int argument;
  const char* meta;
  const char* help;
};

constexpr std::array kRows{
    Row{'f', "use-file", required_argument, "FILE", "configuration file (default /etc/hald/hald.conf)"},
    Row{'P', "vrrp", no_argument, "", "run VRRP only"},
    Row{'C', "check", no_argument, "", "run virtual servers and checks only"},
    Row{kAll, "all", no_argument, "", "run everything (the default)"},
    Row{'B', "no_bfd", no_argument, "", "do not run BFD"},
    Row{'l', "log-console", no_argument, "", "log to standard error too"},
    Row{'D', "log-detail", no_argument, "", "log more"},
    Row{'S', "log-facility", required_argument, "FACILITY", "0-7, local0-local7, user or daemon"},
    Row{'G', "no-syslog", no_argument, "", "do not log to syslog or the journal"},
    Row{'u', "umask", required_argument, "MASK", "file mode creation mask, octal"},
    Row{'X', "release-vips", no_argument, "", "accepted; what does not change is never dropped"},
    Row{'V', "dont-release-vrrp", no_argument, "", "keep the virtual addresses at exit"},
    Row{'I', "dont-release-ipvs", no_argument, "", "keep the IPVS table at exit"},
    Row{'R', "dont-respawn", no_argument, "", "accepted; there are no child processes"},
    Row{'n', "dont-fork", no_argument, "", "stay in the foreground"},
    Row{'p', "pid", required_argument, "FILE", "pid file (default /run/hald.pid)"},
    Row{'r', "vrrp_pid", required_argument, "FILE", "write the pid there too"},
    Row{'c', "checkers_pid", required_argument, "FILE", "write the pid there too"},
    Row{'b', "bfd_pid", required_argument, "FILE", "accepted"},
    Row{'a', "address-monitoring", no_argument, "", "accepted"},
    Row{'d', "dump-conf", no_argument, "", "accepted; ask with haldctl status"},
    Row{'g', "log-file", optional_argument, "FILE", "accepted; entries go to standard error or syslog"},
    Row{kFlushLogFile, "flush-log-file", no_argument, "", "accepted"},
    Row{'x', "snmp", no_argument, "", "accepted"},
    Row{'A', "snmp-agent-socket", required_argument, "SOCKET", "accepted"},
    Row{'M', "core-dump-pattern", optional_argument, "PATTERN", "accepted"},
    Row{'i', "config-id", required_argument, "ID",
        "what @ID lines are compared with (default: the host name\n"
        "                               up to its first dot)"},
    Row{'e', "all-config", no_argument, "", "an include without its files is an error"},
    Row{'m', "core-dump", no_argument, "", "allow core files"},
    Row{'s', "namespace", required_argument, "NAME", "run in this network namespace"},
    Row{'t', "config-test", optional_argument, "FILE", "check the configuration; messages to FILE or stderr"},
    Row{kFormat, "format", required_argument, "FORMAT",
        "of the messages of -t: human (default), json or gcc"},
    Row{kColor, "color", required_argument, "WHEN", "colours for -t: auto (default), always or never"},
    Row{kDumpConfig, "dump-config", no_argument, "",
        "print the configuration as it is understood, defaults filled in"},
    Row{kAs, "as", required_argument, "FORMAT", "of --dump-config: json (default) or conf"},
    Row{kSchema, "schema", no_argument, "", "print every word of the configuration as JSON"},
    Row{kIpvs, "ipvs", required_argument, "BACKEND",
        "kernel (default), or memory: a table that balances nothing,\n"
        "                               to try a file or measure checks without IPVS"},
    Row{kControlSocket, "control-socket", required_argument, "PATH",
        "where haldctl asks (default /run/hald/control.sock)"},
    Row{kHandover, "handover", no_argument, "",
        "end the hald of this pid file for a restart: it releases nothing\n"
        "                               and the next one goes on where it was"},
    Row{kHandoverFile, "handover-file", required_argument, "PATH",
        "where it leaves what the next one needs (default: the control\n"
        "                               socket's path and .handover)"},
    Row{kAdminFile, "admin-file", required_argument, "PATH",
        "where it keeps what was ordered of real servers (default\n"
        "                               /var/lib/hald/admin)"},
    Row{kSignum, "signum", required_argument, "NAME",
        "print the number of a signal: STOP, RELOAD or HANDOVER"},
    Row{'v', "version", no_argument, "", "print the version"},
    Row{'h', "help", no_argument, "", "print this help"},
};

std::string help_text() {
  std::string text = "Usage: hald [OPTION...]\n\n";
  for (const Row& row : kRows) {
    std::string names = row.letter < kAll ? fmt::format("-{}, ", static_cast<char>(row.letter)) : "    ";
    names += fmt::format("--{}", row.name);
    if (row.argument == required_argument) names += fmt::format("={}", row.meta);
    if (row.argument == optional_argument) names += fmt::format("[={}]", row.meta);
    text += fmt::format("  {:<28} {}\n", names, row.help);
  }
  return text +
         "\nExit status: 0 stopped as asked, 1 cannot start or run, 4 permission missing (with -t: the file\n"
         "cannot be read), 5 -t has complaints, 6 no configuration (with -t: scripts would run without "
         "script security).\n";
}

std::optional<unsigned> read_number(std::string_view text, int base, unsigned limit) {
  unsigned value = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  if (failure != std::errc{} || end != text.data() + text.size() || value > limit) return std::nullopt;
  return value;
}

/// syslog's numbers: user 1, daemon 3, local0 16.
std::optional<int> read_facility(std::string_view text) {
  if (text == "user") return 1;
  if (text == "daemon") return 3;
  if (text.starts_with("local")) text.remove_prefix(5);
  const auto number = read_number(text, 10, 7);
  if (!number) return std::nullopt;
  return 16 + static_cast<int>(*number);
}

Finished wrong(const std::string& message) {
  return {kExitFatal, fmt::format("hald: {}\nTry 'hald --help'.\n", message), true};
}

/// compat: `kill -$(keepalived --signum=RELOAD)` is how tools signal; an unknown name exits with 1.
Finished print_signum(std::string_view name) {
  if (name == "STOP") return {kExitOk, fmt::format("{}\n", SIGTERM), false};
  if (name == "RELOAD") return {kExitOk, fmt::format("{}\n", SIGHUP), false};
  if (name == "HANDOVER") return {kExitOk, fmt::format("{}\n", handover_signal()), false};
  return {kExitFatal,
          fmt::format("hald: there is no signal for '{}': STOP, RELOAD and HANDOVER have one\n", name), true};
}

class Parser {
 public:
  std::variant<Options, Finished> parse(int argc, char** argv);

 private:
  std::optional<Finished> take(int letter, const char* argument);
  std::optional<Finished> take_value(int letter, std::string_view argument);

  Options options_;
};

std::variant<Options, Finished> Parser::parse(int argc, char** argv) {
  std::string letters;
  std::vector<option> table;
  for (const Row& row : kRows) {
    table.push_back({row.name, row.argument, nullptr, row.letter});
    if (row.letter >= kAll) continue;
    letters += static_cast<char>(row.letter);
    letters.append(static_cast<std::size_t>(row.argument), ':');
  }
  table.push_back({nullptr, 0, nullptr, 0});
  optind = 0;  // a full restart of getopt: the parser may run twice in one process
  for (int letter = 0; (letter = getopt_long(argc, argv, letters.c_str(), table.data(), nullptr)) != -1;) {
    if (letter == '?') return wrong("that option is not known or lacks its argument");
    if (auto finished = take(letter, optarg)) return *finished;
  }
  if (optind < argc) return wrong(fmt::format("'{}' is not an option", argv[optind]));
  return options_;
}

std::optional<Finished> Parser::take(int letter, const char* argument) {
  switch (letter) {
    case 'P': options_.run_vrrp = true, options_.run_checkers = false; break;
    case 'C': options_.run_checkers = true, options_.run_vrrp = false; break;
    case kAll: options_.run_checkers = options_.run_vrrp = true; break;
    case 'l': options_.log_to_console = true; break;
    case 'D': ++options_.log_detail; break;
    case 'G': options_.log_to_syslog = false; break;
    case 'V': options_.keep_vips_on_exit = true; break;
    case 'I': options_.keep_ipvs_on_exit = true; break;
    case 'n': options_.foreground = true; break;
    case 'e': options_.all_includes = true; break;
    case 'm': options_.core_dumps = true; break;
    case 'B':
    case 'X':
    case 'R':
    case 'a':
    case 'b':
    case 'd':
    case 'g':
    case 'x':
    case 'A':
    case 'M': options_.without_effect.push_back(fmt::format("-{}", static_cast<char>(letter))); break;
    case kFlushLogFile: options_.without_effect.emplace_back("--flush-log-file"); break;
    case 't':
      options_.test_config = true;
      if (argument != nullptr) options_.test_output = argument;
      break;
    case kHandover: options_.hand_over = true; break;
    case kDumpConfig: options_.dump_config = true; break;
    case kSchema: return Finished{kExitOk, config::schema_json(), false};
    case 'v': return Finished{kExitOk, fmt::format("hald v{}\n", HALD_VERSION), true};
    case 'h': return Finished{kExitOk, help_text(), true};
    default: return take_value(letter, argument == nullptr ? "" : argument);
  }
  return std::nullopt;
}

std::optional<Finished> Parser::take_value(int letter, std::string_view argument) {
  if (argument.empty()) return wrong("an option has an empty argument");
  switch (letter) {
    case 'f': options_.config_file = argument; break;
    case 'p': options_.pid_file = argument; break;
    case 'r': options_.vrrp_pid_file = argument; break;
    case 'c': options_.checkers_pid_file = argument; break;
    case 's': options_.network_namespace = argument; break;
    case 'i': options_.config_id = argument; break;
    case kControlSocket: options_.control_socket = argument; break;
    case kHandoverFile: options_.handover_file = argument; break;
    case kAdminFile: options_.admin_file = argument; break;
    case kSignum: return print_signum(argument);
    case 'u':
      options_.umask = read_number(argument, 8, 0777);
      if (!options_.umask)
        return wrong(fmt::format("--umask={}: an octal mask of at most 777 is needed", argument));
      break;
    case 'S': {
      const auto facility = read_facility(argument);
      if (!facility)
        return wrong(fmt::format("--log-facility={}: 0-7, local0-local7, user or daemon", argument));
      options_.log_facility = *facility;
      break;
    }
    case kIpvs:
      if (argument != "kernel" && argument != "memory") {
        return wrong(fmt::format("--ipvs={}: kernel or memory", argument));
      }
      options_.ipvs = argument == "memory" ? IpvsBackend::Memory : IpvsBackend::Kernel;
      break;
    case kAs:
      if (argument != "json" && argument != "conf")
        return wrong(fmt::format("--as={}: json or conf", argument));
      options_.dump_as_conf = argument == "conf";
      break;
    case kFormat: {
      const auto format = config::format_of(argument);
      if (!format) return wrong(fmt::format("--format={}: human, json or gcc", argument));
      options_.format = *format;
      break;
    }
    case kColor: {
      const auto color = config::color_when(argument);
      if (!color) return wrong(fmt::format("--color={}: auto, always or never", argument));
      options_.color = *color;
      break;
    }
    default: break;
  }
  return std::nullopt;
}

}  // namespace

int handover_signal() {
  return SIGRTMIN + 8;
}

std::variant<Options, Finished> parse_options(int argc, char** argv) {
  return Parser().parse(argc, argv);
}

config::LoadOptions load_options(const Options& options) {
  config::LoadOptions out;
  out.config_id = options.config_id;
  out.all_includes = options.all_includes;
  return out;
}

}  // namespace hald::app
