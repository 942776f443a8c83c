// SPDX-License-Identifier: Apache-2.0
// compat: the order of ipvsadm's listings. It subtracts where it should compare: what lies more than 2^31
// apart is the wrong way round, and destinations of two families are compared as if they were of one. Such an
// order is none that std::sort may be given; the C library's is what ipvsadm uses, and it takes what it gets.
#include <array>
#include <cstdlib>

#include "ipvsadm/core/layout.h"

namespace hald::ipvsadm {
namespace {

int difference(std::uint32_t left, std::uint32_t right) {
  return static_cast<int>(left - right);
}

/// Four octets at a time.
int compare(const Address& left, const Address& right, bool v6) {
  const auto word = [](const Address& address, std::size_t i) {
    std::uint32_t value = 0;
    const auto bytes = address.bytes();
    for (std::size_t at = 4 * i; at < 4 * i + 4; ++at)
      value = value << 8U | (at < bytes.size() ? bytes[at] : std::uint8_t{0});
    return value;
  };
  for (std::size_t i = 0; i < (v6 ? 4U : 1U); ++i) {
    if (const int found = difference(word(left, i), word(right, i)); found != 0) return found;
  }
  return 0;
}

struct Rank {
  std::uint32_t mark = 0;
  Family family = Family::IPv4;
  int protocol = 0;
  Endpoint endpoint;
};

Rank rank(const ipvs::ServiceKey& key) {
  if (const auto* mark = std::get_if<config::FirewallMark>(&key)) return {mark->mark, mark->family, 0, {}};
  const auto& service = std::get<config::ServiceAddress>(key);
  return {0, service.endpoint.address.family(), static_cast<int>(service.protocol), service.endpoint};
}

int compare(const ipvs::ObservedService& first, const ipvs::ObservedService& second) {
  const Rank left = rank(first.entry.key);
  const Rank right = rank(second.entry.key);
  if (const int found = difference(left.mark, right.mark); found != 0) return found;
  if (left.family != right.family) return left.family < right.family ? -1 : 1;
  if (left.protocol != right.protocol) return left.protocol - right.protocol;
  const bool v6 = left.family == Family::IPv6;
  if (const int found = compare(left.endpoint.address, right.endpoint.address, v6); found != 0) return found;
  return left.endpoint.port - right.endpoint.port;
}

int compare(const ipvs::ObservedDestination& first, const ipvs::ObservedDestination& second) {
  const Endpoint& left = first.destination.endpoint;
  const Endpoint& right = second.destination.endpoint;
  const bool v6 = left.address.family() == Family::IPv6;
  if (const int found = compare(left.address, right.address, v6); found != 0) return found;
  return left.port - right.port;
}

template <typename Entry>
int compare_behind(const void* left, const void* right) {
  return compare(**static_cast<const Entry* const*>(left), **static_cast<const Entry* const*>(right));
}

template <typename Entry>
void sort_entries(std::vector<Entry>& entries) {
  std::vector<Entry*> order;
  order.reserve(entries.size());
  for (Entry& entry : entries) order.push_back(&entry);
  std::qsort(order.data(), order.size(), sizeof(Entry*), compare_behind<Entry>);
  std::vector<Entry> sorted;
  sorted.reserve(entries.size());
  for (Entry* entry : order) sorted.push_back(std::move(*entry));
  entries = std::move(sorted);
}

}  // namespace

void sort(std::vector<ipvs::ObservedService>& services) {
  if (!services.empty()) sort_entries(services);
  for (ipvs::ObservedService& service : services) {
    if (!service.destinations.empty()) sort_entries(service.destinations);
  }
}

}  // namespace hald::ipvsadm
