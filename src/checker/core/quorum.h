// SPDX-License-Identifier: Apache-2.0
// quorum: whether a virtual server has enough live weight, with hysteresis. Pure. As keepalived 2.4.3: gained
// at quorum + hysteresis, lost below quorum - hysteresis or at no weight at all.
#pragma once

#include <cstdint>

namespace hald::checker {

struct QuorumParams {
  std::uint32_t quorum = 1;
  std::uint32_t hysteresis = 0;
};

/// At start, when there is no state yet. `live_weight`: the sum of the weights of the live real servers.
[[nodiscard]] bool initial_quorum(const QuorumParams& params, std::uint64_t live_weight);
[[nodiscard]] bool fold_quorum(bool up, const QuorumParams& params, std::uint64_t live_weight);

}  // namespace hald::checker
