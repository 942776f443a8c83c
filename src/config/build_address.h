// SPDX-License-Identifier: Apache-2.0
// The lines of virtual_ipaddress, virtual_ipaddress_excluded and static_ipaddress: ADDRESS[/LENGTH] and what
// comes with it. Options that make no sense for the address cost the option; a wrong device, label or
// broadcast costs the line, as in keepalived.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "config/definitions.h"
#include "config/document.h"
#include "config/model_interface.h"
#include "config/route_names.h"
#include "config/tree.h"
#include "config/values.h"

namespace hald::config {

struct AddressDraft {
  VirtualAddress address;   ///< device empty: not written
  std::string track_group;  ///< of static addresses
  Position where;
};

/// `block` says whose line it is. Nothing, with a message, if it cannot be used.
[[nodiscard]] std::optional<AddressDraft> read_address(const Node& line, BlockId block,
                                                       const Definitions& known, RouteNames& names,
                                                       Values& values);
[[nodiscard]] Item address_line(const VirtualAddress& address);

}  // namespace hald::config
