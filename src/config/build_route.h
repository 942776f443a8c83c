// SPDX-License-Identifier: Apache-2.0
// Builds the lines of virtual_routes, static_routes, virtual_rules and static_rules, which follow ip-route(8)
// and ip-rule(8). What is wrong costs the line, as in keepalived.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "config/binding.h"
#include "config/model_route.h"
#include "config/route_names.h"
#include "config/values.h"

namespace hald::config {

/// Reads the four blocks of one configuration, in the order of the text.
class RouteBuilder {
 public:
  RouteBuilder(const Files& files, const Global& global) : names_(files, global) {}

  [[nodiscard]] RouteNames& names() { return names_; }
  /// A track_group that lines of static blocks may name from now on.
  void add_track_group(std::string name) { track_groups_.push_back(std::move(name)); }

  void read_virtual_routes(const Node& block, Values& values, std::vector<Route>& into);
  void read_static_routes(const Node& block, Values& values, std::vector<Route>& into);
  void read_virtual_rules(const Node& block, Values& values, std::vector<Rule>& into);
  void read_static_rules(const Node& block, Values& values, std::vector<Rule>& into);

 private:
  void rules(const Node& block, Values& values, const std::vector<std::string>* track_groups,
             std::vector<Rule>& into);

  RouteNames names_;
  std::vector<std::string> track_groups_;
  // compat: rules without a preference get one, decreasing from here.
  std::uint32_t next_priority_v4_ = 16384;
  std::uint32_t next_priority_v6_ = 16384;
};

/// Blocks of lines; nothing for none.
void print_routes(std::string_view word, const std::vector<Route>& routes, Document& out);
void print_rules(std::string_view word, const std::vector<Rule>& rules, Document& out);

}  // namespace hald::config
