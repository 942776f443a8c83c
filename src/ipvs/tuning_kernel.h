// SPDX-License-Identifier: Apache-2.0
// TuningKernel: the seam to what IPVS has besides its table. All calls return at once, as Kernel's do; after
// an error the outcome is unknown, and reading tells.
#pragma once

#include <algorithm>
#include <vector>

#include "base/result.h"
#include "ipvs/core/tuning.h"

namespace hald::ipvs {

class TuningKernel {
 public:
  virtual ~TuningKernel() = default;
  virtual Result<Timeouts> timeouts() = 0;
  /// Those that are set; the others stay.
  virtual Result<void> set(const Timeouts& timeouts) = 0;
  /// Those that run.
  virtual Result<std::vector<SyncDaemon>> daemons() = 0;
  virtual Result<void> start(const SyncDaemon& daemon) = 0;
  virtual Result<void> stop(SyncRole role) = 0;
};

/// In this process alone, beside MemoryKernel: for `hald --ipvs memory` and for tests.
class MemoryTuning : public TuningKernel {
 public:
  Result<Timeouts> timeouts() override { return timeouts_; }
  Result<void> set(const Timeouts& timeouts) override {
    if (timeouts.tcp) timeouts_.tcp = timeouts.tcp;
    if (timeouts.tcp_fin) timeouts_.tcp_fin = timeouts.tcp_fin;
    if (timeouts.udp) timeouts_.udp = timeouts.udp;
    return {};
  }
  Result<std::vector<SyncDaemon>> daemons() override { return daemons_; }
  Result<void> start(const SyncDaemon& daemon) override {
    const bool runs = std::any_of(daemons_.begin(), daemons_.end(),
                                  [&](const SyncDaemon& each) { return each.role == daemon.role; });
    if (runs) return errno_error(EEXIST, "start an IPVS sync daemon");
    daemons_.push_back(daemon);
    return {};
  }
  Result<void> stop(SyncRole role) override {
    if (std::erase_if(daemons_, [role](const SyncDaemon& each) { return each.role == role; }) == 0)
      return errno_error(ESRCH, "stop an IPVS sync daemon");
    return {};
  }

 private:
  Timeouts timeouts_{900, 120, 300};
  std::vector<SyncDaemon> daemons_;
};

}  // namespace hald::ipvs
