// SPDX-License-Identifier: Apache-2.0
#include "net/rule.h"

#include <fmt/format.h>

#include "net/network_of.h"

namespace hald::net {
namespace {

using Out = std::back_insert_iterator<std::string>;

std::optional<Prefix> canonical(const std::optional<Prefix>& prefix) {
  return prefix && prefix->length > 0 ? std::optional(network_of(*prefix)) : std::nullopt;
}

std::string text_of(const Prefix& prefix) {
  return prefix.length == prefix.address.bytes().size() * 8 ? prefix.address.to_string() : prefix.to_string();
}

template <typename Number>
std::string text_of(const NumberRange<Number>& range) {
  return range.first == range.last ? fmt::format("{}", range.first)
                                   : fmt::format("{}-{}", range.first, range.last);
}

void put_selectors(Out out, const Rule& rule) {
  if (rule.invert) fmt::format_to(out, " not");
  fmt::format_to(out, " from {}", rule.from ? text_of(*rule.from) : "all");
  if (rule.to) fmt::format_to(out, " to {}", text_of(*rule.to));
  if (rule.tos != 0) fmt::format_to(out, " tos {:#04x}", rule.tos);
  if (rule.mark_mask == 0xffffffffU) fmt::format_to(out, " fwmark {:#x}", rule.mark);
  if (rule.mark_mask != 0 && rule.mark_mask != 0xffffffffU)
    fmt::format_to(out, " fwmark {:#x}/{:#x}", rule.mark, rule.mark_mask);
  if (!rule.input_link.empty()) fmt::format_to(out, " iif {}", rule.input_link);
  if (!rule.output_link.empty()) fmt::format_to(out, " oif {}", rule.output_link);
  if (rule.users) fmt::format_to(out, " uidrange {}", text_of(*rule.users));
  if (rule.ip_protocol != 0) fmt::format_to(out, " ipproto {}", rule.ip_protocol);
  if (rule.source_ports) fmt::format_to(out, " sport {}", text_of(*rule.source_ports));
  if (rule.destination_ports) fmt::format_to(out, " dport {}", text_of(*rule.destination_ports));
  if (rule.tunnel_id != 0) fmt::format_to(out, " tun_id {}", rule.tunnel_id);
}

void put_action(Out out, const Rule& rule) {
  switch (rule.action) {
    case RuleAction::ToTable:
      if (rule.l3mdev) {
        fmt::format_to(out, " lookup [l3mdev-table]");
      } else {
        fmt::format_to(out, " lookup {}", rule.table);
      }
      break;
    case RuleAction::Goto: fmt::format_to(out, " goto {}", rule.target); break;
    case RuleAction::Nop: fmt::format_to(out, " nop"); break;
    case RuleAction::Blackhole: fmt::format_to(out, " blackhole"); break;
    case RuleAction::Unreachable: fmt::format_to(out, " unreachable"); break;
    case RuleAction::Prohibit: fmt::format_to(out, " prohibit"); break;
    default: fmt::format_to(out, " action {}", static_cast<unsigned>(rule.action)); break;
  }
}

}  // namespace

std::string Rule::to_string() const {
  auto text = fmt::format("{}{}:", family == Family::IPv6 ? "inet6 " : "", priority);
  Out out(text);
  put_selectors(out, *this);
  put_action(out, *this);
  if (realms != 0) fmt::format_to(out, " realms {}/{}", realms >> 16U, realms & 0xffffU);
  if (suppress_prefix_length) fmt::format_to(out, " suppress_prefixlength {}", *suppress_prefix_length);
  if (suppress_group) fmt::format_to(out, " suppress_ifgroup {}", *suppress_group);
  if (protocol != kKeepalived) fmt::format_to(out, " proto {}", protocol);
  return text;
}

Rule canonical(Rule rule) {
  rule.from = canonical(rule.from);
  rule.to = canonical(rule.to);
  if (rule.mark != 0 && rule.mark_mask == 0) rule.mark_mask = 0xffffffffU;
  if (rule.action != RuleAction::ToTable || rule.l3mdev) rule.table = 0;
  if (rule.action == RuleAction::ToTable && !rule.l3mdev && rule.table == 0) rule.table = Rule::kMainTable;
  if (rule.action != RuleAction::Goto) rule.target = 0;
  if (rule.suppress_prefix_length == 0xffffffffU) rule.suppress_prefix_length.reset();
  if (rule.suppress_group == 0xffffffffU) rule.suppress_group.reset();
  if (rule.family == Family::IPv6) rule.realms = 0;
  return rule;
}

bool serves(const Rule& actual, const Rule& wanted) {
  auto like = canonical(actual);
  like.protocol = wanted.protocol;
  like.restore = wanted.restore;
  return like == canonical(wanted);
}

bool is_made_as(const Rule& actual, const Rule& wanted) {
  return actual.protocol == wanted.protocol && serves(actual, wanted);
}

}  // namespace hald::net
