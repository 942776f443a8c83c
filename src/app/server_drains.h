// SPDX-License-Identifier: Apache-2.0
// ServerDrains: counts the connections of real servers that are drained, once a second, and says when none is
// left. A drain has ended when two looks in a row found nothing: a connection that was half open at the first
// one may be established at the second. It asks the kernel for a few services a turn.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "base/log.h"
#include "base/scheduler.h"
#include "ipvs/core/admin.h"
#include "ipvs/kernel.h"

namespace hald::app {

/// Where the kernel counts the connections of one server.
struct DrainTarget {
  ipvs::AdminBook::Place place;
  std::vector<config::ServiceKey> keys;
  std::vector<Endpoint> endpoints;  ///< of the server, one per key: DR and TUN have the service's port
  bool quiet = true;                ///< the kernel gives it nothing new any more
};

class ServerDrains {
 public:
  /// All references must outlive it.
  ServerDrains(Scheduler& scheduler, log::Logger& logger, ipvs::Kernel& kernel,
               std::function<void(const ipvs::AdminBook::Place&)> ended)
      : scheduler_(scheduler), logger_(logger), kernel_(kernel), ended_(std::move(ended)) {}

  /// These are drained now; the next looks are at them. Nothing while a look is under way.
  void look(std::vector<DrainTarget> targets);
  [[nodiscard]] bool looking() const { return !queue_.empty(); }
  void forget(const ipvs::AdminBook::Place& place) { seen_.erase(place); }
  /// As counted last; nothing: not yet.
  [[nodiscard]] std::optional<std::uint64_t> connections(const ipvs::AdminBook::Place& place) const;

 private:
  struct Seen {
    std::optional<std::uint64_t> connections;
    unsigned quiet_looks = 0;
  };
  void some();
  void count_next();
  void conclude(const DrainTarget& target);
  [[nodiscard]] std::optional<std::uint64_t> count_at(const config::ServiceKey& key,
                                                      const Endpoint& endpoint);

  Scheduler& scheduler_;
  log::Logger& logger_;
  ipvs::Kernel& kernel_;
  std::function<void(const ipvs::AdminBook::Place&)> ended_;
  std::deque<DrainTarget> queue_;
  std::size_t next_key_ = 0;               ///< of the first in the queue
  std::optional<std::uint64_t> sum_ = {};  ///< of its keys before that; nothing: one could not be counted
  std::map<ipvs::AdminBook::Place, Seen> seen_;
  TimerHandle next_;
};

}  // namespace hald::app
