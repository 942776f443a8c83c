// SPDX-License-Identifier: Apache-2.0
// Describe: the effective configuration, defaults filled in, as a Document: what `hald --dump-config` prints.
// Written as a file it parses to an equal Config. Each area prints through its own bindings; this puts them
// in an order in which nothing is named before it is defined.
#pragma once

#include "config/document.h"
#include "config/model.h"

namespace hald::config {

[[nodiscard]] Document describe(const Config& config);

}  // namespace hald::config
