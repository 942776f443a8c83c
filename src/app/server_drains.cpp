// SPDX-License-Identifier: Apache-2.0
#include "app/server_drains.h"

#include <utility>

#include <fmt/format.h>

namespace hald::app {
namespace {

/// Of one turn of the loop, and what lies between two of them.
constexpr Duration kBudget = std::chrono::microseconds(500);
constexpr Duration kPause = std::chrono::milliseconds(5);
constexpr unsigned kQuietLooks = 2;

/// UDP connections are never "active", and of a firewall mark it is not known what it marks.
bool counts_inactive(const config::ServiceKey& key) {
  const auto* address = std::get_if<config::ServiceAddress>(&key);
  return address == nullptr || address->protocol == config::Protocol::Udp;
}

}  // namespace

void ServerDrains::look(std::vector<DrainTarget> targets) {
  if (!queue_.empty()) return;
  queue_.assign(std::make_move_iterator(targets.begin()), std::make_move_iterator(targets.end()));
  if (!queue_.empty()) next_ = scheduler_.after(Duration::zero(), [this] { some(); });
}

std::optional<std::uint64_t> ServerDrains::connections(const ipvs::AdminBook::Place& place) const {
  const auto seen = seen_.find(place);
  return seen == seen_.end() ? std::nullopt : seen->second.connections;
}

void ServerDrains::some() {
  const TimePoint began = scheduler_.now();
  do {
    count_next();
  } while (!queue_.empty() && scheduler_.now() - began < kBudget);
  if (!queue_.empty()) next_ = scheduler_.after(kPause, [this] { some(); });
}

/// One service of the kernel; a group has many.
void ServerDrains::count_next() {
  const DrainTarget& target = queue_.front();
  if (next_key_ == 0) sum_ = 0;
  if (next_key_ < target.keys.size()) {
    const auto here = count_at(target.keys[next_key_], target.endpoints[next_key_]);
    sum_ = sum_ && here ? std::optional(*sum_ + *here) : std::nullopt;
    if (++next_key_ < target.keys.size()) return;
  }
  next_key_ = 0;
  const DrainTarget counted = std::move(queue_.front());
  queue_.pop_front();
  conclude(counted);
}

void ServerDrains::conclude(const DrainTarget& target) {
  Seen& seen = seen_[target.place];
  if (!sum_) return;
  seen.connections = sum_;
  seen.quiet_looks = *sum_ == 0 && target.quiet ? seen.quiet_looks + 1 : 0;
  if (seen.quiet_looks < kQuietLooks) return;
  seen_.erase(target.place);
  ended_(target.place);
}

std::optional<std::uint64_t> ServerDrains::count_at(const config::ServiceKey& key, const Endpoint& endpoint) {
  const auto all = kernel_.read_connections(key);
  if (!all) {
    logger_.limited(log::Level::Warning, "drain.read",
                    fmt::format("Connections of {} cannot be counted: {}", config::to_string(key),
                                all.error().message()));
    return std::nullopt;
  }
  for (const ipvs::Connections& each : *all) {
    if (each.destination != endpoint) continue;
    return std::uint64_t{each.active} + (counts_inactive(key) ? each.inactive : 0U);
  }
  return 0;
}

}  // namespace hald::app
