// SPDX-License-Identifier: Apache-2.0
// The part of the model about virtual routers and the groups they form.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/ip.h"
#include "base/time.h"
#include "config/model_global.h"
#include "config/model_interface.h"
#include "config/model_route.h"
#include "config/model_script.h"
#include "config/model_track.h"
#include "config/place.h"

namespace hald::config {

enum class InitialState : std::uint8_t { Backup, Master };
enum class AuthType : std::uint8_t { None, Pass, Ah };

/// When and how often gratuitous ARPs are sent.
struct Announcing {
  Duration master_delay = std::chrono::seconds(5);  ///< second batch after becoming MASTER; 0: none
  unsigned master_repeat = 5;                       ///< announcements in a batch
  Duration master_refresh{};                        ///< period of refreshes as MASTER; 0: none
  unsigned master_refresh_repeat = 1;
  Duration lower_prio_delay = std::chrono::seconds(5);  ///< second batch after a losing advert; 0: none
  unsigned lower_prio_repeat = 5;
  friend bool operator==(const Announcing&, const Announcing&) = default;
};

/// A link of its own that an instance runs on: use_vmac, use_ipvlan.
struct OwnLink {
  enum class Kind : std::uint8_t { Macvlan, IpvlanBridge, IpvlanPrivate, IpvlanVepa };
  using Mac = std::array<std::uint8_t, 6>;
  Kind kind = Kind::Macvlan;
  std::string name;               ///< empty: made from vmac_prefix and the virtual_router_id
  std::optional<Mac> mac;         ///< of a macvlan; nothing: that of the virtual router
  bool notify = false;            ///< one more link message when it is made
  std::string group;              ///< of interfaces, by name or number; empty: none
  std::optional<Prefix> address;  ///< of an ipvlan
  bool send_from_parent = false;  ///< vmac_xmit_base
  friend bool operator==(const OwnLink&, const OwnLink&) = default;
};

/// One line of unicast_peer.
struct UnicastPeer {
  Address address;
  std::uint8_t min_ttl = 0;  ///< adverts with less are dropped
  std::uint8_t max_ttl = 255;
  friend bool operator==(const UnicastPeer&, const UnicastPeer&) = default;
};

/// What checksum of version 3 unicast adverts is expected.
enum class UnicastChecksum : std::uint8_t {
  Automatic,  ///< the right one; the old one from a peer that was heard with it
  Old,        ///< always as before 1.3.6
  New         ///< never that
};

/// auth_hmac
struct HmacAuth {
  enum class Mode : std::uint8_t { Enforce, Permissive, ReceiveOnly };
  struct Key {
    std::uint8_t id = 0;  ///< 1..255
    std::string bytes;    ///< 32..64
    std::string file;     ///< where they come from; empty: from the configuration
    friend bool operator==(const Key&, const Key&) = default;
  };
  std::vector<Key> keys;        ///< each id once
  std::uint8_t active_key = 0;  ///< one of them
  Mode mode = Mode::Enforce;
  bool by_time = true;     ///< anti_replay: by the clock, not only by order
  Duration time_window{};  ///< 1..300 s, of by_time
  friend bool operator==(const HmacAuth&, const HmacAuth&) = default;
};

/// What is run when the state changes; empty commands are not.
struct Notifications {
  Command backup;
  Command master;
  Command fault;
  Command stop;
  Command any;      ///< `notify`, with the state as an argument
  Command deleted;  ///< a reload removed the instance
  Command master_rx_lower_pri;
  friend bool operator==(const Notifications&, const Notifications&) = default;
};

struct VrrpInstance {
  std::string name;
  std::string interface;  ///< empty: a unicast instance with a source address of its own
  std::uint8_t vrid = 0;  ///< 1..255
  Family family = Family::IPv4;
  std::uint8_t version = 2;  ///< 2 or 3
  InitialState initial_state = InitialState::Backup;
  std::uint8_t priority = 100;                         ///< 1..255; 255 is the address owner
  Duration advert_interval = std::chrono::seconds(1);  ///< v2: whole seconds 1..255; v3: 10 ms .. 40.95 s
  unsigned down_timer_adverts = 3;                     ///< adverts missed before a MASTER is dead, 1..100
  bool preempt = true;                                 ///< false: `nopreempt`
  Duration preempt_delay{};                            ///< 0..1000 s
  bool v3_checksum_as_v2 = false;                      ///< v3 IPv4 checksum without pseudo-header
  bool lower_prio_no_advert = false;                   ///< stay silent at a losing advert
  bool higher_prio_send_advert = false;                ///< one more advert before yielding
  AuthType auth_type = AuthType::None;
  std::string auth_password;  ///< 1..8 octets used
  std::optional<HmacAuth> auth_hmac;
  Announcing announcing;
  std::vector<VirtualAddress> addresses;           ///< in file order, all of `family`; advertised
  std::vector<VirtualAddress> excluded_addresses;  ///< held, but not advertised
  Place where;

  bool fault = false;  ///< something in its configuration keeps it in FAULT
  bool strict = false;
  std::optional<OwnLink> own_link;
  bool vmac_addresses = false;  ///< use_vmac_addr: addresses on other interfaces get a VMAC too
  bool unicast = false;         ///< sent to `peers`
  std::vector<UnicastPeer> peers;
  bool check_unicast_source = false;  ///< only adverts of `peers` count
  UnicastChecksum unicast_checksum = UnicastChecksum::Automatic;
  std::optional<std::uint8_t> unicast_ttl;  ///< nothing: the kernel's
  std::string vrf;                          ///< of a unicast instance without interface
  std::optional<Address> source;            ///< nothing: the first address of the interface
  bool track_source = false;                ///< FAULT while `source` is missing
  std::optional<Address> group;             ///< of a multicast instance
  bool track_interface = true;              ///< false: dont_track_primary
  Tracking track;
  std::vector<Route> routes;  ///< while MASTER
  std::vector<Rule> rules;
  bool no_addresses = false;  ///< no_virtual_ipaddress: none is right
  bool promote_secondaries = false;
  bool accept = true;                ///< packets to the addresses
  bool skip_check_adv_addr = false;  ///< the addresses of an advert are compared when the sender changes
  bool owner_ignore_adverts = false;
  std::uint8_t debug = 0;  ///< 0..4
  Notifications notify;
  bool notify_deleted = false;  ///< removal by a reload is DELETED, not FAULT
  bool notify_priority_changes = false;
  bool smtp_alert = false;
  /// With nopreempt: BACKUP once when adverts were late, the others having this priority at most; 1..254.
  std::optional<std::uint8_t> timer_expired_backup;
  ExtraAnnouncing garp_extra;
  std::optional<std::uint32_t> kernel_rx_buf_size;  ///< bytes
  friend bool operator==(const VrrpInstance&, const VrrpInstance&) = default;
};

/// vrrp_sync_group: instances that change their state together.
struct SyncGroup {
  std::string name;
  std::vector<std::string> members;  ///< instances, each in one group only
  Tracking track;                    ///< for all members
  bool tracking_weight = false;      ///< members may be tracked with weights
  Notifications notify;              ///< backup, master, fault, stop and any
  bool smtp_alert = false;
  std::optional<bool> notify_priority_changes;
  Place where;
  friend bool operator==(const SyncGroup&, const SyncGroup&) = default;
};

/// What makes an instance the same one across reloads.
struct InstanceKey {
  std::string interface;
  Family family = Family::IPv4;
  std::uint8_t vrid = 0;
  bool unicast = false;
  std::optional<Address> local;  ///< unicast: its source, as far as configured; multicast: its group
  friend auto operator<=>(const InstanceKey&, const InstanceKey&) = default;
};
[[nodiscard]] inline InstanceKey key_of(const VrrpInstance& instance) {
  return {instance.interface, instance.family, instance.vrid, instance.unicast,
          instance.unicast ? instance.source : instance.group};
}

}  // namespace hald::config
