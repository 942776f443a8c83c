// SPDX-License-Identifier: Apache-2.0
#include "ipvs/core/table.h"

#include <algorithm>

namespace hald::ipvs {
namespace {

bool before(const Destination& left, const Destination& right) {
  return left.endpoint < right.endpoint;
}
bool same(const Destination& left, const Destination& right) {
  return left.endpoint == right.endpoint;
}

}  // namespace

const Destination* find(const Service& service, const Endpoint& endpoint) {
  const auto& all = service.destinations;
  const auto found =
      std::lower_bound(all.begin(), all.end(), endpoint,
                       [](const Destination& entry, const Endpoint& key) { return entry.endpoint < key; });
  return found != all.end() && found->endpoint == endpoint ? &*found : nullptr;
}

void normalise(Service& service) {
  auto& all = service.destinations;
  if (!std::is_sorted(all.begin(), all.end(), before)) std::stable_sort(all.begin(), all.end(), before);
  all.erase(std::unique(all.begin(), all.end(), same), all.end());
}

}  // namespace hald::ipvs
