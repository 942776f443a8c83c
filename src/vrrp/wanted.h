// SPDX-License-Identifier: Apache-2.0
// wanted: from what the configuration says of addresses, routes and rules to what net is asked for. Pure; for
// instances and for the static entries alike.
#pragma once

#include <string>
#include <vector>

#include "config/model.h"
#include "net/holder.h"

namespace hald::vrrp {

/// The interface that gets the address.
[[nodiscard]] const std::string& device_of(const config::VirtualAddress& address,
                                           const config::VrrpInstance& instance);

[[nodiscard]] net::WantedAddress wanted(const config::VirtualAddress& address, const std::string& device);
[[nodiscard]] net::WantedRoute wanted(const config::Route& route);
[[nodiscard]] net::Rule wanted(const config::Rule& rule);
[[nodiscard]] std::vector<net::WantedRoute> wanted(const std::vector<config::Route>& routes);
[[nodiscard]] std::vector<net::Rule> wanted(const std::vector<config::Rule>& rules);

/// All that an instance holds while it is MASTER: first the advertised addresses, then the excluded ones.
[[nodiscard]] net::Holdings wanted_holdings(const config::VrrpInstance& instance);

/// What is there as long as hald runs: static_ipaddress, static_routes, static_rules.
[[nodiscard]] net::Holdings wanted_statics(const config::Config& config);

/// The tables that drop packets to addresses that do not accept them; none unless something asks for it.
[[nodiscard]] net::FilterSettings wanted_filter(const config::Config& config);

}  // namespace hald::vrrp
