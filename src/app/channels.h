// SPDX-License-Identifier: Apache-2.0
// Channels: what changes are told through: scripts, one queue for each object, pipes, and mails. What is told
// of whom is not known here. None of them can hold up who tells: scripts are started by helper threads, pipes
// drop what they cannot take, and mails wait in a queue of their own.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/notify_fifos.h"
#include "app/script_users.h"
#include "base/log.h"
#include "base/scheduler.h"
#include "config/model.h"
#include "proc/notify_queues.h"
#include "proc/smtp_alert.h"

namespace hald::app {

class Channels {
 public:
  /// How long the end waits for scripts and mails in all, and the limit of each script that is told of it.
  static constexpr Duration kFarewell = std::chrono::seconds(3);
  static constexpr Duration kStopScript = std::chrono::seconds(1);

  Channels(Scheduler& scheduler, log::Logger& logger, proc::Spawner& spawner, proc::MailTransport& mail);
  Channels(const Channels&) = delete;
  Channels& operator=(const Channels&) = delete;

  /// Before anybody changes because of it.
  void apply(std::shared_ptr<const config::Config> config, std::shared_ptr<const ScriptUsers> users,
             NotifyFifos::Writers writers);
  [[nodiscard]] const config::Config& config() const { return *config_; }

  /// Adds what is to be run for `script` to `commands`, if it is anything.
  void add(std::vector<proc::Command>& commands, const config::Command& script,
           std::vector<std::string> more_words = {}) const;
  /// `object` is its name in the log: "VRRP instance VI_1".
  void run(const std::string& object, proc::Notification notification);
  /// Nothing more will be told of it, but by starting anew.
  void retire(const std::string& object) { queues_.retire(object); }
  /// Scripts of it run or wait, or it has not been retired.
  [[nodiscard]] bool knows(const std::string& object) const { return queues_.find(object) != nullptr; }
  [[nodiscard]] NotifyFifos& fifos() { return fifos_; }
  void mail(proc::Mail mail) { mails_.send(std::move(mail)); }

  /// Scripts that still run are ended, and new ones get a limit.
  void begin_stop();
  [[nodiscard]] bool stopping() const { return stopping_; }
  /// Waits for scripts, mails and readers of pipes. `done` is called on a later turn of the loop.
  void finish_stop(std::function<void()> done);

 private:
  void wait_for_mails();

  Scheduler& scheduler_;
  proc::NotifyQueues queues_;
  NotifyFifos fifos_;
  proc::SmtpAlert mails_;
  std::shared_ptr<const config::Config> config_;
  std::shared_ptr<const ScriptUsers> users_;
  std::shared_ptr<const ScriptUsers> former_users_;  // for what a reload removes
  bool stopping_ = false;
  std::function<void()> stopped_;
  TimerHandle limit_;
  TimerHandle look_;
};

/// How mails are sent; nothing if nobody gets any.
[[nodiscard]] std::optional<proc::SmtpSettings> smtp_settings(const config::Mail& mail);

}  // namespace hald::app
