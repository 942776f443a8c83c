// SPDX-License-Identifier: Apache-2.0
#include "checker/core/quorum.h"

namespace hald::checker {
namespace {

/// Signed, because hysteresis may exceed the quorum until the configuration is corrected.
std::int64_t threshold(const QuorumParams& params, bool up) {
  const std::int64_t hysteresis = params.hysteresis;
  return std::int64_t{params.quorum} + (up ? -hysteresis : hysteresis);
}

}  // namespace

bool initial_quorum(const QuorumParams& params, std::uint64_t live_weight) {
  return static_cast<std::int64_t>(live_weight) >= threshold(params, false);
}

bool fold_quorum(bool up, const QuorumParams& params, std::uint64_t live_weight) {
  const auto weight = static_cast<std::int64_t>(live_weight);
  if (up) return weight > 0 && weight >= threshold(params, true);
  return weight >= threshold(params, false);
}

}  // namespace hald::checker
