// SPDX-License-Identifier: Apache-2.0
// NotifyFifos: the pipes of global_defs that get a line for each change, one for everything and one for each
// half of hald, and the programs that read them. What a reload leaves as it was stays open.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string_view>

#include "app/script_users.h"
#include "base/log.h"
#include "base/scheduler.h"
#include "config/model.h"
#include "proc/fifo.h"

namespace hald::app {

class NotifyFifos {
 public:
  /// Who there is to write: a pipe without a writer is not made.
  struct Writers {
    bool vrrp = false;
    bool servers = false;
  };
  /// How long readers have to take what is left, and again to end after SIGTERM.
  static constexpr Duration kPatience = std::chrono::milliseconds(500);

  NotifyFifos(Scheduler& scheduler, log::Logger& logger, proc::Spawner& spawner)
      : scheduler_(scheduler), logger_(logger), spawner_(spawner) {}
  NotifyFifos(const NotifyFifos&) = delete;
  NotifyFifos& operator=(const NotifyFifos&) = delete;

  /// A pipe that cannot be had is left out, which is logged.
  void apply(const config::Global& global, const ScriptUsers& users, Writers writers);
  void write_vrrp(std::string_view line);
  void write_servers(std::string_view line);
  /// Removes and closes them. `done` is called when the readers are gone, on a later turn of the loop.
  void close(std::function<void()> done);

 private:
  struct Slot {
    std::optional<proc::FifoSettings> settings;
    std::unique_ptr<proc::Fifo> fifo;
  };

  [[nodiscard]] static std::optional<proc::FifoSettings> settings_of(const config::NotifyFifo& fifo,
                                                                     const ScriptUsers& users, bool wanted);
  void open(Slot& slot);
  void look_who_reads();

  Scheduler& scheduler_;
  log::Logger& logger_;
  proc::Spawner& spawner_;
  Slot all_;
  Slot vrrp_;
  Slot servers_;
  std::function<void()> closed_;
  TimerHandle limit_;
  TimerHandle later_;
};

}  // namespace hald::app
