// SPDX-License-Identifier: Apache-2.0
// Replies: everything the kernel says, read with suspicion.
#include <linux/genetlink.h>
#include <linux/ip_vs.h>
#include <linux/netlink.h>
#include <sys/socket.h>

#include <algorithm>
#include <bit>

#include "ipvs/genl_codec.h"

namespace hald::ipvs::genl {
namespace {

using net::Attribute;
using net::AttributeReader;

constexpr std::uint32_t kKernelFlags = IP_VS_SVC_F_HASHED;

std::optional<Attribute> find_attribute(Bytes attributes, std::uint16_t type) {
  AttributeReader reader(attributes);
  while (const auto attribute = reader.next()) {
    if (attribute->type == type) return attribute;
  }
  return std::nullopt;
}

std::optional<Family> family_from(std::uint16_t af) {
  if (af == AF_INET) return Family::IPv4;
  if (af == AF_INET6) return Family::IPv6;
  return std::nullopt;
}

std::uint8_t prefix_of(const Attribute& attribute, Family family) {
  if (family == Family::IPv6) {
    const auto length = attribute.number<std::uint32_t>();
    return length <= 128 ? static_cast<std::uint8_t>(length) : kIrregularMask;
  }
  std::uint32_t mask = 0;
  for (const std::uint8_t byte :
       attribute.payload.first(std::min<std::size_t>(4, attribute.payload.size()))) {
    mask = mask << 8U | byte;
  }
  const auto length = static_cast<std::uint8_t>(std::countl_one(mask));
  return std::popcount(mask) == length ? length : kIrregularMask;
}

/// The attributes of a service as they come, before they make sense together.
struct RawService {
  std::uint16_t af = 0;
  std::uint16_t protocol = 0;
  std::uint16_t port = 0;
  Bytes address;
  std::optional<std::uint32_t> mark;
  std::optional<Attribute> mask;
  ServiceSettings settings;
};

RawService read_service_attributes(Bytes nest) {
  RawService raw;
  AttributeReader reader(nest);
  while (const auto attribute = reader.next()) {
    switch (attribute->type) {
      case IPVS_SVC_ATTR_AF: raw.af = attribute->number<std::uint16_t>(); break;
      case IPVS_SVC_ATTR_PROTOCOL: raw.protocol = attribute->number<std::uint16_t>(); break;
      case IPVS_SVC_ATTR_ADDR: raw.address = attribute->payload; break;
      case IPVS_SVC_ATTR_PORT: raw.port = attribute->be16(); break;
      case IPVS_SVC_ATTR_FWMARK: raw.mark = attribute->number<std::uint32_t>(); break;
      case IPVS_SVC_ATTR_SCHED_NAME: raw.settings.scheduler = attribute->text(); break;
      case IPVS_SVC_ATTR_PE_NAME: raw.settings.persistence_engine = attribute->text(); break;
      case IPVS_SVC_ATTR_FLAGS:
        raw.settings.flags = attribute->number<std::uint32_t>() & ~kKernelFlags;
        break;
      case IPVS_SVC_ATTR_TIMEOUT: raw.settings.timeout = attribute->number<std::uint32_t>(); break;
      case IPVS_SVC_ATTR_NETMASK: raw.mask = attribute; break;
      default: break;
    }
  }
  return raw;
}

Result<ServiceKey> key_from(const RawService& raw, Family family) {
  if (raw.mark) return ServiceKey(config::FirewallMark{*raw.mark, family});
  const auto address = Address::from_bytes(family, raw.address);
  if (!address) return address.error();
  if (raw.protocol > 255) return protocol_error("read an IPVS service: unknown protocol");
  const auto protocol = static_cast<config::Protocol>(raw.protocol);
  return ServiceKey(config::ServiceAddress{protocol, Endpoint{*address, raw.port}});
}

/// An address written into a message that may be cut short.
Result<Endpoint> endpoint_from(Bytes address_bytes, std::uint16_t port, Family family) {
  const auto address = Address::from_bytes(family, address_bytes);
  if (!address) return address.error();
  return Endpoint{*address, port};
}

}  // namespace

std::optional<Message> MessageReader::next() {
  const auto raw = messages_.next();
  if (!raw) return std::nullopt;
  Message message;
  message.sequence = raw->sequence;
  message.interrupted = (raw->flags & NLM_F_DUMP_INTR) != 0;
  if (raw->type == NLMSG_ERROR || raw->type == NLMSG_DONE) {
    message.kind = raw->type == NLMSG_DONE ? Message::Kind::Done : Message::Kind::Answer;
    const std::int32_t number = raw->header<std::int32_t>().value_or(0);
    if (number < 0 && number > -4096) message.code = std::error_code(-number, std::generic_category());
  } else if (raw->type == family_ && raw->body.size() >= GENL_HDRLEN) {
    message.kind = Message::Kind::Payload;
    message.attributes = raw->body.subspan(GENL_HDRLEN);
  }
  return message;
}

Result<Version> decode_info(Bytes attributes) {
  const auto version = find_attribute(attributes, IPVS_INFO_ATTR_VERSION);
  if (!version || version->payload.size() < 4) return protocol_error("read the IPVS version");
  const auto number = version->number<std::uint32_t>();
  Version out{static_cast<std::uint8_t>(number >> 16U), static_cast<std::uint8_t>(number >> 8U),
              static_cast<std::uint8_t>(number), 0};
  if (const auto size = find_attribute(attributes, IPVS_INFO_ATTR_CONN_TAB_SIZE)) {
    out.connection_table_size = size->number<std::uint32_t>();
  }
  return out;
}

Result<Service> decode_service(Bytes attributes) {
  const auto nest = find_attribute(attributes, IPVS_CMD_ATTR_SERVICE);
  if (!nest) return protocol_error("read an IPVS service: the attribute is missing");
  RawService raw = read_service_attributes(nest->payload);
  const auto family = family_from(raw.af);
  if (!family) return protocol_error("read an IPVS service: unknown address family");
  auto key = key_from(raw, *family);
  if (!key) return key.error();
  // Without persistence the kernel keeps a timeout and a mask that mean nothing.
  raw.settings.prefix = full_prefix(*family);
  if ((raw.settings.flags & service_flag::Persistent) == 0)
    raw.settings.timeout = 0;
  else if (raw.mask)
    raw.settings.prefix = prefix_of(*raw.mask, *family);
  return Service{*key, std::move(raw.settings), {}};
}

Result<Destination> decode_destination(Bytes attributes, Family family) {
  const auto nest = find_attribute(attributes, IPVS_CMD_ATTR_DEST);
  if (!nest) return protocol_error("read an IPVS destination: the attribute is missing");
  Destination out;
  std::optional<Family> own = family;
  Bytes address;
  std::uint16_t port = 0;
  AttributeReader reader(nest->payload);
  while (const auto attribute = reader.next()) {
    switch (attribute->type) {
      case IPVS_DEST_ATTR_ADDR: address = attribute->payload; break;
      case IPVS_DEST_ATTR_PORT: port = attribute->be16(); break;
      case IPVS_DEST_ATTR_FWD_METHOD:
        out.forwarding = static_cast<Forwarding>(attribute->number<std::uint32_t>() & IP_VS_CONN_F_FWD_MASK);
        break;
      case IPVS_DEST_ATTR_WEIGHT: out.weight = attribute->number<std::int32_t>(); break;
      case IPVS_DEST_ATTR_U_THRESH: out.upper_threshold = attribute->number<std::uint32_t>(); break;
      case IPVS_DEST_ATTR_L_THRESH: out.lower_threshold = attribute->number<std::uint32_t>(); break;
      case IPVS_DEST_ATTR_ADDR_FAMILY: own = family_from(attribute->number<std::uint16_t>()); break;
      case IPVS_DEST_ATTR_TUN_TYPE:
        out.tunnel_type = static_cast<TunnelType>(attribute->number<std::uint8_t>());
        break;
      case IPVS_DEST_ATTR_TUN_PORT: out.tunnel_port = attribute->be16(); break;
      case IPVS_DEST_ATTR_TUN_FLAGS: out.tunnel_flags = attribute->number<std::uint16_t>(); break;
      default: break;
    }
  }
  if (!own) return protocol_error("read an IPVS destination: unknown address family");
  auto endpoint = endpoint_from(address, port, *own);
  if (!endpoint) return endpoint.error();
  out.endpoint = *endpoint;
  return out;
}

Result<Connections> decode_connections(Bytes attributes, Family family) {
  const auto destination = decode_destination(attributes, family);
  if (!destination) return destination.error();
  Connections out;
  out.destination = destination->endpoint;
  AttributeReader reader(find_attribute(attributes, IPVS_CMD_ATTR_DEST)->payload);
  while (const auto attribute = reader.next()) {
    if (attribute->type == IPVS_DEST_ATTR_ACTIVE_CONNS) out.active = attribute->number<std::uint32_t>();
    if (attribute->type == IPVS_DEST_ATTR_INACT_CONNS) out.inactive = attribute->number<std::uint32_t>();
  }
  return out;
}

}  // namespace hald::ipvs::genl
