// SPDX-License-Identifier: Apache-2.0
#include "ipvs/genl_tuning_codec.h"

#include <linux/genetlink.h>
#include <linux/ip_vs.h>
#include <linux/netlink.h>

namespace hald::ipvs::genl {
namespace {

using net::Attribute;
using net::AttributeReader;
using net::MessageWriter;

void begin(MessageWriter& writer, Envelope envelope, int flags, std::uint8_t command) {
  writer.begin(envelope.family, static_cast<std::uint16_t>(NLM_F_REQUEST | flags), envelope.sequence);
  writer.header(genlmsghdr{command, 1, 0});
}

void put_role(MessageWriter& writer, SyncRole role) {
  writer.number(IPVS_DAEMON_ATTR_STATE, static_cast<std::uint32_t>(role));
}

std::optional<SyncRole> role_from(std::uint32_t state) {
  if (state == IP_VS_STATE_MASTER) return SyncRole::Master;
  if (state == IP_VS_STATE_BACKUP) return SyncRole::Backup;
  return std::nullopt;
}

void take(const Attribute& attribute, SyncDaemon& out) {
  const auto group = [&](Family family) {
    if (const auto address = Address::from_bytes(family, attribute.payload)) out.group = *address;
  };
  switch (attribute.type) {
    case IPVS_DAEMON_ATTR_MCAST_IFN: out.interface = attribute.text(); break;
    case IPVS_DAEMON_ATTR_SYNC_ID: out.id = attribute.number<std::uint32_t>(); break;
    case IPVS_DAEMON_ATTR_SYNC_MAXLEN: out.max_length = attribute.number<std::uint16_t>(); break;
    case IPVS_DAEMON_ATTR_MCAST_PORT: out.port = attribute.number<std::uint16_t>(); break;
    case IPVS_DAEMON_ATTR_MCAST_TTL: out.ttl = attribute.number<std::uint8_t>(); break;
    case IPVS_DAEMON_ATTR_MCAST_GROUP: group(Family::IPv4); break;
    case IPVS_DAEMON_ATTR_MCAST_GROUP6: group(Family::IPv6); break;
    default: break;
  }
}

}  // namespace

void encode_get_timeouts(std::vector<std::uint8_t>& out, Envelope envelope) {
  MessageWriter writer(out);
  begin(writer, envelope, 0, IPVS_CMD_GET_CONFIG);
  writer.end();
}

void encode_set_timeouts(std::vector<std::uint8_t>& out, Envelope envelope, const Timeouts& timeouts) {
  MessageWriter writer(out);
  begin(writer, envelope, NLM_F_ACK, IPVS_CMD_SET_CONFIG);
  if (timeouts.tcp) writer.number(IPVS_CMD_ATTR_TIMEOUT_TCP, *timeouts.tcp);
  if (timeouts.tcp_fin) writer.number(IPVS_CMD_ATTR_TIMEOUT_TCP_FIN, *timeouts.tcp_fin);
  if (timeouts.udp) writer.number(IPVS_CMD_ATTR_TIMEOUT_UDP, *timeouts.udp);
  writer.end();
}

void encode_dump_daemons(std::vector<std::uint8_t>& out, Envelope envelope) {
  MessageWriter writer(out);
  begin(writer, envelope, NLM_F_DUMP, IPVS_CMD_GET_DAEMON);
  writer.end();
}

void encode_start_daemon(std::vector<std::uint8_t>& out, Envelope envelope, const SyncDaemon& daemon) {
  MessageWriter writer(out);
  begin(writer, envelope, NLM_F_ACK, IPVS_CMD_NEW_DAEMON);
  const std::size_t nest = writer.begin_nest(IPVS_CMD_ATTR_DAEMON);
  put_role(writer, daemon.role);
  writer.text(IPVS_DAEMON_ATTR_MCAST_IFN, daemon.interface);
  writer.number(IPVS_DAEMON_ATTR_SYNC_ID, daemon.id);
  if (daemon.max_length) writer.number(IPVS_DAEMON_ATTR_SYNC_MAXLEN, *daemon.max_length);
  if (daemon.port) writer.number(IPVS_DAEMON_ATTR_MCAST_PORT, *daemon.port);
  if (daemon.ttl) writer.number(IPVS_DAEMON_ATTR_MCAST_TTL, *daemon.ttl);
  if (daemon.group) {
    writer.put(daemon.group->is_v4() ? IPVS_DAEMON_ATTR_MCAST_GROUP : IPVS_DAEMON_ATTR_MCAST_GROUP6,
               daemon.group->bytes());
  }
  writer.end_nest(nest);
  writer.end();
}

void encode_stop_daemon(std::vector<std::uint8_t>& out, Envelope envelope, SyncRole role) {
  MessageWriter writer(out);
  begin(writer, envelope, NLM_F_ACK, IPVS_CMD_DEL_DAEMON);
  const std::size_t nest = writer.begin_nest(IPVS_CMD_ATTR_DAEMON);
  put_role(writer, role);
  writer.end_nest(nest);
  writer.end();
}

Timeouts decode_timeouts(Bytes attributes) {
  Timeouts out;
  AttributeReader reader(attributes);
  while (const auto attribute = reader.next()) {
    if (attribute->payload.size() < sizeof(std::uint32_t)) continue;
    switch (attribute->type) {
      case IPVS_CMD_ATTR_TIMEOUT_TCP: out.tcp = attribute->number<std::uint32_t>(); break;
      case IPVS_CMD_ATTR_TIMEOUT_TCP_FIN: out.tcp_fin = attribute->number<std::uint32_t>(); break;
      case IPVS_CMD_ATTR_TIMEOUT_UDP: out.udp = attribute->number<std::uint32_t>(); break;
      default: break;
    }
  }
  return out;
}

Result<SyncDaemon> decode_daemon(Bytes attributes) {
  SyncDaemon out;
  std::optional<SyncRole> role;
  AttributeReader outer(attributes);
  while (const auto nest = outer.next()) {
    if (nest->type != IPVS_CMD_ATTR_DAEMON) continue;
    AttributeReader reader(nest->payload);
    while (const auto attribute = reader.next()) {
      if (attribute->type == IPVS_DAEMON_ATTR_STATE) role = role_from(attribute->number<std::uint32_t>());
      take(*attribute, out);
    }
  }
  if (!role) return protocol_error("read an IPVS sync daemon: it has no role");
  out.role = *role;
  return out;
}

}  // namespace hald::ipvs::genl
