// SPDX-License-Identifier: Apache-2.0
// AddressReconciler: AddressHolder over InterfaceTable and Rtnl, desired (claims.h) against actual
// (address_diff.h). Level-triggered: every declaration, every event on a device, every error and every
// back-off timer leads to the same look at what is there and what should be. What a crashed predecessor left
// behind is adopted or removed by the same code. An address that nobody declared is never touched, and one
// that the kernel drops because hald removed the primary address of its subnet is put back.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "base/log.h"
#include "base/scheduler.h"
#include "net/address_diff.h"
#include "net/backoff.h"
#include "net/claims.h"
#include "net/drift.h"
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
  /// From now on every owner concerned by a drift is named to `receiver`, on a later turn of the loop.
  void on_drift(DriftReports::Receiver receiver) { reports_.receive(std::move(receiver)); }
  /// Nothing is left to be done: every address of a device that exists is as it was declared.
  [[nodiscard]] bool settled() const;

 private:
  struct Device {
    std::string name;
    Claims<WantedAddress> claims;
    std::vector<InterfaceAddress> displaced;  // not hald's, lost by a removal of hald's
    int ifindex = 0;                          // as last seen; 0: none
    bool unsettled = false;
    Backoff backoff{std::chrono::milliseconds(100), std::chrono::seconds(30)};
    TimerHandle retry;
    bool retry_armed = false;
    DriftPace pace;
  };
  /// What one reconcile() is about, and what it knows beyond the table.
  struct Attempt {
    std::vector<AddressKey> scope;
    bool whole = false;  ///< the scope is the whole device
    std::set<AddressKey> added;
    bool looked_again = false;
  };
  using Addresses = std::vector<InterfaceAddress>;
  using Operations = std::vector<AddressOperation>;
  using AddressClaim = Claim<WantedAddress>;

  void declare(const std::string& owner, bool held, std::vector<WantedAddress> addresses);
  void device_changed(const std::string& name);
  void drop_if_idle(const std::string& name);
  void reconcile(Device& device, Attempt attempt);
  [[nodiscard]] const Link* follow_link(Device& device);
  void remove_left_behind(const Device& device, int ifindex);
  [[nodiscard]] Operations compare(Device& device, const Addresses& actual, const Attempt& attempt);
  [[nodiscard]] bool is_met(Device& device, const AddressKey& key, AddressClaim& claim,
                            const InterfaceAddress* address);
  [[nodiscard]] static Operations restore(Device& device, const Addresses& actual);
  void note_drift(Device& device, const AddressKey& key, const AddressClaim& claim);
  void warn_of_duplicate(const Device& device, const AddressKey& key);
  void execute(Device& device, const Addresses& actual, const Operations& operations, Attempt& attempt);
  void refused(Device& device, const AddressKey& key, const Error& error);
  [[nodiscard]] Result<void> write(const AddressOperation& operation);
  void expect_losses(Device& device, const Addresses& lost, Attempt& attempt);
  [[nodiscard]] bool look_again_after(const AddressOperation& operation, const Error& error,
                                      Attempt& attempt);
  [[nodiscard]] bool look_again_for(const Operations& operations, Attempt& attempt);
  [[nodiscard]] bool look_again_once(Attempt& attempt);
  void finish(Device& device, const Attempt& attempt);
  static void settle(Device& device);
  void retry_later(Device& device);
  void retry(const std::string& name);

  Rtnl& rtnl_;
  InterfaceTable& table_;
  Scheduler& scheduler_;
  log::Logger& logger_;
  std::map<std::string, Device> devices_;
  DriftReports reports_;
  Subscription subscription_;
  std::uint64_t writes_ = 0;
  std::uint64_t drift_ = 0;
};

}  // namespace hald::net
