// SPDX-License-Identifier: Apache-2.0
#include "net/address_diff.h"

#include <map>

namespace hald::net {
namespace {

/// compat: an IPv6 host address is deprecated unless the file says otherwise, so that nobody uses it as a
/// source by accident.
PreferredTime preferred_of(const WantedAddress& wanted) {
  if (wanted.preferred_lft) return {*wanted.preferred_lft};
  return {wanted.prefix.length == 128 ? 0 : PreferredTime::kForever};
}

/// What was to run out and did is as it should be.
bool is_due(const PreferredTime& actual, const PreferredTime& expected) {
  const bool limited = expected.seconds != 0 && expected.seconds != PreferredTime::kForever;
  return actual == expected || (limited && actual.seconds == 0);
}

/// Equal in what the kernel lets nobody edit.
bool same_foundation(const InterfaceAddress& actual, const InterfaceAddress& expected) {
  if (actual.peer != expected.peer || actual.flags.autojoin != expected.flags.autojoin) return false;
  if (!actual.prefix.address.is_v4()) return expected.detect_duplicates || !actual.dad_failed;
  return actual.label == expected.label && actual.scope == expected.scope &&
         actual.broadcast == expected.broadcast && actual.flags == expected.flags;
}

/// The subnet whose first address is the primary one.
Prefix subnet_of(const InterfaceAddress& address) {
  return {address.peer.value_or(address.prefix.address), address.prefix.length};
}

}  // namespace

InterfaceAddress as_kernel_holds(const WantedAddress& wanted, int ifindex) {
  InterfaceAddress out;
  out.ifindex = ifindex;
  out.prefix = wanted.prefix;
  if (wanted.peer != wanted.prefix.address) out.peer = wanted.peer;
  out.flags.noprefixroute = wanted.flags.noprefixroute;
  out.flags.autojoin = wanted.flags.autojoin;
  if (wanted.prefix.address.is_v4()) {
    out.label = wanted.label.empty() ? wanted.device : wanted.label;
    out.scope = wanted.scope;
    out.broadcast = wanted.broadcast;
  } else {
    out.flags = wanted.flags;
    out.detect_duplicates = wanted.detect_duplicates;
    out.preferred = preferred_of(wanted);
  }
  return out;
}

bool as_declared(const InterfaceAddress& actual, const WantedAddress& wanted) {
  if (key_of(actual) != key_of(wanted)) return false;
  const auto expected = as_kernel_holds(wanted, actual.ifindex);
  return same_foundation(actual, expected) && actual.flags == expected.flags &&
         is_due(actual.preferred, expected.preferred);
}

std::vector<AddressOperation> diff(const std::vector<InterfaceAddress>& actual, const AddressIntent& intent,
                                   int ifindex) {
  using What = AddressOperation::What;
  std::vector<AddressOperation> out;
  if (intent.present.empty() && intent.absent.empty()) return out;
  std::map<AddressKey, const InterfaceAddress*> there;
  for (const auto& wanted : intent.present) there.emplace(key_of(wanted), nullptr);
  for (const auto& address : actual) {
    if (const auto found = there.find(key_of(address)); found != there.end()) found->second = &address;
  }
  for (const auto& wanted : intent.present) {
    const auto* held = there.at(key_of(wanted));
    if (held != nullptr && as_declared(*held, wanted)) continue;
    const auto expected = as_kernel_holds(wanted, ifindex);
    const bool editable =
        held != nullptr && !held->prefix.address.is_v4() && same_foundation(*held, expected);
    if (held != nullptr && !editable) out.push_back({What::Remove, *held});
    out.push_back({editable ? What::Edit : What::Add, expected});
  }
  for (const auto& address : actual) {
    if (intent.absent.count(key_of(address)) > 0) out.push_back({What::Remove, address});
  }
  return out;
}

std::vector<InterfaceAddress> dependants(const std::vector<InterfaceAddress>& actual,
                                         const InterfaceAddress& removed) {
  std::vector<InterfaceAddress> out;
  if (!removed.prefix.address.is_v4() || removed.secondary) return out;
  for (const auto& address : actual) {
    if (address.secondary && address.prefix.address.is_v4() &&
        address.prefix.length == removed.prefix.length &&
        subnet_of(removed).contains(subnet_of(address).address))
      out.push_back(address);
  }
  return out;
}

}  // namespace hald::net
