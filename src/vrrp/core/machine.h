// SPDX-License-Identifier: Apache-2.0
// The VRRP state machine of one instance as a pure, total function (RFC 9568 6.4, with keepalived's start
// rules, preempt delay and late wake-up). It reads no clock and does nothing: it returns the next state, the
// actions to run in order, and the reason. deadline() names the one timer to arm; a timer that fires early,
// late or twice is harmless because the stored deadline is compared with `now`.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/ip.h"
#include "base/time.h"
#include "config/model.h"
#include "vrrp/core/packet.h"
#include "vrrp/core/reason.h"

namespace hald::vrrp {

/// The numbers are those of keepalived's JSON and SNMP.
enum class StateName : std::uint8_t { Init = 0, Backup = 1, Master = 2, Fault = 3 };
/// "INIT", "BACKUP", "MASTER", "FAULT".
[[nodiscard]] std::string_view to_string(StateName name);

/// What the machine decides by: settings, and what is true of this router now.
struct Params {
  std::uint8_t version = 2;
  std::uint8_t priority = 100;  ///< effective, 1..255
  config::InitialState initial_state = config::InitialState::Backup;
  Duration advert_interval = std::chrono::seconds(1);
  unsigned down_timer_adverts = 3;
  bool preempt = true;
  Duration preempt_delay{};
  bool lower_prio_no_advert = false;
  bool higher_prio_send_advert = false;
  /// Of the others, as far as we know: who has it took over first while we slept. 1: only what is sure
  /// counts.
  std::uint8_t highest_other = 1;
  bool group_agrees = true;  ///< false: members of our sync group do not want to be MASTER, or not yet
  Address source;            ///< ours, for the tie-break
  /// Was asked to hand over, and takes nothing back from who advertises, whatever its priority.
  bool yields = false;

  [[nodiscard]] bool owner() const { return priority == priority_owner; }
};
[[nodiscard]] Params params_of(const config::VrrpInstance& instance, const Address& source);

struct Init {
  friend bool operator==(const Init&, const Init&) = default;
};
struct Backup {
  struct Sender {
    Address address;
    std::uint8_t priority = 0;
    friend bool operator==(const Sender&, const Sender&) = default;
  };
  TimePoint down_at;           ///< the MASTER is dead if nothing is heard until then
  Duration master_interval{};  ///< v3: learned from the MASTER; v2: our own
  std::optional<Sender> master;
  std::optional<TimePoint> preempt_at;  ///< preempt_delay runs until then
  bool listened = false;                ///< woke late and has been granted its one extra wait
  /// Heard nobody better and would be MASTER if its sync group agreed.
  bool wants_master = false;
  friend bool operator==(const Backup&, const Backup&) = default;
};
struct Master {
  TimePoint advert_at;  ///< the next advert; while listening: the end of listening
  /// Woke so late that the others must have elected somebody: sends nothing until it knows. The addresses
  /// stay, so that a router alone on its link does not interrupt its service.
  bool listening = false;
  /// Has said farewell and sends nothing more. It keeps the addresses until the successor is heard, at most
  /// until advert_at, so that nobody finds them held by no one.
  bool leaving = false;
  /// The same, but it stays on the link: BACKUP of its successor, and MASTER as before if there is none.
  bool handing_over = false;
  friend bool operator==(const Master&, const Master&) = default;
};
struct Fault {
  FaultCause cause = FaultCause::InterfaceDown;
  friend bool operator==(const Fault&, const Fault&) = default;
};
using State = std::variant<Init, Backup, Master, Fault>;
[[nodiscard]] StateName name_of(const State& state);

/// What keeps an instance in FAULT; it may change while it is there.
struct Blocked {
  FaultCause cause = FaultCause::InterfaceDown;
  std::string thing{};  ///< of FaultCause::Tracked: "script chk_haproxy failed"
  friend bool operator==(const Blocked&, const Blocked&) = default;
};
/// Begins the protocol, or, when something stands in the way, waits in FAULT.
struct Startup {
  std::optional<Blocked> blocked;
  /// As what the run before went away without a word, to be gone on with: a Backup or a Master, else nothing.
  std::optional<State> carried{};
};
struct TimerFired {};
struct AdvertReceived {
  std::uint8_t priority = 0;
  Duration interval{};
  Address source;
};
struct Unblocked {};
/// The sync group moves all its members: `to` is Master or Backup (FAULT comes as Blocked).
struct Synced {
  StateName to = StateName::Backup;
};
/// The Params given to step() are new; these were the old ones.
struct Reconfigured {
  Params before;
  std::string why{};  ///< what moved the priority; empty: the configuration
};
/// Stop, but let the successor take over first.
struct Leave {};
/// Let another router be MASTER. Means something to a MASTER only.
struct HandOver {};
/// Stop at once.
struct Shutdown {};
using Event = std::variant<Startup, TimerFired, AdvertReceived, Blocked, Unblocked, Synced, Reconfigured,
                           Leave, HandOver, Shutdown>;

struct SendAdvert {
  std::uint8_t priority = 0;
  friend bool operator==(const SendAdvert&, const SendAdvert&) = default;
};
struct HoldAddresses {
  friend bool operator==(const HoldAddresses&, const HoldAddresses&) = default;
};
struct ReleaseAddresses {
  friend bool operator==(const ReleaseAddresses&, const ReleaseAddresses&) = default;
};
/// Tell the neighbours where the addresses are; how often is announce_schedule's business.
struct Announce {
  bool again = false;  ///< we were MASTER before: somebody else may have announced them meanwhile
  friend bool operator==(const Announce&, const Announce&) = default;
};
struct StopAnnouncing {
  friend bool operator==(const StopAnnouncing&, const StopAnnouncing&) = default;
};
using Action = std::variant<SendAdvert, HoldAddresses, ReleaseAddresses, Announce, StopAnnouncing>;

struct Step {
  State next;
  std::vector<Action> actions;
  Reason reason;
};

/// Total: a pair of state and event that means nothing keeps the state and says so.
[[nodiscard]] Step step(const Params& params, const State& state, const Event& event, TimePoint now);

/// When TimerFired is due; nothing while no timer runs.
[[nodiscard]] std::optional<TimePoint> deadline(const State& state);

}  // namespace hald::vrrp
