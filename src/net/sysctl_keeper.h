// SPDX-License-Identifier: Apache-2.0
// SysctlKeeper: desired (claims.h) against actual for kernel parameters. Each is verified by reading it back,
// looked at again in turn, because the kernel tells of no change, and put back when its last owner is gone,
// unless somebody else changed it in between. What is to be put back is data, so that a successor can do it.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/log.h"
#include "base/scheduler.h"
#include "net/backoff.h"
#include "net/claims.h"
#include "net/drift.h"
#include "net/interfaces.h"
#include "net/sysctls.h"

namespace hald::net {

class SysctlKeeper {
 public:
  /// All references must outlive the keeper.
  SysctlKeeper(Sysctls& sysctls, Interfaces& interfaces, Scheduler& scheduler, log::Logger& logger);
  SysctlKeeper(const SysctlKeeper&) = delete;
  SysctlKeeper& operator=(const SysctlKeeper&) = delete;

  /// These are `owner`'s parameters. They are set, in this order, before the call returns, as far as their
  /// interfaces exist; what fails is logged and tried again. Of several owners the first by name decides.
  void hold(const std::string& owner, std::vector<SysctlWish> wishes);
  /// What `owner` held and nobody else holds is put back, in the reverse order.
  void forget(const std::string& owner);

  /// What was changed and by whom else it could be put back, for a successor.
  [[nodiscard]] std::vector<RememberedSysctl> remembered() const;
  /// What a predecessor changed. Call before the first hold(), so that its values are not taken for the
  /// operator's; then, when everything was declared, put_back_unclaimed().
  void adopt(const std::vector<RememberedSysctl>& remembered);
  void put_back_unclaimed();

  /// Counted since the start: parameters found other than hald had left them.
  [[nodiscard]] std::uint64_t drift() const { return drift_; }
  void on_drift(DriftReports::Receiver receiver) { reports_.receive(std::move(receiver)); }
  /// Every parameter whose interface exists is as it was declared, read back.
  [[nodiscard]] bool settled() const;
  /// What is not as it was declared, and why: "set net/ipv4/conf/vrrp.51/arp_ignore to 1: it reads 0".
  [[nodiscard]] std::vector<std::string> problems() const;

 private:
  struct Kept {
    std::string before;
    std::string ours;
    std::string link;
  };
  using SysctlClaim = Claim<SysctlWish>;

  void declare(const std::string& owner, std::vector<SysctlWish> wishes);
  void reconcile(const std::string& path);
  [[nodiscard]] Result<void> set(SysctlClaim& claim, const SysctlWish& wish);
  [[nodiscard]] Result<void> write_verified(const std::string& path, const std::string& value);
  void put_back(const std::string& path);
  void note_drift(const SysctlWish& wish, const SysctlClaim& claim, const std::string& found);
  void interface_changed(const std::string& name);
  void look_on();
  void look_on_later();
  void retry_later();

  Sysctls& sysctls_;
  Interfaces& interfaces_;
  Scheduler& scheduler_;
  log::Logger& logger_;
  Claims<SysctlWish> claims_;
  std::map<std::string, Kept> kept_;             // by path
  std::map<std::string, std::string> problems_;  // by path
  std::map<std::string, int> indexes_;           // of interfaces, as last seen
  std::string looked_at_;                        // the last path of the previous look
  TimerHandle looking_;
  bool looking_armed_ = false;
  TimerHandle retry_;
  bool retry_armed_ = false;
  Backoff backoff_{std::chrono::milliseconds(100), std::chrono::seconds(30)};
  DriftReports reports_;
  Subscription subscription_;
  std::uint64_t drift_ = 0;
};

}  // namespace hald::net
