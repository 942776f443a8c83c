// SPDX-License-Identifier: Apache-2.0
// apply: what the kernel does with an Op, as a pure function on a Table, with the kernel's own refusals (as
// measured on Linux 6.1; net/netfilter/ipvs/ip_vs_ctl.c). The in-memory kernel is made of it, and the
// property `apply(a, diff(a, d)) == d` is stated with it.
#pragma once

#include <span>
#include <system_error>

#include "ipvs/core/op.h"

namespace hald::ipvs {

/// Changes `table` and returns an empty code, or leaves it alone and returns the errno the kernel gives.
[[nodiscard]] std::error_code apply(Table& table, const Op& op);

/// Brings up to date what is believed of one service after all of `ops`, which concern this service and
/// came from diff(), were executed. Cheaper than one by one when there are many.
void apply_all(Service& service, std::span<const Op> ops);

}  // namespace hald::ipvs
