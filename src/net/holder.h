// SPDX-License-Identifier: Apache-2.0
// Holder: the seam by which an owner (a VRRP instance, the static entries) has things in the kernel while it
// holds them. Production is HoldingsKeeper (holdings.h); tests of the rooms above use a fake.
#pragma once

#include <string>
#include <vector>

#include "net/filter_table.h"
#include "net/interfaces.h"
#include "net/route.h"
#include "net/rule.h"

namespace hald::net {

/// In the order in which they are to be added.
struct Holdings {
  std::vector<WantedAddress> addresses{};
  std::vector<WantedRoute> routes{};
  std::vector<Rule> rules{};
  std::vector<ClosedAddress> closed{};  ///< of the addresses those that take no packets
  friend bool operator==(const Holdings&, const Holdings&) = default;
};

/// Desired against actual: what no owner declared is never touched, and declaring the same again writes
/// nothing.
class Holder {
 public:
  virtual ~Holder() = default;
  /// These are `owner`'s and they are to be present. The addresses are added before the call returns, as far
  /// as their devices exist now; what fails is logged and tried again.
  virtual void hold(const std::string& owner, Holdings holdings) = 0;
  /// These are `owner`'s and they are to be absent: first the rules go, then the routes, then the addresses.
  virtual void release(const std::string& owner, Holdings holdings) = 0;
  /// `owner` is gone: what it held is removed, then nothing of it is known any more.
  virtual void forget(const std::string& owner) = 0;
};

}  // namespace hald::net
