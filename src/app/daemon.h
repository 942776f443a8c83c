// SPDX-License-Identifier: Apache-2.0
// Daemon: the composition root and the life of the process: start, reload on SIGHUP, stop on SIGTERM, end for
// a restart (daemon_handover.cpp); daemon_status.cpp shows it. It owns everything; what it owns refers
// downwards only.
#pragma once

#include <memory>
#include <optional>
#include <set>
#include <string>

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>

#include "app/admin_keeper.h"
#include "app/channels.h"
#include "app/config_loader.h"
#include "app/handover_record.h"
#include "app/life_script.h"
#include "app/options.h"
#include "app/record_keeper.h"
#include "app/reload_answers.h"
#include "app/retired_configs.h"
#include "app/router_notifier.h"
#include "app/server_notifier.h"
#include "app/server_side.h"
#include "app/vrrp_side.h"
#include "base/log.h"
#include "checker/socket_probes.h"
#include "config/load.h"
#include "control/server.h"
#include "ipvs/tuner.h"
#include "net/asio_scheduler.h"
#include "proc/curl_mail.h"
#include "proc/process_spawner.h"
#include "status/snapshot.h"

namespace hald::app {

class Daemon {
 public:
  /// `baseline` is what the programs that hald runs get back.
  Daemon(const Options& options, log::Sink& sink, proc::Baseline baseline);
  Daemon(const Daemon&) = delete;
  Daemon& operator=(const Daemon&) = delete;
  ~Daemon();

  [[nodiscard]] log::Logger& logger() { return logger_; }
  /// Opens what the configuration needs and applies it, at once or when startup_script has ended. After an
  /// error nothing runs and nothing was changed.
  [[nodiscard]] Result<void> start(const config::Loaded& loaded);
  /// Until SIGTERM or SIGINT; returns the exit status.
  int run();

  /// The view of the whole for one question.
  [[nodiscard]] std::unique_ptr<const status::Source> source() const;

 private:
  class StatusSource;

  void await_signal();
  void take_signal(int number);
  [[nodiscard]] std::unique_ptr<control::Document> answer(const std::string& request);
  void reload();
  [[nodiscard]] ReloadOutcome take_outcome(const ConfigLoader::Outcome& outcome);
  void schedule(const config::Config& config);
  void take_config(const config::Loaded& loaded, std::shared_ptr<const ScriptUsers> users);
  [[nodiscard]] Result<void> open_sides(const config::Config& config);
  [[nodiscard]] Result<void> open_servers(const config::Config& config);
  [[nodiscard]] Result<void> open_tuner(const config::Config& config);
  /// What the run before left, if it can be gone on with.
  [[nodiscard]] std::optional<HandoverRecord> take_record();
  [[nodiscard]] Result<void> resume(HandoverRecord record);
  void begin(const config::Loaded& loaded, std::shared_ptr<const ScriptUsers> users);
  void hand_over();
  [[nodiscard]] HandoverRecord running_record() const;
  [[nodiscard]] HandoverRecord whole_record() const;
  void handed_over(const Result<void>& written);
  [[nodiscard]] ReloadOutcome refuse(const std::string& reason, std::size_t errors);
  void router_changed(const vrrp::StateChange& change);
  void stop();
  void stop_servers();
  void stopped(std::size_t services_left);
  void say_goodbye();
  void report(const config::Diagnostics& diagnostics);
  [[nodiscard]] std::string summary() const;

  const Options options_;
  boost::asio::io_context io_;
  net::AsioScheduler scheduler_{io_};
  log::Logger logger_;
  boost::asio::signal_set signals_;
  checker::SocketProbes probes_{io_, scheduler_};
  proc::ProcessSpawner spawner_;
  proc::CurlMail mail_{io_};
  LifeScript life_script_{logger_, spawner_};
  Channels channels_{scheduler_, logger_, spawner_, mail_};
  RouterNotifier router_notifier_{channels_};
  ServerNotifier server_notifier_{channels_};
  std::shared_ptr<const config::Config> config_ = std::make_shared<const config::Config>();
  std::shared_ptr<const ScriptUsers> users_ = std::make_shared<const ScriptUsers>();
  status::ConfigView config_view_;
  std::set<std::string> masters_;  ///< virtual routers that this node is MASTER of
  std::unique_ptr<VrrpSide> vrrp_;
  std::unique_ptr<AdminKeeper> admin_keeper_;  ///< there with servers_
  std::unique_ptr<ServerSide> servers_;
  std::unique_ptr<ipvs::Tuner> tuner_;  ///< of IPVS besides its table; only if the file speaks of that
  std::unique_ptr<control::Server> control_;
  std::unique_ptr<RecordKeeper> keeper_;
  ConfigLoader loader_{scheduler_};
  RetiredConfigs retired_{scheduler_};
  ReloadAnswers answers_;
  bool reload_again_ = false;
  bool stopping_ = false;
  bool handing_over_ = false;
  int exit_status_ = 0;
  TimerHandle stop_limit_;
};

/// There is something for rtnetlink or for the wire: instances, or static entries.
[[nodiscard]] bool needs_vrrp_side(const config::Config& config);
/// An emptied file is a mishap, not a wish to serve nothing: neither a start nor a reload takes it.
[[nodiscard]] bool nothing_to_run(const config::Config& config);

/// IPVS as the options ask for it; loads the kernel module if it is missing. Only before the loop runs, or
/// when a reload brings the first virtual server.
[[nodiscard]] Result<std::unique_ptr<ipvs::Kernel>> open_ipvs(IpvsBackend backend);
/// The same of what IPVS has besides its table.
[[nodiscard]] Result<std::unique_ptr<ipvs::TuningKernel>> open_ipvs_tuning(IpvsBackend backend);

}  // namespace hald::app
