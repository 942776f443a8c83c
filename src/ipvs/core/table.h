// SPDX-License-Identifier: Apache-2.0
// The IPVS table as values: Destination, Service, Table. The same types describe what hald wants and what
// the kernel holds, so that the two can be compared. They carry every attribute the kernel keeps of an entry
// (linux/ip_vs.h), also those the configuration cannot express yet: what is not held here could be changed
// behind hald's back unseen. A hundred thousand destinations must cost only a few megabytes.
#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/ip.h"
#include "config/model.h"

namespace hald::ipvs {

using config::Forwarding;
using config::ServiceKey;
using config::TunnelType;

/// One real server of a service. The enumerations may hold a number that has no name: the kernel takes more
/// than hald ever asks for, and such an entry must still be seen and put right.
struct Destination {
  Endpoint endpoint;
  Forwarding forwarding = Forwarding::Nat;
  TunnelType tunnel_type = TunnelType::Ipip;
  std::uint16_t tunnel_port = 0;   ///< GUE only
  std::uint16_t tunnel_flags = 0;  ///< 0 none, 1 checksum, 2 remote checksum
  std::int32_t weight = 1;         ///< 0: no new connections
  std::uint32_t upper_threshold = 0;
  std::uint32_t lower_threshold = 0;
  friend bool operator==(const Destination&, const Destination&) = default;
};
static_assert(sizeof(Destination) <= 40, "a hundred thousand of these are kept");

/// The kernel's service flags (IP_VS_SVC_F_*). The kernel's own "hashed" mark is never among them.
namespace service_flag {
inline constexpr std::uint32_t Persistent = 0x01;
inline constexpr std::uint32_t OnePacket = 0x04;
inline constexpr std::uint32_t Scheduler1 = 0x08;  ///< sh, mh: fallback
inline constexpr std::uint32_t Scheduler2 = 0x10;  ///< sh, mh: port
inline constexpr std::uint32_t Scheduler3 = 0x20;
}  // namespace service_flag

/// All of a service that can be edited in place.
struct ServiceSettings {
  std::string scheduler = "wlc";   ///< at most 15 characters
  std::string persistence_engine;  ///< at most 15 characters; empty: none
  std::uint32_t flags = 0;         ///< service_flag::*
  std::uint32_t timeout = 0;       ///< of persistence, seconds; 0 without service_flag::Persistent
  std::uint8_t prefix = 32;        ///< persistence granularity as prefix length; full without persistence
  friend bool operator==(const ServiceSettings&, const ServiceSettings&) = default;
};
/// ServiceSettings::prefix of a kernel entry whose mask is not a prefix; never equal to a wanted one.
inline constexpr std::uint8_t kIrregularMask = 255;

struct Service {
  ServiceKey key;
  ServiceSettings settings;
  /// Ascending by endpoint, no endpoint twice. This is also the order in which they are added, so that two
  /// directors with the same file build the same list (the mh scheduler depends on it).
  std::vector<Destination> destinations;
  friend bool operator==(const Service&, const Service&) = default;
};

using Table = std::map<ServiceKey, Service>;

/// The prefix length that means "every client by itself": 32 or 128.
[[nodiscard]] constexpr std::uint8_t full_prefix(Family family) {
  return family == Family::IPv4 ? 32 : 128;
}

/// nullptr if the service has no such destination.
[[nodiscard]] const Destination* find(const Service& service, const Endpoint& endpoint);
/// Brings the destinations into their order; of two with the same endpoint the first one stays.
void normalise(Service& service);

}  // namespace hald::ipvs
