// SPDX-License-Identifier: Apache-2.0
// The words of an instance's log lines. Those that operators grep for keep keepalived's wording; whatever a
// stranger on the network can trigger is rate-limited.
#pragma once

#include <string>
#include <vector>

#include "base/log.h"
#include "vrrp/core/machine.h"
#include "vrrp/core/packet.h"

namespace hald::vrrp {

/// Says what a step did, if it is worth a line.
void log_step(log::Logger& log, const std::string& instance, bool answers_losing_adverts, StateName from,
              StateName to, const Reason& reason);
void log_drop(log::Logger& log, const std::string& instance, const Dropped& dropped);
/// An accepted advert whose address list or interval is not ours.
void log_differences(log::Logger& log, const std::string& instance, const Received& received,
                     const std::vector<Address>& ours);

}  // namespace hald::vrrp
