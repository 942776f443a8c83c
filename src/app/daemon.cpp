// SPDX-License-Identifier: Apache-2.0
#include "app/daemon.h"

#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <random>

#include <fmt/format.h>

#include "app/admin.h"
#include "app/exit_status.h"
#include "app/failover.h"
#include "app/notify_manager.h"
#include "app/process.h"
#include "app/scheduling.h"
#include "config/codes.h"
#include "config/render.h"
#include "ipvs/genl_kernel.h"
#include "ipvs/genl_tuning.h"
#include "ipvs/memory_kernel.h"
#include "status/json.h"

namespace hald::app {
namespace {

/// Taking the table down is a matter of milliseconds; a kernel that takes longer than this is broken.
constexpr auto kStopLimit = std::chrono::seconds(10);

class StatusDocument : public control::Document {
 public:
  explicit StatusDocument(std::unique_ptr<const status::Source> source) : stream_(std::move(source)) {}
  [[nodiscard]] bool done() const override { return stream_.done(); }
  [[nodiscard]] std::string next() override { return stream_.next(); }

 private:
  status::JsonStream stream_;
};

/// compat: what asks keepalived for dumps, statistics, JSON and a trace. Programs that watch keepalived send
/// them, and by default the last three end a process.
std::array<int, 5> dump_signals() {
  return {SIGUSR1, SIGUSR2, SIGRTMIN + 2, SIGRTMAX - 1, SIGRTMAX};
}

log::Level threshold_of(const Options& options) {
  return options.log_detail > 0 ? log::Level::Debug : log::Level::Info;
}

}  // namespace

bool needs_vrrp_side(const config::Config& config) {
  return !config.instances.empty() || !config.static_addresses.empty() || !config.static_routes.empty() ||
         !config.static_rules.empty();
}

bool nothing_to_run(const config::Config& config) {
  return !needs_vrrp_side(config) && checker::service_count(config) == 0;
}

Result<std::unique_ptr<ipvs::Kernel>> open_ipvs(IpvsBackend backend) {
  if (backend == IpvsBackend::Memory) return std::unique_ptr<ipvs::Kernel>(new ipvs::MemoryKernel);
  auto kernel = ipvs::GenlKernel::open();
  if (!kernel && kernel.error().code == std::errc::no_such_file_or_directory) {
    if (auto loaded = load_module("ip_vs"); !loaded) return loaded.error();
    kernel = ipvs::GenlKernel::open();
  }
  if (!kernel) return kernel.error();
  return std::unique_ptr<ipvs::Kernel>(std::move(*kernel));
}

Result<std::unique_ptr<ipvs::TuningKernel>> open_ipvs_tuning(IpvsBackend backend) {
  if (backend == IpvsBackend::Memory) return std::unique_ptr<ipvs::TuningKernel>(new ipvs::MemoryTuning);
  // Loads the module and tells what is missing.
  if (auto kernel = open_ipvs(backend); !kernel) return kernel.error();
  auto tuning = ipvs::GenlTuning::open();
  if (!tuning) return tuning.error();
  return std::unique_ptr<ipvs::TuningKernel>(std::move(*tuning));
}

Daemon::Daemon(const Options& options, log::Sink& sink, proc::Baseline baseline)
    : options_(options),
      logger_(sink, scheduler_, threshold_of(options)),
      signals_(io_),
      spawner_(io_, scheduler_, std::move(baseline)) {
  for (const int number : {SIGTERM, SIGINT, SIGHUP}) signals_.add(number);
  for (const int number : dump_signals()) signals_.add(number);
  signals_.add(handover_signal());
  ::signal(SIGPIPE, SIG_IGN);
}

Daemon::~Daemon() {
  scheduler_.before_urgent(nullptr);
  control_.reset();
  keeper_.reset();
}

Result<void> Daemon::start(const config::Loaded& loaded) {
  logger_.info(fmt::format("Starting hald v{}", HALD_VERSION), {{"config", options_.config_file}});
  report(loaded.diagnostics);
  auto record = take_record();
  if (auto opened = open_sides(*loaded.config); !opened) return opened.error();
  auto control = control::Server::listen(io_, logger_, options_.control_socket,
                                         [this](const std::string& request) { return answer(request); });
  if (!control) return control.error();
  control_ = std::move(*control);
  keeper_ = std::make_unique<RecordKeeper>(io_, scheduler_, logger_, options_.handover_file,
                                           [this] { return running_record(); });
  await_signal();
  schedule(*loaded.config);
  const config::Global& global = loaded.config->global;
  auto users = script_users(*loaded.config);
  if (record) {
    if (auto resumed = resume(std::move(*record)); !resumed) return resumed.error();
    begin(loaded, users);
    return {};
  }
  life_script_.run("startup_script", users->command(global.startup_script), global.startup_script_timeout,
                   [this, loaded, users] { begin(loaded, users); });
  return {};
}

void Daemon::begin(const config::Loaded& loaded, std::shared_ptr<const ScriptUsers> users) {
  take_config(loaded, std::move(users));
  notify_ready(summary());
  if (std::exchange(reload_again_, false)) reload();
}

std::unique_ptr<control::Document> Daemon::answer(const std::string& request) {
  auto* supervisor = vrrp_ ? &vrrp_->supervisor() : nullptr;
  if (auto failover = answer_failover(request, supervisor, scheduler_)) return failover;
  if (auto admin = answer_admin(request, servers_.get(), admin_keeper_.get(), scheduler_)) return admin;
  if (request == "status") return std::make_unique<StatusDocument>(source());
  if (request != "reload") return nullptr;
  auto document = answers_.wait();
  reload();
  return document;
}

Result<void> Daemon::open_sides(const config::Config& config) {
  if (options_.run_vrrp && !vrrp_ && needs_vrrp_side(config)) {
    auto side = VrrpSide::open(io_, scheduler_, logger_, spawner_);
    if (!side) return side.error();
    vrrp_ = std::move(*side);
    vrrp_->observe([this](const auto& change) { router_changed(change); },
                   [this](const auto& event) { router_notifier_.on_event(event); },
                   [this](const auto& change) { router_notifier_.on_group(change); });
  }
  if (auto opened = open_servers(config); !opened) return opened.error();
  return open_tuner(config);
}

Result<void> Daemon::open_servers(const config::Config& config) {
  if (!options_.run_checkers || servers_ || checker::service_count(config) == 0) return {};
  auto kernel = open_ipvs(options_.ipvs);
  if (!kernel) return kernel.error();
  if (options_.ipvs == IpvsBackend::Memory) {
    logger_.warning("The IPVS table is kept in memory only: nothing is balanced (--ipvs memory)");
  }
  if (options_.ipvs == IpvsBackend::Kernel) load_scheduler_modules(config);
  servers_ =
      std::make_unique<ServerSide>(scheduler_, logger_, std::move(*kernel), probes_, std::random_device{}());
  servers_->observe({[this](const auto& news) { server_notifier_.on_server(news); },
                     [this](const auto& news) { server_notifier_.on_quorum(news); }});
  admin_keeper_ = std::make_unique<AdminKeeper>(io_, logger_, options_.admin_file);
  servers_->admin(admin_keeper_->load(), [this](const auto& book) { admin_keeper_->keep(book); });
  return {};
}

/// compat: time-outs go with the checks; sync daemons with the virtual router they belong to, else with the
/// checks.
Result<void> Daemon::open_tuner(const config::Config& config) {
  const ipvs::TuningScope scope{options_.run_checkers, options_.run_vrrp};
  if (tuner_ || (!ipvs::tunes_timeouts(config, scope) && !ipvs::tunes_daemons(config, scope))) return {};
  auto kernel = open_ipvs_tuning(options_.ipvs);
  if (!kernel) return kernel.error();
  tuner_ = std::make_unique<ipvs::Tuner>(scheduler_, logger_, std::move(*kernel), scope);
  for (const std::string& name : masters_) tuner_->master(name, true);
  return {};
}

void Daemon::take_config(const config::Loaded& loaded, std::shared_ptr<const ScriptUsers> users) {
  retired_.add(std::exchange(config_, loaded.config));
  config_view_ = {options_.config_file, scheduler_.wall_now(), false, "", loaded.diagnostics.errors()};
  if (loaded.diagnostics.has_errors()) {
    config_view_.reason =
        fmt::format("{} error{} in the file, the rest of it runs", loaded.diagnostics.errors(),
                    loaded.diagnostics.errors() == 1 ? "" : "s");
  }
  users_ = std::move(users);
  channels_.apply(config_, users_, {vrrp_ != nullptr, servers_ != nullptr});
  if (vrrp_) {
    vrrp_->apply(config_,
                 [users = users_](const config::Command& command) { return users->command(command); });
  }
  if (servers_) servers_->apply(config_);
  if (tuner_) tuner_->apply(config_);
  if (keeper_) keeper_->configured(config_);
}

void Daemon::router_changed(const vrrp::StateChange& change) {
  router_notifier_.on_state(change);
  if (keeper_) keeper_->changed();
  const bool master = change.to == vrrp::StateName::Master;
  if (master) {
    masters_.insert(change.instance.name);
  } else {
    masters_.erase(change.instance.name);
  }
  // At a stop they go on as they are until the addresses are gone.
  if (tuner_ && !stopping_) tuner_->master(change.instance.name, master);
}

void Daemon::schedule(const config::Config& config) {
  name_process(config.global.process_name);
  for (const std::string& refused : apply_scheduling(config)) logger_.warning("Scheduling: " + refused);
}

void Daemon::report(const config::Diagnostics& diagnostics) {
  for (const auto& diagnostic : diagnostics.all()) {
    const std::string text = config::render_line(diagnostics, diagnostic);
    switch (diagnostic.severity) {
      case config::Severity::Error: logger_.error(text, {{"code", diagnostic.code}}); break;
      case config::Severity::Warning: logger_.warning(text, {{"code", diagnostic.code}}); break;
      case config::Severity::Note: logger_.info(text, {{"code", diagnostic.code}}); break;
    }
  }
}

int Daemon::run() {
  try {
    scheduler_.run();
  } catch (const std::exception& bug) {
    logger_.error(fmt::format("Internal error: {}; the virtual addresses are released", bug.what()));
    if (vrrp_) vrrp_->stop();
    return kExitFatal;
  }
  return exit_status_;
}

void Daemon::await_signal() {
  signals_.async_wait([this](const boost::system::error_code& error, int number) {
    if (error) return;
    take_signal(number);
    await_signal();
  });
}

void Daemon::take_signal(int number) {
  if (number == SIGHUP) return reload();
  if (number == handover_signal()) return hand_over();
  const auto dumps = dump_signals();
  if (std::find(dumps.begin(), dumps.end(), number) != dumps.end()) {
    return logger_.info("There are no dump files: ask with `haldctl status --json`");
  }
  if (stopping_ || handing_over_) {
    logger_.warning("Stopping at once: asked a second time");
    if (vrrp_ && !options_.keep_vips_on_exit) vrrp_->stop();
    exit_status_ = kExitFatal;
    return scheduler_.stop();
  }
  stop();
}

void Daemon::reload() {
  if (stopping_ || handing_over_) return;
  if (loader_.busy() || life_script_.running()) {
    reload_again_ = true;
    return;
  }
  logger_.info("Reloading ...", {{"config", options_.config_file}});
  notify_reloading();
  answers_.begin();
  const bool modules = options_.run_checkers && options_.ipvs == IpvsBackend::Kernel;
  loader_.load({options_.config_file, load_options(options_), modules, config_}, [this](const auto& outcome) {
    const config::Loaded& loaded = outcome.loaded;
    if (stopping_ || handing_over_) return;
    report(loaded.diagnostics);
    const ReloadOutcome result = take_outcome(outcome);
    if (config_ != loaded.config) retired_.add(loaded.config);
    notify_ready(summary());
    answers_.finish(reload_document(result, options_.config_file, loaded.diagnostics));
    if (std::exchange(reload_again_, false)) reload();
  });
}

/// A reload is all or nothing.
ReloadOutcome Daemon::take_outcome(const ConfigLoader::Outcome& outcome) {
  const config::Loaded& loaded = outcome.loaded;
  const std::size_t errors = loaded.diagnostics.errors();
  if (!loaded.readable) return refuse("the file cannot be read, see the log", errors);
  if (errors > 0) return refuse("the file has errors, see the log", errors);
  if (loaded.config->global.net_namespace != config_->global.net_namespace)
    return refuse("`net_namespace` cannot change while hald runs", 0);
  if (nothing_to_run(*loaded.config)) return refuse("there is nothing to run in the file", 0);
  if (auto opened = open_sides(*loaded.config); !opened) return refuse(opened.error().message(), 0);
  schedule(*loaded.config);
  take_config(loaded, outcome.users);
  router_notifier_.repeat_states();
  logger_.info("Reloaded: " + outcome.changes, {{"config", options_.config_file}});
  return {true, outcome.changes};
}

ReloadOutcome Daemon::refuse(const std::string& reason, std::size_t errors) {
  config_view_.stale = true;
  config_view_.reason = "the last reload was refused: " + reason;
  config_view_.errors = errors;
  logger_.error(fmt::format("New config failed validation, the running configuration stays: {}", reason));
  return {false, reason};
}

void Daemon::stop() {
  stopping_ = true;
  logger_.info("Stopping");
  notify_stopping();
  control_.reset();
  keeper_.reset();
  life_script_.cancel();
  channels_.begin_stop();
  // compat: what is static goes even if the virtual addresses stay.
  if (vrrp_ && options_.keep_vips_on_exit) vrrp_->drop_statics();
  if (!vrrp_ || options_.keep_vips_on_exit) return stop_servers();
  // The table goes when the successor has the addresses: until then requests still come here.
  vrrp_->leave([this] { stop_servers(); });
}

void Daemon::stop_servers() {
  if (tuner_) tuner_->stop();
  if (!servers_) return stopped(0);
  stop_limit_ = scheduler_.after(kStopLimit, [this] {
    logger_.error("The kernel did not take the IPVS services back in time");
    exit_status_ = kExitFatal;
    scheduler_.stop();
  });
  servers_->stop(options_.keep_ipvs_on_exit, [this](std::size_t left) { stopped(left); });
}

void Daemon::stopped(std::size_t services_left) {
  stop_limit_.cancel();
  if (services_left > 0) {
    logger_.error(fmt::format("{} services could not be taken out of the kernel", services_left));
    exit_status_ = kExitFatal;
  }
  router_notifier_.tell_the_stop();
  channels_.finish_stop([this] { say_goodbye(); });
}

void Daemon::say_goodbye() {
  const config::Global& global = config_->global;
  life_script_.run("shutdown_script", users_->command(global.shutdown_script), global.shutdown_script_timeout,
                   [this] {
                     logger_.info(fmt::format("Stopped hald v{}", HALD_VERSION));
                     scheduler_.stop();
                   });
}

std::string Daemon::summary() const {
  return fmt::format("{} VRRP instances, {} virtual servers{}", config_->instances.size(),
                     checker::service_count(*config_), config_view_.stale ? ", configuration is stale" : "");
}

}  // namespace hald::app
