// SPDX-License-Identifier: Apache-2.0
#include "net/link_codec.h"

#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <net/if_arp.h>
#include <sys/socket.h>

#include "base/overloaded.h"

namespace hald::net {
namespace {

/// IFLA_INFO_DATA, as far as hald knows the kind.
LinkKind kind_from(const std::string& name, Bytes data) {
  AttributeReader reader(data);
  if (name == "macvlan") {
    Macvlan out;
    while (const auto attribute = reader.next()) {
      if (attribute->type == IFLA_MACVLAN_MODE) out.mode = MacvlanMode{attribute->number<std::uint32_t>()};
    }
    return out;
  }
  if (name == "ipvlan") {
    Ipvlan out;
    while (const auto attribute = reader.next()) {
      const auto number = attribute->number<std::uint16_t>();
      if (attribute->type == IFLA_IPVLAN_MODE) out.mode = IpvlanMode{number};
      if (attribute->type == IFLA_IPVLAN_FLAGS) out.isolation = IpvlanIsolation{number};
    }
    return out;
  }
  if (name == "vrf") {
    Vrf out;
    while (const auto attribute = reader.next()) {
      if (attribute->type == IFLA_VRF_TABLE) out.table = attribute->number<std::uint32_t>();
    }
    return out;
  }
  return OtherKind{name};
}

LinkKind read_kind(Bytes info) {
  std::string name;
  Bytes data;
  AttributeReader reader(info);
  while (const auto attribute = reader.next()) {
    if (attribute->type == IFLA_INFO_KIND) name = attribute->text();
    if (attribute->type == IFLA_INFO_DATA) data = attribute->payload;
  }
  return kind_from(name, data);
}

std::optional<AddressMode> read_address_mode(Bytes families) {
  AttributeReader all(families);
  while (const auto family = all.next()) {
    if (family->type != AF_INET6) continue;
    AttributeReader reader(family->payload);
    while (const auto attribute = reader.next()) {
      if (attribute->type == IFLA_INET6_ADDR_GEN_MODE) return AddressMode{attribute->number<std::uint8_t>()};
    }
  }
  return std::nullopt;
}

/// Whether the message names the size of frames, as every full description of a link does.
bool read_attributes(AttributeReader reader, Link& out) {
  bool is_full = false;
  while (const auto attribute = reader.next()) {
    switch (attribute->type) {
      case IFLA_IFNAME: out.name = attribute->text(); break;
      case IFLA_MTU:
        out.mtu = attribute->number<std::uint32_t>();
        is_full = true;
        break;
      case IFLA_ADDRESS:
        if (attribute->payload.size() == out.mac.bytes.size())
          std::copy(attribute->payload.begin(), attribute->payload.end(), out.mac.bytes.begin());
        break;
      case IFLA_LINK: out.base = attribute->number<std::int32_t>(); break;
      case IFLA_LINK_NETNSID: out.base_netns = attribute->number<std::int32_t>(); break;
      case IFLA_MASTER: out.master = attribute->number<std::int32_t>(); break;
      case IFLA_GROUP: out.group = attribute->number<std::uint32_t>(); break;
      case IFLA_LINKINFO: out.kind = read_kind(attribute->payload); break;
      case IFLA_AF_SPEC: out.ipv6_address_mode = read_address_mode(attribute->payload); break;
      default: break;
    }
  }
  return is_full;
}

void put_kind(MessageWriter& writer, const LinkKind& kind) {
  const auto put = [&](const char* name, const auto& put_data) {
    const auto info = writer.begin_nest(IFLA_LINKINFO);
    writer.text(IFLA_INFO_KIND, name);
    const auto data = writer.begin_nest(IFLA_INFO_DATA);
    put_data();
    writer.end_nest(data);
    writer.end_nest(info);
  };
  std::visit(
      Overloaded{[&](const Macvlan& one) {
                   put("macvlan",
                       [&] { writer.number(IFLA_MACVLAN_MODE, static_cast<std::uint32_t>(one.mode)); });
                 },
                 [&](const Ipvlan& one) {
                   put("ipvlan", [&] {
                     writer.number(IFLA_IPVLAN_MODE, static_cast<std::uint16_t>(one.mode));
                     writer.number(IFLA_IPVLAN_FLAGS, static_cast<std::uint16_t>(one.isolation));
                   });
                 },
                 [&](const Vrf& one) { put("vrf", [&] { writer.number(IFLA_VRF_TABLE, one.table); }); },
                 [&](const OtherKind& one) { put(one.name.c_str(), [] {}); }},
      kind);
}

void put_address_mode(MessageWriter& writer, AddressMode mode) {
  const auto families = writer.begin_nest(IFLA_AF_SPEC);
  const auto v6 = writer.begin_nest(AF_INET6);
  writer.number(IFLA_INET6_ADDR_GEN_MODE, static_cast<std::uint8_t>(mode));
  writer.end_nest(v6);
  writer.end_nest(families);
}

ifinfomsg header_for(int index, std::optional<bool> up = std::nullopt) {
  ifinfomsg out{};
  out.ifi_family = AF_UNSPEC;
  out.ifi_index = index;
  if (up) out.ifi_change = IFF_UP;
  if (up == true) out.ifi_flags = IFF_UP;
  return out;
}

}  // namespace

std::optional<LinkEvent> parse_link(const NetlinkMessage& message) {
  const auto header = message.header<ifinfomsg>();
  // A bridge tells of its ports in messages of the same type: a port that leaves is no interface that goes.
  if (!header || header->ifi_family != AF_UNSPEC) return std::nullopt;
  LinkEvent out;
  out.removed = message.type == RTM_DELLINK;
  out.link.index = header->ifi_index;
  out.link.up = (header->ifi_flags & IFF_UP) != 0;
  out.link.running = (header->ifi_flags & IFF_RUNNING) != 0;
  out.link.ethernet = header->ifi_type == ARPHRD_ETHER;
  const bool is_full = read_attributes(message.attributes<ifinfomsg>(), out.link);
  if (out.link.name.empty() || (!is_full && !out.removed)) return std::nullopt;  // e.g. wireless events
  return out;
}

std::vector<std::uint8_t> build_link_dump() {
  std::vector<std::uint8_t> out;
  MessageWriter writer(out);
  writer.begin(RTM_GETLINK, NLM_F_REQUEST | NLM_F_DUMP);
  writer.header(header_for(0));
  writer.end();
  return out;
}

std::vector<std::uint8_t> build_create(const NewLink& link) {
  std::vector<std::uint8_t> out;
  MessageWriter writer(out);
  writer.begin(RTM_NEWLINK, NLM_F_REQUEST | NLM_F_ACK | NLM_F_CREATE | NLM_F_EXCL);
  writer.header(header_for(0));
  writer.text(IFLA_IFNAME, link.name);
  if (link.base != 0) writer.number(IFLA_LINK, std::int32_t{link.base});
  if (link.mac) writer.put(IFLA_ADDRESS, link.mac->bytes);
  writer.number(IFLA_GROUP, link.group);
  if (link.master != 0) writer.number(IFLA_MASTER, std::int32_t{link.master});
  put_kind(writer, link.kind);
  writer.end();
  return out;
}

std::vector<std::uint8_t> build_change(int index, const LinkChange& change) {
  std::vector<std::uint8_t> out;
  MessageWriter writer(out);
  writer.begin(RTM_NEWLINK, NLM_F_REQUEST | NLM_F_ACK);
  writer.header(header_for(index, change.up));
  if (change.mac) writer.put(IFLA_ADDRESS, change.mac->bytes);
  if (change.group) writer.number(IFLA_GROUP, *change.group);
  if (change.master) writer.number(IFLA_MASTER, std::int32_t{*change.master});
  if (change.kind) put_kind(writer, *change.kind);
  if (change.ipv6_address_mode) put_address_mode(writer, *change.ipv6_address_mode);
  writer.end();
  return out;
}

std::vector<std::uint8_t> build_remove_link(int index) {
  std::vector<std::uint8_t> out;
  MessageWriter writer(out);
  writer.begin(RTM_DELLINK, NLM_F_REQUEST | NLM_F_ACK);
  writer.header(header_for(index));
  writer.end();
  return out;
}

}  // namespace hald::net
