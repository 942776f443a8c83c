// SPDX-License-Identifier: Apache-2.0
// The table as the lines that ipvsadm-save writes and ipvsadm-restore reads, always with numbers.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "ipvs/core/table.h"

namespace hald::ipvs {

/// The order of the lines: addresses by family, protocol, address and port, then firewall marks.
[[nodiscard]] bool listed_before(const ServiceKey& left, const ServiceKey& right);

/// One -A line and an -a line for each destination. Thresholds are not among them, as in ipvsadm.
/// An error if these lines could not make the same service again: its mask is no prefix.
[[nodiscard]] Result<std::vector<std::string>> rules_of(const Service& service);

}  // namespace hald::ipvs
