// SPDX-License-Identifier: Apache-2.0
// ConflictWatch: the shell of core/conflicts: it tells the log when a conflict begins and when it is over,
// and shows those that last. Nothing here is urgent.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/log.h"
#include "base/scheduler.h"
#include "config/model.h"
#include "vrrp/core/conflicts.h"
#include "vrrp/core/packet.h"
#include "vrrp/core/view.h"

namespace hald::vrrp {

class ConflictWatch {
 public:
  ConflictWatch(Scheduler& scheduler, log::Logger& log) : scheduler_(scheduler), log_(log) {}

  /// Of the instance that it watches for; what has begun goes on.
  void configure(const config::VrrpInstance& settings);
  void heard(RivalAdvert advert, Duration its_interval);
  /// A packet that is dropped, but may be the advert of a MASTER that speaks otherwise than we do.
  void dropped(const Dropped& packet, bool we_are_master);
  void no_longer_master() { tell_ended(conflicts_.end_two_masters()); }
  [[nodiscard]] std::vector<ConflictView> views() const;

 private:
  void hear(const RivalAdvert& advert);
  void tell_ended(const std::vector<Conflict>& ended);
  void arm();

  Scheduler& scheduler_;
  log::Logger& log_;
  std::string name_;
  std::uint8_t version_ = 2;
  Duration interval_{};
  unsigned down_timer_adverts_ = 3;
  Conflicts conflicts_;
  TimerHandle timer_;
  std::optional<TimePoint> armed_for_;
};

}  // namespace hald::vrrp
