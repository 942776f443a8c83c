// SPDX-License-Identifier: Apache-2.0
#include "net/rtnl_codec.h"

#include <linux/if_addr.h>
#include <linux/rtnetlink.h>
#include <net/if.h>

#include <algorithm>
#include <array>
#include <new>
#include <span>

#include <netlink/attr.h>
#include <netlink/msg.h>

namespace hald::net {
namespace {

using Attributes = std::array<nlattr*, IFLA_MAX + 1>;

/// The attributes behind the fixed part, or false if the message is too short or its attributes broken.
bool parse_attributes(const nlmsghdr& message, int fixed, Attributes& out) {
  static_assert(IFA_MAX <= IFLA_MAX);
  auto* header = const_cast<nlmsghdr*>(&message);  // libnl reads only
  return nlmsg_valid_hdr(header, fixed) != 0 &&
         nlmsg_parse(header, fixed, out.data(), IFLA_MAX, nullptr) == 0;
}

std::span<const std::uint8_t> octets(const nlattr* attribute) {
  if (attribute == nullptr) return {};
  return {static_cast<const std::uint8_t*>(nla_data(attribute)),
          static_cast<std::size_t>(nla_len(attribute))};
}

std::optional<std::uint32_t> number(const nlattr* attribute) {
  if (octets(attribute).size() < sizeof(std::uint32_t)) return std::nullopt;
  return nla_get_u32(attribute);
}

std::string text(const nlattr* attribute) {
  const auto bytes = octets(attribute);
  const auto end = std::find(bytes.begin(), bytes.end(), 0);
  return {bytes.begin(), end};
}

std::optional<Address> address_from(Family family, const nlattr* attribute) {
  const auto parsed = Address::from_bytes(family, octets(attribute));
  return parsed ? std::optional(*parsed) : std::nullopt;
}

Message new_message(int type, int flags) {
  Message message(nlmsg_alloc_simple(type, flags | NLM_F_REQUEST));
  if (!message) throw std::bad_alloc();
  return message;
}

/// Fails only for want of memory: libnl's messages start with a page, which is plenty.
void put(nl_msg* message, int type, std::span<const std::uint8_t> bytes) {
  if (nla_put(message, type, static_cast<int>(bytes.size()), bytes.data()) < 0) throw std::bad_alloc();
}

void put_header(nl_msg* message, const InterfaceAddress& address, std::uint8_t scope) {
  ifaddrmsg header{};
  header.ifa_family = static_cast<std::uint8_t>(to_af(address.prefix.address.family()));
  header.ifa_prefixlen = address.prefix.length;
  header.ifa_scope = scope;
  header.ifa_index = static_cast<std::uint32_t>(address.ifindex);
  if (nlmsg_append(message, &header, sizeof header, NLMSG_ALIGNTO) < 0) throw std::bad_alloc();
}

void put_v4_attributes(nl_msg* message, const InterfaceAddress& address) {
  // compat: no broadcast unless it was asked for, as keepalived does it (ip-address(8) is the same).
  if (address.broadcast) put(message, IFA_BROADCAST, address.broadcast->bytes());
  if (!address.label.empty() && nla_put_string(message, IFA_LABEL, address.label.c_str()) < 0)
    throw std::bad_alloc();
}

void put_v6_attributes(nl_msg* message, const InterfaceAddress& address) {
  // compat: no duplicate address detection, the address must serve at once and the peer may still hold it.
  if (nla_put_u32(message, IFA_FLAGS, IFA_F_NODAD) < 0) throw std::bad_alloc();
  if (address.prefix.length != 128) return;
  // compat: a host address is marked deprecated, so that nobody uses it as a source by accident.
  ifa_cacheinfo lifetimes{};
  lifetimes.ifa_valid = 0xffffffffU;
  if (nla_put(message, IFA_CACHEINFO, sizeof lifetimes, &lifetimes) < 0) throw std::bad_alloc();
}

}  // namespace

void MessageDeleter::operator()(nl_msg* message) const {
  nlmsg_free(message);
}

std::optional<LinkEvent> parse_link(const nlmsghdr& message) {
  Attributes attributes{};
  if (!parse_attributes(message, sizeof(ifinfomsg), attributes)) return std::nullopt;
  const auto* header = static_cast<const ifinfomsg*>(nlmsg_data(&message));
  // A bridge tells of its ports in messages of the same type: a port that leaves is no interface that goes.
  if (header->ifi_family != AF_UNSPEC) return std::nullopt;
  LinkEvent out;
  out.removed = message.nlmsg_type == RTM_DELLINK;
  out.link.index = header->ifi_index;
  out.link.name = text(attributes[IFLA_IFNAME]);
  const auto mtu = number(attributes[IFLA_MTU]);
  if (out.link.name.empty() || (!mtu && !out.removed)) return std::nullopt;  // e.g. wireless events
  out.link.mtu = mtu.value_or(0);
  out.link.up = (header->ifi_flags & IFF_UP) != 0;
  out.link.running = (header->ifi_flags & IFF_RUNNING) != 0;
  const auto mac = octets(attributes[IFLA_ADDRESS]);
  if (mac.size() == out.link.mac.bytes.size()) std::copy(mac.begin(), mac.end(), out.link.mac.bytes.begin());
  return out;
}

std::optional<AddressEvent> parse_address(const nlmsghdr& message) {
  Attributes attributes{};
  if (!parse_attributes(message, sizeof(ifaddrmsg), attributes)) return std::nullopt;
  const auto* header = static_cast<const ifaddrmsg*>(nlmsg_data(&message));
  if (header->ifa_family != AF_INET && header->ifa_family != AF_INET6) return std::nullopt;
  const auto family = header->ifa_family == AF_INET ? Family::IPv4 : Family::IPv6;
  // With a peer, IFA_ADDRESS is the peer's and IFA_LOCAL ours; IPv6 without a peer has IFA_ADDRESS alone.
  auto own = address_from(family, attributes[IFA_LOCAL]);
  if (!own) own = address_from(family, attributes[IFA_ADDRESS]);
  if (!own) return std::nullopt;
  AddressEvent out;
  out.removed = message.nlmsg_type == RTM_DELADDR;
  out.address.ifindex = static_cast<int>(header->ifa_index);
  out.address.prefix = {*own, header->ifa_prefixlen};
  out.address.label = text(attributes[IFA_LABEL]);
  out.address.scope = header->ifa_scope;
  out.address.broadcast = address_from(family, attributes[IFA_BROADCAST]);
  const std::uint32_t flags = number(attributes[IFA_FLAGS]).value_or(header->ifa_flags);
  out.address.secondary = family == Family::IPv4 && (flags & IFA_F_SECONDARY) != 0;
  out.address.tentative = (flags & IFA_F_TENTATIVE) != 0;
  return out;
}

Message build_dump(int type) {
  auto message = new_message(type, NLM_F_DUMP);
  // Both kinds of request may begin with the address family alone.
  const rtgenmsg any{AF_UNSPEC};
  if (nlmsg_append(message.get(), const_cast<rtgenmsg*>(&any), sizeof any, NLMSG_ALIGNTO) < 0)
    throw std::bad_alloc();
  return message;
}

Message build_add(const InterfaceAddress& address) {
  auto message = new_message(RTM_NEWADDR, NLM_F_CREATE | NLM_F_EXCL | NLM_F_ACK);
  put_header(message.get(), address, address.scope);
  put(message.get(), IFA_LOCAL, address.prefix.address.bytes());
  if (address.prefix.address.is_v4()) {
    put_v4_attributes(message.get(), address);
  } else {
    put_v6_attributes(message.get(), address);
  }
  return message;
}

Message build_remove(const InterfaceAddress& address) {
  auto message = new_message(RTM_DELADDR, NLM_F_ACK);
  put_header(message.get(), address, 0);
  put(message.get(), IFA_LOCAL, address.prefix.address.bytes());
  // Without this the kernel would not compare the prefix length.
  if (address.prefix.address.is_v4()) put(message.get(), IFA_ADDRESS, address.prefix.address.bytes());
  return message;
}

}  // namespace hald::net
