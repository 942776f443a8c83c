// SPDX-License-Identifier: Apache-2.0
// Whatever arrives on an rtnetlink socket is read without harm, and what was understood survives being
// written and read again.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <vector>

#include "net/address_codec.h"
#include "net/link_codec.h"
#include "net/route_codec.h"
#include "net/rule_codec.h"

namespace {

using namespace hald::net;

template <typename Entry>
void check(const std::optional<RoutingEvent<Entry>>& event, const std::vector<std::uint8_t>& again,
           std::optional<RoutingEvent<Entry>> (*parse)(const NetlinkMessage&)) {
  (void)event->entry.to_string();
  if (again.size() > 60000) return;  // more than an attribute can hold
  const auto second = parse(*NetlinkReader(again).next());
  if (!second || !(second->entry == event->entry)) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  NetlinkReader reader({data, size});
  while (const auto message = reader.next()) {
    (void)parse_link(*message);
    (void)parse_address(*message);
    if (const auto route = parse_route(*message))
      check<Route>(route, build_route({RouteOperation::What::Add, route->entry}), parse_route);
    if (const auto rule = parse_rule(*message))
      check<Rule>(rule, build_rule({RuleOperation::What::Add, rule->entry}), parse_rule);
  }
  return 0;
}
