// SPDX-License-Identifier: Apache-2.0
// World: plays one scenario and checks the invariants after every event.
//  - A process that runs and is MASTER has sent an advert within its interval, to the nanosecond.
//  - Its virtual addresses are in the kernel exactly while it is MASTER.
//  - Once nothing has happened for the settling time, each connected set of routers has exactly one MASTER,
//  the
//    right one, and it stays; where packets are lost in long rows: never longer than bounded none, or two.
//  - A MASTER that is gone is replaced within the computed bound.
//  - A process that was frozen disturbs nobody: a BACKUP does not take over from a MASTER whose adverts wait
//  in
//    its queue, and a MASTER that was replaced meanwhile steps down before it says a word.
//  - Without preemption nobody takes over from a living MASTER.
//  - A reload of the same settings sends nothing and writes nothing.
//  - A restart in no time, with what was known passed on, sends nothing, writes nothing and is noticed by
//  nobody.
//  - Who leaves is gone when its successor is heard, or when every skew has passed.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "lan.h"
#include "node.h"
#include "random.h"
#include "scenario.h"

namespace hald::sim {

struct Outcome {
  std::optional<std::string> failure;
  std::uint64_t fingerprint = 0;  ///< equal for equal histories
  std::string history;            ///< only when it was asked for
  std::uint64_t events = 0;
  unsigned takeovers_checked = 0;
  unsigned failovers = 0;  ///< another router became MASTER than the one that others saw as it before
};

class World : private Node::Observer {
 public:
  World(Scenario scenario, bool keep_history);
  Outcome play();

 private:
  /// Somebody must be MASTER by `by`.
  struct Awaited {
    TimePoint by;
    std::size_t instead_of = 0;
  };

  void sent(std::size_t node, const vrrp::Outgoing& advert) override;
  void changed(std::size_t node, const vrrp::StateChange& change) override;

  [[nodiscard]] TimePoint next_event() const;
  void turn();
  void happen(Happening happening);
  void choose_node(Happening& happening);
  void perform(const Happening& happening);
  void reload_same(std::size_t node);
  void replace(std::size_t node);
  void reload_one_side(const Happening& happening);
  void count_failover(std::size_t node);
  void expect_takeover(const Happening& happening, bool was_settled);
  [[nodiscard]] std::optional<Duration> takeover_bound(std::size_t gone, bool farewell) const;

  void expect_modesty(const Happening& happening, bool was_settled);
  void check_claim(std::size_t node);

  void check();
  void check_node(std::size_t number);
  void check_leaving(std::size_t number);
  void check_awaited();
  void check_settled();
  void check_pairs();
  void check_vacancy();
  [[nodiscard]] bool eligible(std::size_t node, bool even_if_frozen = false) const;
  [[nodiscard]] bool settled() const;
  /// The nodes connected to `node`, itself included, one bit each.
  [[nodiscard]] unsigned component_of(std::size_t node) const;
  void check_component(unsigned component);
  void fail(const std::string& what);
  void note(std::size_t node, unsigned code, const std::string& text);

  Scenario scenario_;
  bool exact_;
  Duration settling_time_;
  Duration longest_rivalry_;  // of two connected MASTERs
  Random random_;
  Lan lan_;
  std::vector<std::unique_ptr<Node>> nodes_;
  std::size_t next_happening_ = 0;
  std::map<unsigned, std::size_t> chosen_;  // the node of each pair of happenings
  TimePoint now_ = beginning;
  TimePoint disturbed_ = beginning;
  std::optional<Awaited> awaited_;
  std::optional<std::size_t> sleeper_;  // a BACKUP, frozen while all was well
  std::optional<std::size_t> deposed_;  // woke as MASTER long after somebody else became it
  std::map<std::size_t, TimePoint> master_since_;
  std::map<std::size_t, std::size_t> stable_master_;                     // by the lowest node of a component
  std::map<std::pair<std::size_t, std::size_t>, TimePoint> both_since_;  // pairs of connected MASTERs
  std::map<std::size_t, TimePoint> vacant_since_;                        // by node
  std::map<std::size_t, TimePoint> leaving_since_;                       // by node
  std::map<std::size_t, std::size_t> seen_as_master_;                    // by whom it is seen
  bool keep_history_;
  Outcome outcome_;
};

}  // namespace hald::sim
