// SPDX-License-Identifier: Apache-2.0
// Lan: the link between the simulated routers. It loses, delays and duplicates packets, lets some of them
// come after those that were sent later, splits into partitions, and knows whose cable is out. Packets in a
// row that are lost or late on one way are bounded, so that "the MASTER will be heard within so many
// intervals" is a fact and not a probability.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "base/ip.h"
#include "base/time.h"
#include "random.h"

namespace hald::sim {

using Bytes = std::vector<std::uint8_t>;

struct Datagram {
  Bytes bytes;
  // What IPv6 has no header for here.
  Address source;
  Address destination;
};

struct LanConditions {
  double loss = 0;
  unsigned longest_loss = 0;  ///< packets lost, or far too late, in a row from one port to another
  double duplication = 0;
  Duration longest_delay{};
  double straggling = 0;  ///< how many come so late that others overtake them
  Duration longest_straggle{};

  /// How long a packet may be under way.
  [[nodiscard]] Duration slowest() const { return straggling > 0 ? longest_straggle : longest_delay; }
  [[nodiscard]] bool unreliable() const { return loss > 0 || straggling > 0; }
};

class Lan {
 public:
  struct Arrival {
    std::size_t port = 0;
    std::shared_ptr<const Datagram> datagram;
  };

  Lan(Random& random, LanConditions conditions, std::size_t ports)
      : random_(random), conditions_(conditions), ports_(ports), lost_(ports * ports) {}

  void set_cable(std::size_t port, bool plugged) { ports_[port].plugged = plugged; }
  void set_partition(std::size_t port, unsigned partition) { ports_[port].partition = partition; }
  [[nodiscard]] bool plugged(std::size_t port) const { return ports_[port].plugged; }
  [[nodiscard]] bool connected(std::size_t a, std::size_t b) const {
    return ports_[a].plugged && ports_[b].plugged && ports_[a].partition == ports_[b].partition;
  }

  /// To all the others, or only to one.
  void send(std::size_t from, Datagram datagram, TimePoint now, std::optional<std::size_t> only = {}) {
    const auto shared = std::make_shared<const Datagram>(std::move(datagram));
    for (std::size_t to = 0; to < ports_.size(); ++to) {
      if (to == from || (only && to != *only) || !connected(from, to) || loses(from, to)) continue;
      if (straggles(from, to)) {
        transmit(to, shared, now + conditions_.longest_delay,
                 conditions_.longest_straggle - conditions_.longest_delay);
        continue;
      }
      lost_[from * ports_.size() + to] = 0;
      transmit(to, shared, now, conditions_.longest_delay);
      if (random_.chance(conditions_.duplication)) transmit(to, shared, now, conditions_.longest_delay);
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
    const bool lost =
        conditions_.loss > 0 && in_a_row < conditions_.longest_loss && random_.chance(conditions_.loss);
    in_a_row += lost ? 1U : 0U;
    return lost;
  }
  bool straggles(std::size_t from, std::size_t to) {
    unsigned& in_a_row = lost_[from * ports_.size() + to];
    const bool late = conditions_.straggling > 0 && in_a_row < conditions_.longest_loss &&
                      random_.chance(conditions_.straggling);
    in_a_row += late ? 1U : 0U;
    return late;
  }
  void transmit(std::size_t to, const std::shared_ptr<const Datagram>& datagram, TimePoint now,
                Duration longest) {
    const TimePoint when = now + random_.between(Duration(1), longest);
    under_way_.emplace(std::make_pair(when, ++sequence_), Arrival{to, datagram});
  }

  Random& random_;
  LanConditions conditions_;
  std::vector<Port> ports_;
  std::vector<unsigned> lost_;
  std::uint64_t sequence_ = 0;
  std::map<std::pair<TimePoint, std::uint64_t>, Arrival> under_way_;
};

}  // namespace hald::sim
