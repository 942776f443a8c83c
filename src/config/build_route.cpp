// SPDX-License-Identifier: Apache-2.0
#include "config/build_route.h"

#include <utility>

#include <fmt/format.h>

#include "config/codes.h"
#include "config/route_line.h"

namespace hald::config {

void RouteBuilder::read_virtual_routes(const Node& block, Values& values, std::vector<Route>& into) {
  const IpLineContext context{names_, nullptr};
  for (const Node line : block.children()) {
    if (auto route = read_route(line.words(), context, values)) into.push_back(std::move(*route));
  }
}

void RouteBuilder::read_static_routes(const Node& block, Values& values, std::vector<Route>& into) {
  const IpLineContext context{names_, &track_groups_};
  for (const Node line : block.children()) {
    if (auto route = read_route(line.words(), context, values)) into.push_back(std::move(*route));
  }
}

void RouteBuilder::rules(const Node& block, Values& values, const std::vector<std::string>* track_groups,
                         std::vector<Rule>& into) {
  const IpLineContext context{names_, track_groups};
  for (const Node line : block.children()) {
    bool needs_priority = false;
    auto rule = read_rule(line.words(), context, needs_priority, values);
    if (!rule) continue;
    if (needs_priority) {
      auto& next = rule->family == Family::IPv4 ? next_priority_v4_ : next_priority_v6_;
      rule->priority = next--;
      values.diagnostics()
          .warning(line.where(), code::kNoPreference,
                   fmt::format("the rule has no preference: {} is used", rule->priority),
                   "the order of rules is the order of their preferences: write one")
          .as_keepalived();
    }
    into.push_back(std::move(*rule));
  }
}

void RouteBuilder::read_virtual_rules(const Node& block, Values& values, std::vector<Rule>& into) {
  rules(block, values, nullptr, into);
}

void RouteBuilder::read_static_rules(const Node& block, Values& values, std::vector<Rule>& into) {
  rules(block, values, &track_groups_, into);
}

}  // namespace hald::config
