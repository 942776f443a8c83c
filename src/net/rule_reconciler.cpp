// SPDX-License-Identifier: Apache-2.0
#include "net/rule_reconciler.h"

#include "net/routing_reconciler_impl.h"

namespace hald::net {

bool RuleKind::take(std::vector<Rule>& seen, const RuleEvent& event) {
  using What = RuleOperation::What;
  const bool known = std::any_of(seen.begin(), seen.end(),
                                 [&](const auto& rule) { return net::is_made_as(rule, event.entry); });
  if (known == event.removed) apply(seen, {event.removed ? What::Remove : What::Add, event.entry});
  return true;
}

template class RoutingReconciler<RuleKind>;

}  // namespace hald::net
