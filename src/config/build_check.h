// SPDX-License-Identifier: Apache-2.0
// Builds the checks of a real server, and the words about their rhythm that a virtual server and a real
// server may give for all checks below them.
#pragma once

#include <cstdint>
#include <optional>

#include "config/model.h"
#include "config/values.h"

namespace hald::config {

/// What one level (virtual server, real server, check) says about checking; the rest comes from further out.
struct CheckDraft {
  std::optional<Duration> delay_loop;
  std::optional<Duration> delay_before_retry;
  std::optional<Duration> connect_timeout;
  std::optional<Duration> warmup;
  std::optional<std::uint32_t> retry;
  std::optional<bool> alpha;

  /// Takes the statement if it is one of these words; false if not.
  bool read(const Node& node, Values& values);
  /// This level, and where it is silent the level around it.
  [[nodiscard]] CheckDraft inside(const CheckDraft& outer) const;
  [[nodiscard]] CheckTiming timing() const;
};

struct BuiltCheck {
  Check check;
  bool alpha = false;
};

/// `target` is where the check goes when it names nothing itself; its port may be 0. `outer` is what the real
/// server and the virtual server say. Nothing if the check cannot be run.
[[nodiscard]] std::optional<BuiltCheck> build_check(const Node& block, const Endpoint& target,
                                                    const CheckDraft& outer, Values& values);

}  // namespace hald::config
