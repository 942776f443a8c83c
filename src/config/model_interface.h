// SPDX-License-Identifier: Apache-2.0
// The part of the model about interfaces and addresses: what an address brings with it, addresses that are
// there as long as hald runs, and how single interfaces are treated.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/ip.h"
#include "base/time.h"
#include "config/place.h"

namespace hald::config {

/// One line of virtual_ipaddress, virtual_ipaddress_excluded or static_ipaddress.
struct VirtualAddress {
  Prefix prefix;                     ///< without a length /32 or /128; with `peer` the peer's
  std::string device;                ///< `dev`; the instance's interface when not given
  std::string label;                 ///< at most 15 characters; empty: none
  std::uint8_t scope = 0;            ///< as rtnetlink numbers it; 0 is global
  std::optional<Address> broadcast;  ///< `brd`
  std::optional<Address> peer;       ///< the other end
  bool home = false;                 ///< of mobile IPv6
  bool detect_duplicates = false;    ///< `-nodad`
  bool manage_temporary = false;     ///< `mngtmpaddr`
  bool no_prefix_route = false;      ///< `noprefixroute`
  bool auto_join = false;            ///< `autojoin`
  bool track = true;                 ///< false: `no_track`, nobody minds if it goes
  bool use_vmac = false;             ///< on a VMAC of its interface
  /// Seconds; nothing: for ever.
  std::optional<std::uint32_t> preferred_lifetime;
  Place where;
  friend bool operator==(const VirtualAddress&, const VirtualAddress&) = default;
};

/// A line of static_ipaddress.
struct StaticAddress {
  VirtualAddress address;
  std::string track_group;  ///< installed only while one of its instances is well; empty: always
  Place where;
  friend bool operator==(const StaticAddress&, const StaticAddress&) = default;
};

/// garp_group: interfaces that share one pace of announcements.
struct GarpGroup {
  std::optional<Duration> garp_interval;
  std::optional<Duration> gna_interval;
  std::vector<std::string> interfaces;
  Place where;
  friend bool operator==(const GarpGroup&, const GarpGroup&) = default;
};

/// A line of linkbeat_interfaces: the link is polled.
struct LinkbeatInterface {
  enum class Method : std::uint8_t { Any, Mii, Ethtool, Ioctl };
  std::string name;
  Method method = Method::Any;  ///< Any: the first one that works
  friend bool operator==(const LinkbeatInterface&, const LinkbeatInterface&) = default;
};

/// A line of interface_up_down_delays: how long a change must last before it counts.
struct InterfaceDelay {
  std::string name;
  Duration down{};  ///< up to 255 s
  Duration up{};
  friend bool operator==(const InterfaceDelay&, const InterfaceDelay&) = default;
};

}  // namespace hald::config
