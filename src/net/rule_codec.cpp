// SPDX-License-Identifier: Apache-2.0
#include "net/rule_codec.h"

#include <linux/fib_rules.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>

namespace hald::net {
namespace {

constexpr std::uint32_t kNotGiven = 0xffffffffU;

template <typename Number>
std::optional<NumberRange<Number>> range_from(const Attribute& attribute) {
  const auto first = number_at<Number>(attribute.payload);
  const auto last = number_at<Number>(behind(attribute.payload, sizeof(Number)));
  if (!first || !last) return std::nullopt;
  return NumberRange<Number>{*first, *last};
}

std::optional<std::uint32_t> if_given(const Attribute& attribute) {
  const auto number = number_at<std::uint32_t>(attribute.payload).value_or(kNotGiven);
  return number == kNotGiven ? std::nullopt : std::optional(number);
}

/// The attributes of a rule as they come, before they make sense together.
struct RawRule {
  std::optional<Address> from;
  std::optional<Address> to;
};

void take_selector(const Attribute& attribute, RawRule& raw, Rule& out) {
  const auto address = [&]() -> std::optional<Address> {
    const auto parsed = Address::from_bytes(out.family, attribute.payload);
    return parsed ? std::optional(*parsed) : std::nullopt;
  };
  switch (attribute.type) {
    case FRA_SRC: raw.from = address(); break;
    case FRA_DST: raw.to = address(); break;
    case FRA_IIFNAME: out.input_link = attribute.text(); break;
    case FRA_OIFNAME: out.output_link = attribute.text(); break;
    case FRA_FWMARK: out.mark = attribute.number<std::uint32_t>(); break;
    case FRA_FWMASK: out.mark_mask = attribute.number<std::uint32_t>(); break;
    case FRA_TUN_ID: out.tunnel_id = attribute.be64(); break;
    case FRA_UID_RANGE: out.users = range_from<std::uint32_t>(attribute); break;
    case FRA_IP_PROTO: out.ip_protocol = attribute.number<std::uint8_t>(); break;
    case FRA_SPORT_RANGE: out.source_ports = range_from<std::uint16_t>(attribute); break;
    case FRA_DPORT_RANGE: out.destination_ports = range_from<std::uint16_t>(attribute); break;
    default: break;
  }
}

void take_action(const Attribute& attribute, Rule& out) {
  switch (attribute.type) {
    case FRA_PRIORITY: out.priority = attribute.number<std::uint32_t>(); break;
    case FRA_TABLE: out.table = attribute.number<std::uint32_t>(); break;
    case FRA_GOTO: out.target = attribute.number<std::uint32_t>(); break;
    case FRA_FLOW: out.realms = attribute.number<std::uint32_t>(); break;
    case FRA_L3MDEV: out.l3mdev = attribute.number<std::uint8_t>() != 0; break;
    case FRA_SUPPRESS_PREFIXLEN: out.suppress_prefix_length = if_given(attribute); break;
    case FRA_SUPPRESS_IFGROUP: out.suppress_group = if_given(attribute); break;
    case FRA_PROTOCOL: out.protocol = attribute.number<std::uint8_t>(); break;
    default: break;
  }
}

/// False if the prefix lengths of the header cannot be.
bool take_prefixes(const fib_rule_hdr& header, const RawRule& raw, Rule& out) {
  const Address none = out.family == Family::IPv4 ? Address{} : Address::v6({});
  const auto bits = none.bytes().size() * 8;
  if (header.src_len > bits || header.dst_len > bits) return false;
  if (header.src_len > 0) out.from = Prefix{raw.from.value_or(none), header.src_len};
  if (header.dst_len > 0) out.to = Prefix{raw.to.value_or(none), header.dst_len};
  return true;
}

template <typename Number>
void put_range(MessageWriter& writer, std::uint16_t type, const std::optional<NumberRange<Number>>& range) {
  if (!range) return;
  std::vector<std::uint8_t> bytes;
  MessageWriter inner(bytes);
  (void)inner.append(range->first);
  (void)inner.append(range->last);
  writer.put(type, bytes);
}

void put_selectors(MessageWriter& writer, const Rule& rule) {
  if (rule.from && rule.from->length > 0) writer.put(FRA_SRC, rule.from->address.bytes());
  if (rule.to && rule.to->length > 0) writer.put(FRA_DST, rule.to->address.bytes());
  if (!rule.input_link.empty()) writer.text(FRA_IIFNAME, rule.input_link);
  if (!rule.output_link.empty()) writer.text(FRA_OIFNAME, rule.output_link);
  if (rule.mark != 0 || rule.mark_mask != 0) {
    writer.number(FRA_FWMARK, rule.mark);
    writer.number(FRA_FWMASK, rule.mark_mask);
  }
  if (rule.tunnel_id != 0) writer.be64(FRA_TUN_ID, rule.tunnel_id);
  put_range(writer, FRA_UID_RANGE, rule.users);
  if (rule.ip_protocol != 0) writer.number(FRA_IP_PROTO, rule.ip_protocol);
  put_range(writer, FRA_SPORT_RANGE, rule.source_ports);
  put_range(writer, FRA_DPORT_RANGE, rule.destination_ports);
}

void put_action(MessageWriter& writer, const Rule& rule) {
  writer.number(FRA_PRIORITY, rule.priority);
  if (rule.table >= 256) writer.number(FRA_TABLE, rule.table);
  if (rule.target != 0) writer.number(FRA_GOTO, rule.target);
  if (rule.realms != 0) writer.number(FRA_FLOW, rule.realms);
  if (rule.l3mdev) writer.number(FRA_L3MDEV, std::uint8_t{1});
  if (rule.suppress_prefix_length) writer.number(FRA_SUPPRESS_PREFIXLEN, *rule.suppress_prefix_length);
  if (rule.suppress_group) writer.number(FRA_SUPPRESS_IFGROUP, *rule.suppress_group);
  writer.number(FRA_PROTOCOL, rule.protocol);
}

fib_rule_hdr header_of(const Rule& rule) {
  fib_rule_hdr out{};
  out.family = static_cast<std::uint8_t>(to_af(rule.family));
  out.src_len = rule.from ? rule.from->length : std::uint8_t{0};
  out.dst_len = rule.to ? rule.to->length : std::uint8_t{0};
  out.tos = rule.tos;
  out.table = rule.table < 256 ? static_cast<std::uint8_t>(rule.table) : std::uint8_t{RT_TABLE_UNSPEC};
  out.action = static_cast<std::uint8_t>(rule.action);
  if (rule.invert) out.flags = FIB_RULE_INVERT;
  return out;
}

}  // namespace

std::optional<RuleEvent> parse_rule(const NetlinkMessage& message) {
  const auto header = message.header<fib_rule_hdr>();
  if (!header || (header->family != AF_INET && header->family != AF_INET6)) return std::nullopt;
  RuleEvent out;
  out.removed = message.type == RTM_DELRULE;
  auto& rule = out.entry;
  rule.family = header->family == AF_INET ? Family::IPv4 : Family::IPv6;
  rule.protocol = RTPROT_UNSPEC;  // an old kernel does not say
  rule.tos = header->tos;
  rule.table = header->table;
  rule.action = RuleAction{header->action};
  rule.invert = (header->flags & FIB_RULE_INVERT) != 0;
  RawRule raw;
  auto reader = message.attributes<fib_rule_hdr>();
  while (const auto attribute = reader.next()) {
    take_selector(*attribute, raw, rule);
    take_action(*attribute, rule);
  }
  if (!take_prefixes(*header, raw, rule)) return std::nullopt;
  return out;
}

std::vector<std::uint8_t> build_rule_dump(Family family) {
  std::vector<std::uint8_t> out;
  MessageWriter writer(out);
  writer.begin(RTM_GETRULE, NLM_F_REQUEST | NLM_F_DUMP);
  fib_rule_hdr header{};
  header.family = static_cast<std::uint8_t>(to_af(family));
  writer.header(header);
  writer.end();
  return out;
}

std::vector<std::uint8_t> build_rule(const RuleOperation& operation) {
  const bool removal = operation.what == RuleOperation::What::Remove;
  const unsigned how = removal ? 0U : NLM_F_CREATE | NLM_F_EXCL;
  std::vector<std::uint8_t> out;
  MessageWriter writer(out);
  writer.begin(removal ? RTM_DELRULE : RTM_NEWRULE,
               static_cast<std::uint16_t>(NLM_F_REQUEST | NLM_F_ACK | how));
  writer.header(header_of(operation.entry));
  put_selectors(writer, operation.entry);
  put_action(writer, operation.entry);
  writer.end();
  return out;
}

}  // namespace hald::net
