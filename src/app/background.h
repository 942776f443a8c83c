// SPDX-License-Identifier: Apache-2.0
// Going into the background, honestly: the process that the operator (or init script) started waits until
// the daemon either runs or failed to start, and exits with that result.
#pragma once

#include "base/result.h"
#include "base/unique_fd.h"

namespace hald::app {

class Background {
 public:
  /// Forks. Returns only in the daemon: a session leader's child with "/" as its folder and /dev/null as its
  /// three streams (standard error stays until started() if `keep_stderr`). The parent exits by itself.
  [[nodiscard]] static Result<Background> enter(bool keep_stderr);

  /// The daemon runs: lets the waiting parent exit with 0. Until then its death exits the parent with the
  /// daemon's own exit status.
  void started();

 private:
  explicit Background(UniqueFd ready, bool keep_stderr)
      : ready_(std::move(ready)), keep_stderr_(keep_stderr) {}

  UniqueFd ready_;
  bool keep_stderr_;
};

}  // namespace hald::app
