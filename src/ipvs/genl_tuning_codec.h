// SPDX-License-Identifier: Apache-2.0
// The messages of generic netlink about what IPVS has besides its table, to and from the types of
// core/tuning.h. Pure bytes, read as if a stranger had written them.
#pragma once

#include <cstdint>
#include <vector>

#include "ipvs/core/tuning.h"
#include "ipvs/genl_codec.h"

namespace hald::ipvs::genl {

// Each appends one whole message to `out`; those that change something ask for an acknowledgement.
void encode_get_timeouts(std::vector<std::uint8_t>& out, Envelope envelope);
void encode_set_timeouts(std::vector<std::uint8_t>& out, Envelope envelope, const Timeouts& timeouts);
void encode_dump_daemons(std::vector<std::uint8_t>& out, Envelope envelope);
void encode_start_daemon(std::vector<std::uint8_t>& out, Envelope envelope, const SyncDaemon& daemon);
void encode_stop_daemon(std::vector<std::uint8_t>& out, Envelope envelope, SyncRole role);

[[nodiscard]] Timeouts decode_timeouts(Bytes attributes);
[[nodiscard]] Result<SyncDaemon> decode_daemon(Bytes attributes);

}  // namespace hald::ipvs::genl
