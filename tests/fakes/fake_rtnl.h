// SPDX-License-Identifier: Apache-2.0
// FakeRtnl: a kernel's links and addresses in memory, with Linux's rules for IPv4 primaries and secondaries
// (insertion order, scope conflicts, what falls with a primary, promote_secondaries). Events queue up until
// somebody drains them, as on a real socket. The test plays the operator through operator_* and the kernel's
// moods through the public switches.
#pragma once

#include <algorithm>
#include <cerrno>
#include <deque>
#include <map>
#include <string>
#include <vector>

#include "net/rtnl.h"

namespace hald::fakes {

class FakeRtnl : public net::Rtnl {
 public:
  // ---- the seam
  Result<std::vector<net::Link>> links() override {
    if (fail_dumps) return errno_error(EBUSY, "list the interfaces");
    std::vector<net::Link> out;
    for (const auto& [index, link] : links_) out.push_back(link);
    return out;
  }
  Result<std::vector<net::InterfaceAddress>> addresses() override {
    if (fail_dumps) return errno_error(EBUSY, "list the addresses");
    ++dumps;
    return addresses_;
  }
  Result<void> add_address(const net::InterfaceAddress& address) override {
    return change("add", address, [&] { return operator_add(address); });
  }
  Result<void> edit_address(const net::InterfaceAddress& address) override {
    return change("edit", address, [&]() -> Result<void> {
      const auto found = find(address.ifindex, key_of(address));
      if (found == addresses_.end()) return errno_error(ENOENT, "edit");
      found->flags = address.flags;
      found->detect_duplicates = address.detect_duplicates;
      found->preferred = address.preferred;
      found->peer = address.peer;
      emit(net::AddressEvent{*found, false});
      return {};
    });
  }
  Result<void> remove_address(const net::InterfaceAddress& address) override {
    return change("remove", address, [&] { return operator_remove(address.ifindex, key_of(address)); });
  }
  Result<void> create_link(const net::NewLink& wanted) override {
    log.push_back("create " + wanted.name);
    if (const auto failure = link_failures.find(wanted.name); failure != link_failures.end())
      return errno_error(failure->second, "create " + wanted.name);
    if (index_of(wanted.name) != 0) return errno_error(EEXIST, "create " + wanted.name);
    if (wanted.base != 0 && links_.count(wanted.base) == 0) return errno_error(ENODEV, "create");
    net::Link link;
    link.index = next_index_++;
    link.name = wanted.name;
    link.kind = wanted.kind;
    link.base = wanted.base;
    link.mac = wanted.mac.value_or(MacAddress{{2, 0, 0, 0, 0, static_cast<std::uint8_t>(link.index)}});
    link.group = wanted.group;
    link.master = wanted.master;
    link.ipv6_address_mode = net::AddressMode::Eui64;
    links_[link.index] = link;
    emit(net::LinkEvent{link, false});
    return {};
  }
  Result<void> change_link(int index, const net::LinkChange& change) override {
    const auto found = links_.find(index);
    if (found == links_.end()) return errno_error(ENODEV, "change");
    auto& link = found->second;
    log.push_back("change " + link.name);
    if (const auto failure = link_failures.find(link.name); failure != link_failures.end())
      return errno_error(failure->second, "change " + link.name);
    if (change.up) link.up = link.running = *change.up;
    if (change.mac) link.mac = *change.mac;
    if (change.group) link.group = *change.group;
    if (change.master) link.master = *change.master;
    if (change.kind) link.kind = *change.kind;
    if (change.ipv6_address_mode) link.ipv6_address_mode = change.ipv6_address_mode;
    emit(net::LinkEvent{link, false});
    return {};
  }
  Result<void> remove_link(int index) override {
    const auto found = links_.find(index);
    if (found == links_.end()) return errno_error(ENODEV, "delete");
    log.push_back("delete " + found->second.name);
    operator_unlink(index);
    return {};
  }
  void receive(Receiver receiver) override { receiver_ = std::move(receiver); }
  void drain() override {
    while (!events_.empty()) {
      const auto event = events_.front();
      events_.pop_front();
      if (receiver_) receiver_(event);
    }
  }

  // ---- what others do to the machine
  void operator_link(const net::Link& link) {
    links_[link.index] = link;
    emit(net::LinkEvent{link, false});
  }
  void operator_link(int index, const std::string& name, bool up = true) {
    net::Link link;
    link.index = index;
    link.name = name;
    link.up = link.running = up;
    operator_link(link);
  }
  void operator_unlink(int index) {
    for (const int child : children_of(index)) operator_unlink(child);
    const auto gone = links_.at(index);
    while (true) {
      const auto found = std::find_if(addresses_.begin(), addresses_.end(),
                                      [&](const auto& address) { return address.ifindex == index; });
      if (found == addresses_.end()) break;
      erase(found);
    }
    links_.erase(index);
    emit(net::LinkEvent{gone, true});
  }
  Result<void> operator_add(net::InterfaceAddress address) {
    const auto link = links_.find(address.ifindex);
    if (link == links_.end()) return errno_error(ENODEV, "add");
    address.secondary = false;
    if (address.prefix.address.is_v4() && address.label.empty()) address.label = link->second.name;
    for (const auto& other : addresses_) {
      if (other.ifindex != address.ifindex) continue;
      if (key_of(other) == key_of(address)) return errno_error(EEXIST, "add");
      if (!same_subnet(other, address)) continue;
      if (other.scope != address.scope) return errno_error(EINVAL, "add");
      address.secondary = true;
    }
    addresses_.insert(place_for(address), address);
    emit(net::AddressEvent{address, false});
    return {};
  }
  Result<void> operator_add(int index, const std::string& prefix, const std::string& label = "") {
    net::InterfaceAddress address;
    address.ifindex = index;
    address.prefix = *Prefix::parse(prefix);
    address.label = label;
    return operator_add(address);
  }
  Result<void> operator_remove(int index, const net::AddressKey& key) {
    const auto found = find(index, key);
    if (found == addresses_.end()) return errno_error(EADDRNOTAVAIL, "remove");
    const auto removed = *found;
    if (removed.secondary || !removed.prefix.address.is_v4()) {
      erase(found);
      return {};
    }
    std::vector<net::AddressKey> children;
    for (const auto& other : addresses_) {
      if (other.ifindex == index && other.secondary && same_subnet(removed, other))
        children.push_back(key_of(other));
    }
    if (!promote_secondaries) {
      for (const auto& child : children) erase(find(index, child));
    }
    erase(find(index, key));
    if (promote_secondaries && !children.empty()) promote(index, children.front());
    return {};
  }
  Result<void> operator_remove(int index, const std::string& prefix) {
    return operator_remove(index, *Prefix::parse(prefix));
  }
  /// The notifications not yet read are lost, and the reader is told so.
  void overrun() {
    events_.clear();
    emit(net::Overrun{});
  }
  /// They are lost, and nobody is told: a picture that is simply wrong.
  void lose_events() { events_.clear(); }
  void emit(net::RtnlEvent event) { events_.push_back(std::move(event)); }

  [[nodiscard]] const net::Link* link(const std::string& name) const {
    const auto found = links_.find(index_of(name));
    return found == links_.end() ? nullptr : &found->second;
  }
  /// "10.0.0.3/24 eth0:0", in the kernel's order.
  [[nodiscard]] std::vector<std::string> shown(int index) const {
    std::vector<std::string> out;
    for (const auto& address : addresses_) {
      if (address.ifindex != index) continue;
      auto text = address.prefix.to_string();
      if (!address.label.empty() && address.label != links_.at(index).name) text += " " + address.label;
      out.push_back(text + (address.secondary ? " secondary" : ""));
    }
    return out;
  }

  bool promote_secondaries = false;
  bool fail_dumps = false;
  std::map<net::AddressKey, int> failures;   ///< errno for every change of that address
  std::map<std::string, int> link_failures;  ///< errno for every change of the link of that name
  std::vector<std::string> log;              ///< the changes asked for through the seam
  unsigned dumps = 0;

 private:
  using Addresses = std::vector<net::InterfaceAddress>;

  template <typename Do>
  Result<void> change(const std::string& verb, const net::InterfaceAddress& address, Do act) {
    const auto text = verb + " " + key_of(address).to_string();
    log.push_back(text);
    if (const auto failure = failures.find(key_of(address)); failure != failures.end())
      return errno_error(failure->second, text);
    return act();
  }
  [[nodiscard]] int index_of(const std::string& name) const {
    for (const auto& [index, link] : links_) {
      if (link.name == name) return index;
    }
    return 0;
  }
  /// What stands on the link and goes with it.
  [[nodiscard]] std::vector<int> children_of(int base) const {
    std::vector<int> out;
    for (const auto& [index, link] : links_) {
      const bool stands = !std::holds_alternative<net::OtherKind>(link.kind);
      if (stands && link.base == base) out.push_back(index);
    }
    return out;
  }
  static Prefix subnet_of(const net::InterfaceAddress& address) {
    return {address.peer.value_or(address.prefix.address), address.prefix.length};
  }
  static bool same_subnet(const net::InterfaceAddress& one, const net::InterfaceAddress& other) {
    return one.prefix.address.is_v4() && one.prefix.length == other.prefix.length &&
           subnet_of(one).contains(subnet_of(other).address);
  }
  Addresses::iterator find(int index, const net::AddressKey& key) {
    return std::find_if(addresses_.begin(), addresses_.end(), [&](const auto& address) {
      return address.ifindex == index && key_of(address) == key;
    });
  }
  Addresses::iterator place_for(const net::InterfaceAddress& address) {
    if (!address.prefix.address.is_v4()) {
      return std::find_if(addresses_.begin(), addresses_.end(), [&](const auto& other) {
        return other.ifindex == address.ifindex && !other.prefix.address.is_v4() &&
               other.scope >= address.scope;
      });
    }
    if (address.secondary) return addresses_.end();
    auto place = std::find_if(addresses_.begin(), addresses_.end(), [&](const auto& other) {
      return other.ifindex == address.ifindex && other.prefix.address.is_v4();
    });
    for (auto other = addresses_.begin(); other != addresses_.end(); ++other) {
      if (other->ifindex == address.ifindex && other->prefix.address.is_v4() && !other->secondary &&
          address.scope <= other->scope)
        place = other + 1;
    }
    return place;
  }
  void erase(Addresses::iterator position) {
    const auto removed = *position;
    addresses_.erase(position);
    emit(net::AddressEvent{removed, true});
  }
  void promote(int index, const net::AddressKey& key) {
    auto promoted = *find(index, key);
    addresses_.erase(find(index, key));
    promoted.secondary = false;
    addresses_.insert(place_for(promoted), promoted);
    emit(net::AddressEvent{promoted, false});
  }

  int next_index_ = 100;
  std::map<int, net::Link> links_;
  Addresses addresses_;
  std::deque<net::RtnlEvent> events_;
  Receiver receiver_;
};

}  // namespace hald::fakes
