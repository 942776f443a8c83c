// SPDX-License-Identifier: Apache-2.0
// The contract between whoever decides when to check (runner.h) and whoever knows how to (socket_probes.h).
// One Probe is one try: started, and then either it reports its Outcome once or it is destroyed first.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>

#include "checker/core/outcome.h"
#include "checker/core/outer_hosts.h"
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

/// What is asked in one try.
struct Question {
  const config::Check& check;
  std::size_t part = 0;  ///< of a check that has several (core/check.h): which
  OuterHosts hosts{};
};

class Probes {
 public:
  using Report = std::function<void(Outcome)>;

  virtual ~Probes() = default;
  /// Starts one try. `report` is called exactly once, from the loop and never from within ask(), at the
  /// latest when the check's own time-out has passed. Nothing of the question is kept.
  [[nodiscard]] virtual std::unique_ptr<Probe> ask(const Question& question, Report report) = 0;
};

}  // namespace hald::checker
