// SPDX-License-Identifier: Apache-2.0
// The part of the model about virtual routers.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/ip.h"
#include "base/time.h"
#include "config/place.h"

namespace hald::config {

/// One line of virtual_ipaddress.
struct VirtualAddress {
  Prefix prefix;                     ///< as written; without a length /32 or /128
  std::string device;                ///< `dev`; the instance's interface when not given
  std::string label;                 ///< `label`, at most 15 characters; empty: none
  std::uint8_t scope = 0;            ///< `scope` as rtnetlink numbers it; 0 is global
  std::optional<Address> broadcast;  ///< `brd`
  friend bool operator==(const VirtualAddress&, const VirtualAddress&) = default;
};

enum class InitialState : std::uint8_t { Backup, Master };
enum class AuthType : std::uint8_t { None, Pass };

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

struct VrrpInstance {
  std::string name;
  std::string interface;
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
  std::string auth_password;  ///< PASS: 1..8 octets used
  Announcing announcing;
  std::vector<VirtualAddress> addresses;  ///< in file order; those of `family` are advertised
  Place where;
  friend bool operator==(const VrrpInstance&, const VrrpInstance&) = default;
};

/// What makes an instance the same one across reloads.
struct InstanceKey {
  std::string interface;
  Family family = Family::IPv4;
  std::uint8_t vrid = 0;
  friend auto operator<=>(const InstanceKey&, const InstanceKey&) = default;
};
[[nodiscard]] inline InstanceKey key_of(const VrrpInstance& instance) {
  return {instance.interface, instance.family, instance.vrid};
}

}  // namespace hald::config
