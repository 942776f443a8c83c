// SPDX-License-Identifier: Apache-2.0
#include "app/start.h"

#include <malloc.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <optional>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "app/background.h"
#include "app/daemon.h"
#include "app/exit_status.h"
#include "app/handover.h"
#include "app/log_sinks.h"
#include "app/options.h"
#include "app/pid_file.h"
#include "app/process.h"
#include "config/check.h"
#include "config/describe.h"
#include "config/load.h"
#include "config/render.h"

namespace hald::app {
namespace {

int fail(int status, const std::string& message) {
  fmt::print(stderr, "hald: {}\n", message);
  return status;
}

/// EPERM from anything that is opened at start means that a capability is missing.
int fail(const Error& error) {
  const bool permission =
      error.code == std::errc::operation_not_permitted || error.code == std::errc::permission_denied;
  const std::string hint = permission ? " (hald needs CAP_NET_ADMIN and CAP_NET_RAW, or root)" : "";
  return fail(permission ? kExitPermission : kExitFatal, error.message() + hint);
}

int test_config(const Options& options, const config::Loaded& loaded) {
  const bool to_terminal = options.test_output.empty();
  const bool color = config::use_color(options.color, to_terminal ? STDERR_FILENO : -1);
  const auto report = config::check_report(options.config_file, loaded, options.format, color);
  if (to_terminal) {
    fmt::print(stderr, "{}", report.text);
  } else if (std::ofstream file(options.test_output); !(file << report.text)) {
    return fail(kExitPermission, "cannot write " + options.test_output);
  }
  return report.status;
}

/// What was understood goes to standard output, what is to be said about it to standard error.
int dump_config(const Options& options, const config::Loaded& loaded) {
  const config::Document document = config::describe(*loaded.config);
  const std::string text = options.dump_as_conf ? config::to_conf(document) : config::to_json(document);
  const int status = test_config(options, loaded);
  if (std::fputs(text.c_str(), stdout) < 0 || std::fflush(stdout) != 0)
    return fail(kExitPermission, "cannot write to standard output");
  return status;
}

void print_on_lines(const config::Diagnostics& diagnostics) {
  for (const auto& item : diagnostics.all())
    fmt::print(stderr, "hald: {}\n", config::render_line(diagnostics, item));
}

std::unique_ptr<log::Sink> make_sink(const Options& options) {
  auto sink = std::make_unique<TeeSink>();
  if (options.log_to_console) sink->add(std::make_unique<ConsoleSink>());
  if (options.log_to_syslog) sink->add(std::make_unique<SystemSink>(options.log_facility));
  return sink;
}

Result<std::vector<PidFile>> take_pid_files(const Options& options) {
  std::vector<PidFile> files;
  for (const auto& path : {options.pid_file, options.vrrp_pid_file, options.checkers_pid_file}) {
    if (path.empty()) continue;
    auto file = PidFile::take(path);
    if (!file) return file.error();
    files.push_back(std::move(*file));
  }
  return files;
}

Result<void> prepare_process(const Options& options) {
  if (options.umask) ::umask(static_cast<mode_t>(*options.umask));
  if (options.core_dumps) {
    if (auto allowed = allow_core_dumps(); !allowed) return allowed.error();
  }
  raise_descriptor_limit();
  return {};
}

/// Everything after the decision to run, in the process that stays.
int run_daemon(const Options& options, config::Loaded loaded, std::optional<Background> background,
               proc::Baseline baseline) {
  const auto sink = make_sink(options);
  auto pid_files = take_pid_files(options);
  if (!pid_files) return fail(pid_files.error());
  Daemon daemon(options, *sink, std::move(baseline));
  for (const auto& name : options.without_effect)
    daemon.logger().info(fmt::format("Option {} has no effect", name));
  if (auto started = daemon.start(loaded); !started) {
    daemon.logger().error("Cannot start: " + started.error().message());
    return fail(started.error());
  }
  loaded = {};
  ::malloc_trim(0);  // the text and its tree are gone: give the pages back
  if (background) background->started();
  return daemon.run();
}

/// A daemon leaves the folder it was started in; what was relative to it must still be found at a reload.
void make_paths_absolute(Options& options) {
  if (options.handover_file.empty()) options.handover_file = options.control_socket + kHandoverSuffix;
  if (options.admin_file.empty()) {
    options.admin_file = options.control_socket == kDefaultSocket ? std::string(kDefaultAdminFile)
                                                                  : options.control_socket + kAdminSuffix;
  }
  for (std::string* path :
       {&options.config_file, &options.pid_file, &options.vrrp_pid_file, &options.checkers_pid_file,
        &options.control_socket, &options.handover_file, &options.admin_file}) {
    std::error_code unchanged;
    if (!path->empty()) *path = std::filesystem::absolute(*path, unchanged).lexically_normal().string();
  }
}

/// compat: `-s` counts more than `net_namespace`. A file is read against the interfaces of the namespace that
/// it names, hence once more inside.
Result<config::Loaded> load_inside(const Options& options, const config::LoadOptions& reading) {
  const bool given = !options.network_namespace.empty();
  if (given) {
    if (auto entered = enter_network_namespace(options.network_namespace); !entered) return entered.error();
  }
  auto loaded = config::load_file(options.config_file, reading);
  if (given || !loaded.readable || loaded.config->global.net_namespace.empty()) return loaded;
  if (auto entered = enter_network_namespace(loaded.config->global.net_namespace); !entered) {
    if (!options.test_config && !options.dump_config) return entered.error();
    return loaded;  // a file may be looked at anywhere, and by anybody
  }
  return config::load_file(options.config_file, reading);
}

int run(const Options& options) {
  // Only a test may wait for a name server.
  using HostNames = config::SystemMachine::HostNames;
  const config::SystemMachine here(options.test_config ? HostNames::LookedUp : HostNames::Trusted);
  config::LoadOptions reading = load_options(options);
  reading.machine = &here;
  auto inside = load_inside(options, reading);
  if (!inside) return fail(inside.error());
  config::Loaded loaded = std::move(*inside);
  if (options.dump_config) return dump_config(options, loaded);
  if (options.test_config) return test_config(options, loaded);
  if (!loaded.readable) {
    print_on_lines(loaded.diagnostics);
    return kExitNoConfig;
  }
  if (loaded.config->global.strict_config && loaded.diagnostics.has_errors()) {
    print_on_lines(loaded.diagnostics);
    return fail(
        kExitStrictConfig,
        fmt::format("{} has errors, and `strict_config` refuses to start with them", options.config_file));
  }
  if (nothing_to_run(*loaded.config)) {
    print_on_lines(loaded.diagnostics);
    return fail(kExitNoConfig, fmt::format("there is nothing to run in {}", options.config_file));
  }
  proc::Baseline baseline = proc::capture_baseline();
  if (auto prepared = prepare_process(options); !prepared) return fail(prepared.error());
  if (options.foreground) return run_daemon(options, std::move(loaded), std::nullopt, std::move(baseline));
  auto background = Background::enter(options.log_to_console);
  if (!background) return fail(background.error());
  return run_daemon(options, std::move(loaded), std::move(*background), std::move(baseline));
}

}  // namespace

int start(int argc, char** argv) {
  const auto parsed = parse_options(argc, argv);
  if (const auto* finished = std::get_if<Finished>(&parsed)) {
    fmt::print(finished->to_stderr ? stderr : stdout, "{}", finished->text);
    return finished->status;
  }
  Options options = std::get<Options>(parsed);
  make_paths_absolute(options);
  if (options.hand_over) {
    if (auto ended = ask_for_handover(options.pid_file); !ended) return fail(ended.error());
    return kExitOk;
  }
  return run(options);
}

}  // namespace hald::app
