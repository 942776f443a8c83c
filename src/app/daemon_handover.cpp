// SPDX-License-Identifier: Apache-2.0
// How a Daemon ends for a restart and how the next one goes on: nothing is released, nothing is told, and
// what was known is passed on in a record.
#include <utility>

#include <fmt/format.h>

#include "app/daemon.h"
#include "app/handover_file.h"
#include "app/notify_manager.h"

namespace hald::app {

std::optional<HandoverRecord> Daemon::take_record() {
  auto record = take_handover(options_.handover_file, this_place(options_.config_file), scheduler_.now());
  if (!record) {
    logger_.warning(fmt::format("The hand-over record {} is not used: {}; hald starts anew",
                                options_.handover_file, record.error().message()));
    return std::nullopt;
  }
  return std::move(*record);
}

/// What the run before held is in the kernel still, whether the file of now has it or not: hence its own
/// configuration.
Result<void> Daemon::resume(HandoverRecord record) {
  if (record.ended) {
    const auto silent =
        std::chrono::duration_cast<std::chrono::milliseconds>(scheduler_.now() - record.written);
    logger_.info(fmt::format("Going on where hald v{} stopped {} ms ago", record.hald, silent.count()));
  } else {
    logger_.warning(fmt::format("Going on where hald v{} was killed", record.hald));
  }
  const auto former = config::load_text(record.config, "the configuration before").config;
  if (auto opened = open_sides(*former); !opened) return opened.error();
  if (vrrp_) vrrp_->resume(former, std::move(record.routers), record.sysctls);
  if (servers_) servers_->resume(*former, std::move(record.servers));
  return {};
}

void Daemon::hand_over() {
  if (stopping_ || handing_over_) return;
  handing_over_ = true;
  logger_.info("Ending for a restart: nothing is released");
  notify_stopping();
  control_.reset();
  life_script_.cancel();
  // What was begun is finished as at any end, while adverts go on.
  channels_.finish_stop([this] {
    keeper_->finish([this] { return whole_record(); }, [this](const auto& written) { handed_over(written); });
  });
}

void Daemon::handed_over(const Result<void>& written) {
  if (!written) {
    logger_.error(
        fmt::format("The hand-over record cannot be written: {}; stopping", written.error().message()));
    handing_over_ = false;
    return stop();
  }
  logger_.info(fmt::format("Stopped hald v{} for a restart", HALD_VERSION));
  scheduler_.stop();
}

/// What a kill must not make forget; cheap enough for every change.
HandoverRecord Daemon::running_record() const {
  HandoverRecord record;
  record.hald = HALD_VERSION;
  record.place = this_place(options_.config_file);
  if (vrrp_) record.routers = vrrp_->carry();
  if (vrrp_) record.sysctls = vrrp_->changed_sysctls();
  record.written = scheduler_.now();
  return record;
}

HandoverRecord Daemon::whole_record() const {
  HandoverRecord record = running_record();
  record.ended = true;
  if (servers_) record.servers = servers_->carry();
  return record;
}

}  // namespace hald::app
