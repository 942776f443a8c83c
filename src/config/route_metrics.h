// SPDX-License-Identifier: Apache-2.0
// The metrics of a route: words with a number, some of which can be locked against the kernel.
#pragma once

#include <optional>

#include "config/document.h"
#include "config/line_words.h"
#include "config/model_route.h"

namespace hald::config {

/// Takes what belongs to `option`; nothing if that is no metric, false, with an error, if the line must go.
[[nodiscard]] std::optional<bool> read_metric(const Word& option, LineWords& words, RouteMetrics& into,
                                              Values& values);
void print_metrics(const RouteMetrics& metrics, Document& out);

}  // namespace hald::config
