// SPDX-License-Identifier: Apache-2.0
#include "net/route_codec.h"

#include <linux/rtnetlink.h>
#include <sys/socket.h>

#include <algorithm>

#include "net/encap_codec.h"
#include "net/route_match.h"

namespace hald::net {
namespace {

/// The kernel's clock for user space: RTA_CACHEINFO counts in hundredths of a second.
constexpr std::uint32_t kTicksPerSecond = 100;
constexpr std::uint32_t kMaxWeight = 256;

std::optional<Address> address_from(Family family, const Attribute& attribute) {
  const auto parsed = Address::from_bytes(family, attribute.payload);
  return parsed ? std::optional(*parsed) : std::nullopt;
}

/// RTA_VIA: a family and an address of it.
std::optional<Address> via_from(const Attribute& attribute) {
  const auto family = attribute.number<std::uint16_t>();
  if (family != AF_INET && family != AF_INET6) return std::nullopt;
  return address_from(family == AF_INET ? Family::IPv4 : Family::IPv6, {0, behind(attribute.payload, 2)});
}

RouteMetrics parse_metrics(Bytes payload) {
  RouteMetrics out;
  AttributeReader reader(payload);
  while (const auto attribute = reader.next()) {
    if (attribute->type == RTAX_LOCK) {
      out.locked = attribute->number<std::uint32_t>();
    } else if (attribute->type == RTAX_CC_ALGO) {
      out.congestion_control = attribute->text();
    } else if (attribute->type > RTAX_LOCK && attribute->type <= RTAX_FASTOPEN_NO_COOKIE) {
      out.values[Metric{attribute->type}] = attribute->number<std::uint32_t>();
    }
  }
  return out;
}

/// What makes up a nexthop, wherever it is written.
class NexthopParser {
 public:
  NexthopParser(Nexthop& out, Family family) : out_(out), family_(family) {}

  /// False if the attribute belongs to something else.
  bool take(const Attribute& attribute) {
    switch (attribute.type) {
      case RTA_GATEWAY: out_.gateway = address_from(family_, attribute); return true;
      case RTA_VIA: out_.gateway = via_from(attribute); return true;
      case RTA_OIF: out_.link.index = attribute.number<std::int32_t>(); return true;
      case RTA_FLOW: out_.realms = attribute.number<std::uint32_t>(); return true;
      case RTA_ENCAP_TYPE: encap_type_ = attribute.number<std::uint16_t>(); return true;
      case RTA_ENCAP: encap_ = attribute.payload; return true;
      default: return false;
    }
  }
  void finish() { out_.encap = parse_encap(encap_type_, encap_); }

 private:
  Nexthop& out_;
  Family family_;
  std::uint16_t encap_type_ = 0;
  Bytes encap_;
};

std::vector<Nexthop> parse_multipath(Bytes rest, Family family) {
  std::vector<Nexthop> out;
  while (const auto header = number_at<rtnexthop>(rest)) {
    if (header->rtnh_len < sizeof(rtnexthop) || header->rtnh_len > rest.size()) break;
    Nexthop nexthop;
    nexthop.link.index = header->rtnh_ifindex;
    nexthop.onlink = (header->rtnh_flags & RTNH_F_ONLINK) != 0;
    nexthop.weight = static_cast<std::uint16_t>(header->rtnh_hops + 1);
    NexthopParser parser(nexthop, family);
    AttributeReader reader(rest.subspan(sizeof(rtnexthop), header->rtnh_len - sizeof(rtnexthop)));
    while (const auto attribute = reader.next()) parser.take(*attribute);
    parser.finish();
    out.push_back(std::move(nexthop));
    rest = behind(rest, padded(header->rtnh_len));
  }
  return out;
}

/// The attributes of a route as they come, before they make sense together.
struct RawRoute {
  std::optional<Address> destination;
  std::optional<Address> source;
  Bytes multipath;
  Nexthop single;
};

void take_attribute(const Attribute& attribute, Family family, RawRoute& raw, Route& out) {
  switch (attribute.type) {
    case RTA_DST: raw.destination = address_from(family, attribute); break;
    case RTA_SRC: raw.source = address_from(family, attribute); break;
    case RTA_PREFSRC: out.preferred_source = address_from(family, attribute); break;
    case RTA_PRIORITY: out.metric = attribute.number<std::uint32_t>(); break;
    case RTA_TABLE: out.table = attribute.number<std::uint32_t>(); break;
    case RTA_METRICS: out.metrics = parse_metrics(attribute.payload); break;
    case RTA_MULTIPATH: raw.multipath = attribute.payload; break;
    case RTA_PREF: out.preference = attribute.number<std::uint8_t>(); break;
    case RTA_EXPIRES: out.expires = attribute.number<std::uint32_t>(); break;
    case RTA_CACHEINFO:
      if (const auto info = number_at<rta_cacheinfo>(attribute.payload); info && info->rta_expires > 0)
        out.expires = (static_cast<std::uint32_t>(info->rta_expires) + kTicksPerSecond - 1) / kTicksPerSecond;
      break;
    case RTA_TTL_PROPAGATE: out.ttl_propagate = attribute.number<std::uint8_t>() != 0; break;
    case RTA_NH_ID: out.nexthop_id = attribute.number<std::uint32_t>(); break;
    default: break;
  }
}

/// False if the prefix lengths of the header cannot be.
bool take_prefixes(const rtmsg& header, Family family, const RawRoute& raw, Route& out) {
  const Address none = family == Family::IPv4 ? Address{} : Address::v6({});
  const auto bits = none.bytes().size() * 8;
  if (header.rtm_dst_len > bits || header.rtm_src_len > bits) return false;
  out.destination = {raw.destination.value_or(none), header.rtm_dst_len};
  if (header.rtm_src_len > 0) out.source = Prefix{raw.source.value_or(none), header.rtm_src_len};
  return true;
}

std::uint16_t flags_of(const RouteOperation& operation) {
  using What = RouteOperation::What;
  unsigned flags = NLM_F_REQUEST | NLM_F_ACK;
  if (operation.what == What::Remove) return static_cast<std::uint16_t>(flags);
  flags |= NLM_F_CREATE;
  if (operation.what == What::Replace) flags |= NLM_F_REPLACE;
  if (operation.what == What::Add && operation.placement == Placement::Append) flags |= NLM_F_APPEND;
  if (operation.what == What::Add && operation.placement == Placement::Exclusive) flags |= NLM_F_EXCL;
  return static_cast<std::uint16_t>(flags);
}

void put_header(MessageWriter& writer, const Route& route) {
  rtmsg header{};
  header.rtm_family = static_cast<std::uint8_t>(to_af(route.family()));
  header.rtm_dst_len = route.destination.length;
  header.rtm_src_len = route.source ? route.source->length : std::uint8_t{0};
  header.rtm_tos = route.tos;
  header.rtm_table =
      route.table < 256 ? static_cast<std::uint8_t>(route.table) : std::uint8_t{RT_TABLE_UNSPEC};
  header.rtm_protocol = route.protocol;
  header.rtm_scope = route.scope;
  header.rtm_type = static_cast<std::uint8_t>(route.type);
  if (route.nexthops.size() == 1 && route.nexthops.front().onlink) header.rtm_flags = RTNH_F_ONLINK;
  writer.header(header);
}

void put_nexthop_attributes(MessageWriter& writer, const Nexthop& nexthop, Family family) {
  if (nexthop.gateway && nexthop.gateway->family() == family) {
    writer.put(RTA_GATEWAY, nexthop.gateway->bytes());
  } else if (nexthop.gateway) {
    std::vector<std::uint8_t> via;
    MessageWriter inner(via);
    (void)inner.append(static_cast<std::uint16_t>(to_af(nexthop.gateway->family())));
    const auto bytes = nexthop.gateway->bytes();
    via.insert(via.end(), bytes.begin(), bytes.end());
    writer.put(RTA_VIA, via);
  }
  if (nexthop.realms != 0) writer.number(RTA_FLOW, nexthop.realms);
  put_encap(writer, nexthop.encap);
}

void put_multipath(MessageWriter& writer, const Route& route) {
  const auto nest = writer.begin_nest(RTA_MULTIPATH);
  for (const auto& nexthop : route.nexthops) {
    rtnexthop header{};
    header.rtnh_ifindex = nexthop.link.index;
    header.rtnh_hops = static_cast<std::uint8_t>(std::clamp<unsigned>(nexthop.weight, 1, kMaxWeight) - 1);
    if (nexthop.onlink) header.rtnh_flags = RTNH_F_ONLINK;
    const auto start = writer.append(header);
    put_nexthop_attributes(writer, nexthop, route.family());
    header.rtnh_len = static_cast<std::uint16_t>(writer.size() - start);
    writer.patch(start, header);
  }
  writer.end_nest(nest);
}

void put_metrics(MessageWriter& writer, const RouteMetrics& metrics) {
  if (metrics.values.empty() && metrics.congestion_control.empty()) return;
  const auto nest = writer.begin_nest(RTA_METRICS);
  if (metrics.locked != 0) writer.number(RTAX_LOCK, metrics.locked);
  for (const auto& [metric, value] : metrics.values) writer.number(static_cast<std::uint16_t>(metric), value);
  if (!metrics.congestion_control.empty()) writer.text(RTAX_CC_ALGO, metrics.congestion_control);
  writer.end_nest(nest);
}

/// What tells one route from another, for a removal too.
void put_identity(MessageWriter& writer, const Route& route) {
  if (route.table >= 256) writer.number(RTA_TABLE, route.table);
  if (route.destination.length > 0) writer.put(RTA_DST, route.destination.address.bytes());
  if (route.source) writer.put(RTA_SRC, route.source->address.bytes());
  if (route.metric != 0) writer.number(RTA_PRIORITY, route.metric);
  if (route.preferred_source) writer.put(RTA_PREFSRC, route.preferred_source->bytes());
  put_metrics(writer, route.metrics);
  if (route.nexthop_id != 0) writer.number(RTA_NH_ID, route.nexthop_id);
  if (route.nexthops.size() > 1) {
    put_multipath(writer, route);
  } else if (!route.nexthops.empty()) {
    const auto& nexthop = route.nexthops.front();
    if (nexthop.link.index != 0) writer.number(RTA_OIF, std::int32_t{nexthop.link.index});
    put_nexthop_attributes(writer, nexthop, route.family());
  }
}

}  // namespace

std::optional<RouteEvent> parse_route(const NetlinkMessage& message) {
  const auto header = message.header<rtmsg>();
  if (!header || (header->rtm_family != AF_INET && header->rtm_family != AF_INET6)) return std::nullopt;
  if ((header->rtm_flags & RTM_F_CLONED) != 0) return std::nullopt;
  const auto family = header->rtm_family == AF_INET ? Family::IPv4 : Family::IPv6;
  RouteEvent out;
  out.removed = message.type == RTM_DELROUTE;
  out.replaced = !out.removed && (message.flags & NLM_F_REPLACE) != 0;
  auto& route = out.entry;
  route.type = RouteType{header->rtm_type};
  route.table = header->rtm_table;
  route.protocol = header->rtm_protocol;
  route.scope = header->rtm_scope;
  route.tos = header->rtm_tos;
  RawRoute raw;
  raw.single.onlink = (header->rtm_flags & RTNH_F_ONLINK) != 0;
  NexthopParser single(raw.single, family);
  auto reader = message.attributes<rtmsg>();
  while (const auto attribute = reader.next()) {
    if (!single.take(*attribute)) take_attribute(*attribute, family, raw, route);
  }
  single.finish();
  if (!take_prefixes(*header, family, raw, route)) return std::nullopt;
  if (!raw.multipath.empty()) {
    route.nexthops = parse_multipath(raw.multipath, family);
  } else if (raw.single != Nexthop{}) {
    route.nexthops.push_back(std::move(raw.single));
  }
  route = canonical(std::move(route));
  return out;
}

std::vector<std::uint8_t> build_route_dump(Family family, std::uint32_t table) {
  std::vector<std::uint8_t> out;
  MessageWriter writer(out);
  writer.begin(RTM_GETROUTE, NLM_F_REQUEST | NLM_F_DUMP);
  rtmsg header{};
  header.rtm_family = static_cast<std::uint8_t>(to_af(family));
  writer.header(header);
  writer.number(RTA_TABLE, table);
  writer.end();
  return out;
}

std::vector<std::uint8_t> build_route(const RouteOperation& operation) {
  const auto& route = operation.entry;
  const bool removal = operation.what == RouteOperation::What::Remove;
  std::vector<std::uint8_t> out;
  MessageWriter writer(out);
  writer.begin(removal ? RTM_DELROUTE : RTM_NEWROUTE, flags_of(operation));
  put_header(writer, route);
  put_identity(writer, route);
  if (!removal) {
    if (route.preference) writer.number(RTA_PREF, *route.preference);
    if (route.expires) writer.number(RTA_EXPIRES, *route.expires);
    if (route.ttl_propagate)
      writer.number(RTA_TTL_PROPAGATE, static_cast<std::uint8_t>(*route.ttl_propagate));
  }
  writer.end();
  return out;
}

}  // namespace hald::net
