// SPDX-License-Identifier: Apache-2.0
// Answers those who ask for a failover by hand over the control socket: "failover [NAME]" lets the MASTERs
// that are meant hand over and answers when each is BACKUP of its successor, or MASTER still because there is
// none; "failover-undo [NAME]" lets them be elected by their priorities again.
#pragma once

#include <memory>
#include <string>

#include "base/scheduler.h"
#include "control/server.h"
#include "vrrp/supervisor.h"

namespace hald::app {

/// nullptr: the request is about something else. `supervisor` may be null: no VRRP runs. Both outlive the
/// answer. One JSON document, version 1: done, reason, instances (name, state, reason, master, handed_over).
[[nodiscard]] std::unique_ptr<control::Document> answer_failover(const std::string& request,
                                                                 vrrp::Supervisor* supervisor,
                                                                 Scheduler& scheduler);

}  // namespace hald::app
