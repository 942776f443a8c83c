// SPDX-License-Identifier: Apache-2.0
// Drift: the kernel holds something else than hald had left there, through no doing of hald's. DriftReports
// tells the owners, on a later turn of the loop and therefore never in the middle of what they do; DriftPace
// notices that two programs are fighting over something.
#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "base/scheduler.h"

namespace hald::net {

struct Drift {
  enum class What : unsigned char {
    Removed,  ///< it was there and is gone, or no longer as it was declared
    Added     ///< it was to be absent and is back
  };
  What what = What::Removed;
  std::string owner;   ///< as in hold() and release()
  std::string object;  ///< for people: "10.0.0.3/24 on eth0"
  friend bool operator==(const Drift&, const Drift&) = default;
};

class DriftReports {
 public:
  using Receiver = std::function<void(const Drift&)>;

  explicit DriftReports(Scheduler& scheduler) : scheduler_(scheduler) {}

  void receive(Receiver receiver) { receiver_ = std::move(receiver); }
  void report(Drift drift) {
    if (!receiver_) return;
    if (waiting_.empty()) telling_ = scheduler_.at(scheduler_.now(), [this] { tell(); });
    waiting_.push_back(std::move(drift));
  }

 private:
  void tell() {
    const auto receiver = receiver_;
    for (const auto& drift : std::exchange(waiting_, {})) receiver(drift);
  }

  Scheduler& scheduler_;
  Receiver receiver_;
  std::vector<Drift> waiting_;
  TimerHandle telling_;
};

/// More repairs of one thing within a second are a fight with another program, and fought at that pace.
class DriftPace {
 public:
  void note(TimePoint now) {
    if (recent_++ == 0) since_ = now;
  }
  [[nodiscard]] bool is_contested(TimePoint now) {
    if (now >= until()) recent_ = 0;
    return recent_ >= kLimit;
  }
  /// When the current period of counting ends.
  [[nodiscard]] TimePoint until() const { return since_ + kPeriod; }

 private:
  static constexpr Duration kPeriod = std::chrono::seconds(1);
  static constexpr unsigned kLimit = 10;

  TimePoint since_;
  unsigned recent_ = 0;
};

}  // namespace hald::net
