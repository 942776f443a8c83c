// SPDX-License-Identifier: Apache-2.0
// Announcements: sends an instance's gratuitous ARPs at the times that core/announce_schedule says. A few
// frames a turn, at normal urgency: a thousand addresses times five repeats must not hold up one advert.
#pragma once

#include <compare>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "base/log.h"
#include "base/scheduler.h"
#include "config/model.h"
#include "net/interfaces.h"
#include "vrrp/announce_paces.h"
#include "vrrp/announcer.h"
#include "vrrp/core/announce_schedule.h"

namespace hald::vrrp {

class Announcements {
 public:
  /// All of them outlive it; the paces are shared with the other instances.
  Announcements(Scheduler& scheduler, Announcer& announcer, const net::Interfaces& interfaces,
                AnnouncePaces& paces, log::Logger& log)
      : scheduler_(scheduler), announcer_(announcer), interfaces_(interfaces), paces_(paces), log_(log) {}

  /// New settings and addresses. While announcing, addresses that were not there before are announced: call
  /// it when they are held.
  void configure(const config::VrrpInstance& instance);
  /// This router became MASTER: all addresses, now and as scheduled.
  void begin();
  /// Others may have announced our addresses meanwhile.
  void again();
  void stop();

 private:
  struct Target {
    std::string device;
    Address address;
    friend auto operator<=>(const Target&, const Target&) = default;
  };
  struct Batch {
    std::vector<Target> targets;
    std::size_t next = 0;  // counts frames over all repeats
    std::size_t end = 0;
  };

  void apply(const AnnounceStep& step);
  void configure_extra(const config::VrrpInstance& instance);
  void arm_extra(Duration wait);
  void enqueue(std::vector<Target> targets, unsigned repeat);
  void send_some();
  void send_one(const Target& target, const net::Link& link);
  void go_on_after(Duration wait);
  void arm();

  Scheduler& scheduler_;
  Announcer& announcer_;
  const net::Interfaces& interfaces_;
  AnnouncePaces& paces_;
  log::Logger& log_;
  config::Announcing settings_;
  std::vector<Target> targets_;
  Duration extra_interval_{};  // 0: none
  std::vector<Target> extra_;  // one on each interface that hears no adverts
  AnnounceState state_;
  bool active_ = false;
  Batch batch_;
  TimerHandle timer_;        // the schedule's
  TimerHandle extra_timer_;  // garp_extra_if
  TimerHandle next_turn_;    // goes on with a batch
};

}  // namespace hald::vrrp
