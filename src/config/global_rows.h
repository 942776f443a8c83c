// SPDX-License-Identifier: Apache-2.0
// What the words of global_defs mean, one function for each area. For build_global*.cpp only.
#pragma once

#include <vector>

#include "config/binding.h"
#include "config/model_global.h"

namespace hald::config::global_rows {

using Rows = std::vector<Binding<Global>>;

[[nodiscard]] Rows daemon();
[[nodiscard]] Rows mail();
[[nodiscard]] Rows processes();
[[nodiscard]] Rows vrrp();
[[nodiscard]] Rows lvs();
[[nodiscard]] Rows scripts();
[[nodiscard]] Rows monitoring();

/// The only value of a word; more than one, or an empty one, cost the line.
void take_single(Values& values, const Node& node, std::string& into);

}  // namespace hald::config::global_rows
