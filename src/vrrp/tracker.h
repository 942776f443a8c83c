// SPDX-License-Identifier: Apache-2.0
// Tracker: what instances and sync groups track. It watches each thing once, however many follow it, and
// says whom a change concerns. What follows for an instance is core/tracked.h's to say, and the supervisor's
// to carry there.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "config/model.h"
#include "vrrp/core/tracked.h"
#include "vrrp/core/view.h"
#include "vrrp/environment.h"
#include "vrrp/track_files.h"
#include "vrrp/track_processes.h"
#include "vrrp/track_scripts.h"

namespace hald::vrrp {

class Tracker {
 public:
  using Key = config::InstanceKey;
  /// One who follows what has changed, and what became of it: "script chk_haproxy failed". From a turn of
  /// the loop of its own, or from within look_at().
  using Changed = std::function<void(const Key&, const std::string& why)>;

  Tracker(const Environment& environment, Changed changed);
  Tracker(const Tracker&) = delete;
  Tracker& operator=(const Tracker&) = delete;

  /// Before the first apply(): what scripts of the run before had come to.
  void resume(std::vector<CarriedScript> scripts) { scripts_.resume(std::move(scripts)); }
  [[nodiscard]] std::vector<CarriedScript> carry() const { return scripts_.carry(); }
  /// Watches what `config` tracks. What is the same keeps its state; nobody is told of anything.
  void apply(const config::Config& config, const Prepare& prepare);
  /// These interfaces changed.
  void look_at(const std::set<std::string>& interfaces);
  /// What a BFD session is like now: up, down, or (nothing) not there. A session that is not there says
  /// nothing about anybody: who tracks it takes part as if it did not.
  void set_session(const std::string& name, std::optional<bool> up);
  void stop();

  [[nodiscard]] Influence influence(const Key& instance, std::uint8_t base) const;
  /// Why the instance cannot begin: something that may put it into FAULT is not known yet. Empty: it can.
  [[nodiscard]] std::string waits_for(const Key& instance) const;
  [[nodiscard]] std::vector<TrackView> views(const Key& instance) const;

 private:
  [[nodiscard]] const std::vector<TrackItem>& items(const Key& instance) const;
  [[nodiscard]] TrackedState state_of(const TrackKey& key) const;
  [[nodiscard]] TrackedState look_at(const std::string& interface) const;
  [[nodiscard]] TrackedState session(const std::string& name) const;
  void collect(const config::Config& config);
  template <typename Thing>
  [[nodiscard]] std::vector<const Thing*> followed(TrackKind kind, const std::vector<Thing>& all) const;
  void tell(const TrackKey& key) const;
  [[nodiscard]] std::function<void(const std::string& name)> teller(TrackKind kind);

  const Environment environment_;
  Changed changed_;
  std::map<Key, std::vector<TrackItem>> items_;
  std::map<TrackKey, std::vector<Key>> followers_;
  std::map<std::string, TrackedState> interfaces_;
  std::map<std::string, bool> sessions_;  // whether they are up
  TrackScripts scripts_;
  TrackFiles files_;
  TrackProcesses processes_;
};

}  // namespace hald::vrrp
