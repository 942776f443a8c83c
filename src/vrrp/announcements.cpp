// SPDX-License-Identifier: Apache-2.0
#include "vrrp/announcements.h"

#include <algorithm>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "vrrp/core/frames.h"
#include "vrrp/wanted.h"

namespace hald::vrrp {
namespace {

/// A frame costs a few microseconds: this many stay well below a millisecond.
constexpr std::size_t frames_per_turn = 64;

/// garp_extra_if: interfaces of hald's own that carry no adverts, with `all` others too.
bool is_extra(const config::VirtualAddress& address, const config::VrrpInstance& instance) {
  const auto& own = instance.own_link;
  const std::string& device = device_of(address, instance);
  const bool on_own = own && device == own->name;
  if (on_own) return own->send_from_parent;
  return address.use_vmac || (instance.garp_extra.all && (own || device != instance.interface));
}

}  // namespace

void Announcements::configure(const config::VrrpInstance& instance) {
  const std::set<Target> before(targets_.begin(), targets_.end());
  targets_.clear();
  for (const auto* list : {&instance.addresses, &instance.excluded_addresses}) {
    for (const auto& address : *list)
      targets_.push_back(Target{device_of(address, instance), address.prefix.address});
  }
  settings_ = instance.announcing;
  configure_extra(instance);
  if (!active_) return;
  std::vector<Target> fresh;
  for (const auto& target : targets_) {
    if (!before.contains(target)) fresh.push_back(target);
  }
  if (!fresh.empty()) enqueue(std::move(fresh), std::max(1U, settings_.master_repeat));
}

/// The first address of each.
void Announcements::configure_extra(const config::VrrpInstance& instance) {
  std::set<std::string> seen;
  extra_.clear();
  for (const auto* list : {&instance.addresses, &instance.excluded_addresses}) {
    for (const auto& address : *list) {
      const std::string& device = device_of(address, instance);
      if (is_extra(address, instance) && seen.insert(device).second)
        extra_.push_back(Target{device, address.prefix.address});
    }
  }
  const auto before = std::exchange(extra_interval_, instance.garp_extra.interval);
  if (active_ && before != extra_interval_) arm_extra(extra_interval_);
}

void Announcements::arm_extra(Duration wait) {
  extra_timer_.cancel();
  if (extra_interval_ == Duration::zero()) return;
  extra_timer_ = scheduler_.after(wait, [this] {
    if (!extra_.empty()) enqueue(extra_, 1);
    arm_extra(extra_interval_);
  });
}

void Announcements::begin() {
  active_ = true;
  arm_extra(settings_.master_delay + extra_interval_);
  apply(announce_as_master(settings_, scheduler_.now()));
}

void Announcements::again() {
  if (active_) apply(announce_again(settings_, state_, scheduler_.now()));
}

void Announcements::stop() {
  active_ = false;
  state_ = AnnounceState{};
  batch_ = Batch{};
  timer_.cancel();
  extra_timer_.cancel();
  next_turn_.cancel();
}

void Announcements::apply(const AnnounceStep& step) {
  state_ = step.next;
  if (step.repeat > 0) enqueue(targets_, step.repeat);
  arm();
}

void Announcements::arm() {
  timer_.cancel();
  const auto when = deadline(state_);
  if (!when) return;
  timer_ = scheduler_.at(
      *when, [this] { apply(announce_due(settings_, state_, scheduler_.now())); }, Urgency::Normal);
}

void Announcements::enqueue(std::vector<Target> targets, unsigned repeat) {
  // A batch that is still being sent is replaced, by one that covers what was left of it.
  if (batch_.next < batch_.end) targets = targets_;
  batch_.next = 0;
  batch_.end = targets.size() * repeat;
  batch_.targets = std::move(targets);
  send_some();
}

void Announcements::send_some() {
  next_turn_.cancel();
  for (std::size_t sent = 0; batch_.next < batch_.end; ++batch_.next) {
    if (sent == frames_per_turn) return go_on_after(Duration::zero());
    const Target& target = batch_.targets[batch_.next % batch_.targets.size()];
    const net::Link* link = interfaces_.find(target.device);
    if (link == nullptr || !link->usable()) continue;  // whoever brings it up announces: the next batch
    const Duration wait = paces_.take(target.device, target.address.family(), scheduler_.now());
    if (wait > Duration::zero()) return go_on_after(wait);
    send_one(target, *link);
    ++sent;
  }
}

void Announcements::go_on_after(Duration wait) {
  next_turn_ = scheduler_.after(wait, [this] { send_some(); });
}

void Announcements::send_one(const Target& target, const net::Link& link) {
  // RFC 9568 6.4.2 sets the router flag; a director that holds a virtual address forwards for it.
  const auto frame = target.address.is_v4() ? gratuitous_arp(link.mac, target.address)
                                            : unsolicited_advertisement(link.mac, target.address, true);
  if (auto sent = announcer_.send(link.index, frame); !sent) {
    log_.limited(log::Level::Warning, "vrrp.announce." + target.device,
                 fmt::format("cannot announce {} on {}: {}", target.address.to_string(), target.device,
                             sent.error().message()));
  }
}

}  // namespace hald::vrrp
