// SPDX-License-Identifier: Apache-2.0
// Answers operators who order something of real servers over the control socket: "admin" and a JSON object.
#pragma once

#include <memory>
#include <string>

#include "app/admin_keeper.h"
#include "app/server_side.h"
#include "control/server.h"

namespace hald::app {

/// nullptr: the request is about something else. `servers` and `keeper` may be null: there are no virtual
/// servers. What is given outlives the answer. It comes when the order is in the table and in its file. One
/// JSON document, version 1: done, reason, kept, servers (service, address, port, in_kernel, admin).
[[nodiscard]] std::unique_ptr<control::Document> answer_admin(const std::string& request, ServerSide* servers,
                                                              AdminKeeper* keeper, Scheduler& scheduler);

}  // namespace hald::app
