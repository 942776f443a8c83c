// SPDX-License-Identifier: Apache-2.0
// What haldctl asks when an operator orders something of real servers: "admin" and one JSON object. It comes
// over the control socket and is not trusted.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/result.h"
#include "checker/core/service_ref.h"
#include "ipvs/core/admin.h"

namespace hald::app {

struct AdminRequest {
  enum class Act : unsigned char { Show, Enable, Drain, Disable, Weight };
  Act act = Act::Show;
  ipvs::ServerName server;
  std::string service;  ///< empty: all that have the server
  std::int32_t weight = 0;
  std::optional<WallTime> until;
  std::string who;
  std::string why;
};

/// Nothing: the request is about something else.
[[nodiscard]] std::optional<Result<AdminRequest>> parse_admin_request(const std::string& request);

/// Whether an operator who writes `name` means this virtual server: as the log names it, or by its address
/// with or without the port, its mark ("fwmark 7") or its group.
[[nodiscard]] bool means_service(const std::string& name, const checker::ServiceId& id);

/// What the request orders, as of `now`; nothing for Show and Enable.
[[nodiscard]] std::optional<ipvs::AdminOrder> order_of(const AdminRequest& request, WallTime now);

}  // namespace hald::app
