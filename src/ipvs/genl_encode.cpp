// SPDX-License-Identifier: Apache-2.0
// Requests: the Ops and the questions hald asks.
#include <linux/genetlink.h>
#include <linux/ip_vs.h>
#include <linux/netlink.h>

#include <algorithm>
#include <array>

#include "base/overloaded.h"
#include "ipvs/genl_codec.h"
#include "net/netlink_bytes.h"

namespace hald::ipvs::genl {
namespace {

using net::MessageWriter;

std::uint16_t af_of(Family family) {
  return static_cast<std::uint16_t>(to_af(family));
}

/// The bits of an IPv4 netmask, in network order as the kernel wants them.
std::array<std::uint8_t, 4> netmask(std::uint8_t prefix) {
  const std::uint32_t mask = prefix == 0 ? 0 : ~std::uint32_t{0} << (32U - std::min<unsigned>(prefix, 32));
  return {static_cast<std::uint8_t>(mask >> 24U), static_cast<std::uint8_t>(mask >> 16U),
          static_cast<std::uint8_t>(mask >> 8U), static_cast<std::uint8_t>(mask)};
}

void put_key(MessageWriter& writer, const ServiceKey& key) {
  writer.number(IPVS_SVC_ATTR_AF, af_of(config::family_of(key)));
  if (const auto* mark = std::get_if<config::FirewallMark>(&key)) {
    writer.number(IPVS_SVC_ATTR_FWMARK, mark->mark);
    return;
  }
  const auto& address = std::get<config::ServiceAddress>(key);
  writer.number(IPVS_SVC_ATTR_PROTOCOL, static_cast<std::uint16_t>(address.protocol));
  writer.put(IPVS_SVC_ATTR_ADDR, address.endpoint.address.bytes());
  writer.be16(IPVS_SVC_ATTR_PORT, address.endpoint.port);
}

void put_settings(MessageWriter& writer, const ServiceKey& key, const ServiceSettings& settings) {
  writer.text(IPVS_SVC_ATTR_SCHED_NAME, settings.scheduler);
  if (!settings.persistence_engine.empty()) writer.text(IPVS_SVC_ATTR_PE_NAME, settings.persistence_engine);
  const std::array<std::uint32_t, 2> flags{settings.flags, ~std::uint32_t{0}};
  writer.number(IPVS_SVC_ATTR_FLAGS, flags);
  writer.number(IPVS_SVC_ATTR_TIMEOUT, settings.timeout);
  if (config::family_of(key) == Family::IPv4) {
    writer.put(IPVS_SVC_ATTR_NETMASK, netmask(settings.prefix));
  } else {
    writer.number(IPVS_SVC_ATTR_NETMASK, std::uint32_t{settings.prefix});
  }
}

void put_service(MessageWriter& writer, const ServiceKey& key, const ServiceSettings* settings = nullptr) {
  const std::size_t nest = writer.begin_nest(IPVS_CMD_ATTR_SERVICE);
  put_key(writer, key);
  if (settings != nullptr) put_settings(writer, key, *settings);
  writer.end_nest(nest);
}

void put_endpoint(MessageWriter& writer, const Endpoint& endpoint) {
  writer.put(IPVS_DEST_ATTR_ADDR, endpoint.address.bytes());
  writer.be16(IPVS_DEST_ATTR_PORT, endpoint.port);
  writer.number(IPVS_DEST_ATTR_ADDR_FAMILY, af_of(endpoint.address.family()));
}

void put_destination(MessageWriter& writer, const Destination& destination) {
  const std::size_t nest = writer.begin_nest(IPVS_CMD_ATTR_DEST);
  put_endpoint(writer, destination.endpoint);
  writer.number(IPVS_DEST_ATTR_FWD_METHOD, static_cast<std::uint32_t>(destination.forwarding));
  writer.number(IPVS_DEST_ATTR_WEIGHT, static_cast<std::uint32_t>(destination.weight));
  writer.number(IPVS_DEST_ATTR_U_THRESH, destination.upper_threshold);
  writer.number(IPVS_DEST_ATTR_L_THRESH, destination.lower_threshold);
  // Absent means plain ipip to the kernel; a kernel before 5.3 knows nothing else.
  if (destination.tunnel_type != TunnelType::Ipip) {
    writer.number(IPVS_DEST_ATTR_TUN_TYPE, static_cast<std::uint8_t>(destination.tunnel_type));
    writer.be16(IPVS_DEST_ATTR_TUN_PORT, destination.tunnel_port);
    writer.number(IPVS_DEST_ATTR_TUN_FLAGS, destination.tunnel_flags);
  }
  writer.end_nest(nest);
}

void put_endpoint_nest(MessageWriter& writer, const Endpoint& endpoint) {
  const std::size_t nest = writer.begin_nest(IPVS_CMD_ATTR_DEST);
  put_endpoint(writer, endpoint);
  writer.end_nest(nest);
}

void begin(MessageWriter& writer, Envelope envelope, std::uint16_t flags, std::uint8_t command) {
  writer.begin(envelope.family, flags, envelope.sequence);
  writer.header(genlmsghdr{command, 1, 0});
}

std::uint8_t command_number(const Op& op) {
  static constexpr std::array<std::uint8_t, std::variant_size_v<Op>> numbers{
      IPVS_CMD_NEW_SERVICE, IPVS_CMD_SET_SERVICE, IPVS_CMD_DEL_SERVICE,
      IPVS_CMD_NEW_DEST,    IPVS_CMD_SET_DEST,    IPVS_CMD_DEL_DEST};
  return numbers.at(op.index());
}

}  // namespace

void encode(std::vector<std::uint8_t>& out, Envelope envelope, const Op& op, bool acknowledge) {
  MessageWriter writer(out);
  const auto flags = static_cast<std::uint16_t>(NLM_F_REQUEST | (acknowledge ? NLM_F_ACK : 0));
  begin(writer, envelope, flags, command_number(op));
  std::visit(Overloaded{[&](const AddService& one) { put_service(writer, one.key, &one.settings); },
                        [&](const EditService& one) { put_service(writer, one.key, &one.settings); },
                        [&](const auto& one) { put_service(writer, one.key); }},
             op);
  std::visit(Overloaded{[&](const AddDestination& one) { put_destination(writer, one.destination); },
                        [&](const EditDestination& one) { put_destination(writer, one.destination); },
                        [&](const DeleteDestination& one) { put_endpoint_nest(writer, one.endpoint); },
                        [](const auto&) {}},
             op);
  writer.end();
}

void encode_get_info(std::vector<std::uint8_t>& out, Envelope envelope) {
  MessageWriter writer(out);
  begin(writer, envelope, NLM_F_REQUEST, IPVS_CMD_GET_INFO);
  writer.end();
}

void encode_dump_services(std::vector<std::uint8_t>& out, Envelope envelope) {
  MessageWriter writer(out);
  begin(writer, envelope, NLM_F_REQUEST | NLM_F_DUMP, IPVS_CMD_GET_SERVICE);
  writer.end();
}

void encode_get_service(std::vector<std::uint8_t>& out, Envelope envelope, const ServiceKey& key) {
  MessageWriter writer(out);
  begin(writer, envelope, NLM_F_REQUEST, IPVS_CMD_GET_SERVICE);
  put_service(writer, key);
  writer.end();
}

void encode_dump_destinations(std::vector<std::uint8_t>& out, Envelope envelope, const ServiceKey& key) {
  MessageWriter writer(out);
  begin(writer, envelope, NLM_F_REQUEST | NLM_F_DUMP, IPVS_CMD_GET_DEST);
  put_service(writer, key);
  writer.end();
}

}  // namespace hald::ipvs::genl
