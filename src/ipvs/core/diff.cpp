// SPDX-License-Identifier: Apache-2.0
#include "ipvs/core/diff.h"

namespace hald::ipvs {
namespace {

/// Walks two ordered lists of destinations side by side: only_left, only_right or both are called in the
/// order of the endpoints until one of them returns false.
template <typename OnlyLeft, typename OnlyRight, typename Both>
void walk(const std::vector<Destination>& left, const std::vector<Destination>& right, OnlyLeft only_left,
          OnlyRight only_right, Both both) {
  auto l = left.begin();
  auto r = right.begin();
  bool go_on = true;
  while (go_on && (l != left.end() || r != right.end())) {
    if (r == right.end() || (l != left.end() && l->endpoint < r->endpoint)) {
      go_on = only_left(*l++);
    } else if (l == left.end() || r->endpoint < l->endpoint) {
      go_on = only_right(*r++);
    } else {
      go_on = both(*l++, *r++);
    }
  }
}

constexpr auto skip = [](const auto&...) { return true; };

void diff_destinations(const Service& actual, const Service& desired, Ops& out, std::size_t end) {
  const ServiceKey& key = desired.key;
  const auto push = [&](Op op) {
    if (out.size() >= end) return false;
    out.push_back(std::move(op));
    return true;
  };
  walk(
      actual.destinations, desired.destinations, skip,
      [&](const Destination& added) {
        return push(AddDestination{key, added});
      },
      skip);
  walk(actual.destinations, desired.destinations, skip, skip,
       [&](const Destination& old, const Destination& changed) {
         return old == changed || push(EditDestination{key, changed});
       });
  walk(
      actual.destinations, desired.destinations,
      [&](const Destination& removed) {
        return push(DeleteDestination{key, removed.endpoint});
      },
      skip, skip);
}

}  // namespace

void diff(const Service* actual, const Service* desired, Ops& out, std::size_t limit) {
  const std::size_t end = limit > kNoLimit - out.size() ? kNoLimit : out.size() + limit;
  if (limit == 0 || (actual == nullptr && desired == nullptr)) return;
  if (desired == nullptr) {
    out.push_back(DeleteService{actual->key});
    return;
  }
  if (actual == nullptr) {
    out.push_back(AddService{desired->key, desired->settings});
    for (const Destination& destination : desired->destinations) {
      if (out.size() >= end) return;
      out.push_back(AddDestination{desired->key, destination});
    }
    return;
  }
  if (actual->settings != desired->settings) out.push_back(EditService{desired->key, desired->settings});
  diff_destinations(*actual, *desired, out, end);
}

Ops diff(const Table& actual, const Table& desired, const std::set<ServiceKey>& owned) {
  Ops out;
  for (const auto& [key, service] : desired) {
    const auto held = actual.find(key);
    diff(held == actual.end() ? nullptr : &held->second, &service, out);
  }
  for (const auto& [key, service] : actual) {
    if (owned.contains(key) && !desired.contains(key)) diff(&service, nullptr, out);
  }
  return out;
}

}  // namespace hald::ipvs
