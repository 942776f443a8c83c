// SPDX-License-Identifier: Apache-2.0
// address_diff: what must be done to the addresses of one interface so that they are as declared. Pure.
// An address is identified by its AddressKey (the kernel lets 10.0.0.3/24 and 10.0.0.3/32 live side by side);
// what the intent does not name is left alone. diff(what diff leads to) is empty.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "net/interfaces.h"

namespace hald::net {

/// What somebody declared about the addresses of one device.
struct AddressIntent {
  std::vector<WantedAddress> present;  ///< in the order in which they are to be added; no key twice
  std::set<AddressKey> absent;         ///< none of `present`
};

struct AddressOperation {
  enum class What : unsigned char { Add, Edit, Remove };
  What what = What::Add;
  InterfaceAddress address;
  friend bool operator==(const AddressOperation&, const AddressOperation&) = default;
};

/// As the kernel will report it once it was added to that interface.
[[nodiscard]] InterfaceAddress as_kernel_holds(const WantedAddress& wanted, int ifindex);

/// Equal in all that can be declared. IPv6 has neither label nor broadcast, and its scope is the kernel's. An
/// address on which duplicate detection failed is as declared only if detection was asked for.
[[nodiscard]] bool as_declared(const InterfaceAddress& actual, const WantedAddress& wanted);

/// Additions first, in order, then removals. Most attributes cannot be edited in place: the kernel takes a
/// removal and an addition, which come as a pair. Flags and lifetime of an IPv6 address are edited.
[[nodiscard]] std::vector<AddressOperation> diff(const std::vector<InterfaceAddress>& actual,
                                                 const AddressIntent& intent, int ifindex);

/// The addresses that Linux removes as well when `removed` goes: the secondaries of the same subnet, if it is
/// their primary (and promote_secondaries is off, which only a second look can tell).
[[nodiscard]] std::vector<InterfaceAddress> dependants(const std::vector<InterfaceAddress>& actual,
                                                       const InterfaceAddress& removed);

}  // namespace hald::net
