// SPDX-License-Identifier: Apache-2.0
// Instance: the shell of one VRRP machine. It feeds events, arms the one urgent timer, runs the actions in
// their order, counts, and logs from (old state, new state, reason). All decisions are core/machine's; all
// parsing is core/packet's. A packet that is dropped reaches neither state nor timer.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "config/model.h"
#include "vrrp/announcements.h"
#include "vrrp/conflict_watch.h"
#include "vrrp/core/advert_reader.h"
#include "vrrp/core/advert_writer.h"
#include "vrrp/core/carried.h"
#include "vrrp/core/machine.h"
#include "vrrp/core/packet.h"
#include "vrrp/core/tracked.h"
#include "vrrp/core/view.h"
#include "vrrp/environment.h"
#include "vrrp/fellows.h"
#include "vrrp/footing.h"

namespace hald::vrrp {

/// What makes it the same instance, also in another run of hald and under another name.
[[nodiscard]] std::string id_of(const config::VrrpInstance& settings);

class Instance {
 public:
  /// All but the settings outlive the instance; the observer may be empty.
  Instance(const Environment& environment, config::VrrpInstance settings, AnnouncePaces& paces,
           const StateObserver& observer);
  Instance(const Instance&) = delete;
  Instance& operator=(const Instance&) = delete;

  /// Begins the protocol, in FAULT if something is in the way.
  void start();
  /// Before start(): this is what the run before was.
  void resume(const CarriedInstance& carried);
  /// start() goes on as that.
  [[nodiscard]] bool resumes() const { return carried_.has_value(); }
  /// What another run could go on as; nothing if it is neither BACKUP nor MASTER.
  [[nodiscard]] std::optional<CarriedInstance> carry() const;
  /// What makes it the same instance in another run.
  [[nodiscard]] const std::string& id() const { return owner_; }
  /// Does not begin yet; what an earlier run left behind goes all the same.
  void wait(const std::string& why);
  [[nodiscard]] bool begun() const { return begun_; }
  /// The interface or its addresses are these now; harmless if nothing changed. Also before start().
  void set_footing(const Footing& footing);
  void receive(const Packet& packet);
  /// Takes over changed settings of the same instance (same key) without losing the state.
  void reconfigure(config::VrrpInstance settings, Influence influence);
  /// What it tracks has changed; `why` names what. Harmless if nothing follows from it.
  void set_influence(Influence influence, const std::string& why);
  /// A MASTER sends priority 0; then the addresses are released and forgotten.
  void stop();
  /// The same, but a MASTER keeps its addresses until its successor is heard, at most the longest skew time.
  /// stopped() tells when that is over; stop() follows.
  void leave();
  [[nodiscard]] bool stopped() const { return std::holds_alternative<Init>(state_); }

  /// A MASTER lets another router take over and becomes its BACKUP; without a successor it stays MASTER.
  /// Until it is MASTER again it leaves that role to whoever advertises. False: it is no MASTER.
  bool hand_over();
  [[nodiscard]] bool handing_over() const;
  /// MASTER that has said farewell, and waits for its successor.
  [[nodiscard]] bool gives_way() const;
  /// It takes part as its priority says again; true if it did not.
  bool take_back();
  [[nodiscard]] bool yields() const { return yields_; }

  /// The sync group it is in; nullptr: none.
  void join(Fellows* fellows);
  /// The group moves it.
  void sync(const Synced& event) { feed(event); }
  /// The group keeps it in FAULT.
  void set_group_blocked(bool blocked);
  /// Looks again at what keeps it in FAULT; harmless if nothing changed.
  void reconsider();
  /// The neighbours may have been told something else.
  void announce_again();

  [[nodiscard]] StateName state() const { return name_of(state_); }
  [[nodiscard]] bool wants_master() const;
  /// Something of its own, not of its group, keeps it in FAULT.
  [[nodiscard]] bool blocked_itself() const {
    return in_the_way_ && in_the_way_->cause != FaultCause::SyncGroup;
  }
  /// Why it is in its state.
  [[nodiscard]] std::string reason() const { return to_string(reason_); }
  [[nodiscard]] const config::VrrpInstance& settings() const { return settings_; }
  [[nodiscard]] const Footing& footing() const { return footing_; }
  /// Where adverts that are meant for it are sent to: its group, or its own address.
  [[nodiscard]] Address destination() const;
  [[nodiscard]] InstanceView view() const;

 private:
  void feed(const Event& event);
  void arm();
  void run(const Action& action);
  void send_advert(std::uint8_t priority);
  void send(const AdvertWriter::Copy& copy);
  void count(const Received& received);
  void count(Drop drop);
  void watch_conflicts(Received received, bool compared);
  [[nodiscard]] bool speaks_as_master() const;
  void note_lateness(const Reason& reason, std::optional<TimePoint> due, TimePoint now);
  void note_change(StateName from, const Reason& reason);
  void report(InstanceEvent::Kind kind) const;
  void derive();
  [[nodiscard]] std::optional<Blocked> obstacle() const;

  Environment environment_;
  const StateObserver& observer_;
  config::VrrpInstance settings_;
  std::string owner_;     // our name with the holder: stable across a change of the instance's name
  net::Holdings wanted_;  // derived from the settings
  AdvertWriter writer_;
  AdvertReader reader_;
  std::optional<Address> last_sender_;  // of a good advert

  Fellows* fellows_ = nullptr;
  Influence influence_;
  bool begun_ = false;
  std::optional<State> carried_;  // until it begins
  Footing footing_;
  bool interface_replaced_ = false;  // only while set_footing() says so
  bool group_blocked_ = false;
  bool yields_ = false;
  std::optional<Blocked> in_the_way_;  // what keeps it in FAULT, or would
  Params params_;
  State state_;
  Announcements announcements_;
  ConflictWatch conflicts_;
  TimerHandle timer_;
  std::optional<TimePoint> armed_for_;

  WallTime since_;
  Reason reason_;  // why it is in its state
  AdvertStatistics adverts_;
  PacketCounters packets_;
  std::uint64_t transitions_to_master_ = 0;
};

}  // namespace hald::vrrp
