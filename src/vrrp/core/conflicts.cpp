// SPDX-License-Identifier: Apache-2.0
#include "vrrp/core/conflicts.h"

#include <algorithm>

#include <fmt/format.h>

#include "vrrp/core/packet.h"

namespace hald::vrrp {
namespace {

/// An election may have two MASTERs for a moment; the other kinds are wrong from the first advert on.
bool lasts(const Conflict& conflict, TimePoint now) {
  return conflict.kind != Conflict::Kind::TwoMasters || now - conflict.since > conflict.patience;
}

std::string list_of(const std::vector<Address>& addresses) {
  std::string out;
  for (const auto& address : addresses) out += (out.empty() ? "" : ", ") + address.to_string();
  return out.empty() ? "none" : out;
}

}  // namespace

std::string_view to_string(Conflict::Kind kind) {
  switch (kind) {
    case Conflict::Kind::TwoMasters: return "two_masters";
    case Conflict::Kind::TwoOwners: return "two_owners";
    case Conflict::Kind::OtherAddresses: return "other_addresses";
  }
  return "unknown";
}

std::string explain(const Conflict& conflict) {
  std::string who = conflict.source.to_string();
  switch (conflict.kind) {
    case Conflict::Kind::TwoMasters:
      if (conflict.dropped.empty())
        return fmt::format("{} is MASTER too, with priority {}: it does not hear this router", who,
                           conflict.priority);
      return fmt::format("{} is MASTER too, and its adverts do not count: {}", who, conflict.dropped);
    case Conflict::Kind::TwoOwners: return fmt::format("{} is configured as address owner too", who);
    case Conflict::Kind::OtherAddresses:
      return fmt::format("{} advertises other addresses ({}): another virtual router with this VRID?", who,
                         list_of(conflict.theirs));
  }
  return who;
}

std::vector<Conflict> Conflicts::heard(const RivalAdvert& advert, TimePoint now) {
  std::vector<Conflict> alarms;
  if (advert.we_are_master && (advert.priority != priority_release || !advert.dropped.empty()))
    note(Conflict::Kind::TwoMasters, advert, now, alarms);
  if (!advert.dropped.empty()) return alarms;
  if (advert.we_are_owner && advert.priority == priority_owner)
    note(Conflict::Kind::TwoOwners, advert, now, alarms);
  if (advert.list_differs == true) note(Conflict::Kind::OtherAddresses, advert, now, alarms);
  if (advert.list_differs == false) {
    if (Conflict* known = find(Conflict::Kind::OtherAddresses, advert.source))
      known->last = now - known->patience * 2;  // the next end_silent() says so
  }
  return alarms;
}

void Conflicts::note(Conflict::Kind kind, const RivalAdvert& advert, TimePoint now,
                     std::vector<Conflict>& alarms) {
  Conflict* known = find(kind, advert.source);
  const bool fresh = known == nullptr || now - known->last > known->patience;
  if (known == nullptr) {
    if (conflicts_.size() >= most) return;
    known = &conflicts_.emplace_back();
  }
  if (fresh) {
    *known = Conflict{};
    known->kind = kind;
    known->source = advert.source;
    known->since = now;
  }
  ++known->count;
  known->last = now;
  known->priority = advert.priority;
  known->patience = advert.patience;
  known->dropped = advert.dropped;
  const bool other_list = kind == Conflict::Kind::OtherAddresses && known->theirs != advert.addresses;
  if (other_list) known->theirs = advert.addresses;
  if ((known->alarmed && !other_list) || !lasts(*known, now)) return;
  known->alarmed = true;
  alarms.push_back(*known);
}

Conflict* Conflicts::find(Conflict::Kind kind, const Address& source) {
  const auto found = std::find_if(conflicts_.begin(), conflicts_.end(), [&](const Conflict& each) {
    return each.kind == kind && each.source == source;
  });
  return found == conflicts_.end() ? nullptr : &*found;
}

template <typename Test>
std::vector<Conflict> Conflicts::end_if(Test test) {
  std::vector<Conflict> ended;
  std::vector<Conflict> left;
  for (auto& each : conflicts_) {
    if (!test(each)) {
      left.push_back(std::move(each));
    } else if (each.alarmed) {
      ended.push_back(std::move(each));
    }
  }
  conflicts_ = std::move(left);
  return ended;
}

std::vector<Conflict> Conflicts::end_silent(TimePoint now) {
  return end_if([now](const Conflict& each) { return now - each.last > each.patience; });
}

std::vector<Conflict> Conflicts::end_two_masters() {
  return end_if([](const Conflict& each) { return each.kind == Conflict::Kind::TwoMasters; });
}

std::optional<TimePoint> Conflicts::next_end() const {
  std::optional<TimePoint> out;
  for (const auto& each : conflicts_) {
    const TimePoint end = each.last + each.patience + Duration(1);
    if (!out || end < *out) out = end;
  }
  return out;
}

}  // namespace hald::vrrp
