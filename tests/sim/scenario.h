// SPDX-License-Identifier: Apache-2.0
// Scenario: all that a seed stands for: the routers' settings, the quality of the link, and what happens
// when.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/time.h"
#include "config/model.h"
#include "lan.h"

namespace hald::sim {

struct Happening {
  enum class What : std::uint8_t {
    Crash,    ///< kill -9
    Restart,  ///< a new process, whatever became of the old one
    Stop,     ///< ends at once, with a farewell
    Freeze,   ///< the process stands still for `how_long`, its packets queue
    Thaw,
    Unplug,
    Plug,
    Partition,  ///< nodes whose bit is set in `mask` against the rest
    Heal,
    LoseAddress,  ///< the interface's own address goes
    RegainAddress,
    ReloadSame,
    ReloadPriority,  ///< `priority`
    StepClock,       ///< the wall clock jumps by `how_long`
    Leave,           ///< SIGTERM, the successor first
    TrackedDown,     ///< what the node tracks, if it tracks
    TrackedUp,
    ReloadPreempt,    ///< on this router alone: preempts now if it did not, and the reverse
    ReloadAddresses,  ///< on this router alone: one address more, or less
    Replace,          ///< another process goes on at once where the one before ended for a restart
    Interrupt,        ///< ends for a restart
    Resume,           ///< and goes on some time later
  };

  TimePoint when;
  What what = What::Crash;
  std::size_t node = 0;
  bool to_the_master = false;  ///< to whoever is MASTER then instead of `node`, if anybody is
  unsigned pair = 0;           ///< a happening and its remedy have the same number, and the same node
  Duration how_long{};
  unsigned mask = 0;
  std::uint8_t priority = 0;
};
[[nodiscard]] std::string to_string(const Happening& happening);

struct Scenario {
  std::uint64_t seed = 0;
  LanConditions conditions;
  std::vector<config::VrrpInstance> nodes;
  std::vector<Happening> happenings;  ///< in order of time
  TimePoint end;

  /// Enough of what is sent arrives that no BACKUP ever has reason to give up a living MASTER. (One that has
  /// missed a slower MASTER's first advert still measures by the interval of the one before.)
  [[nodiscard]] bool exact() const;
  /// After this long without a happening the election must be over.
  [[nodiscard]] Duration settling_time() const;
  [[nodiscard]] Duration longest_interval() const;
  [[nodiscard]] Duration longest_skew() const;
};

/// The moment at which every history begins.
constexpr TimePoint beginning{std::chrono::hours(2)};

[[nodiscard]] Scenario make_scenario(std::uint64_t seed);
/// IPv4, multicast, without tracking, stragglers and reloads on one side: what the seeds meant at first.
[[nodiscard]] Scenario make_plain_scenario(std::uint64_t seed);
[[nodiscard]] std::string describe(const Scenario& scenario);

}  // namespace hald::sim
