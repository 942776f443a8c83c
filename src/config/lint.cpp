// SPDX-License-Identifier: Apache-2.0
#include "config/lint.h"

namespace hald::config {

void lint(const Config& config, const Machine& machine, Diagnostics& diagnostics) {
  lint_parts::priorities(config, diagnostics);
  lint_parts::scripts(config, diagnostics);
  lint_parts::addresses(config, machine, diagnostics);
  lint_parts::schedulers(config, diagnostics);
}

}  // namespace hald::config
