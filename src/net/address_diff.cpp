// SPDX-License-Identifier: Apache-2.0
#include "net/address_diff.h"

#include <map>

namespace hald::net {
InterfaceAddress as_kernel_holds(const WantedAddress& wanted, int ifindex) {
  InterfaceAddress out;
  out.ifindex = ifindex;
  out.prefix = wanted.prefix;
  if (!wanted.prefix.address.is_v4()) return out;
  out.label = wanted.label.empty() ? wanted.device : wanted.label;
  out.scope = wanted.scope;
  out.broadcast = wanted.broadcast;
  return out;
}

bool as_declared(const InterfaceAddress& actual, const WantedAddress& wanted) {
  if (actual.prefix != wanted.prefix) return false;
  if (!actual.prefix.address.is_v4()) return true;
  const auto expected = as_kernel_holds(wanted, actual.ifindex);
  return actual.label == expected.label && actual.scope == expected.scope &&
         actual.broadcast == expected.broadcast;
}

std::vector<AddressOperation> diff(const std::vector<InterfaceAddress>& actual, const AddressIntent& intent,
                                   int ifindex) {
  using What = AddressOperation::What;
  std::vector<AddressOperation> out;
  if (intent.present.empty() && intent.absent.empty()) return out;
  std::map<Prefix, const InterfaceAddress*> there;
  for (const auto& wanted : intent.present) there.emplace(wanted.prefix, nullptr);
  for (const auto& address : actual) {
    if (const auto found = there.find(address.prefix); found != there.end()) found->second = &address;
  }
  for (const auto& wanted : intent.present) {
    const auto* held = there.at(wanted.prefix);
    if (held != nullptr && as_declared(*held, wanted)) continue;
    if (held != nullptr) out.push_back({What::Remove, *held});
    out.push_back({What::Add, as_kernel_holds(wanted, ifindex)});
  }
  for (const auto& address : actual) {
    if (intent.absent.count(address.prefix) > 0) out.push_back({What::Remove, address});
  }
  return out;
}

std::vector<InterfaceAddress> dependants(const std::vector<InterfaceAddress>& actual,
                                         const InterfaceAddress& removed) {
  std::vector<InterfaceAddress> out;
  if (!removed.prefix.address.is_v4() || removed.secondary) return out;
  for (const auto& address : actual) {
    if (address.secondary && address.prefix.address.is_v4() &&
        address.prefix.length == removed.prefix.length && removed.prefix.contains(address.prefix.address))
      out.push_back(address);
  }
  return out;
}

}  // namespace hald::net
