// SPDX-License-Identifier: Apache-2.0
// FilterTable: what hald's own nftables tables (one per family) are to hold, and the text that nft takes to
// make it so. Pure. Rules stand still: which addresses take no packets is a matter of sets, so that a change
// of state adds or deletes elements.
#pragma once

#include <cstdint>
#include <set>
#include <string>

#include "base/ip.h"

namespace hald::net {

struct FilterSettings {
  std::string table;  ///< empty: hald has none
  std::int32_t priority = -1;
  bool by_index = false;  ///< interfaces are matched by number, not by name
  bool counters = false;
  friend bool operator==(const FilterSettings&, const FilterSettings&) = default;
};

/// Packets to it and from it are dropped.
struct ClosedAddress {
  Address address;
  std::string device;  ///< tells one link-local address from another
  friend auto operator<=>(const ClosedAddress&, const ClosedAddress&) = default;
};

/// A ClosedAddress as an element of a set.
struct FilterElement {
  Address address;
  std::string link;  ///< name or number; only of a link-local address
  friend auto operator<=>(const FilterElement&, const FilterElement&) = default;
};

struct FilterTable {
  FilterSettings settings;
  bool ipv4 = false;  ///< there is one for the family
  bool ipv6 = false;
  std::set<FilterElement> elements;
  friend bool operator==(const FilterTable&, const FilterTable&) = default;

  [[nodiscard]] bool nothing() const { return !ipv4 && !ipv6; }
};

/// Removes both tables of that name, whether they are there or not.
[[nodiscard]] std::string removal(const std::string& table);
/// Everything, where nothing of that name is.
[[nodiscard]] std::string creation(const FilterTable& table);
/// From `before` to `after`, which have the same settings and families.
[[nodiscard]] std::string difference(const FilterTable& before, const FilterTable& after);
/// Lists the tables as they are in the kernel.
[[nodiscard]] std::string inquiry(const FilterTable& table);

}  // namespace hald::net
