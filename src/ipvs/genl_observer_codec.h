// SPDX-License-Identifier: Apache-2.0
// The messages of generic netlink that show a table with its counters, and those that take it as ipvsadm
// would write it. Pure bytes, read as if a stranger had written them.
#pragma once

#include <cstdint>
#include <vector>

#include "ipvs/core/observed.h"
#include "ipvs/genl_codec.h"

namespace hald::ipvs::genl {

// Each appends one whole message to `out`, which asks for an acknowledgement.
void encode_flush(std::vector<std::uint8_t>& out, Envelope envelope);
/// nullptr: all services.
void encode_zero(std::vector<std::uint8_t>& out, Envelope envelope, const ServiceKey* key);
/// A new service, or new settings of one that is there.
void encode_entry(std::vector<std::uint8_t>& out, Envelope envelope, const ServiceEntry& entry, bool is_new);

[[nodiscard]] Result<ObservedService> decode_observed_service(Bytes attributes);
[[nodiscard]] Result<ObservedDestination> decode_observed_destination(Bytes attributes, Family family);

}  // namespace hald::ipvs::genl
