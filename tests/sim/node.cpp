// SPDX-License-Identifier: Apache-2.0
#include "node.h"

#include <algorithm>
#include <utility>

namespace hald::sim {

Prefix primary_of(Family family, std::size_t router) {
  const auto host = static_cast<std::uint8_t>(10 + router);
  if (family == Family::IPv4) return Prefix{Address::v4(0x0a000000U + host), 24};
  return Prefix{Address::v6({0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, host}), 64};
}

void Node::start(TimePoint now, std::optional<vrrp::Carried> carried) {
  frozen_ = false;
  left_.reset();
  state_ = vrrp::StateName::Init;
  process_.reset();  // the old one ends before the new one begins
  process_ = std::make_unique<Process>(host_);
  Process& process = *process_;
  process.scheduler.freeze(now - process.scheduler.now());
  process.scheduler.before_urgent([&process] { process.transport.poll(); });
  process.interfaces.set_automatic(false);
  process.transport.on_send = [this](const vrrp::Outgoing& advert) {
    note_advert(priority_in(advert));
    observer_.sent(number_, advert);
  };
  process.supervisor.on_state([this](const vrrp::StateChange& change) {
    state_ = change.to;
    observer_.changed(number_, change);
  });
  if (carried) process.supervisor.resume(std::move(*carried));
  apply();
}

void Node::interrupt() {
  carried_ = process_->supervisor.carry();
  process_.reset();
}

void Node::resume(TimePoint now) {
  slept_ = slept_ || last_advert_ + settings_.advert_interval < now;
  start(now, std::exchange(carried_, std::nullopt));
}

void Node::note_advert(std::uint8_t priority) {
  ++adverts_sent_;
  if (priority == vrrp::priority_release) return;
  const TimePoint now = process_->scheduler.now();
  if (is_master() && !slept_ && now - last_advert_ > settings_.advert_interval) ++late_adverts_;
  last_advert_ = now;
  slept_ = false;
}

void Node::apply() {
  auto config = std::make_shared<config::Config>();
  config->instances = {settings_};
  process_->supervisor.apply(std::move(config));
}

void Node::crash() {
  process_.reset();
  frozen_ = false;
  left_.reset();
}

void Node::stop() {
  process_->supervisor.stop();
  process_.reset();
  left_.reset();
}

void Node::leave() {
  left_ = std::make_shared<bool>(false);
  process_->supervisor.leave([left = left_] { *left = true; });
}

void Node::reload(config::VrrpInstance settings) {
  settings_ = std::move(settings);
  kernel_.version = 0;  // other addresses count
  if (alive()) apply();
}

void Node::step_wall_clock(WallTime::duration by) {
  if (alive()) process_->scheduler.step_wall_clock(by);
}

void Node::arrive(const Datagram& datagram) {
  if (!alive()) return;
  process_->transport.arrive({settings_.family, ifindex}, datagram.bytes, datagram.source,
                             datagram.destination);
}

void Node::run(TimePoint now) {
  if (!alive() || frozen_) return;
  Process& process = *process_;
  process.scheduler.run_until(now);
  process.transport.poll();
  process.interfaces.deliver();
  process.scheduler.run_until(now);
  if (left_ && *left_) crash();  // it has ended by itself
}

void Node::thaw(TimePoint now) {
  frozen_ = false;
  slept_ = true;
  // Everything is overdue at once: time jumps, and only then the loop comes round.
  if (alive()) process_->scheduler.freeze(now - process_->scheduler.now());
}

std::optional<TimePoint> Node::next_due() const {
  if (!alive() || frozen_ || process_->scheduler.armed() == 0) return std::nullopt;
  return process_->scheduler.next_due();
}

bool Node::listening() const {
  if (!is_master()) return false;
  const auto views = process_->supervisor.views();
  return views.at(0).reason.find("listens before it sends again") != std::string::npos;
}

const Node::Kernel& Node::kernel() const {
  if (kernel_.version == host_.version()) return kernel_;
  const auto is_held = [&](const config::VirtualAddress& address) {
    return host_.holds("eth0", address.prefix);
  };
  const auto held = std::count_if(settings_.addresses.begin(), settings_.addresses.end(), is_held);
  kernel_ = Kernel{host_.version(), host_.devices().at("eth0").link.running, host_.holds("eth0", primary()),
                   host_.devices().at("eth1").link.running, static_cast<std::size_t>(held)};
  return kernel_;
}

std::uint8_t Node::priority() const {
  const int base = settings_.priority;
  if (!tracks() || base == vrrp::priority_owner) return settings_.priority;
  const bool counts = kernel().tracked_good == (weight() > 0);
  return static_cast<std::uint8_t>(std::clamp(base + (counts ? weight() : 0), 1, 254));
}

}  // namespace hald::sim
