// SPDX-License-Identifier: Apache-2.0
#include "net/encap_codec.h"

#include <linux/ila.h>
#include <linux/lwtunnel.h>
#include <linux/mpls_iptunnel.h>
#include <linux/rtnetlink.h>

#include "base/overloaded.h"

namespace hald::net {
namespace {

constexpr std::uint32_t kLabelShift = 12;
constexpr std::uint32_t kBottomOfStack = 1U << 8U;

// One set of numbers serves both families.
template <auto One, auto Other>
constexpr bool kSame = static_cast<int>(One) == static_cast<int>(Other);
static_assert(kSame<LWTUNNEL_IP_ID, LWTUNNEL_IP6_ID> && kSame<LWTUNNEL_IP_DST, LWTUNNEL_IP6_DST> &&
              kSame<LWTUNNEL_IP_SRC, LWTUNNEL_IP6_SRC> && kSame<LWTUNNEL_IP_TTL, LWTUNNEL_IP6_HOPLIMIT> &&
              kSame<LWTUNNEL_IP_TOS, LWTUNNEL_IP6_TC> && kSame<LWTUNNEL_IP_FLAGS, LWTUNNEL_IP6_FLAGS>);

/// The kernel says 0.0.0.0 where nothing was asked for.
std::optional<Address> address_from(Family family, const Attribute& attribute) {
  const auto parsed = Address::from_bytes(family, attribute.payload);
  if (!parsed || parsed->is_unspecified()) return std::nullopt;
  return *parsed;
}

IpEncap parse_ip(Family family, Bytes payload) {
  IpEncap out;
  out.family = family;
  AttributeReader reader(payload);
  while (const auto attribute = reader.next()) {
    switch (attribute->type) {
      case LWTUNNEL_IP_ID: out.id = attribute->be64(); break;
      case LWTUNNEL_IP_DST: out.destination = address_from(family, *attribute); break;
      case LWTUNNEL_IP_SRC: out.source = address_from(family, *attribute); break;
      case LWTUNNEL_IP_TOS: out.tos = attribute->number<std::uint8_t>(); break;
      case LWTUNNEL_IP_TTL: out.ttl = attribute->number<std::uint8_t>(); break;
      case LWTUNNEL_IP_FLAGS: out.flags = attribute->number<std::uint16_t>(); break;
      default: break;
    }
  }
  return out;
}

MplsEncap parse_mpls(Bytes payload) {
  MplsEncap out;
  AttributeReader reader(payload);
  while (const auto attribute = reader.next()) {
    if (attribute->type == MPLS_IPTUNNEL_TTL) out.ttl = attribute->number<std::uint8_t>();
    if (attribute->type != MPLS_IPTUNNEL_DST) continue;
    out.labels.clear();
    for (auto rest = attribute->payload; rest.size() >= 4; rest = rest.subspan(4))
      out.labels.push_back(Attribute{0, rest}.be32() >> kLabelShift);
  }
  return out;
}

IlaEncap parse_ila(Bytes payload) {
  IlaEncap out;
  AttributeReader reader(payload);
  while (const auto attribute = reader.next()) {
    if (attribute->type == ILA_ATTR_LOCATOR) out.locator = attribute->be64();
  }
  return out;
}

void put_ip(MessageWriter& writer, const IpEncap& ip) {
  if (ip.id != 0) writer.be64(LWTUNNEL_IP_ID, ip.id);
  if (ip.destination) writer.put(LWTUNNEL_IP_DST, ip.destination->bytes());
  if (ip.source) writer.put(LWTUNNEL_IP_SRC, ip.source->bytes());
  if (ip.tos != 0) writer.number(LWTUNNEL_IP_TOS, ip.tos);
  if (ip.ttl != 0) writer.number(LWTUNNEL_IP_TTL, ip.ttl);
  if (ip.flags != 0) writer.number(LWTUNNEL_IP_FLAGS, ip.flags);
}

void put_mpls(MessageWriter& writer, const MplsEncap& mpls) {
  std::vector<std::uint8_t> stack;
  for (std::size_t i = 0; i < mpls.labels.size(); ++i) {
    const std::uint32_t bottom = i + 1 == mpls.labels.size() ? kBottomOfStack : 0;
    const std::uint32_t entry = mpls.labels[i] << kLabelShift | bottom;
    for (const unsigned shift : {24U, 16U, 8U, 0U})
      stack.push_back(static_cast<std::uint8_t>(entry >> shift));
  }
  writer.put(MPLS_IPTUNNEL_DST, stack);
  if (mpls.ttl) writer.number(MPLS_IPTUNNEL_TTL, *mpls.ttl);
}

std::uint16_t type_of(const Encap& encap) {
  return std::visit(Overloaded{[](const std::monostate&) { return std::uint16_t{LWTUNNEL_ENCAP_NONE}; },
                               [](const IpEncap& ip) {
                                 return ip.family == Family::IPv4 ? std::uint16_t{LWTUNNEL_ENCAP_IP}
                                                                  : std::uint16_t{LWTUNNEL_ENCAP_IP6};
                               },
                               [](const MplsEncap&) { return std::uint16_t{LWTUNNEL_ENCAP_MPLS}; },
                               [](const IlaEncap&) { return std::uint16_t{LWTUNNEL_ENCAP_ILA}; },
                               [](const OtherEncap& other) { return other.type; }},
                    encap);
}

}  // namespace

Encap parse_encap(std::uint16_t type, Bytes payload) {
  switch (type) {
    case LWTUNNEL_ENCAP_NONE: return {};
    case LWTUNNEL_ENCAP_IP: return parse_ip(Family::IPv4, payload);
    case LWTUNNEL_ENCAP_IP6: return parse_ip(Family::IPv6, payload);
    case LWTUNNEL_ENCAP_MPLS: return parse_mpls(payload);
    case LWTUNNEL_ENCAP_ILA: return parse_ila(payload);
    default: return OtherEncap{type, {payload.begin(), payload.end()}};
  }
}

void put_encap(MessageWriter& writer, const Encap& encap) {
  if (std::holds_alternative<std::monostate>(encap)) return;
  writer.number(RTA_ENCAP_TYPE, type_of(encap));
  if (const auto* other = std::get_if<OtherEncap>(&encap)) return writer.put(RTA_ENCAP, other->bytes);
  const auto nest = writer.begin_nest(RTA_ENCAP);
  std::visit(Overloaded{[&](const IpEncap& ip) { put_ip(writer, ip); },
                        [&](const MplsEncap& mpls) { put_mpls(writer, mpls); },
                        [&](const IlaEncap& ila) { writer.be64(ILA_ATTR_LOCATOR, ila.locator); },
                        [](const auto&) {}},
             encap);
  writer.end_nest(nest);
}

}  // namespace hald::net
