// SPDX-License-Identifier: Apache-2.0
// RecordKeeper: keeps the hand-over record of this run up to date, so that the next one can go on even if
// this one is killed, and writes it for good when hald ends for a restart. A helper thread does what takes
// time.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "app/handover_record.h"
#include "base/log.h"
#include "base/result.h"
#include "base/scheduler.h"
#include "config/model.h"
#include "proc/helper_threads.h"

namespace hald::app {

class RecordKeeper {
 public:
  /// All but the text of the configuration. Called on the loop.
  using Collect = std::function<HandoverRecord()>;

  /// All references must outlive it. `running`: what is worth keeping while hald runs.
  RecordKeeper(boost::asio::io_context& io, Scheduler& scheduler, log::Logger& logger, std::string path,
               Collect running);
  RecordKeeper(const RecordKeeper&) = delete;
  RecordKeeper& operator=(const RecordKeeper&) = delete;
  /// Removes the record, unless finish() has written it.
  ~RecordKeeper();

  /// This configuration runs now.
  void configured(std::shared_ptr<const config::Config> config);
  /// What `running` gives is not what it was: it is written within a tenth of a second.
  void changed();
  /// The last record, with all that is known; `done` is told what came of it, at once or on a later turn.
  void finish(Collect whole, std::function<void(Result<void>)> done);

 private:
  void print();
  void write();
  void written(const Result<void>& result);
  void write_last();

  Scheduler& scheduler_;
  log::Logger& logger_;
  const std::string path_;
  const Collect running_;
  std::shared_ptr<const config::Config> config_;
  std::shared_ptr<const std::string> text_;  // of config_; nullptr: it is being printed
  bool busy_ = false;                        // the helper works
  bool stale_ = false;
  bool kept_ = false;
  Collect whole_;
  std::function<void(Result<void>)> finished_;
  TimerHandle timer_;
  std::unique_ptr<proc::HelperThreads> helper_;
};

}  // namespace hald::app
