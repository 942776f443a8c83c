// SPDX-License-Identifier: Apache-2.0
// What the rest of hald knows of the machine's interfaces, and how it asks for addresses on them. Two seams
// and their values, no netlink: rtnl.h, interface_table.h and address_reconciler.h are the production side.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/ip.h"

namespace hald::net {

struct Link {
  int index = 0;
  std::string name;
  bool up = false;       ///< administratively up (IFF_UP)
  bool running = false;  ///< carrier: lower layer up and operational (IFF_RUNNING)
  MacAddress mac;
  std::uint32_t mtu = 1500;

  [[nodiscard]] bool usable() const { return up && running; }
  friend bool operator==(const Link&, const Link&) = default;
};

/// One address as the kernel holds it.
struct InterfaceAddress {
  int ifindex = 0;
  Prefix prefix;
  std::string label;       ///< as the kernel reports it: the device's name when none was given
  std::uint8_t scope = 0;  ///< RT_SCOPE_*; 0 is global
  std::optional<Address> broadcast;
  bool secondary = false;  ///< IFA_F_SECONDARY: another address of the subnet came first
  bool tentative = false;  ///< IPv6 duplicate address detection still runs
  friend bool operator==(const InterfaceAddress&, const InterfaceAddress&) = default;
};

/// Ends a subscription when destroyed.
class Subscription {
 public:
  class Entry {
   public:
    Entry() = default;
    Entry(const Entry&) = delete;
    Entry& operator=(const Entry&) = delete;
    virtual ~Entry() = default;
  };
  Subscription() = default;
  explicit Subscription(std::unique_ptr<Entry> entry) : entry_(std::move(entry)) {}

 private:
  std::unique_ptr<Entry> entry_;
};

/// The current interfaces and their addresses, kept up to date by the kernel's notifications.
class Interfaces {
 public:
  virtual ~Interfaces() = default;
  /// Valid until the next turn of the loop; nullptr if there is no such interface now.
  [[nodiscard]] virtual const Link* find(std::string_view name) const = 0;
  [[nodiscard]] virtual const Link* find(int index) const = 0;
  /// In the kernel's order, which makes the first one the primary address.
  [[nodiscard]] virtual std::vector<InterfaceAddress> addresses(int index) const = 0;
  /// Calls `changed` with the interface's name after a link or an address of it came, went or changed.
  [[nodiscard]] virtual Subscription subscribe(std::function<void(const std::string& name)> changed) = 0;
};

/// An address somebody wants on a device.
struct WantedAddress {
  std::string device;
  Prefix prefix;
  std::string label;  ///< empty: none
  std::uint8_t scope = 0;
  std::optional<Address> broadcast;
  friend bool operator==(const WantedAddress&, const WantedAddress&) = default;
};

/// Desired against actual for addresses. Every owner (a VRRP instance, say) declares its addresses and
/// whether it holds them; an address that no owner declared is never touched. Idempotent: declaring the same
/// again writes nothing.
class AddressHolder {
 public:
  virtual ~AddressHolder() = default;
  /// These are `owner`'s addresses and they are to be present. They are added before the call returns,
  /// as far as the devices exist now; what fails is logged and tried again.
  virtual void hold(const std::string& owner, std::vector<WantedAddress> addresses) = 0;
  /// These are `owner`'s addresses and they are to be absent.
  virtual void release(const std::string& owner, std::vector<WantedAddress> addresses) = 0;
  /// `owner` is gone: what it held is removed, then nothing of it is known any more.
  virtual void forget(const std::string& owner) = 0;
};

}  // namespace hald::net
