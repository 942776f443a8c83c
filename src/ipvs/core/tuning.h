// SPDX-License-Identifier: Apache-2.0
// What IPVS has besides its table: time-outs of connections, and the threads that tell another director about
// connections (sync daemons). What the configuration wants of them, and the difference to what runs. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/ip.h"
#include "config/model.h"

namespace hald::ipvs {

/// Seconds; nothing: not known, or not wanted.
struct Timeouts {
  std::optional<std::uint32_t> tcp;
  std::optional<std::uint32_t> tcp_fin;
  std::optional<std::uint32_t> udp;
  friend bool operator==(const Timeouts&, const Timeouts&) = default;
  [[nodiscard]] bool empty() const { return !tcp && !tcp_fin && !udp; }
};

/// The numbers are the kernel's.
enum class SyncRole : std::uint8_t { Master = 1, Backup = 2 };

/// A thread that sends (Master) or receives. What is not set is the kernel's choice, or not known.
struct SyncDaemon {
  SyncRole role = SyncRole::Master;
  std::string interface;
  std::uint32_t id = 0;
  std::optional<std::uint16_t> max_length;
  std::optional<std::uint16_t> port;
  std::optional<std::uint8_t> ttl;
  std::optional<Address> group;
  friend bool operator==(const SyncDaemon&, const SyncDaemon&) = default;
};

/// Stops come before starts.
struct SyncOp {
  bool start = false;
  SyncDaemon daemon;
  friend bool operator==(const SyncOp&, const SyncOp&) = default;
};

/// What of hald runs: time-outs go with the checks, a sync daemon with the instance that it belongs to, else
/// with the checks.
struct TuningScope {
  bool checks = true;
  bool routers = true;
};
/// Whether there are time-outs, or a sync daemon, to be seen to.
[[nodiscard]] bool tunes_timeouts(const config::Config& config, TuningScope scope);
[[nodiscard]] bool tunes_daemons(const config::Config& config, TuningScope scope);

/// 0 in the configuration leaves a time-out as it is, as the kernel takes it.
[[nodiscard]] Timeouts desired_timeouts(const config::LvsTimeouts& wanted);
/// Those of `wanted` that are not so.
[[nodiscard]] Timeouts timeouts_to_set(const Timeouts& actual, const Timeouts& wanted);

/// Which threads should run. One that belongs to an instance sends while that is MASTER and receives
/// otherwise; without an instance both run.
[[nodiscard]] std::vector<SyncDaemon> desired_daemons(const config::Config& config, bool master);
/// What leads from the threads that run to those wanted.
[[nodiscard]] std::vector<SyncOp> sync_ops(const std::vector<SyncDaemon>& actual,
                                           const std::vector<SyncDaemon>& wanted);

/// For the log: "master", "backup".
[[nodiscard]] std::string_view to_string(SyncRole role);

}  // namespace hald::ipvs
