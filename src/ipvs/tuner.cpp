// SPDX-License-Identifier: Apache-2.0
#include "ipvs/tuner.h"

#include <fmt/format.h>

namespace hald::ipvs {
namespace {

using Value = std::optional<std::uint32_t>;

/// Remembers what was found before the first change, and wants it again when nothing else is wanted.
Value settle(Value& before, const Value& found, const Value& wanted) {
  if (wanted && !before) before = found;
  return wanted ? wanted : before;
}

}  // namespace

void Tuner::apply(std::shared_ptr<const config::Config> config) {
  config_ = std::move(config);
  owns_daemons_ = owns_daemons_ || tunes_daemons(*config_, scope_);
  soon(Duration::zero());
}

void Tuner::master(const std::string& instance, bool is_master) {
  const bool changed = is_master ? masters_.insert(instance).second : masters_.erase(instance) > 0;
  const bool concerned =
      config_ && config_->global.lvs_sync_daemon && config_->global.lvs_sync_daemon->instance == instance;
  if (changed && concerned) soon(Duration::zero());
}

void Tuner::stop() {
  look_.cancel();
  if (!config_) return;
  config_ = std::make_shared<const config::Config>();
  look();
  look_.cancel();
  config_.reset();
}

void Tuner::soon(Duration wait) {
  look_ = scheduler_.after(wait, [this] { look(); });
}

void Tuner::look() {
  const Timeouts wanted =
      tunes_timeouts(*config_, scope_) ? desired_timeouts(config_->global.lvs_timeouts) : Timeouts{};
  const bool anything = !wanted.empty() || !before_.empty() || owns_daemons_;
  if (!anything) return;
  const bool timed = settle_timeouts(wanted);
  const bool running = settle_daemons();
  soon(timed && running ? kInterval : kRetry);
}

bool Tuner::settle_timeouts(const Timeouts& wanted) {
  if (wanted.empty() && before_.empty()) return true;
  const auto found = kernel_->timeouts();
  if (!found) return failed(found.error());
  const Timeouts now{settle(before_.tcp, found->tcp, wanted.tcp),
                     settle(before_.tcp_fin, found->tcp_fin, wanted.tcp_fin),
                     settle(before_.udp, found->udp, wanted.udp)};
  const Timeouts change = timeouts_to_set(*found, now);
  if (!change.empty()) {
    if (const auto set = kernel_->set(change); !set) return failed(set.error());
    logger_.info("IPVS time-outs of connections set");
  }
  // What is back to what it was is no longer hald's.
  if (!wanted.tcp) before_.tcp.reset();
  if (!wanted.tcp_fin) before_.tcp_fin.reset();
  if (!wanted.udp) before_.udp.reset();
  return true;
}

bool Tuner::settle_daemons() {
  if (!owns_daemons_) return true;
  const auto wanted = wanted_daemons();
  const auto found = kernel_->daemons();
  if (!found) return failed(found.error());
  bool done = true;
  for (const SyncOp& op : sync_ops(*found, wanted)) done = run(op) && done;
  owns_daemons_ = !wanted.empty() || !done;
  return done;
}

std::vector<SyncDaemon> Tuner::wanted_daemons() const {
  return tunes_daemons(*config_, scope_) ? desired_daemons(*config_, is_master()) : std::vector<SyncDaemon>{};
}

bool Tuner::run(const SyncOp& op) {
  const auto result = op.start ? kernel_->start(op.daemon) : kernel_->stop(op.daemon.role);
  // A stop shortly after a start is not acknowledged; what became of it the next look tells.
  if (!result) return failed(result.error());
  logger_.info(fmt::format("IPVS sync daemon ({}) {} on {}", to_string(op.daemon.role),
                           op.start ? "started" : "stopped", op.daemon.interface),
               {{"sync_id", std::to_string(op.daemon.id)}});
  return true;
}

bool Tuner::is_master() const {
  const auto& daemon = config_->global.lvs_sync_daemon;
  return daemon && masters_.contains(daemon->instance);
}

bool Tuner::failed(const Error& error) {
  logger_.limited(log::Level::Error, "ipvs-tuning", "IPVS: " + error.message());
  return false;
}

}  // namespace hald::ipvs
