// SPDX-License-Identifier: Apache-2.0
#include "ctl/commands.h"

#include <pwd.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <string_view>
#include <thread>

#include <fmt/format.h>

#include "config/compat.h"
#include "config/utf8.h"
#include "ctl/admin.h"
#include "ctl/explain.h"
#include "ctl/failover.h"
#include "ctl/ipvs_save.h"
#include "ctl/reload.h"
#include "ctl/status_table.h"
#include "ipvs/genl_kernel.h"

namespace hald::ctl {
namespace {

/// A big file takes a second or two, and a reload that is under way comes first.
constexpr auto kReloadPatience = std::chrono::minutes(5);

/// A successor takes its skew time: at most one advert interval, which is at most 255 s.
constexpr auto kHandOverPatience = std::chrono::minutes(5);

/// Between two looks at a drain.
constexpr auto kDrainLook = std::chrono::milliseconds(500);

int fail(int status, const std::string& message) {
  fmt::print(stderr, "haldctl: {}\n", message);
  return status;
}

int wrong(const std::string& message) {
  const Finished finished = wrong_usage(message);
  fmt::print(stderr, "{}", finished.text);
  return finished.status;
}

int status(const Options& options) {
  const auto answer = ask(options.socket, "status");
  if (!answer) return fail(kUnreachable, answer.error().message());
  if (options.json) {
    fmt::print("{}", *answer);
    return kDone;
  }
  const auto table = render_status(*answer, std::chrono::system_clock::now());
  if (!table) return fail(kRefused, table.error().message());
  fmt::print("{}", *table);
  return kDone;
}

int reload(const Options& options) {
  const auto answer = ask(options.socket, "reload", kReloadPatience);
  if (!answer) return fail(kUnreachable, answer.error().message());
  const auto outcome = read_reload(*answer);
  if (!outcome) return fail(kRefused, outcome.error().message());
  if (options.json) {
    fmt::print("{}", *answer);
  } else {
    fmt::print(outcome->applied ? stdout : stderr, "{}", outcome->text);
  }
  return outcome->applied ? kDone : kRefused;
}

int failover(const Options& options) {
  if (options.words.size() > 1) return wrong("failover: one name, or none for all");
  std::string request = options.undo ? "failover-undo" : "failover";
  if (!options.words.empty()) request += " " + options.words.front();
  const auto answer = ask(options.socket, request, kHandOverPatience);
  if (!answer) return fail(kUnreachable, answer.error().message());
  const auto outcome = read_failover(*answer, options.undo);
  if (!outcome) return fail(kRefused, outcome.error().message());
  if (options.json) {
    fmt::print("{}", *answer);
  } else {
    fmt::print(outcome->done ? stdout : stderr, "{}", outcome->text);
  }
  return outcome->done ? kDone : kRefused;
}

/// Who asks, also behind sudo.
std::string login_name() {
  if (const char* const sudo = std::getenv("SUDO_USER"); sudo != nullptr && *sudo != '\0') return sudo;
  const passwd* const account = ::getpwuid(::getuid());
  return account == nullptr ? std::to_string(::getuid()) : std::string(account->pw_name);
}

/// Asks until the drain is over, and says whenever something has changed.
int wait_for_drain(const Options& options, std::string shown) {
  for (;;) {
    const auto answer = ask(options.socket, admin_question(options));
    if (!answer) return fail(kUnreachable, answer.error().message());
    const auto now = read_ordered(*answer);
    if (!now) return fail(kRefused, now.error().message());
    if (!options.json && now->text != shown) fmt::print("{}", now->text);
    if (options.json && (now->drained || !now->done)) fmt::print("{}", *answer);
    std::fflush(stdout);
    if (!now->done) return kRefused;
    if (now->drained) return kDone;
    shown = now->text;
    std::this_thread::sleep_for(kDrainLook);
  }
}

int order_servers(const Options& options) {
  const auto request = admin_request(options, login_name(), std::chrono::system_clock::now());
  if (!request) return wrong(request.error().doing);
  const auto answer = ask(options.socket, *request);
  if (!answer) return fail(kUnreachable, answer.error().message());
  const auto outcome = read_ordered(*answer);
  if (!outcome) return fail(kRefused, outcome.error().message());
  const bool wait = options.wait && options.command == "drain" && outcome->done;
  if (!options.json) fmt::print(outcome->done ? stdout : stderr, "{}", outcome->text);
  if (options.json && !wait) fmt::print("{}", *answer);
  if (wait) return wait_for_drain(options, outcome->text);
  return outcome->done ? kDone : kRefused;
}

int check(const Options& options) {
  if (options.words.empty()) return wrong("check: which file?");
  const bool color = config::use_color(options.color, STDOUT_FILENO);
  config::LoadOptions load;
  load.config_id = options.config_id;
  const auto report = options.compat ? check_differences(options.words, load, options.format, color)
                                     : check_files(options.words, load, options.format, color);
  fmt::print("{}", report.text);
  return report.status;
}

int explain(const Options& options) {
  if (options.words.empty()) {
    fmt::print("{}", list_codes());
    return kDone;
  }
  bool first = true;
  for (const std::string& code : options.words) {
    const auto text = explain_code(code);
    if (!text) {
      const auto near = nearest_code(code);
      return fail(kUsage, fmt::format("there is no code {}{}", config::quote(code),
                                      near.empty() ? "" : fmt::format(": did you mean {}?", near)));
    }
    fmt::print("{}{}", first ? "" : "\n", *text);
    first = false;
  }
  return kDone;
}

int ipvs_table(const Options& options) {
  if (options.words.size() != 1 || options.words.front() != "save")
    return wrong("ipvs: what? It knows: save");
  const auto kernel = ipvs::GenlKernel::open();
  if (!kernel) return fail(kRefused, kernel.error().message());
  const auto rules = saved_rules(**kernel);
  if (!rules) return fail(kRefused, rules.error().message());
  fmt::print("{}", *rules);
  return kDone;
}

struct Command {
  std::string_view name;
  bool takes_words;
  int (*run)(const Options&);
};
constexpr std::array kCommands{
    Command{"status", false, status},       Command{"reload", false, reload},
    Command{"failover", true, failover},    Command{"check", true, check},
    Command{"explain", true, explain},      Command{"ipvs", true, ipvs_table},
    Command{"drain", true, order_servers},  Command{"disable", true, order_servers},
    Command{"weight", true, order_servers}, Command{"enable", true, order_servers}};

}  // namespace

int run_command(const Options& options) {
  for (const Command& command : kCommands) {
    if (command.name != options.command) continue;
    if (!command.takes_words && !options.words.empty())
      return wrong(fmt::format("'{}' is one word too many", options.words.front()));
    return command.run(options);
  }
  return wrong(fmt::format("there is no command '{}'", options.command));
}

}  // namespace hald::ctl
