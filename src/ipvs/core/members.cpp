// SPDX-License-Identifier: Apache-2.0
#include "ipvs/core/members.h"

#include <algorithm>
#include <array>
#include <unordered_set>

namespace hald::ipvs {
namespace {

/// The address after this one; after the last of all comes the first.
Address next_after(const Address& address) {
  std::array<std::uint8_t, 16> bytes{};
  const auto old = address.bytes();
  std::copy(old.begin(), old.end(), bytes.begin());
  for (std::size_t i = old.size(); i-- > 0;) {
    if (++bytes[i] != 0) break;
  }
  if (!address.is_v4()) return Address::v6(bytes);
  return Address::v4(address.v4_value() + 1);
}

}  // namespace

std::vector<ServiceKey> member_keys(const config::ServerGroup& group, const config::GroupServer& server) {
  std::vector<ServiceKey> out;
  std::unordered_set<ServiceKey> seen;
  const auto add = [&](const ServiceKey& key) {
    if (seen.insert(key).second) out.push_back(key);
  };
  const auto protocol = server.protocol.value_or(config::Protocol::Tcp);
  for (const config::AddressRange& range : group.addresses) {
    for (Address address = range.first;; address = next_after(address)) {
      add(config::ServiceAddress{protocol, {address, range.port}});
      if (address == range.last) break;
    }
  }
  // compat: what says nothing about its family is IPv4.
  for (const config::GroupMark& mark : group.marks) {
    const Family family = mark.family ? *mark.family : server.family.value_or(Family::IPv4);
    add(config::FirewallMark{mark.mark, family});
  }
  return out;
}

Service desired_member(const config::GroupServer& server, const ServiceKey& member,
                       const ServiceInput& input) {
  Service out = desired_service(server, member, input);
  // The granularity of a group of both families is one of IPv4.
  const Family family = config::family_of(member);
  if (family != server.family.value_or(Family::IPv4)) out.settings.prefix = full_prefix(family);
  return out;
}

}  // namespace hald::ipvs
