// SPDX-License-Identifier: Apache-2.0
// Builds vrrp_instance in two steps: InstanceDraft takes what is written, with what can be judged on the
// spot; complete_vrrp.h, when the whole file is known, fills in the defaults and settles what contradicts
// itself. The words come in four groups, one file and one binding for each.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "config/binding.h"
#include "config/build_global.h"
#include "config/build_route.h"
#include "config/definitions.h"
#include "config/model_vrrp.h"

namespace hald::config {

struct InstanceDraft {
  VrrpInstance out;
  /// What is written of the words that global_defs has too.
  VrrpSettings settings;
  /// The last statement of each word; its block's, of words within.
  std::map<std::string_view, Position> places;
  /// The first address of any kind tells it, but those of virtual_ipaddress_excluded.
  std::optional<Family> family;
  std::optional<InitialState> state;
  std::optional<std::uint8_t> priority;
  std::optional<std::uint8_t> vrid;
  bool fault_without_peers = false;  ///< unicast_fault_no_peer
  bool mac_takes_vrid = false;       ///< the last octet of out.own_link->mac is the virtual_router_id
  bool vmac_xmit_base = false;
  bool linkbeat_polling = false;
  bool native_ipv6 = false;
  std::optional<bool> accept;
  std::optional<AuthType> auth_type;
  std::optional<std::string> auth_password;
  std::string lvs_sync_interface;                               ///< lvs_sync_daemon_interface
  std::vector<Place> address_places;                            ///< of out.addresses
  std::vector<Place> excluded_places;                           ///< of out.excluded_addresses
  std::set<Address> taken;                                      ///< by out.addresses, on whatever device
  std::set<std::pair<Address, std::string>> taken_on;           ///< by out.addresses, with the device
  std::set<std::pair<Address, std::string>> taken_by_excluded;  ///< by out.excluded_addresses

  Definitions* known = nullptr;
  RouteBuilder* routes = nullptr;
  std::set<std::string, std::less<>>* link_names = nullptr;  ///< of all instances so far

  [[nodiscard]] bool wrote(std::string_view word) const { return places.contains(word); }
  /// Of the word, or of the name of the instance.
  [[nodiscard]] Position place_of(std::string_view word) const {
    const auto found = places.find(word);
    return found == places.end() ? Position(out.where) : found->second;
  }
  /// False, with an error, if the instance is of another family already.
  bool join(Family family, const Word& word, Values& values);
};

/// What instances are read with.
struct InstanceContext {
  Definitions& known;
  RouteBuilder& routes;
  std::set<std::string, std::less<>>& link_names;
};

/// Nothing if the header is wrong or the name is taken.
[[nodiscard]] std::optional<InstanceDraft> read_instance(const Node& block, const InstanceContext& context,
                                                         Values& values);

void print_instance(const VrrpInstance& instance, Document& out);

/// The groups of words; instance_settings() (build_global.h) are a further one.
namespace instance_rows {
[[nodiscard]] const BlockBinding<InstanceDraft>& election();  ///< build_vrrp.cpp
[[nodiscard]] const BlockBinding<InstanceDraft>& links();     ///< build_vrrp_link.cpp
[[nodiscard]] const BlockBinding<InstanceDraft>& unicast();   ///< build_vrrp_unicast.cpp
[[nodiscard]] const BlockBinding<InstanceDraft>& security();  ///< build_vrrp_auth.cpp
[[nodiscard]] const BlockBinding<InstanceDraft>& lists();     ///< build_vrrp_lists.cpp
}  // namespace instance_rows

}  // namespace hald::config
