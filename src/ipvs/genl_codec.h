// SPDX-License-Identifier: Apache-2.0
// The IPVS messages of generic netlink (linux/ip_vs.h, family version 1) to and from the table's types. Pure
// bytes: no socket here. Numbers are in the machine's order except addresses, ports and IPv4 masks. Replies
// are read as if a stranger had written them: lengths are checked, unknown attributes are passed over.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <system_error>
#include <vector>

#include "base/result.h"
#include "ipvs/core/op.h"
#include "ipvs/kernel.h"
#include "net/netlink_bytes.h"

namespace hald::ipvs::genl {

using net::Bytes;

/// Where a request's answer belongs.
struct Envelope {
  std::uint16_t family = 0;  ///< number of the IPVS family
  std::uint32_t sequence = 0;
};

// Each appends one whole message to `out`.
void encode(std::vector<std::uint8_t>& out, Envelope envelope, const Op& op, bool acknowledge);
void encode_get_info(std::vector<std::uint8_t>& out, Envelope envelope);
void encode_dump_services(std::vector<std::uint8_t>& out, Envelope envelope);
void encode_get_service(std::vector<std::uint8_t>& out, Envelope envelope, const ServiceKey& key);
void encode_dump_destinations(std::vector<std::uint8_t>& out, Envelope envelope, const ServiceKey& key);

/// One netlink message of a received datagram.
struct Message {
  enum class Kind : std::uint8_t {
    Payload,  ///< of the family: attributes follow
    Done,     ///< end of a dump, `code` says how it went
    Answer,   ///< to a request: an acknowledgement if `code` is empty
    Other     ///< nothing hald asked for
  };
  Kind kind = Kind::Other;
  std::uint32_t sequence = 0;
  bool interrupted = false;  ///< the dump is not one moment's view
  std::error_code code;
  Bytes attributes;  ///< of a Payload
};

/// Splits a datagram into messages; stops at the first one that is not whole.
class MessageReader {
 public:
  MessageReader(Bytes datagram, std::uint16_t family) : messages_(datagram), family_(family) {}
  [[nodiscard]] std::optional<Message> next();

 private:
  net::NetlinkReader messages_;
  std::uint16_t family_;
};

// An error means that the message does not hold what it should, or something hald has no type for.
[[nodiscard]] Result<Version> decode_info(Bytes attributes);
/// Settings only; destinations come in messages of their own.
[[nodiscard]] Result<Service> decode_service(Bytes attributes);
/// `family` is that of the service: old kernels do not say the destination's own.
[[nodiscard]] Result<Destination> decode_destination(Bytes attributes, Family family);
/// Of the same message: what the kernel counts for the destination now.
[[nodiscard]] Result<Connections> decode_connections(Bytes attributes, Family family);

}  // namespace hald::ipvs::genl
