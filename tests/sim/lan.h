// SPDX-License-Identifier: Apache-2.0
// Lan: the link between the simulated routers. It loses, delays, duplicates and thereby reorders packets,
// splits into partitions, and knows whose cable is out. Losses in a row on one way are bounded, so that "the
// MASTER will be heard within so many intervals" is a fact and not a probability.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "base/time.h"
#include "random.h"

namespace hald::sim {

using Bytes = std::vector<std::uint8_t>;

struct LanConditions {
  double loss = 0;
  unsigned longest_loss = 0;  ///< packets lost in a row from one port to another
  double duplication = 0;
  Duration longest_delay{};
};

class Lan {
 public:
  struct Arrival {
    std::size_t port = 0;
    std::shared_ptr<const Bytes> bytes;
  };

  Lan(Random& random, LanConditions conditions, std::size_t ports)
      : random_(random), conditions_(conditions), ports_(ports), lost_(ports * ports) {}

  void set_cable(std::size_t port, bool plugged) { ports_[port].plugged = plugged; }
  void set_partition(std::size_t port, unsigned partition) { ports_[port].partition = partition; }
  [[nodiscard]] bool plugged(std::size_t port) const { return ports_[port].plugged; }
  [[nodiscard]] bool connected(std::size_t a, std::size_t b) const {
    return ports_[a].plugged && ports_[b].plugged && ports_[a].partition == ports_[b].partition;
  }

  void send(std::size_t from, Bytes bytes, TimePoint now) {
    const auto shared = std::make_shared<const Bytes>(std::move(bytes));
    for (std::size_t to = 0; to < ports_.size(); ++to) {
      if (to == from || !connected(from, to) || loses(from, to)) continue;
      transmit(to, shared, now);
      if (random_.chance(conditions_.duplication)) transmit(to, shared, now);
    }
  }
  [[nodiscard]] std::optional<TimePoint> next_arrival() const {
    if (under_way_.empty()) return std::nullopt;
    return under_way_.begin()->first.first;
  }
  /// The next packet that has arrived by `now`; one whose receiver has lost its cable meanwhile is lost.
  std::optional<Arrival> arrive(TimePoint now) {
    while (!under_way_.empty() && under_way_.begin()->first.first <= now) {
      auto arrival = std::move(under_way_.extract(under_way_.begin()).mapped());
      if (ports_[arrival.port].plugged) return arrival;
    }
    return std::nullopt;
  }

 private:
  struct Port {
    bool plugged = true;
    unsigned partition = 0;
  };

  bool loses(std::size_t from, std::size_t to) {
    unsigned& in_a_row = lost_[from * ports_.size() + to];
    if (conditions_.loss > 0 && in_a_row < conditions_.longest_loss && random_.chance(conditions_.loss)) {
      ++in_a_row;
      return true;
    }
    in_a_row = 0;
    return false;
  }
  void transmit(std::size_t to, const std::shared_ptr<const Bytes>& bytes, TimePoint now) {
    const TimePoint when = now + random_.between(Duration(1), conditions_.longest_delay);
    under_way_.emplace(std::make_pair(when, ++sequence_), Arrival{to, bytes});
  }

  Random& random_;
  LanConditions conditions_;
  std::vector<Port> ports_;
  std::vector<unsigned> lost_;
  std::uint64_t sequence_ = 0;
  std::map<std::pair<TimePoint, std::uint64_t>, Arrival> under_way_;
};

}  // namespace hald::sim
