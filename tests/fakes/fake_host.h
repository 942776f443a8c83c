// SPDX-License-Identifier: Apache-2.0
// FakeHost: the kernel of one machine as far as VRRP sees it: links, addresses, and who is told about
// changes. It outlives a process that crashes, left-over addresses included. FakeInterfaces and FakeHoldings
// are what one process sees of it, and go with the process.
#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "net/holder.h"
#include "net/interfaces.h"

namespace hald::fakes {

class FakeHost {
 public:
  struct Device {
    net::Link link;
    std::vector<net::InterfaceAddress> addresses;
  };

  void add_device(const std::string& name, int index, MacAddress mac = {{2, 0, 0, 0, 0, 5}}) {
    Device device;
    device.link = net::Link{index, name, true, true, mac, 1500};
    devices_[name] = std::move(device);
    changed(name);
  }
  void remove_device(const std::string& name) {
    devices_.erase(name);
    changed(name);
  }
  void set_link(const std::string& name, bool running) {
    devices_.at(name).link.running = running;
    changed(name);
  }
  void add_address(const std::string& name, const Prefix& prefix) {
    auto& device = devices_.at(name);
    if (holds(name, prefix)) return;
    net::InterfaceAddress address;
    address.ifindex = device.link.index;
    address.prefix = prefix;
    device.addresses.push_back(address);
    changed(name);
  }
  void remove_address(const std::string& name, const Prefix& prefix) {
    auto& addresses = devices_.at(name).addresses;
    const auto same = [&](const net::InterfaceAddress& address) { return address.prefix == prefix; };
    const auto end = std::remove_if(addresses.begin(), addresses.end(), same);
    if (end == addresses.end()) return;
    addresses.erase(end, addresses.end());
    changed(name);
  }
  [[nodiscard]] bool holds(const std::string& name, const Prefix& prefix) const {
    const auto found = devices_.find(name);
    if (found == devices_.end()) return false;
    const auto& addresses = found->second.addresses;
    return std::any_of(addresses.begin(), addresses.end(),
                       [&](const net::InterfaceAddress& address) { return address.prefix == prefix; });
  }
  [[nodiscard]] const std::map<std::string, Device>& devices() const { return devices_; }
  /// Rises with every change.
  [[nodiscard]] std::uint64_t version() const { return version_; }
  /// One listener: the process's FakeInterfaces.
  void on_change(std::function<void(const std::string&)> listener) { listener_ = std::move(listener); }

 private:
  void changed(const std::string& name) {
    ++version_;
    if (listener_) listener_(name);
  }

  std::uint64_t version_ = 0;

  std::map<std::string, Device> devices_;
  std::function<void(const std::string&)> listener_;
};

/// A process's picture of the interfaces: as old as the last deliver(), as with real notifications.
class FakeInterfaces : public net::Interfaces {
 public:
  explicit FakeInterfaces(FakeHost& host) : host_(host), seen_(host.devices()) {
    host_.on_change([this](const std::string& name) {
      pending_.insert(name);
      if (automatic_) deliver();
    });
  }
  ~FakeInterfaces() override { host_.on_change(nullptr); }

  /// Off: changes wait for deliver(), as they wait while the process is stopped.
  void set_automatic(bool automatic) { automatic_ = automatic; }
  void deliver() {
    const std::set<std::string> names = std::exchange(pending_, {});
    if (names.empty()) return;
    seen_ = host_.devices();
    const auto subscribers = *subscribers_;
    for (const auto& name : names) {
      for (const auto& [id, changed] : subscribers) changed(name);
    }
  }

  [[nodiscard]] const net::Link* find(std::string_view name) const override {
    const auto found = seen_.find(std::string(name));
    return found == seen_.end() ? nullptr : &found->second.link;
  }
  [[nodiscard]] const net::Link* find(int index) const override {
    for (const auto& [name, device] : seen_) {
      if (device.link.index == index) return &device.link;
    }
    return nullptr;
  }
  [[nodiscard]] std::vector<net::InterfaceAddress> addresses(int index) const override {
    for (const auto& [name, device] : seen_) {
      if (device.link.index == index) return device.addresses;
    }
    return {};
  }
  [[nodiscard]] net::Subscription subscribe(std::function<void(const std::string&)> changed) override {
    subscribers_->emplace(++last_id_, std::move(changed));
    return net::Subscription(std::make_unique<Entry>(subscribers_, last_id_));
  }

 private:
  using Subscribers = std::map<int, std::function<void(const std::string&)>>;
  struct Entry : net::Subscription::Entry {
    Entry(std::shared_ptr<Subscribers> subscribers, int id) : subscribers_(std::move(subscribers)), id_(id) {}
    ~Entry() override { subscribers_->erase(id_); }
    std::shared_ptr<Subscribers> subscribers_;
    int id_;
  };

  FakeHost& host_;
  std::map<std::string, FakeHost::Device> seen_;
  std::set<std::string> pending_;
  bool automatic_ = true;
  std::shared_ptr<Subscribers> subscribers_ = std::make_shared<Subscribers>();
  int last_id_ = 0;
};

/// Holder with the addresses in a FakeHost, and routes and rules as sets. Counts what it writes to the host.
class FakeHoldings : public net::Holder {
 public:
  explicit FakeHoldings(FakeHost& host) : host_(host) {}

  void hold(const std::string& owner, net::Holdings holdings) override {
    hold_addresses(owner, std::move(holdings.addresses));
    routes[owner] = std::move(holdings.routes);
    rules[owner] = std::move(holdings.rules);
  }
  void release(const std::string& owner, net::Holdings holdings) override {
    rules.erase(owner);
    routes.erase(owner);
    release_addresses(owner, std::move(holdings.addresses));
  }
  void forget(const std::string& owner) override {
    rules.erase(owner);
    routes.erase(owner);
    remove_missing(declared_[owner], {});
    declared_.erase(owner);
  }
  [[nodiscard]] std::size_t owners() const { return declared_.size(); }

  unsigned writes = 0;
  /// What is held, by owner.
  std::map<std::string, std::vector<net::WantedRoute>> routes;
  std::map<std::string, std::vector<net::Rule>> rules;

 private:
  void hold_addresses(const std::string& owner, std::vector<net::WantedAddress> addresses) {
    auto& declared = declared_[owner];
    remove_missing(declared, addresses);
    for (const auto& address : addresses) {
      if (!host_.devices().contains(address.device) || host_.holds(address.device, address.prefix)) continue;
      ++writes;
      host_.add_address(address.device, address.prefix);
    }
    declared = std::move(addresses);
  }
  void release_addresses(const std::string& owner, std::vector<net::WantedAddress> addresses) {
    auto& declared = declared_[owner];
    remove_missing(declared, {});
    remove_missing(addresses, {});
    declared = std::move(addresses);
  }
  void remove_missing(const std::vector<net::WantedAddress>& had,
                      const std::vector<net::WantedAddress>& wanted) {
    for (const auto& address : had) {
      const bool stays = std::any_of(wanted.begin(), wanted.end(), [&](const net::WantedAddress& other) {
        return other.device == address.device && other.prefix == address.prefix;
      });
      if (stays || !host_.holds(address.device, address.prefix)) continue;
      ++writes;
      host_.remove_address(address.device, address.prefix);
    }
  }

  FakeHost& host_;
  std::map<std::string, std::vector<net::WantedAddress>> declared_;
};

}  // namespace hald::fakes
