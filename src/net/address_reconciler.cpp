// SPDX-License-Identifier: Apache-2.0
#include "net/address_reconciler.h"

#include <algorithm>
#include <cerrno>

#include <fmt/format.h>

namespace hald::net {
namespace {

constexpr Duration kFirstRetry = std::chrono::milliseconds(100);
constexpr Duration kLastRetry = std::chrono::seconds(30);
/// More repairs of a device within this time are a fight with another program, and fought at this pace.
constexpr Duration kDriftPeriod = std::chrono::seconds(1);
constexpr unsigned kDriftLimit = 10;

using What = AddressOperation::What;

bool contains(const std::vector<InterfaceAddress>& addresses, const Prefix& prefix) {
  return std::any_of(addresses.begin(), addresses.end(),
                     [&](const auto& address) { return address.prefix == prefix; });
}

bool declares(const std::vector<WantedAddress>& addresses, const Prefix& prefix) {
  return std::any_of(addresses.begin(), addresses.end(),
                     [&](const auto& wanted) { return wanted.prefix == prefix; });
}

}  // namespace

AddressReconciler::AddressReconciler(Rtnl& rtnl, InterfaceTable& table, Scheduler& scheduler,
                                     log::Logger& logger)
    : rtnl_(rtnl),
      table_(table),
      scheduler_(scheduler),
      logger_(logger),
      subscription_(table.subscribe([this](const std::string& name) { device_changed(name); })) {}

void AddressReconciler::hold(const std::string& owner, std::vector<WantedAddress> addresses) {
  declare(owner, true, std::move(addresses));
}

void AddressReconciler::release(const std::string& owner, std::vector<WantedAddress> addresses) {
  declare(owner, false, std::move(addresses));
}

void AddressReconciler::forget(const std::string& owner) {
  declare(owner, false, {});
}

bool AddressReconciler::settled() const {
  return std::none_of(devices_.begin(), devices_.end(),
                      [](const auto& entry) { return entry.second.unsettled; });
}

void AddressReconciler::declare(const std::string& owner, bool held, std::vector<WantedAddress> addresses) {
  std::map<std::string, Declaration> by_device;
  for (auto& [name, device] : devices_) {
    if (device.owners.count(owner) > 0) by_device[name].held = held;
  }
  for (auto& wanted : addresses) {
    auto& declaration = by_device[wanted.device];
    declaration.held = held;
    if (!declares(declaration.addresses, wanted.prefix)) declaration.addresses.push_back(std::move(wanted));
  }
  for (auto& [name, declaration] : by_device) {
    auto& device = devices_.try_emplace(name).first->second;
    device.name = name;
    redeclare(device, owner, std::move(declaration));
    reconcile(device);
    drop_if_idle(name);
  }
}

void AddressReconciler::redeclare(Device& device, const std::string& owner, Declaration declaration) {
  const Declaration before = device.owners[owner];
  if (declaration == before && !declaration.addresses.empty()) return;
  device.postponed.clear();
  for (const auto& wanted : before.addresses) {
    device.confirmed.erase(wanted.prefix);
    if (before.held && !declares(declaration.addresses, wanted.prefix)) device.leaving.insert(wanted.prefix);
  }
  for (const auto& wanted : declaration.addresses) {
    device.confirmed.erase(wanted.prefix);
    device.leaving.erase(wanted.prefix);
  }
  if (declaration.addresses.empty()) {
    device.owners.erase(owner);
  } else {
    device.owners[owner] = std::move(declaration);
  }
}

void AddressReconciler::device_changed(const std::string& name) {
  const auto found = devices_.find(name);
  if (found == devices_.end()) return;
  Device& device = found->second;
  if (is_contested(device)) {
    device.unsettled = true;
    device.retry_armed = true;
    device.retry = scheduler_.at(device.drift_since + kDriftPeriod, [this, name] { retry(name); });
    return;
  }
  reconcile(device);
  drop_if_idle(name);
}

bool AddressReconciler::is_contested(Device& device) const {
  if (scheduler_.now() >= device.drift_since + kDriftPeriod) device.recent_drift = 0;
  return device.recent_drift >= kDriftLimit;
}

void AddressReconciler::drop_if_idle(const std::string& name) {
  const auto found = devices_.find(name);
  if (found == devices_.end()) return;
  const Device& device = found->second;
  if (device.owners.empty() && device.leaving.empty() && device.displaced.empty()) devices_.erase(found);
}

/// What any owner holds is to be present; what is declared otherwise is to be absent.
AddressIntent AddressReconciler::intent_of(const Device& device) {
  AddressIntent out;
  for (const auto& [owner, declaration] : device.owners) {
    if (!declaration.held) continue;
    for (const auto& wanted : declaration.addresses) {
      if (!declares(out.present, wanted.prefix)) out.present.push_back(wanted);
    }
  }
  for (const auto& [owner, declaration] : device.owners) {
    for (const auto& wanted : declaration.addresses) {
      if (!declares(out.present, wanted.prefix)) out.absent.insert(wanted.prefix);
    }
  }
  for (const auto& prefix : device.leaving) {
    if (!declares(out.present, prefix)) out.absent.insert(prefix);
  }
  return out;
}

void AddressReconciler::reconcile(Device& device) {
  const auto intent = intent_of(device);
  // Every round either ends the work or writes; each removal of a primary needs a new look, hence a round.
  auto rounds = intent.present.size() + intent.absent.size() + 4;
  Attempt attempt;
  for (; rounds > 0; --rounds) {
    table_.refresh();
    const Link* link = follow_link(device);
    if (link == nullptr) return settle(device);
    const auto actual = table_.addresses(link->index);
    compare(device, intent, actual);
    const auto operations = operations_for(device, intent, actual);
    if (operations.empty()) return device.postponed.empty() ? settle(device) : retry_later(device);
    if (look_again_for(operations, attempt)) continue;
    execute(device, intent, actual, operations, attempt);
  }
  retry_later(device);
}

/// What others lost through hald comes first, so that the primary of a subnet stays theirs.
std::vector<AddressOperation> AddressReconciler::operations_for(const Device& device,
                                                                const AddressIntent& intent,
                                                                const std::vector<InterfaceAddress>& actual) {
  std::vector<AddressOperation> out;
  for (const auto& lost : device.displaced) out.push_back({What::Add, lost});
  for (auto& operation : diff(actual, intent, device.ifindex)) out.push_back(std::move(operation));
  out.erase(std::remove_if(
                out.begin(), out.end(),
                [&](const auto& operation) { return device.postponed.count(operation.address.prefix) > 0; }),
            out.end());
  return out;
}

/// The interface of that name, if there is one now. Another interface under the name is another device.
const Link* AddressReconciler::follow_link(Device& device) {
  const Link* link = table_.find(device.name);
  const int index = link != nullptr ? link->index : 0;
  if (index == device.ifindex) return link;
  const int before = std::exchange(device.ifindex, index);
  device.confirmed.clear();
  device.displaced.clear();
  device.postponed.clear();
  if (table_.find(before) != nullptr) remove_left_behind(device, before);
  if (index == 0) device.leaving.clear();
  return link;
}

/// The interface lives on under another name: what hald holds must not live on there with it, where no
/// release would reach it.
void AddressReconciler::remove_left_behind(const Device& device, int ifindex) {
  const auto intent = intent_of(device);
  for (const auto& address : table_.addresses(ifindex)) {
    if (!declares(intent.present, address.prefix) && device.leaving.count(address.prefix) == 0) continue;
    if (const auto done = write({What::Remove, address}); !done) logger_.error(done.error().message());
  }
}

void AddressReconciler::compare(Device& device, const AddressIntent& intent,
                                const std::vector<InterfaceAddress>& actual) {
  for (const auto& wanted : intent.present) {
    const bool good = std::any_of(actual.begin(), actual.end(),
                                  [&](const auto& address) { return as_declared(address, wanted); });
    note_drift(device, wanted.prefix, good, "was removed or changed by somebody else; restoring it");
  }
  for (const auto& prefix : intent.absent) {
    note_drift(device, prefix, !contains(actual, prefix), "was added by somebody else; removing it");
  }
  auto& displaced = device.displaced;
  displaced.erase(std::remove_if(displaced.begin(), displaced.end(),
                                 [&](const auto& lost) { return contains(actual, lost.prefix); }),
                  displaced.end());
}

void AddressReconciler::note_drift(Device& device, const Prefix& prefix, bool good, const char* what) {
  if (good) {
    device.confirmed.insert(prefix);
  } else if (device.confirmed.erase(prefix) > 0) {
    ++drift_;
    if (device.recent_drift++ == 0) device.drift_since = scheduler_.now();
    logger_.limited(log::Level::Warning, "net.drift." + device.name,
                    fmt::format("{} on {} {}", prefix.to_string(), device.name, what),
                    {{"interface", device.name}});
  }
}

void AddressReconciler::execute(Device& device, const AddressIntent& intent,
                                const std::vector<InterfaceAddress>& actual,
                                const std::vector<AddressOperation>& operations, Attempt& attempt) {
  for (const auto& operation : operations) {
    const auto& prefix = operation.address.prefix;
    if (device.postponed.count(prefix) > 0) continue;  // its removal failed: no use in adding it
    const auto done = write(operation);
    if (!done) {
      if (look_again_after(operation, done.error(), attempt)) return;
      device.postponed.insert(prefix);
      logger_.limited(log::Level::Error, "net.address." + device.name,
                      done.error().message() + "; will try again", {{"interface", device.name}});
      continue;  // the others do not depend on it
    }
    if (operation.what == What::Add) {
      attempt.added.insert(prefix);
      continue;
    }
    const auto lost = dependants(actual, operation.address);
    if (lost.empty()) continue;
    expect_losses(device, intent, lost);
    for (const auto& address : lost) attempt.added.erase(address.prefix);
    return;
  }
}

/// The kernel says that the address is there already, or gone already: the picture was wrong. Believed once;
/// when a fresh dump says the same as before, it is an error like any other.
bool AddressReconciler::look_again_after(const AddressOperation& operation, const Error& error,
                                         Attempt& attempt) {
  const int number = operation.what == What::Add ? EEXIST : EADDRNOTAVAIL;
  return error.code.value() == number && look_again_once(attempt);
}

/// What was added a moment ago seems to be missing: the kernel tells of IPv6 addresses only some time later.
bool AddressReconciler::look_again_for(const std::vector<AddressOperation>& operations, Attempt& attempt) {
  const bool repeated = std::any_of(operations.begin(), operations.end(), [&](const auto& operation) {
    return operation.what == What::Add && attempt.added.count(operation.address.prefix) > 0;
  });
  return repeated && look_again_once(attempt);
}

bool AddressReconciler::look_again_once(Attempt& attempt) {
  return !std::exchange(attempt.looked_again, true) && static_cast<bool>(table_.look_again());
}

Result<void> AddressReconciler::write(const AddressOperation& operation) {
  ++writes_;
  return operation.what == What::Add ? rtnl_.add_address(operation.address)
                                     : rtnl_.remove_address(operation.address);
}

/// The kernel may have taken these along. Those of hald are added again like any that is missing, without
/// counting as drift; those of others are remembered, in order, so that they are.
void AddressReconciler::expect_losses(Device& device, const AddressIntent& intent,
                                      const std::vector<InterfaceAddress>& lost) {
  for (const auto& address : lost) {
    if (declares(intent.present, address.prefix)) {
      device.confirmed.erase(address.prefix);
    } else if (intent.absent.count(address.prefix) == 0 && !contains(device.displaced, address.prefix)) {
      device.displaced.push_back(address);
    }
  }
}

void AddressReconciler::settle(Device& device) {
  device.leaving.clear();
  device.retry.cancel();
  device.retry_armed = false;
  device.backoff = {};
  device.unsettled = false;
}

void AddressReconciler::retry_later(Device& device) {
  device.unsettled = true;
  if (std::exchange(device.retry_armed, true)) return;
  device.backoff = std::clamp(device.backoff * 2, kFirstRetry, kLastRetry);
  device.retry = scheduler_.after(device.backoff, [this, name = device.name] { retry(name); });
}

void AddressReconciler::retry(const std::string& name) {
  const auto found = devices_.find(name);
  if (found == devices_.end()) return;
  found->second.retry_armed = false;
  found->second.postponed.clear();
  device_changed(name);
}

}  // namespace hald::net
