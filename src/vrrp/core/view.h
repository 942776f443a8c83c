// SPDX-License-Identifier: Apache-2.0
// InstanceView: what the outside may see of one VRRP instance, as plain values. The status snapshot is made
// of these; nothing reads it back.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/ip.h"
#include "base/time.h"

namespace hald::vrrp {

/// Why received packets were dropped or remarked on, one counter per kind. The names are those of
/// keepalived's statistics where it has them (docs/compatibility.md).
struct PacketCounters {
  std::uint64_t length_errors = 0;
  std::uint64_t ttl_errors = 0;
  std::uint64_t checksum_errors = 0;
  std::uint64_t version_errors = 0;
  std::uint64_t type_errors = 0;
  std::uint64_t auth_type_errors = 0;  ///< an authentication type unlike ours
  std::uint64_t auth_failures = 0;     ///< wrong password, digest or trailer
  std::uint64_t interval_errors = 0;
  std::uint64_t address_list_errors = 0;  ///< accepted, but the list is not ours
  std::uint64_t empty_list_errors = 0;    ///< count of addresses 0
  std::uint64_t destination_errors = 0;   ///< multicast where unicast is expected, or the reverse
  std::uint64_t owner_ignored = 0;        ///< as address owner, with owner_ignore_adverts
  std::uint64_t unknown_peers = 0;        ///< unicast, from none of the peers
  std::uint64_t own_packets = 0;          ///< our own adverts, looped back by a switch
  std::uint64_t checksum_rfc_form = 0;    ///< v3 IPv4 accepted, summed without the pseudo-header
  std::uint64_t checksum_pseudo_form = 0;
  std::uint64_t priority_zero_received = 0;
  std::uint64_t priority_zero_sent = 0;
};

struct AdvertStatistics {
  std::uint64_t sent = 0;
  std::uint64_t received = 0;  ///< accepted ones
  Duration lateness_max{};     ///< how far after its time the latest advert left
};

/// What the outside may see of a sync group.
struct GroupView {
  std::string name;
  std::string state;  ///< as of an instance
  WallTime since;
  std::string reason;
  std::vector<std::string> members;
};

/// One thing that an instance tracks.
struct TrackView {
  std::string kind;  ///< "interface", "script", ...
  std::string name;
  std::string state;  ///< "good", "bad", "number", "unknown"
  std::string words;  ///< behind the name: "failed (exited with status 1)"
  int weight = 0;
  bool reverse = false;
  int priority = 0;       ///< what it adds now
  bool fault = false;     ///< it keeps the instance in FAULT
  bool of_group = false;  ///< tracked by its sync group
};

/// Another router that is not what VRRP allows it to be (core/conflicts.h).
struct ConflictView {
  std::string kind;  ///< "two_masters", "two_owners", "other_addresses"
  Address source;
  std::uint8_t priority = 0;  ///< of its latest advert; 0 if that was dropped
  std::uint64_t count = 0;    ///< its adverts since it began
  WallTime since;
  std::string reason;
  std::vector<Address> addresses;  ///< other_addresses: its list
};

struct InstanceView {
  std::string name;
  std::string interface;
  std::uint8_t vrid = 0;
  Family family = Family::IPv4;
  std::string state;  ///< "INIT", "BACKUP", "MASTER", "FAULT"
  std::uint8_t base_priority = 0;
  std::uint8_t priority = 0;                    ///< effective
  WallTime since;                               ///< when the state was entered
  std::string reason;                           ///< why it is in this state, in words
  std::optional<Address> master_address;        ///< of the MASTER heard last, or our own source as MASTER
  std::vector<std::string> addresses;           ///< virtual addresses as configured: "10.0.0.3/24"
  std::vector<std::string> excluded_addresses;  ///< held, but not in the adverts
  AdvertStatistics adverts;
  PacketCounters packets;
  std::uint64_t transitions_to_master = 0;
  bool yields = false;  ///< was asked to hand over, and takes nothing back by itself
  std::vector<TrackView> tracked;
  std::vector<ConflictView> conflicts;  ///< those that last
};

}  // namespace hald::vrrp
