// SPDX-License-Identifier: Apache-2.0
// Supervisor: owns the VRRP instances, keyed by what makes an instance the same one (config::InstanceKey).
// It applies a configuration as a difference, hands every packet to the instance it concerns, and turns
// changes of links and addresses into events. It knows only the seams (Transport, Announcer, Interfaces,
// Holder, Scheduler); the simulator runs this very class.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "config/model.h"
#include "net/interfaces.h"
#include "vrrp/announce_paces.h"
#include "vrrp/core/carried.h"
#include "vrrp/core/view.h"
#include "vrrp/environment.h"
#include "vrrp/footing.h"
#include "vrrp/groups.h"
#include "vrrp/tracker.h"

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
  /// Likewise, for what else is worth telling.
  void on_event(EventObserver observer) { environment_.on_event = std::move(observer); }
  /// The same, of the sync groups.
  void on_group(GroupObserver observer) { groups_.on_state(std::move(observer)); }
  /// What the run before was: instances of the first apply() go on as that, without delay and without being
  /// told as a change.
  void resume(Carried carried);
  /// What another run could go on as.
  [[nodiscard]] Carried carry() const;
  /// Makes the running instances those of `config`. An instance whose settings are unchanged is not touched
  /// at all; changed settings are taken over without losing the state; a new one starts; one that is gone
  /// sends priority 0 if it was MASTER and releases its addresses.
  /// `prepare` makes commands ready to run; without it they run as hald itself.
  void apply(std::shared_ptr<const config::Config> config, const Prepare& prepare = {});
  /// Every MASTER sends priority 0 and releases its addresses. Done when it returns; apply() may follow.
  void stop();
  /// Make before break: every MASTER sends priority 0, but keeps its addresses until its successor is heard,
  /// at most one second. `done` is called when all is released, never from within; it may call anything but
  /// apply().
  void leave(std::function<void()> done);

  /// Asks the instances of this name, of the sync group of this name or, if it is empty, all to hand over;
  /// those in a sync group go together. The names of all that were meant; empty: there are none.
  [[nodiscard]] std::vector<std::string> hand_over(const std::string& name);
  /// One of them still waits for its successor.
  [[nodiscard]] bool handing_over(const std::vector<std::string>& names) const;
  /// They take part as their priorities say again. The names of all that were meant.
  [[nodiscard]] std::vector<std::string> take_back(const std::string& name);

  /// What a BFD session that may be tracked is like now: up, down, or (nothing) not there, which counts for
  /// nothing.
  void set_session(const std::string& name, std::optional<bool> up) { tracker_.set_session(name, up); }

  /// In the order of the configuration.
  [[nodiscard]] std::vector<InstanceView> views() const;
  [[nodiscard]] std::vector<GroupView> groups() const { return groups_.views(); }
  [[nodiscard]] const StrayCounters& strays() const { return strays_; }
  /// Of all adverts since it began, also of instances that are gone.
  [[nodiscard]] const Lateness& lateness() const { return lateness_; }

 private:
  using Key = config::InstanceKey;
  [[nodiscard]] std::vector<Instance*> meant_by(const std::string& name) const;
  using Route = std::pair<Wire, std::uint8_t>;  // and the VRID
  /// Of one look around: a thousand instances on one interface read its addresses once.
  using Footings = std::map<Ground, Footing>;

  void form_groups();
  void resume_instances();
  void begin_ready();
  void delay_beginning();
  void influence(const Key& key, const std::string& why);
  void remove_all_but(const std::set<Key>& wanted);
  /// What is needed of a wire.
  struct Listening {
    std::string interface;
    std::set<Address> groups;
  };
  void rewire();
  void listen_for(const config::VrrpInstance& settings, Instance& instance,
                  std::map<Wire, Listening>& needed);
  void join(const Wire& wire, const Listening& needed);
  [[nodiscard]] bool wiring_is_current(const std::set<std::string>& names) const;
  const Footing& footing_of(const config::VrrpInstance& settings, Footings& known) const;
  void receive(const Wire& wire, const Packet& packet);
  [[nodiscard]] Instance* recipient(const Wire& wire, const Envelope& envelope) const;
  void interface_changed(const std::string& name);
  void look_at_changed();
  void look_who_left();

  Environment environment_;
  StateObserver outer_;     // whom on_state() named
  StateObserver observer_;  // what the instances call
  AnnouncePaces paces_;     // of all instances
  std::shared_ptr<const config::Config> config_;
  std::map<Key, std::unique_ptr<Instance>> instances_;
  Groups groups_{environment_};
  Tracker tracker_{environment_, [this](const Key& key, const std::string& why) { influence(key, why); }};
  std::vector<CarriedInstance> carried_;  // until the first apply()
  std::optional<TimePoint> begin_at_;     // vrrp_startup_delay; nothing: no configuration was applied yet
  TimerHandle begin_;
  std::set<Address> virtual_addresses_;  // of all instances
  std::set<Wire> joined_;
  std::set<Wire> failed_;                           // could not be joined; tried again
  std::map<Route, std::vector<Instance*>> routes_;  // in the order of the keys
  std::map<std::string, int> wired_;  // the devices' indices when the routes were made; 0: absent
  StrayCounters strays_;
  Lateness lateness_;
  std::set<std::string> changed_;  // interfaces to look at in the next turn
  TimerHandle look_;
  TimerHandle retry_;
  std::function<void()> left_;  // set while leaving
  TimerHandle leaving_;         // the end of it, in a turn of its own
  net::Subscription subscription_;
};

}  // namespace hald::vrrp
