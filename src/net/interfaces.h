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
#include "net/link_kind.h"

namespace hald::net {

struct Link {
  int index = 0;
  std::string name;
  bool up = false;       ///< administratively up (IFF_UP)
  bool running = false;  ///< carrier: lower layer up and operational (IFF_RUNNING)
  MacAddress mac;
  std::uint32_t mtu = 1500;
  bool ethernet = true;             ///< its frames and addresses are those of Ethernet
  LinkKind kind{};                  ///< what made it, if it is not a piece of hardware
  int base = 0;                     ///< the link below it; 0: none
  std::optional<int> base_netns{};  ///< set if the link below is in another network namespace (its number)
  int master = 0;                   ///< the bridge, bond or VRF that it is a port of; 0: none
  std::uint32_t group = 0;          ///< for firewall rules that match groups of interfaces
  std::optional<AddressMode> ipv6_address_mode{};  ///< nothing if it has no IPv6

  [[nodiscard]] bool usable() const { return up && running; }
  friend bool operator==(const Link&, const Link&) = default;
};

/// How long an IPv6 address is a preferred source. Two that run out compare equal, because the kernel's count
/// down while nobody looks.
struct PreferredTime {
  static constexpr std::uint32_t kForever = 0xffffffffU;
  std::uint32_t seconds = kForever;  ///< 0: deprecated at once

  friend bool operator==(const PreferredTime& one, const PreferredTime& other) {
    return one.seconds == other.seconds || (one.runs_out() && other.runs_out());
  }

 private:
  [[nodiscard]] bool runs_out() const { return seconds != 0 && seconds != kForever; }
};

/// What may be asked of an address, by the names of ip-address(8).
struct AddressFlags {
  bool home = false;           ///< IPv6: the home address of a mobile node
  bool mngtmpaddr = false;     ///< IPv6: template for privacy addresses
  bool noprefixroute = false;  ///< no route to its subnet
  bool autojoin = false;       ///< joins the multicast group that it is
  friend bool operator==(const AddressFlags&, const AddressFlags&) = default;
};

/// One address as the kernel holds it.
struct InterfaceAddress {
  int ifindex = 0;
  Prefix prefix;
  std::string label;       ///< as the kernel reports it: the device's name when none was given
  std::uint8_t scope = 0;  ///< RT_SCOPE_*; 0 is global
  std::optional<Address> broadcast;
  bool secondary = false;          ///< IFA_F_SECONDARY: another address of the subnet came first
  bool tentative = false;          ///< IPv6 duplicate address detection still runs
  bool dad_failed = false;         ///< it found somebody else, and the address does not serve
  bool detect_duplicates = false;  ///< IPv6: detection was not switched off for this address
  std::optional<Address> peer{};   ///< the far end, if it has its own address; the prefix is the peer's then
  AddressFlags flags{};
  PreferredTime preferred{};
  friend bool operator==(const InterfaceAddress&, const InterfaceAddress&) = default;
};

/// What tells one address of an interface from another. IPv4 tells addresses with peers in different subnets
/// apart; IPv6 does not look at the peer.
struct AddressKey {
  Prefix prefix;
  std::optional<Address> peer;  ///< IPv4: the peer's subnet

  AddressKey() = default;
  // NOLINTNEXTLINE(google-explicit-constructor): an address without a peer is known by its prefix
  AddressKey(const Prefix& own) : prefix(own) {}
  AddressKey(const Prefix& own, const std::optional<Address>& far_end);
  /// "10.0.0.1/32", "10.0.0.1 peer 10.0.0.2/32"
  [[nodiscard]] std::string to_string() const;
  friend auto operator<=>(const AddressKey&, const AddressKey&) = default;
};

[[nodiscard]] inline AddressKey key_of(const InterfaceAddress& address) {
  return {address.prefix, address.peer};
}

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
  bool detect_duplicates = false;  ///< IPv6: let the kernel look for another holder first
  std::optional<Address> peer{};
  AddressFlags flags{};
  /// IPv6, in seconds; nothing: what keepalived does (address_diff.h)
  std::optional<std::uint32_t> preferred_lft{};
  bool restore = true;  ///< false: if somebody else takes it away, it stays away
  friend bool operator==(const WantedAddress&, const WantedAddress&) = default;
};

[[nodiscard]] inline AddressKey key_of(const WantedAddress& wanted) {
  return {wanted.prefix, wanted.peer};
}

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
