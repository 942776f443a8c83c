// SPDX-License-Identifier: Apache-2.0
// Supervisor: owns the VRRP instances, keyed by what makes an instance the same one (config::InstanceKey).
// It applies a configuration as a difference, hands every packet to the instance it concerns, and turns
// changes of links and addresses into events. It knows only the seams (Transport, Announcer, Interfaces,
// AddressHolder, Scheduler); the simulator runs this very class.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "config/model.h"
#include "net/interfaces.h"
#include "vrrp/core/view.h"
#include "vrrp/environment.h"

namespace hald::vrrp {

class Instance;

/// Packets that reached no instance.
struct StrayCounters {
  std::uint64_t unreadable = 0;    ///< too short to tell the VRID
  std::uint64_t unknown_vrid = 0;  ///< no such instance on the interface
};

class Supervisor {
 public:
  explicit Supervisor(Environment environment);
  Supervisor(const Supervisor&) = delete;
  Supervisor& operator=(const Supervisor&) = delete;
  /// Leaves the wire and the addresses as they are: stop() is what says farewell.
  ~Supervisor();

  /// Called after each change of state. Set before the first apply(); must not call back into the supervisor
  /// other than for views().
  void on_state(StateObserver observer);
  /// Makes the running instances those of `config`. An instance whose settings are unchanged is not touched
  /// at all; changed settings are taken over without losing the state; a new one starts; one that is gone
  /// sends priority 0 if it was MASTER and releases its addresses.
  void apply(std::shared_ptr<const config::Config> config);
  /// Every MASTER sends priority 0 and releases its addresses. Done when it returns; apply() may follow.
  void stop();

  /// In the order of the configuration.
  [[nodiscard]] std::vector<InstanceView> views() const;
  [[nodiscard]] const StrayCounters& strays() const { return strays_; }

 private:
  using Key = config::InstanceKey;
  struct Route {
    int ifindex = 0;
    Family family = Family::IPv4;
    std::uint8_t vrid = 0;
    friend auto operator<=>(const Route&, const Route&) = default;
  };

  void remove_all_but(const std::set<Key>& wanted);
  void update(const Key& key, const config::VrrpInstance& wanted);
  void receive(int ifindex, const Packet& packet);
  void interface_changed(const std::string& name);
  void refresh(const Key& key, Instance& instance);
  void rebuild_routes();

  Environment environment_;
  StateObserver observer_;
  std::shared_ptr<const config::Config> config_;
  std::map<Key, std::unique_ptr<Instance>> instances_;
  std::map<Route, Instance*> routes_;
  StrayCounters strays_;
  net::Subscription subscription_;
};

}  // namespace hald::vrrp
