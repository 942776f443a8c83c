// SPDX-License-Identifier: Apache-2.0
// diff: the shortest list of Ops that leads from what the kernel holds to what hald wants. What stays is
// edited in place, never deleted and added again; within a service additions come before edits before
// deletions, and services go last of all (make before break). The order is canonical: equal input, equal
// Ops. diff(d, d) is empty.
#pragma once

#include <cstddef>
#include <limits>
#include <set>

#include "ipvs/core/op.h"

namespace hald::ipvs {

inline constexpr std::size_t kNoLimit = std::numeric_limits<std::size_t>::max();

/// Appends what one service needs to `out`, at most `limit` Ops: after these are done, diff again for the
/// rest. nullptr means absent, on either side.
void diff(const Service* actual, const Service* desired, Ops& out, std::size_t limit = kNoLimit);

/// The same for whole tables. A service that is in `actual` alone is deleted only if `owned` has it.
[[nodiscard]] Ops diff(const Table& actual, const Table& desired, const std::set<ServiceKey>& owned);

}  // namespace hald::ipvs
