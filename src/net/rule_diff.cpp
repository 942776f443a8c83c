// SPDX-License-Identifier: Apache-2.0
#include "net/rule_diff.h"

#include <algorithm>

namespace hald::net {
namespace {

using What = RuleOperation::What;

bool serves_any(const Rule& actual, const std::vector<Rule>& wanted) {
  return std::any_of(wanted.begin(), wanted.end(), [&](const auto& one) { return serves(actual, one); });
}

bool is_haldish(const std::vector<Rule>& rules) {
  return std::any_of(rules.begin(), rules.end(),
                     [](const auto& one) { return one.protocol == Rule::kKeepalived; });
}

}  // namespace

std::vector<RuleOperation> diff(const std::vector<Rule>& seen, const RuleIntent& intent) {
  std::vector<RuleOperation> out;
  for (const auto& wanted : intent.present) {
    if (std::none_of(seen.begin(), seen.end(), [&](const auto& one) { return serves(one, wanted); }))
      out.push_back({What::Add, wanted});
  }
  const bool haldish = is_haldish(intent.present) || is_haldish(intent.absent);
  for (const auto& actual : seen) {
    if (serves_any(actual, intent.present)) continue;
    const bool named = std::any_of(intent.absent.begin(), intent.absent.end(),
                                   [&](const auto& one) { return is_made_as(actual, one); });
    if (named || (haldish && actual.protocol == Rule::kKeepalived)) out.push_back({What::Remove, actual});
  }
  return out;
}

void apply(std::vector<Rule>& seen, const RuleOperation& operation) {
  if (operation.what != What::Remove) {
    seen.push_back(operation.entry);
    return;
  }
  const auto found = std::find_if(seen.begin(), seen.end(),
                                  [&](const auto& one) { return is_made_as(one, operation.entry); });
  if (found != seen.end()) seen.erase(found);
}

}  // namespace hald::net
