// SPDX-License-Identifier: Apache-2.0
// Round: a check of several parts, the urls of HTTP_GET and SSL_GET. compat: one part is asked at a time, at
// the pace of the check; it is up when all have passed in a row. The part that brought it down is asked until
// it passes, and then all are asked again from the first one on, even if there is but one.
#pragma once

#include <cstddef>

#include "base/time.h"
#include "checker/core/verdict.h"
#include "config/model.h"

namespace hald::checker {

struct Round {
  std::size_t part = 0;  ///< to be asked next
  bool failed = false;   ///< it brought the check down and has not passed since
  friend bool operator==(const Round&, const Round&) = default;
};

/// Whether a pass of the part that is asked now is a pass of the whole.
[[nodiscard]] inline bool completes(const Round& round, std::size_t parts) {
  return !round.failed && round.part + 1 >= parts;
}

/// What is asked after a try that came to `outcome`, from which `decision` followed.
[[nodiscard]] Round advance(const Round& round, std::size_t parts, const Outcome& outcome,
                            const Decision& decision);

/// How long to wait for the next try: a failed part has the longer one of both pauses, and with fast_recovery
/// what is on its way up does not wait.
[[nodiscard]] Duration pause_after(const config::HttpCheck& check, const Round& next,
                                   const VerdictState& state, const Outcome& outcome);

}  // namespace hald::checker
