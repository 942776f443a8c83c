// SPDX-License-Identifier: Apache-2.0
// An IPVS table with all that the kernel tells of it: counters, rates and connections beside the settings, in
// the order in which the kernel lists it. For those who look; what is decided is decided over table.h.
#pragma once

#include <cstdint>
#include <vector>

#include "ipvs/core/table.h"

namespace hald::ipvs {

/// Counted since the last zeroing, or per second.
struct Traffic {
  std::uint64_t connections = 0;
  std::uint64_t in_packets = 0;
  std::uint64_t out_packets = 0;
  std::uint64_t in_bytes = 0;
  std::uint64_t out_bytes = 0;
  friend bool operator==(const Traffic&, const Traffic&) = default;
};

struct ObservedDestination {
  Destination destination;
  std::uint32_t active = 0;
  std::uint32_t inactive = 0;
  std::uint32_t persistent = 0;
  Traffic total;
  Traffic rate;
};

/// What a service is told to be, with every mask there can be.
struct ServiceEntry {
  ServiceKey key;
  ServiceSettings settings;
  std::uint32_t mask = ~std::uint32_t{0};  ///< IPv4: the bits, in host order; IPv6: the prefix length
};

struct ObservedService {
  ServiceEntry entry;
  Traffic total;
  Traffic rate;
  std::vector<ObservedDestination> destinations;
};

/// The mask under which every client stands for itself.
[[nodiscard]] constexpr std::uint32_t full_mask(Family family) {
  return family == Family::IPv4 ? ~std::uint32_t{0} : 128;
}

}  // namespace hald::ipvs
