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
    log.push_back("add " + address.prefix.to_string());
    if (const auto failure = failures.find(address.prefix); failure != failures.end())
      return errno_error(failure->second, "add " + address.prefix.to_string());
    return operator_add(address);
  }
  Result<void> remove_address(const net::InterfaceAddress& address) override {
    log.push_back("remove " + address.prefix.to_string());
    if (const auto failure = failures.find(address.prefix); failure != failures.end())
      return errno_error(failure->second, "remove " + address.prefix.to_string());
    return operator_remove(address.ifindex, address.prefix);
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
  void operator_link(int index, const std::string& name, bool up = true) {
    net::Link link;
    link.index = index;
    link.name = name;
    link.up = link.running = up;
    links_[index] = link;
    emit(net::LinkEvent{link, false});
  }
  void operator_unlink(int index) {
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
      if (other.prefix == address.prefix) return errno_error(EEXIST, "add");
      if (!same_subnet(other.prefix, address.prefix)) continue;
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
  Result<void> operator_remove(int index, const Prefix& prefix) {
    const auto found = find(index, prefix);
    if (found == addresses_.end()) return errno_error(EADDRNOTAVAIL, "remove");
    const auto removed = *found;
    if (removed.secondary || !removed.prefix.address.is_v4()) {
      erase(found);
      return {};
    }
    std::vector<Prefix> children;
    for (const auto& other : addresses_) {
      if (other.ifindex == index && other.secondary && same_subnet(other.prefix, prefix))
        children.push_back(other.prefix);
    }
    if (!promote_secondaries) {
      for (const auto& child : children) erase(find(index, child));
    }
    erase(find(index, prefix));
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
  std::map<Prefix, int> failures;  ///< errno for every change of that address
  std::vector<std::string> log;    ///< the changes asked for through the seam
  unsigned dumps = 0;

 private:
  using Addresses = std::vector<net::InterfaceAddress>;

  static bool same_subnet(const Prefix& one, const Prefix& other) {
    return one.address.is_v4() && one.length == other.length && one.contains(other.address);
  }
  Addresses::iterator find(int index, const Prefix& prefix) {
    return std::find_if(addresses_.begin(), addresses_.end(), [&](const auto& address) {
      return address.ifindex == index && address.prefix == prefix;
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
  void promote(int index, const Prefix& prefix) {
    auto promoted = *find(index, prefix);
    addresses_.erase(find(index, prefix));
    promoted.secondary = false;
    addresses_.insert(place_for(promoted), promoted);
    emit(net::AddressEvent{promoted, false});
  }

  std::map<int, net::Link> links_;
  Addresses addresses_;
  std::deque<net::RtnlEvent> events_;
  Receiver receiver_;
};

}  // namespace hald::fakes
