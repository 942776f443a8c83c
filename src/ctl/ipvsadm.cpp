// SPDX-License-Identifier: Apache-2.0
#include "ctl/ipvsadm.h"

#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <fstream>
#include <iostream>
#include <memory>
#include <sstream>

#include <fmt/format.h>

#include "ctl/system_names.h"
#include "ipvs/genl_kernel.h"
#include "ipvs/genl_observer.h"
#include "ipvs/genl_tuning.h"
#include "ipvsadm/core/connections.h"

namespace hald::ctl {
namespace {

using ipvsadm::Command;
using ipvsadm::Option;
using ipvsadm::Verb;

constexpr const char* kConnections = "/proc/net/ip_vs_conn";

void say(const std::string& text) {
  std::fwrite(text.data(), 1, text.size(), stdout);
}

int complain(int status, const std::string& text) {
  std::fflush(stdout);
  std::fwrite(text.data(), 1, text.size(), stderr);
  return status;
}

/// Whether it worked shows when the kernel is asked again.
void load_module() {
  std::array<std::string, 2> words{"modprobe", "ip_vs"};
  std::array<char*, 3> arguments{words[0].data(), words[1].data(), nullptr};
  pid_t child = 0;
  if (::posix_spawnp(&child, "modprobe", nullptr, nullptr, arguments.data(), environ) != 0) return;
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
}

/// The kernel, in the three ways in which it is asked; opened when it is needed first.
class Ipvs {
 public:
  Result<void> open() {
    if (kernel_) return {};
    auto kernel = ipvs::GenlKernel::open();
    if (!kernel && kernel.error().code == std::errc::no_such_file_or_directory) {
      load_module();
      kernel = ipvs::GenlKernel::open();
    }
    if (!kernel) return kernel.error();
    auto observer = ipvs::GenlObserver::open();
    if (!observer) return observer.error();
    auto tuning = ipvs::GenlTuning::open();
    if (!tuning) return tuning.error();
    observer_ = std::move(*observer);
    tuning_ = std::move(*tuning);
    kernel_ = std::move(*kernel);
    return {};
  }

  ipvs::Kernel& kernel() { return *kernel_; }
  ipvs::GenlObserver& table() { return *observer_; }
  ipvs::GenlTuning& tuning() { return *tuning_; }

  Result<void> apply(const ipvs::Op& op) {
    const auto failures = kernel_->apply({&op, 1});
    if (!failures) return failures.error();
    if (!failures->empty()) return Error{failures->front().code, "change the IPVS table"};
    return {};
  }

 private:
  std::unique_ptr<ipvs::Kernel> kernel_;
  std::unique_ptr<ipvs::GenlObserver> observer_;
  std::unique_ptr<ipvs::GenlTuning> tuning_;
};

struct Outcome {
  int status = 0;
  bool stops = false;  ///< of restored lines none follows
};

class Run {
 public:
  explicit Run(std::string program) : program_(std::move(program)) {}

  Outcome line(std::vector<std::string> words, bool restoring) {
    const auto parsed = ipvsadm::parse(program_, std::move(words), names_);
    if (const auto* ended = std::get_if<ipvsadm::Ended>(&parsed)) {
      if (ended->status != 0) return {complain(ended->status, ended->text), ended->stops};
      say(ended->text);
      return {0, ended->stops};
    }
    if (const auto opened = ipvs_.open(); !opened) return {no_ipvs(opened.error()), true};
    const auto& command = std::get<Command>(parsed);
    if (command.verb == Verb::Restore) return restore_or_refuse(restoring);
    if (command.verb == Verb::List) return list(command);
    if (command.verb == Verb::Save) return save(command);
    const auto done = execute(command);
    if (!done)
      return {complain(ipvsadm::kFailed, ipvsadm::refusal(command.verb, done.error().code) + '\n'), false};
    return {};
  }

  /// Each line of the standard input is a command. A wrong one ends it, a refused one does not.
  int restore(bool with_comments) {
    int status = 0;
    for (std::string text; std::getline(std::cin, text);) {
      if (with_comments && text.substr(0, 1) == "#") continue;
      std::istringstream cut(text);
      std::vector<std::string> words;
      for (std::string word; cut >> word;) words.push_back(word);
      if (!words.empty() && words.front() == "ipvsadm") words.erase(words.begin());
      if (words.empty()) continue;
      const Outcome outcome = line(std::move(words), true);
      status = outcome.status;
      if (outcome.stops) return status;
    }
    return status;
  }

 private:
  static int no_ipvs(const Error& error) {
    const bool absent = error.code == std::errc::no_such_file_or_directory;
    const auto code = absent ? std::make_error_code(std::errc::no_protocol_option) : error.code;
    return complain(ipvsadm::kWrongArguments,
                    fmt::format("Can't initialize ipvs: {}\n"
                                "Are you sure that IP Virtual Server is built in the kernel or as module?\n",
                                ipvsadm::refusal(Verb::List, code)));
  }

  /// compat: among the lines that are restored this is no command.
  Outcome restore_or_refuse(bool restoring) {
    if (!restoring) return {restore(false), false};
    const ipvsadm::Ended ended = ipvsadm::try_help(program_);
    return {complain(ended.status, ended.text), true};
  }

  Result<void> execute(const Command& command) {
    const auto& key = command.service.key;
    switch (command.verb) {
      case Verb::AddService: return ipvs_.table().add(command.service);
      case Verb::EditService: return ipvs_.table().edit(command.service);
      case Verb::DeleteService: return ipvs_.apply(ipvs::DeleteService{key});
      case Verb::AddServer: return ipvs_.apply(ipvs::AddDestination{key, command.server});
      case Verb::EditServer: return ipvs_.apply(ipvs::EditDestination{key, command.server});
      case Verb::DeleteServer: return ipvs_.apply(ipvs::DeleteDestination{key, command.server.endpoint});
      case Verb::Flush: return ipvs_.table().flush();
      case Verb::Zero: return ipvs_.table().zero(command.options.has(Option::Service) ? &key : nullptr);
      case Verb::Set: return ipvs_.tuning().set(command.timeouts);
      case Verb::StartDaemon: return ipvs_.tuning().start(command.daemon);
      case Verb::StopDaemon: return ipvs_.tuning().stop(command.daemon.role);
      default: return {};
    }
  }

  static Outcome cannot_list(const Error& error) {
    return {complain(1, ipvsadm::refusal(Verb::List, error.code) + '\n'), true};
  }

  Outcome list(const Command& command) {
    const ipvsadm::View view = ipvsadm::view_of(command.options);
    const bool sorted = !command.options.has(Option::NoSort);
    if (command.options.has(Option::Connection)) return list_connections(view);
    if (command.options.has(Option::Service)) return list_service(command.service.key, view, sorted);
    if (command.options.has(Option::Timeout)) return list_timeouts();
    if (command.options.has(Option::Daemon)) return list_daemons();
    return list_all(view, sorted);
  }

  Outcome list_service(const ipvs::ServiceKey& key, const ipvsadm::View& view, bool sorted) {
    auto service = ipvs_.table().service(key);
    if (!service) return cannot_list(service.error());
    std::vector<ipvs::ObservedService> services{std::move(*service)};
    if (sorted) ipvsadm::sort(services);
    say(ipvsadm::title(view) + ipvsadm::listed(services.front(), view, names_));
    return {};
  }

  Outcome list_all(const ipvsadm::View& view, bool sorted) {
    const auto version = ipvs_.kernel().version();
    if (!version) return cannot_list(version.error());
    auto services = ipvs_.table().services();
    if (!services) return cannot_list(services.error());
    if (sorted) ipvsadm::sort(*services);
    say(fmt::format("IP Virtual Server version {}.{}.{} (size={})\n", version->major, version->minor,
                    version->patch, version->connection_table_size));
    say(ipvsadm::title(view));
    for (const ipvs::ObservedService& service : *services) say(ipvsadm::listed(service, view, names_));
    return {};
  }

  Outcome list_timeouts() {
    const auto timeouts = ipvs_.tuning().timeouts();
    if (!timeouts) return cannot_list(timeouts.error());
    say(ipvsadm::listed(*timeouts));
    return {};
  }

  Outcome list_daemons() {
    const auto daemons = ipvs_.tuning().daemons();
    if (!daemons) return cannot_list(daemons.error());
    for (const ipvs::SyncDaemon& daemon : *daemons) say(ipvsadm::listed(daemon));
    return {};
  }

  /// There may be millions: each is printed as it is read.
  Outcome list_connections(const ipvsadm::View& view) {
    std::ifstream file(kConnections);
    std::string text;
    if (!std::getline(file, text))
      return {complain(1, fmt::format("cannot open file {}\n", kConnections)), true};
    say(ipvsadm::connections_title(view));
    while (std::getline(file, text)) {
      const auto connection = ipvsadm::read_connection(text);
      if (!connection) return {complain(1, fmt::format("unexpected input from {}\n", kConnections)), true};
      say(ipvsadm::listed(*connection, view, names_));
    }
    return {};
  }

  Outcome save(const Command& command) {
    auto services = ipvs_.table().services();
    if (!services) return cannot_list(services.error());
    ipvsadm::sort(*services);
    const bool numeric = command.options.has(Option::Numeric);
    for (const ipvs::ObservedService& service : *services) say(ipvsadm::saved(service, numeric, names_));
    return {};
  }

  std::string program_;
  SystemNames names_;
  Ipvs ipvs_;
};

int run_save(const std::vector<std::string>& words) {
  std::vector<std::string> call{"-S"};
  for (const std::string& word : words) {
    if (word == "-n") {
      call = {"-S", "-n"};
    } else if (word.substr(0, 1) == "-") {
      return complain(1, "ipvsadm-save: prints the IPVS table as rules; -n: with numbers only\n");
    }
  }
  return run_ipvsadm("ipvsadm", call);
}

int run_restore() {
  Run run("ipvsadm");
  (void)run.line({"-C"}, false);
  return run.restore(true);
}

}  // namespace

int run_ipvsadm(const std::string& program, std::vector<std::string> words) {
  return Run(program).line(std::move(words), false).status;
}

std::optional<int> run_as_ipvsadm(int argc, char** argv) {
  if (argc < 1) return std::nullopt;
  const std::string called = argv[0];
  const std::string name = called.substr(called.rfind('/') + 1);
  std::vector<std::string> words(argv + 1, argv + argc);
  if (name == "ipvsadm") return run_ipvsadm(called, std::move(words));
  if (name == "ipvsadm-save") return run_save(words);
  if (name == "ipvsadm-restore") return run_restore();
  if (words.empty() || words.front() != "ipvsadm") return std::nullopt;
  words.erase(words.begin());
  return run_ipvsadm("ipvsadm", std::move(words));
}

}  // namespace hald::ctl
