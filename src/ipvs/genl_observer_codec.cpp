// SPDX-License-Identifier: Apache-2.0
#include "ipvs/genl_observer_codec.h"

#include <linux/genetlink.h>
#include <linux/ip_vs.h>
#include <linux/netlink.h>

#include <array>

namespace hald::ipvs::genl {
namespace {

using net::Attribute;
using net::AttributeReader;
using net::MessageWriter;

void begin(MessageWriter& writer, Envelope envelope, std::uint8_t command) {
  writer.begin(envelope.family, NLM_F_REQUEST | NLM_F_ACK, envelope.sequence);
  writer.header(genlmsghdr{command, 1, 0});
}

void put_key(MessageWriter& writer, const ServiceKey& key) {
  writer.number(IPVS_SVC_ATTR_AF, static_cast<std::uint16_t>(to_af(config::family_of(key))));
  if (const auto* mark = std::get_if<config::FirewallMark>(&key)) {
    writer.number(IPVS_SVC_ATTR_FWMARK, mark->mark);
    return;
  }
  const auto& address = std::get<config::ServiceAddress>(key);
  writer.number(IPVS_SVC_ATTR_PROTOCOL, static_cast<std::uint16_t>(address.protocol));
  writer.put(IPVS_SVC_ATTR_ADDR, address.endpoint.address.bytes());
  writer.be16(IPVS_SVC_ATTR_PORT, address.endpoint.port);
}

void put_mask(MessageWriter& writer, const ServiceEntry& entry) {
  if (config::family_of(entry.key) == Family::IPv6) {
    writer.number(IPVS_SVC_ATTR_NETMASK, entry.mask);
  } else {
    writer.put(IPVS_SVC_ATTR_NETMASK, Address::v4(entry.mask).bytes());
  }
}

/// Counters grew from four octets to eight with the kernels; rates as well.
std::uint64_t count_of(const Attribute& attribute) {
  return attribute.payload.size() >= sizeof(std::uint64_t) ? attribute.number<std::uint64_t>()
                                                           : attribute.number<std::uint32_t>();
}

void take_traffic(Bytes nest, Traffic& total, Traffic& rate) {
  AttributeReader reader(nest);
  while (const auto attribute = reader.next()) {
    const std::uint64_t count = count_of(*attribute);
    switch (attribute->type) {
      case IPVS_STATS_ATTR_CONNS: total.connections = count; break;
      case IPVS_STATS_ATTR_INPKTS: total.in_packets = count; break;
      case IPVS_STATS_ATTR_OUTPKTS: total.out_packets = count; break;
      case IPVS_STATS_ATTR_INBYTES: total.in_bytes = count; break;
      case IPVS_STATS_ATTR_OUTBYTES: total.out_bytes = count; break;
      case IPVS_STATS_ATTR_CPS: rate.connections = count; break;
      case IPVS_STATS_ATTR_INPPS: rate.in_packets = count; break;
      case IPVS_STATS_ATTR_OUTPPS: rate.out_packets = count; break;
      case IPVS_STATS_ATTR_INBPS: rate.in_bytes = count; break;
      case IPVS_STATS_ATTR_OUTBPS: rate.out_bytes = count; break;
      default: break;
    }
  }
}

/// Both kinds may be there: the wide one counts.
struct TrafficNests {
  Bytes narrow;
  Bytes wide;
  void read(Traffic& total, Traffic& rate) const { take_traffic(wide.empty() ? narrow : wide, total, rate); }
};

Bytes nest_of(Bytes attributes, std::uint16_t type) {
  AttributeReader reader(attributes);
  while (const auto attribute = reader.next()) {
    if (attribute->type == type) return attribute->payload;
  }
  return {};
}

}  // namespace

void encode_flush(std::vector<std::uint8_t>& out, Envelope envelope) {
  MessageWriter writer(out);
  begin(writer, envelope, IPVS_CMD_FLUSH);
  writer.end();
}

void encode_zero(std::vector<std::uint8_t>& out, Envelope envelope, const ServiceKey* key) {
  MessageWriter writer(out);
  begin(writer, envelope, IPVS_CMD_ZERO);
  if (key != nullptr) {
    const std::size_t nest = writer.begin_nest(IPVS_CMD_ATTR_SERVICE);
    put_key(writer, *key);
    writer.end_nest(nest);
  }
  writer.end();
}

void encode_entry(std::vector<std::uint8_t>& out, Envelope envelope, const ServiceEntry& entry, bool is_new) {
  MessageWriter writer(out);
  begin(writer, envelope, is_new ? IPVS_CMD_NEW_SERVICE : IPVS_CMD_SET_SERVICE);
  const std::size_t nest = writer.begin_nest(IPVS_CMD_ATTR_SERVICE);
  put_key(writer, entry.key);
  const ServiceSettings& settings = entry.settings;
  writer.text(IPVS_SVC_ATTR_SCHED_NAME, settings.scheduler);
  if (!settings.persistence_engine.empty()) writer.text(IPVS_SVC_ATTR_PE_NAME, settings.persistence_engine);
  const std::array<std::uint32_t, 2> flags{settings.flags, ~std::uint32_t{0}};
  writer.number(IPVS_SVC_ATTR_FLAGS, flags);
  writer.number(IPVS_SVC_ATTR_TIMEOUT, settings.timeout);
  put_mask(writer, entry);
  writer.end_nest(nest);
  writer.end();
}

Result<ObservedService> decode_observed_service(Bytes attributes) {
  auto service = decode_service(attributes);
  if (!service) return service.error();
  ObservedService out;
  const Family family = config::family_of(service->key);
  out.entry = ServiceEntry{service->key, std::move(service->settings), full_mask(family)};
  TrafficNests nests;
  AttributeReader reader(nest_of(attributes, IPVS_CMD_ATTR_SERVICE));
  while (const auto attribute = reader.next()) {
    switch (attribute->type) {
      case IPVS_SVC_ATTR_NETMASK:
        out.entry.mask = family == Family::IPv4 ? attribute->be32() : attribute->number<std::uint32_t>();
        break;
      case IPVS_SVC_ATTR_STATS: nests.narrow = attribute->payload; break;
      case IPVS_SVC_ATTR_STATS64: nests.wide = attribute->payload; break;
      default: break;
    }
  }
  nests.read(out.total, out.rate);
  return out;
}

Result<ObservedDestination> decode_observed_destination(Bytes attributes, Family family) {
  const auto destination = decode_destination(attributes, family);
  if (!destination) return destination.error();
  ObservedDestination out;
  out.destination = *destination;
  TrafficNests nests;
  AttributeReader reader(nest_of(attributes, IPVS_CMD_ATTR_DEST));
  while (const auto attribute = reader.next()) {
    switch (attribute->type) {
      case IPVS_DEST_ATTR_ACTIVE_CONNS: out.active = attribute->number<std::uint32_t>(); break;
      case IPVS_DEST_ATTR_INACT_CONNS: out.inactive = attribute->number<std::uint32_t>(); break;
      case IPVS_DEST_ATTR_PERSIST_CONNS: out.persistent = attribute->number<std::uint32_t>(); break;
      case IPVS_DEST_ATTR_STATS: nests.narrow = attribute->payload; break;
      case IPVS_DEST_ATTR_STATS64: nests.wide = attribute->payload; break;
      default: break;
    }
  }
  nests.read(out.total, out.rate);
  return out;
}

}  // namespace hald::ipvs::genl
