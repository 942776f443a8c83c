// SPDX-License-Identifier: Apache-2.0
#include "vrrp/core/frames.h"

#include "base/bytes.h"
#include "vrrp/core/checksum.h"

namespace hald::vrrp {
namespace {

constexpr std::uint16_t ethertype_arp = 0x0806;
constexpr std::uint16_t ethertype_ipv6 = 0x86dd;
constexpr std::uint8_t icmpv6 = 58;
constexpr std::uint8_t neighbour_advertisement = 136;
constexpr std::uint32_t flag_router = 0x80000000U;
constexpr std::uint32_t flag_override = 0x20000000U;

void ethernet_header(Writer& out, const MacAddress& to, const MacAddress& from, std::uint16_t ethertype) {
  out.append(to.bytes);
  out.append(from.bytes);
  out.u16(ethertype);
}

}  // namespace

std::vector<std::uint8_t> gratuitous_arp(const MacAddress& mac, const Address& address) {
  Writer out;
  ethernet_header(out, MacAddress::broadcast(), mac, ethertype_arp);
  out.u16(1);       // Ethernet
  out.u16(0x0800);  // IPv4
  out.u8(6);
  out.u8(4);
  out.u16(1);  // a request
  out.append(mac.bytes);
  out.append(address.bytes());
  out.append(MacAddress::broadcast().bytes);  // compat: RFC 9568 would put the virtual MAC here
  out.append(address.bytes());
  return std::move(out).finish();
}

std::vector<std::uint8_t> unsolicited_advertisement(const MacAddress& mac, const Address& address,
                                                    bool router) {
  const MacAddress all_nodes_mac{{0x33, 0x33, 0, 0, 0, 1}};
  const Address all_nodes = Address::v6({0xff, 0x02, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1});
  constexpr std::size_t checksum_offset = 2;

  Writer message;
  message.u8(neighbour_advertisement);
  message.u8(0);
  message.u16(0);
  message.u32(flag_override | (router ? flag_router : 0U));
  message.append(address.bytes());
  message.u8(2);  // option: target link-layer address
  message.u8(1);
  message.append(mac.bytes);
  const auto length = static_cast<std::uint16_t>(message.size());
  InternetChecksum sum;
  sum.add(address.bytes()).add(all_nodes.bytes()).add(length).add(icmpv6).add(message.view());
  message.patch_u16(checksum_offset, sum.value());

  Writer out;
  ethernet_header(out, all_nodes_mac, mac, ethertype_ipv6);
  out.u32(0x60000000U);
  out.u16(length);
  out.u8(icmpv6);
  out.u8(255);
  out.append(address.bytes());
  out.append(all_nodes.bytes());
  out.append(message.view());
  return std::move(out).finish();
}

}  // namespace hald::vrrp
