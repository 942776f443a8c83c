// SPDX-License-Identifier: Apache-2.0
// rule_diff: what must be done to the rules of one priority so that they are as declared. Pure. What the
// intent does not name is left alone, unless it carries the protocol of hald and its like and lies where hald
// was told to make rules: such a one was left behind by an older configuration. diff(apply(diff)) is empty.
#pragma once

#include <vector>

#include "net/routing.h"

namespace hald::net {

struct RuleIntent {
  std::vector<Rule> present;  ///< canonical, in the order in which they are to be added
  std::vector<Rule> absent;
};

/// Additions first, in order, then removals.
[[nodiscard]] std::vector<RuleOperation> diff(const std::vector<Rule>& seen, const RuleIntent& intent);

/// What the operation, if it succeeds, makes of the rules of the priority.
void apply(std::vector<Rule>& seen, const RuleOperation& operation);

}  // namespace hald::net
