// SPDX-License-Identifier: Apache-2.0
// encap_codec: RTA_ENCAP and RTA_ENCAP_TYPE, light-weight tunnels, to values and back. Part of route_codec.h.
#pragma once

#include "net/netlink_bytes.h"
#include "net/route.h"

namespace hald::net {

[[nodiscard]] Encap parse_encap(std::uint16_t type, Bytes payload);
/// Nothing for no encapsulation.
void put_encap(MessageWriter& writer, const Encap& encap);

}  // namespace hald::net
