// SPDX-License-Identifier: Apache-2.0
// The contract between whoever decides when to check (runner.h) and whoever knows how to (tcp_probe.h, ...).
// One Probe is one try: started, and then either it reports its Outcome once or it is destroyed first.
#pragma once

#include <functional>
#include <memory>

#include "checker/core/outcome.h"
#include "config/model.h"

namespace hald::checker {

/// A try under way. Destroying it ends the try: the socket is closed and the report will not come. It may be
/// destroyed from within its own report.
class Probe {
 public:
  Probe() = default;
  Probe(const Probe&) = delete;
  Probe& operator=(const Probe&) = delete;
  virtual ~Probe() = default;
};

class Probes {
 public:
  using Report = std::function<void(Outcome)>;

  virtual ~Probes() = default;
  /// Starts one try of `check`. `report` is called exactly once, from the loop and never from within start(),
  /// at the latest when the check's own time-out has passed. Nothing of `check` is kept.
  [[nodiscard]] virtual std::unique_ptr<Probe> start(const config::Check& check, Report report) = 0;
};

}  // namespace hald::checker
