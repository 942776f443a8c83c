// SPDX-License-Identifier: Apache-2.0
// The linter: what is legal and probably not what was meant. It looks at the finished model, so it sees what
// will run and not how it was written; it only ever warns. What cannot be is refused where it is built.
#pragma once

#include "config/diagnostics.h"
#include "config/machine.h"
#include "config/model.h"

namespace hald::config {

void lint(const Config& config, const Machine& machine, Diagnostics& diagnostics);

/// Its parts, one for each subject. For lint.cpp only.
namespace lint_parts {
/// Priorities and what moves them; scripts nobody needs or that cannot end in time.
void priorities(const Config& config, Diagnostics& diagnostics);
void scripts(const Config& config, Diagnostics& diagnostics);
/// Virtual addresses that no network of this machine knows, real servers that are this machine.
void addresses(const Config& config, const Machine& machine, Diagnostics& diagnostics);
/// Schedulers without the flag that makes them useful.
void schedulers(const Config& config, Diagnostics& diagnostics);
}  // namespace lint_parts

}  // namespace hald::config
