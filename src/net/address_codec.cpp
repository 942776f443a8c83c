// SPDX-License-Identifier: Apache-2.0
#include "net/address_codec.h"

#include <linux/if_addr.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>

namespace hald::net {
namespace {

std::optional<Address> address_from(Family family, const Attribute& attribute) {
  const auto parsed = Address::from_bytes(family, attribute.payload);
  return parsed ? std::optional(*parsed) : std::nullopt;
}

/// The attributes of an address as they come, before they make sense together.
struct RawAddress {
  std::optional<Address> local;
  std::optional<Address> address;
  std::uint32_t flags = 0;
};

RawAddress read_attributes(AttributeReader reader, Family family, InterfaceAddress& out) {
  RawAddress raw;
  while (const auto attribute = reader.next()) {
    switch (attribute->type) {
      case IFA_LOCAL: raw.local = address_from(family, *attribute); break;
      case IFA_ADDRESS: raw.address = address_from(family, *attribute); break;
      case IFA_LABEL: out.label = attribute->text(); break;
      case IFA_BROADCAST: out.broadcast = address_from(family, *attribute); break;
      case IFA_FLAGS: raw.flags = number_at<std::uint32_t>(attribute->payload).value_or(raw.flags); break;
      case IFA_CACHEINFO:
        if (const auto times = number_at<ifa_cacheinfo>(attribute->payload))
          out.preferred.seconds = times->ifa_prefered;
        break;
      default: break;
    }
  }
  return raw;
}

void take_flags(std::uint32_t flags, InterfaceAddress& out) {
  const bool v6 = !out.prefix.address.is_v4();
  out.secondary = !v6 && (flags & IFA_F_SECONDARY) != 0;
  out.tentative = (flags & IFA_F_TENTATIVE) != 0;
  out.dad_failed = (flags & IFA_F_DADFAILED) != 0;
  out.detect_duplicates = v6 && (flags & IFA_F_NODAD) == 0;
  out.flags.home = (flags & IFA_F_HOMEADDRESS) != 0;
  out.flags.mngtmpaddr = (flags & IFA_F_MANAGETEMPADDR) != 0;
  out.flags.noprefixroute = (flags & IFA_F_NOPREFIXROUTE) != 0;
  out.flags.autojoin = (flags & IFA_F_MCAUTOJOIN) != 0;
  // A lifetime of IPv4 is the DHCP client's business.
  if (!v6) out.preferred = {};
}

std::uint32_t flags_of(const InterfaceAddress& address) {
  const bool v6 = !address.prefix.address.is_v4();
  std::uint32_t out = 0;
  if (v6 && !address.detect_duplicates) out |= IFA_F_NODAD;
  if (address.flags.home) out |= IFA_F_HOMEADDRESS;
  if (address.flags.mngtmpaddr) out |= IFA_F_MANAGETEMPADDR;
  if (address.flags.noprefixroute) out |= IFA_F_NOPREFIXROUTE;
  if (address.flags.autojoin) out |= IFA_F_MCAUTOJOIN;
  return out;
}

void put_header(MessageWriter& writer, const InterfaceAddress& address, std::uint8_t scope) {
  ifaddrmsg header{};
  header.ifa_family = static_cast<std::uint8_t>(to_af(address.prefix.address.family()));
  header.ifa_prefixlen = address.prefix.length;
  header.ifa_scope = scope;
  header.ifa_index = static_cast<std::uint32_t>(address.ifindex);
  writer.header(header);
}

void put_preferred(MessageWriter& writer, const PreferredTime& preferred) {
  if (preferred.seconds == PreferredTime::kForever) return;
  ifa_cacheinfo times{};
  times.ifa_prefered = preferred.seconds;
  times.ifa_valid = PreferredTime::kForever;
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(&times);
  writer.put(IFA_CACHEINFO, {bytes, sizeof times});
}

}  // namespace

std::optional<AddressEvent> parse_address(const NetlinkMessage& message) {
  const auto header = message.header<ifaddrmsg>();
  if (!header || (header->ifa_family != AF_INET && header->ifa_family != AF_INET6)) return std::nullopt;
  const auto family = header->ifa_family == AF_INET ? Family::IPv4 : Family::IPv6;
  AddressEvent out;
  auto raw = read_attributes(message.attributes<ifaddrmsg>(), family, out.address);
  if (raw.flags == 0) raw.flags = header->ifa_flags;
  // With a peer, IFA_ADDRESS is the peer's and IFA_LOCAL ours; IPv6 without a peer has IFA_ADDRESS alone.
  const auto& own = raw.local ? raw.local : raw.address;
  if (!own) return std::nullopt;
  if (raw.local && raw.address && *raw.local != *raw.address) out.address.peer = raw.address;
  out.removed = message.type == RTM_DELADDR;
  out.address.ifindex = static_cast<int>(header->ifa_index);
  out.address.prefix = {*own, header->ifa_prefixlen};
  out.address.scope = header->ifa_scope;
  take_flags(raw.flags, out.address);
  return out;
}

std::vector<std::uint8_t> build_address_dump() {
  std::vector<std::uint8_t> out;
  MessageWriter writer(out);
  writer.begin(RTM_GETADDR, NLM_F_REQUEST | NLM_F_DUMP);
  writer.header(ifaddrmsg{});
  writer.end();
  return out;
}

std::vector<std::uint8_t> build_add(const InterfaceAddress& address, bool replace) {
  std::vector<std::uint8_t> out;
  MessageWriter writer(out);
  const auto how = replace ? NLM_F_REPLACE : NLM_F_CREATE | NLM_F_EXCL;
  writer.begin(RTM_NEWADDR, static_cast<std::uint16_t>(NLM_F_REQUEST | NLM_F_ACK | how));
  put_header(writer, address, address.scope);
  writer.put(IFA_LOCAL, address.prefix.address.bytes());
  if (address.peer) writer.put(IFA_ADDRESS, address.peer->bytes());
  // compat: no broadcast unless it was asked for, as keepalived does it (ip-address(8) is the same).
  if (address.broadcast) writer.put(IFA_BROADCAST, address.broadcast->bytes());
  if (!address.label.empty()) writer.text(IFA_LABEL, address.label);
  if (const auto flags = flags_of(address); flags != 0) writer.number(IFA_FLAGS, flags);
  if (!address.prefix.address.is_v4()) put_preferred(writer, address.preferred);
  writer.end();
  return out;
}

std::vector<std::uint8_t> build_remove(const InterfaceAddress& address) {
  std::vector<std::uint8_t> out;
  MessageWriter writer(out);
  writer.begin(RTM_DELADDR, NLM_F_REQUEST | NLM_F_ACK);
  put_header(writer, address, 0);
  writer.put(IFA_LOCAL, address.prefix.address.bytes());
  // Without this the kernel would not compare the prefix length.
  if (address.prefix.address.is_v4())
    writer.put(IFA_ADDRESS, address.peer.value_or(address.prefix.address).bytes());
  writer.end();
  return out;
}

}  // namespace hald::net
