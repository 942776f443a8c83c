// SPDX-License-Identifier: Apache-2.0
// What a link is made of, as far as hald makes such links itself or follows them. The numbers are those of
// linux/if_link.h.
#pragma once

#include <cstdint>
#include <string>
#include <variant>

namespace hald::net {

/// Hardware (without a name), or a kind that hald does not look into.
struct OtherKind {
  std::string name;
  friend bool operator==(const OtherKind&, const OtherKind&) = default;
};

enum class MacvlanMode : std::uint32_t { Private = 1, Vepa = 2, Bridge = 4, Passthru = 8, Source = 16 };
struct Macvlan {
  MacvlanMode mode = MacvlanMode::Private;
  friend bool operator==(const Macvlan&, const Macvlan&) = default;
};

enum class IpvlanMode : std::uint16_t { L2 = 0, L3 = 1, L3s = 2 };
enum class IpvlanIsolation : std::uint16_t { Bridge = 0, Private = 1, Vepa = 2 };
struct Ipvlan {
  IpvlanMode mode = IpvlanMode::L2;
  IpvlanIsolation isolation = IpvlanIsolation::Bridge;
  friend bool operator==(const Ipvlan&, const Ipvlan&) = default;
};

struct Vrf {
  std::uint32_t table = 0;  ///< the routing table of everything enslaved to it
  friend bool operator==(const Vrf&, const Vrf&) = default;
};

using LinkKind = std::variant<OtherKind, Macvlan, Ipvlan, Vrf>;

/// How a link gets its link-local IPv6 address (IFLA_INET6_ADDR_GEN_MODE).
enum class AddressMode : std::uint8_t { Eui64 = 0, None = 1, StablePrivacy = 2, Random = 3 };

}  // namespace hald::net
