// SPDX-License-Identifier: Apache-2.0
#include "net/rule_codec.h"

#include <linux/fib_rules.h>
#include <linux/rtnetlink.h>

#include <gtest/gtest.h>

#include "fakes/garble.h"

namespace hald::net {
namespace {

using What = RuleOperation::What;

/// Everything a rule can have, whether or not the kernel takes it all at once.
Rule rich() {
  Rule out;
  out.priority = 100;
  out.invert = true;
  out.from = *Prefix::parse("10.0.0.0/24");
  out.to = *Prefix::parse("10.1.0.0/16");
  out.input_link = "eth0";
  out.output_link = "eth1";
  out.tos = 0x10;
  out.mark = 5;
  out.mark_mask = 0xff;
  out.tunnel_id = 0x0102030405060708U;
  out.users = NumberRange<std::uint32_t>{1000, 2000};
  out.ip_protocol = 6;
  out.source_ports = NumberRange<std::uint16_t>{1, 1024};
  out.destination_ports = NumberRange<std::uint16_t>{80, 80};
  out.table = 1000;
  out.realms = 0x00010002;
  out.suppress_prefix_length = 5;
  out.suppress_group = 7;
  out.protocol = 4;
  return out;
}

std::vector<Rule> samples() {
  std::vector<Rule> out{rich(), Rule{}};
  for (const auto action :
       {RuleAction::Nop, RuleAction::Blackhole, RuleAction::Unreachable, RuleAction::Prohibit}) {
    Rule rule;
    rule.family = Family::IPv6;
    rule.from = *Prefix::parse("2001:db8::/64");
    rule.action = action;
    rule.table = 0;
    out.push_back(rule);
  }
  Rule further;
  further.action = RuleAction::Goto;
  further.target = 200;
  further.table = 0;
  out.push_back(further);
  Rule own;
  own.l3mdev = true;
  own.table = 0;
  out.push_back(own);
  return out;
}

std::optional<RuleEvent> parsed(const std::vector<std::uint8_t>& bytes) {
  return parse_rule(*NetlinkReader(bytes).next());
}

TEST(RuleCodec, WhatIsBuiltIsUnderstood) {
  for (const auto& rule : samples()) {
    const auto event = parsed(build_rule({What::Add, rule}));
    ASSERT_TRUE(event) << rule.to_string();
    EXPECT_EQ(event->entry, rule) << rule.to_string() << "\n" << event->entry.to_string();
    EXPECT_TRUE(parsed(build_rule({What::Remove, rule}))->removed);
  }
}

TEST(RuleCodec, WhatTheKernelDoesNotSuppressIsNotGiven) {
  auto rule = Rule{};
  rule.suppress_prefix_length = 0xffffffffU;
  rule.suppress_group = 0xffffffffU;
  const auto event = parsed(build_rule({What::Add, rule}));
  ASSERT_TRUE(event);
  EXPECT_FALSE(event->entry.suppress_prefix_length);
  EXPECT_FALSE(event->entry.suppress_group);
}

TEST(RuleCodec, SurvivesAnything) {
  std::vector<std::vector<std::uint8_t>> messages;
  for (const auto& rule : samples()) messages.push_back(build_rule({What::Add, rule}));
  fakes::garble(messages, [](const NetlinkMessage& message) {
    const auto event = parse_rule(message);
    if (event) (void)event->entry.to_string();
  });
}

TEST(Rule, ShowsWhatIpRuleShows) {
  EXPECT_EQ(
      rich().to_string(),
      "100: not from 10.0.0.0/24 to 10.1.0.0/16 tos 0x10 fwmark 0x5/0xff iif eth0 oif eth1 uidrange "
      "1000-2000 "
      "ipproto 6 sport 1-1024 dport 80 tun_id 72623859790382856 lookup 1000 realms 1/2 suppress_prefixlength "
      "5 suppress_ifgroup 7 proto 4");
}

TEST(Rule, CanonicalIsWhatTheKernelMakesOfIt) {
  Rule wanted;
  wanted.from = *Prefix::parse("10.0.0.7/24");
  wanted.to = *Prefix::parse("0.0.0.0/0");
  wanted.mark = 5;
  wanted.table = 0;
  const auto rule = canonical(wanted);
  EXPECT_EQ(rule.from, *Prefix::parse("10.0.0.0/24"));
  EXPECT_FALSE(rule.to);
  EXPECT_EQ(rule.mark_mask, 0xffffffffU);
  EXPECT_EQ(rule.table, Rule::kMainTable);
  EXPECT_TRUE(serves(wanted, rule));
  auto foreign = rule;
  foreign.protocol = 3;
  EXPECT_TRUE(serves(foreign, rule));
  EXPECT_FALSE(is_made_as(foreign, rule));
}

}  // namespace
}  // namespace hald::net
