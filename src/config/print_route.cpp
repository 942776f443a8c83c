// SPDX-License-Identifier: Apache-2.0
// Routes and rules as lines again, every default written out. Numbers stay numbers: a name may mean another
// one elsewhere.
#include <utility>

#include <fmt/format.h>

#include "config/build_route.h"
#include "config/route_line.h"
#include "config/route_metrics.h"
#include "config/route_words.h"

namespace hald::config {
namespace {

void print_leg(const Nexthop& leg, Item& route) {
  Item item = statement("nexthop", {});
  item.many = true;
  if (leg.gateway) item.inside.push_back(statement("via", {leg.gateway->to_string()}));
  if (!leg.device.empty()) item.inside.push_back(statement("dev", {leg.device}));
  item.inside.push_back(statement("weight", {std::int64_t{leg.weight}}));
  if (leg.onlink) item.inside.push_back(flag_item("onlink", true));
  if (leg.realms > 0) item.inside.push_back(statement("realms", {realms_text(leg.realms)}));
  print_encapsulation(leg.encapsulation, item.inside);
  route.inside.push_back(std::move(item));
}

void print_selectors(const Route& route, Document& out) {
  const auto add = [&out](std::string_view word, Atom value) {
    out.push_back(statement(word, {std::move(value)}));
  };
  if (route.gateway) add("via", route.gateway->to_string());
  if (!route.device.empty()) add("dev", route.device);
  if (route.onlink) out.push_back(flag_item("onlink", true));
  if (route.preferred_source) add("src", route.preferred_source->to_string());
  if (route.source) add("from", route.source->to_string());
  if (route.tos > 0) add("tos", std::int64_t{route.tos});
  if (route.vrf.empty()) {
    add("table", std::int64_t{route.table});
  } else {
    add("vrf", route.vrf);
  }
  add("scope", std::int64_t{route.scope});
  if (route.metric) add("metric", std::int64_t{*route.metric});
  if (route.realms > 0) add("realms", realms_text(route.realms));
  if (route.protocol) add("protocol", std::int64_t{*route.protocol});
}

void print_behaviour(const Route& route, Document& out) {
  if (route.expires) out.push_back(statement("expires", {std::int64_t{*route.expires}}));
  if (route.preference) out.push_back(statement("pref", {std::int64_t{*route.preference}}));
  if (route.ttl_propagate)
    out.push_back(statement("ttl-propagate", {std::string(*route.ttl_propagate ? "enabled" : "disabled")}));
  print_metrics(route.metrics, out);
  if (route.order == Route::Order::Add) out.push_back(flag_item("add", true));
  if (route.order == Route::Order::Append) out.push_back(flag_item("append", true));
  if (!route.track) out.push_back(flag_item("no_track", true));
  if (!route.track_group.empty()) out.push_back(statement("track_group", {route.track_group}));
}

std::string mark_text(const FirewallMarkMask& mark) {
  return mark.mask ? fmt::format("{}/{}", mark.mark, *mark.mask) : std::to_string(mark.mark);
}

template <typename T>
std::string bounds_text(const Bounds<T>& bounds) {
  return fmt::format("{}-{}", bounds.first, bounds.last);
}

void print_match(const Rule& rule, Document& out) {
  const auto add = [&out](std::string_view word, Atom value) {
    out.push_back(statement(word, {std::move(value)}));
  };
  if (rule.invert) out.push_back(flag_item("not", true));
  if (rule.from) add("from", rule.from->to_string());
  if (rule.to) add("to", rule.to->to_string());
  if (rule.tos > 0) add("tos", std::int64_t{rule.tos});
  if (rule.mark) add("fwmark", mark_text(*rule.mark));
  if (!rule.input_device.empty()) add("iif", rule.input_device);
  if (!rule.output_device.empty()) add("oif", rule.output_device);
  if (rule.tunnel_id) add("tunnel-id", std::to_string(*rule.tunnel_id));
  if (rule.users) add("uidrange", bounds_text(*rule.users));
  if (rule.ip_protocol) add("ipproto", ip_protocol_text(*rule.ip_protocol));
  if (rule.source_ports) add("sport", bounds_text(*rule.source_ports));
  if (rule.destination_ports) add("dport", bounds_text(*rule.destination_ports));
  add("preference", std::int64_t{rule.priority});
}

void print_action(const Rule& rule, Document& out) {
  switch (rule.action) {
    case Rule::Action::Lookup:
      out.push_back(rule.l3mdev ? flag_item("l3mdev", true) : statement("table", {std::int64_t{rule.table}}));
      return;
    case Rule::Action::Goto: out.push_back(statement("goto", {std::int64_t{rule.target}})); return;
    case Rule::Action::Nop: out.push_back(flag_item("nop", true)); return;
    case Rule::Action::Blackhole: out.push_back(flag_item("blackhole", true)); return;
    case Rule::Action::Unreachable: out.push_back(flag_item("unreachable", true)); return;
    case Rule::Action::Prohibit: out.push_back(flag_item("prohibit", true)); return;
  }
}

template <typename T>
void print_lines(std::string_view word, const std::vector<T>& lines, Document& out) {
  if (lines.empty()) return;
  Document inside;
  for (const T& each : lines) inside.push_back(item_of(each));
  out.push_back(block_item(word, {}, std::move(inside)));
}

}  // namespace

Item item_of(const Route& route) {
  Item out = line_item("destination", {});
  constexpr std::uint8_t kUnicast = 1;
  if (route.type != kUnicast) out.values.emplace_back(route_type_text(route.type));
  out.values.emplace_back(route.destination.to_string());
  print_selectors(route, out.inside);
  print_behaviour(route, out.inside);
  print_encapsulation(route.encapsulation, out.inside);
  for (const Nexthop& leg : route.nexthops) print_leg(leg, out);
  return out;
}

Item item_of(const Rule& rule) {
  Item out = line_item("rule", {});
  print_match(rule, out.inside);
  print_action(rule, out.inside);
  if (rule.realms > 0) out.inside.push_back(statement("realms", {realms_text(rule.realms)}));
  if (rule.suppress_prefix_length) {
    out.inside.push_back(statement("suppress_prefixlength", {std::int64_t{*rule.suppress_prefix_length}}));
  }
  if (rule.suppress_group)
    out.inside.push_back(statement("suppress_ifgroup", {std::int64_t{*rule.suppress_group}}));
  if (rule.protocol) out.inside.push_back(statement("protocol", {std::int64_t{*rule.protocol}}));
  if (!rule.track) out.inside.push_back(flag_item("no_track", true));
  if (!rule.track_group.empty()) out.inside.push_back(statement("track_group", {rule.track_group}));
  return out;
}

void print_routes(std::string_view word, const std::vector<Route>& routes, Document& out) {
  print_lines(word, routes, out);
}

void print_rules(std::string_view word, const std::vector<Rule>& rules, Document& out) {
  print_lines(word, rules, out);
}

}  // namespace hald::config
