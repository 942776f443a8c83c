// SPDX-License-Identifier: Apache-2.0
#include "vrrp/conflict_watch.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "vrrp/core/timing.h"

namespace hald::vrrp {
namespace {

constexpr std::uint8_t lowest_priority = 1;

/// Could a MASTER that is configured otherwise have sent it? What is damaged, ours or addressed elsewhere
/// says nothing about another MASTER.
bool may_be_an_advert(Drop why) {
  return why == Drop::Version || why == Drop::AuthType || why == Drop::AuthFailure || why == Drop::Interval ||
         why == Drop::EmptyList;
}

}  // namespace

void ConflictWatch::configure(const config::VrrpInstance& settings) {
  name_ = settings.name;
  version_ = settings.version;
  interval_ = settings.advert_interval;
  down_timer_adverts_ = settings.down_timer_adverts;
}

void ConflictWatch::heard(RivalAdvert advert, Duration its_interval) {
  advert.patience =
      master_down_time(version_, lowest_priority, std::max(interval_, its_interval), down_timer_adverts_);
  hear(advert);
}

void ConflictWatch::dropped(const Dropped& packet, bool we_are_master) {
  if (!we_are_master || !packet.source || !may_be_an_advert(packet.why)) return;
  RivalAdvert advert;
  advert.source = *packet.source;
  advert.we_are_master = true;
  advert.dropped = to_string(packet.why);
  heard(std::move(advert), interval_);
}

void ConflictWatch::hear(const RivalAdvert& advert) {
  const TimePoint now = scheduler_.now();
  for (const Conflict& begun : conflicts_.heard(advert, now)) {
    // The other kinds have lines of their own.
    if (begun.kind != Conflict::Kind::TwoMasters) continue;
    const double seconds = std::chrono::duration<double>(now - begun.since).count();
    log_.error(fmt::format("({}) two MASTERs for {:.1f} s: {}", name_, seconds, explain(begun)),
               {{"instance", name_}, {"conflict", std::string(to_string(begun.kind))}});
  }
  arm();
}

void ConflictWatch::tell_ended(const std::vector<Conflict>& ended) {
  for (const Conflict& over : ended) {
    log_.info(fmt::format("({}) no longer, after {} adverts: {}", name_, over.count, explain(over)),
              {{"instance", name_}, {"conflict", std::string(to_string(over.kind))}});
  }
}

void ConflictWatch::arm() {
  const auto end = conflicts_.next_end();
  // The last advert moves the end with each packet; a timer that fires too early looks again.
  if (!end || (armed_for_ && *armed_for_ <= *end)) return;
  armed_for_ = end;
  timer_ = scheduler_.at(
      *end,
      [this] {
        armed_for_.reset();
        tell_ended(conflicts_.end_silent(scheduler_.now()));
        arm();
      },
      Urgency::Normal);
}

std::vector<ConflictView> ConflictWatch::views() const {
  std::vector<ConflictView> out;
  const TimePoint now = scheduler_.now();
  for (const Conflict& each : conflicts_.all()) {
    if (!each.alarmed || now - each.last > each.patience) continue;
    ConflictView view;
    view.kind = std::string(to_string(each.kind));
    view.source = each.source;
    view.priority = each.priority;
    view.count = each.count;
    view.since = scheduler_.wall_now() - std::chrono::duration_cast<WallTime::duration>(now - each.since);
    view.reason = explain(each);
    view.addresses = each.theirs;
    out.push_back(std::move(view));
  }
  return out;
}

}  // namespace hald::vrrp
