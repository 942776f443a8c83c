// SPDX-License-Identifier: Apache-2.0
// AddressReconciler: AddressHolder over InterfaceTable and Rtnl, desired against actual (address_diff.h is
// the pure half). Level-triggered: every declaration, every event on a device, every error and every back-off
// timer leads to the same look at what is there and what should be. What a crashed predecessor left behind is
// adopted or removed by the same code. An address that nobody declared is never touched, and one that the
// kernel drops because hald removed the primary address of its subnet is put back.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "base/log.h"
#include "base/scheduler.h"
#include "net/address_diff.h"
#include "net/interface_table.h"
#include "net/rtnl.h"

namespace hald::net {

class AddressReconciler : public AddressHolder {
 public:
  /// All references must outlive the reconciler; `table` must have been started.
  AddressReconciler(Rtnl& rtnl, InterfaceTable& table, Scheduler& scheduler, log::Logger& logger);
  AddressReconciler(const AddressReconciler&) = delete;
  AddressReconciler& operator=(const AddressReconciler&) = delete;

  void hold(const std::string& owner, std::vector<WantedAddress> addresses) override;
  void release(const std::string& owner, std::vector<WantedAddress> addresses) override;
  void forget(const std::string& owner) override;

  /// Counted since the start: netlink messages that changed, or tried to change, an address.
  [[nodiscard]] std::uint64_t writes() const { return writes_; }
  /// Counted since the start: addresses found other than hald had left them, through no doing of hald's.
  [[nodiscard]] std::uint64_t drift() const { return drift_; }
  /// Nothing is left to be done: every address of a device that exists is as it was declared.
  [[nodiscard]] bool settled() const;

 private:
  struct Declaration {
    bool held = false;
    std::vector<WantedAddress> addresses;
  };
  struct Device {
    std::map<std::string, Declaration> owners;
    std::set<Prefix> leaving;                 // of owners that were forgotten; until found absent
    std::set<Prefix> confirmed;               // seen as declared since the declaration last changed
    std::vector<InterfaceAddress> displaced;  // not hald's, lost by a removal of hald's, to be put back
    int ifindex = 0;
    bool dirty = false;
    Duration backoff{};
    TimerHandle retry;
  };

  void declare(const std::string& owner, bool held, std::vector<WantedAddress> addresses);
  void changed(const std::string& device);
  void reconcile(const std::string& name, Device& device);
  [[nodiscard]] AddressIntent intent(const Device& device) const;
  void forget_departed(const std::string& name, Device& device);
  bool execute(const std::string& name, Device& device, const std::vector<AddressOperation>& operations);
  bool execute(Device& device, const std::string& name, const AddressOperation& operation);
  void retry_later(const std::string& name, Device& device, const Error& error);

  Rtnl& rtnl_;
  InterfaceTable& table_;
  Scheduler& scheduler_;
  log::Logger& logger_;
  std::map<std::string, Device> devices_;
  Subscription subscription_;
  std::uint64_t writes_ = 0;
  std::uint64_t drift_ = 0;
};

}  // namespace hald::net
