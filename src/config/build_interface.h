// SPDX-License-Identifier: Apache-2.0
// Builds the blocks about interfaces: garp_group, linkbeat_interfaces, interface_up_down_delays; and
// static_ipaddress.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "config/definitions.h"
#include "config/document.h"
#include "config/model_interface.h"
#include "config/route_names.h"
#include "config/tree.h"
#include "config/values.h"

namespace hald::config {

class InterfaceBuilder {
 public:
  /// Takes the block if it is one of these; false if not.
  bool read(const Node& block, const Definitions& known, RouteNames& names, Values& values);
  /// Static addresses without a device go to this one.
  void finish(const std::string& default_interface);

  std::vector<GarpGroup> garp_groups;
  std::vector<LinkbeatInterface> linkbeat;
  std::vector<InterfaceDelay> delays;
  std::vector<StaticAddress> addresses;

 private:
  void garp_group(const Node& block, Values& values);
  void linkbeat_line(const Node& line, Values& values);
  void delay_line(const Node& line, Values& values);

  std::map<std::string, Position> in_garp_group_;
  std::map<std::string, std::size_t> linkbeat_places_;
  std::map<std::string, std::size_t> delay_places_;
};

void print_garp_group(const GarpGroup& group, Document& out);
void print_linkbeat(const std::vector<LinkbeatInterface>& interfaces, Document& out);
void print_delays(const std::vector<InterfaceDelay>& delays, Document& out);
void print_static_addresses(const std::vector<StaticAddress>& addresses, Document& out);

}  // namespace hald::config
