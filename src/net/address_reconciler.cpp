// SPDX-License-Identifier: Apache-2.0
#include "net/address_reconciler.h"

#include <algorithm>
#include <cerrno>

#include <fmt/format.h>

namespace hald::net {
namespace {

using What = AddressOperation::What;

bool contains(const std::vector<InterfaceAddress>& addresses, const AddressKey& key) {
  return std::any_of(addresses.begin(), addresses.end(),
                     [&](const auto& address) { return key_of(address) == key; });
}

/// The addresses of the scope that are there, found in one pass.
std::map<AddressKey, const InterfaceAddress*> pick(const std::vector<InterfaceAddress>& actual,
                                                   const std::vector<AddressKey>& scope) {
  std::map<AddressKey, const InterfaceAddress*> out;
  for (const auto& key : scope) out.emplace(key, nullptr);
  for (const auto& address : actual) {
    if (const auto found = out.find(key_of(address)); found != out.end()) found->second = &address;
  }
  return out;
}

}  // namespace

AddressReconciler::AddressReconciler(Rtnl& rtnl, InterfaceTable& table, Scheduler& scheduler,
                                     log::Logger& logger)
    : rtnl_(rtnl),
      table_(table),
      scheduler_(scheduler),
      logger_(logger),
      reports_(scheduler),
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
  std::map<std::string, std::vector<WantedAddress>> by_device;
  for (const auto& [name, device] : devices_) {
    if (device.claims.knows(owner)) by_device[name];
  }
  for (auto& wanted : addresses) by_device[wanted.device].push_back(std::move(wanted));
  for (auto& [name, wanted] : by_device) {
    auto& device = devices_[name];
    device.name = name;
    Attempt attempt;
    attempt.scope = device.claims.declare(owner, held, std::move(wanted));
    reconcile(device, std::move(attempt));
    drop_if_idle(name);
  }
}

void AddressReconciler::device_changed(const std::string& name) {
  const auto found = devices_.find(name);
  if (found == devices_.end()) return;
  Device& device = found->second;
  if (device.pace.is_contested(scheduler_.now())) {
    device.unsettled = true;
    device.retry_armed = true;
    device.retry = scheduler_.at(device.pace.until(), [this, name] { retry(name); });
    return;
  }
  Attempt attempt;
  attempt.scope = device.claims.all();
  attempt.whole = true;
  reconcile(device, std::move(attempt));
  drop_if_idle(name);
}

void AddressReconciler::drop_if_idle(const std::string& name) {
  const auto found = devices_.find(name);
  if (found != devices_.end() && found->second.claims.empty() && found->second.displaced.empty())
    devices_.erase(found);
}

void AddressReconciler::reconcile(Device& device, Attempt attempt) {
  // Every round either ends the work or writes; each removal of a primary needs a new look, hence a round.
  for (auto rounds = attempt.scope.size() + 4; rounds > 0; --rounds) {
    table_.refresh();
    const Link* link = follow_link(device);
    if (link == nullptr) return settle(device);
    const auto& actual = table_.list(link->index);
    const auto operations = compare(device, actual, attempt);
    if (operations.empty()) return finish(device, attempt);
    if (look_again_for(operations, attempt)) continue;
    execute(device, actual, operations, attempt);
  }
  retry_later(device);
}

/// The interface of that name, if there is one now. Another interface under the name is another device.
const Link* AddressReconciler::follow_link(Device& device) {
  const Link* link = table_.find(device.name);
  const int index = link != nullptr ? link->index : 0;
  if (index == device.ifindex) return link;
  const int before = std::exchange(device.ifindex, index);
  device.displaced.clear();
  if (table_.find(before) != nullptr) remove_left_behind(device, before);
  device.claims.forget_seen();
  return link;
}

/// The interface lives on under another name: what hald holds must not live on there with it, where no
/// release would reach it.
void AddressReconciler::remove_left_behind(const Device& device, int ifindex) {
  const auto addresses = table_.list(ifindex);
  for (const auto& address : addresses) {
    const auto* claim = device.claims.find(key_of(address));
    if (claim == nullptr || (claim->held() == nullptr && !claim->leaving)) continue;
    if (const auto done = write({What::Remove, address}); !done) logger_.error(done.error().message());
  }
}

/// What is to be done within the scope. Notes what is as it should be, and what no longer is.
AddressReconciler::Operations AddressReconciler::compare(Device& device, const Addresses& actual,
                                                         const Attempt& attempt) {
  AddressIntent intent;
  std::vector<std::pair<std::uint64_t, const WantedAddress*>> missing;
  for (const auto& [key, address] : pick(actual, attempt.scope)) {
    AddressClaim* claim = device.claims.find(key);
    if (claim == nullptr || is_met(device, key, *claim, address) || claim->postponed) continue;
    if (const auto* wanted = claim->held()) {
      missing.emplace_back(claim->order, wanted);
    } else {
      intent.absent.insert(key);
    }
  }
  std::sort(missing.begin(), missing.end());
  for (const auto& [order, wanted] : missing) intent.present.push_back(*wanted);
  // What others lost through hald comes first, so that the primary of a subnet stays theirs.
  auto out = restore(device, actual);
  for (auto& operation : diff(actual, intent, device.ifindex)) out.push_back(std::move(operation));
  return out;
}

/// Whether the address is there, or not there, as declared. May erase the claim, if that was its last wish.
bool AddressReconciler::is_met(Device& device, const AddressKey& key, AddressClaim& claim,
                               const InterfaceAddress* address) {
  const auto* wanted = claim.held();
  if (wanted != nullptr && !wanted->restore && claim.confirmed && address == nullptr) return true;
  const bool met =
      wanted != nullptr ? address != nullptr && as_declared(*address, *wanted) : address == nullptr;
  const bool was_met = std::exchange(claim.confirmed, met);
  if (!met && was_met) note_drift(device, key, claim);
  if (met) claim.leaving = false;
  if (met && address != nullptr && address->dad_failed) warn_of_duplicate(device, key);
  if (met && claim.owners.empty()) device.claims.erase(key);
  return met;
}

AddressReconciler::Operations AddressReconciler::restore(Device& device, const Addresses& actual) {
  auto& displaced = device.displaced;
  displaced.erase(std::remove_if(displaced.begin(), displaced.end(),
                                 [&](const auto& lost) { return contains(actual, key_of(lost)); }),
                  displaced.end());
  Operations out;
  for (const auto& lost : displaced) out.push_back({What::Add, lost});
  return out;
}

void AddressReconciler::note_drift(Device& device, const AddressKey& key, const AddressClaim& claim) {
  ++drift_;
  device.pace.note(scheduler_.now());
  const bool held = claim.held() != nullptr;
  const auto object = fmt::format("{} on {}", key.to_string(), device.name);
  for (const auto& [name, owner] : claim.owners) {
    if (owner.held == held) reports_.report({held ? Drift::What::Removed : Drift::What::Added, name, object});
  }
  logger_.limited(
      log::Level::Warning, "net.drift." + device.name,
      fmt::format("{} was {} by somebody else; repairing it", object, held ? "removed or changed" : "added"),
      {{"interface", device.name}});
}

/// It is there as declared, and the kernel does not use it.
void AddressReconciler::warn_of_duplicate(const Device& device, const AddressKey& key) {
  logger_.limited(
      log::Level::Warning, "net.duplicate." + device.name + "." + key.to_string(),
      fmt::format("{} on {} is not usable: another machine on the link has it", key.to_string(), device.name),
      {{"interface", device.name}}, std::chrono::minutes(1));
}

void AddressReconciler::execute(Device& device, const Addresses& actual, const Operations& operations,
                                Attempt& attempt) {
  for (const auto& operation : operations) {
    const auto key = key_of(operation.address);
    const auto* claim = device.claims.find(key);
    if (claim != nullptr && claim->postponed) continue;  // its removal failed: no use in adding it
    const auto done = write(operation);
    if (!done) {
      if (look_again_after(operation, done.error(), attempt)) return;
      refused(device, key, done.error());
      continue;  // the others do not depend on it
    }
    if (operation.what != What::Remove) {
      attempt.added.insert(key);
      continue;
    }
    const auto lost = dependants(actual, operation.address);
    if (lost.empty()) continue;
    return expect_losses(device, lost, attempt);
  }
}

void AddressReconciler::refused(Device& device, const AddressKey& key, const Error& error) {
  logger_.limited(log::Level::Error, "net.address." + device.name, error.message() + "; will try again",
                  {{"interface", device.name}});
  if (auto* claim = device.claims.find(key)) {
    claim->postponed = true;
    return;
  }
  // Somebody else's address that cannot be put back: it is told, and no more can be done.
  auto& displaced = device.displaced;
  displaced.erase(std::remove_if(displaced.begin(), displaced.end(),
                                 [&](const auto& lost) { return key_of(lost) == key; }),
                  displaced.end());
}

Result<void> AddressReconciler::write(const AddressOperation& operation) {
  ++writes_;
  switch (operation.what) {
    case What::Add: return rtnl_.add_address(operation.address);
    case What::Edit: return rtnl_.edit_address(operation.address);
    case What::Remove: break;
  }
  return rtnl_.remove_address(operation.address);
}

/// The kernel may have taken these along. Those of hald are added again like any that is missing, without
/// counting as drift; those of others are remembered, in order, so that they are.
void AddressReconciler::expect_losses(Device& device, const Addresses& lost, Attempt& attempt) {
  for (const auto& address : lost) {
    attempt.added.erase(key_of(address));
    if (auto* claim = device.claims.find(key_of(address))) {
      claim->confirmed = false;
      if (!attempt.whole) attempt.scope.push_back(key_of(address));
    } else if (!contains(device.displaced, key_of(address))) {
      device.displaced.push_back(address);
    }
  }
}

/// The kernel says that the address is there already, or gone already: the picture was wrong. Believed once;
/// when a fresh dump says the same as before, it is an error like any other.
bool AddressReconciler::look_again_after(const AddressOperation& operation, const Error& error,
                                         Attempt& attempt) {
  const int number = error.code.value();
  const bool surprising = operation.what == What::Add    ? number == EEXIST
                          : operation.what == What::Edit ? number == ENOENT
                                                         : number == EADDRNOTAVAIL;
  return surprising && look_again_once(attempt);
}

/// What was added a moment ago seems to be missing: the kernel tells of IPv6 addresses only some time later.
bool AddressReconciler::look_again_for(const Operations& operations, Attempt& attempt) {
  const bool repeated = std::any_of(operations.begin(), operations.end(), [&](const auto& operation) {
    return operation.what != What::Remove && attempt.added.count(key_of(operation.address)) > 0;
  });
  return repeated && look_again_once(attempt);
}

bool AddressReconciler::look_again_once(Attempt& attempt) {
  return !std::exchange(attempt.looked_again, true) && static_cast<bool>(table_.look_again());
}

/// Nothing more can be done now: either all is well, or what is not was refused.
void AddressReconciler::finish(Device& device, const Attempt& attempt) {
  const bool postponed = std::any_of(attempt.scope.begin(), attempt.scope.end(), [&](const auto& key) {
    const auto* claim = device.claims.find(key);
    return claim != nullptr && claim->postponed;
  });
  if (postponed) {
    retry_later(device);
  } else if (attempt.whole) {
    settle(device);
  }
}

void AddressReconciler::settle(Device& device) {
  device.retry.cancel();
  device.retry_armed = false;
  device.backoff.reset();
  device.unsettled = false;
}

void AddressReconciler::retry_later(Device& device) {
  device.unsettled = true;
  if (std::exchange(device.retry_armed, true)) return;
  device.retry = scheduler_.after(device.backoff.next(), [this, name = device.name] { retry(name); });
}

void AddressReconciler::retry(const std::string& name) {
  const auto found = devices_.find(name);
  if (found == devices_.end()) return;
  found->second.retry_armed = false;
  found->second.claims.resume_postponed();
  device_changed(name);
}

}  // namespace hald::net
