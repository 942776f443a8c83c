// SPDX-License-Identifier: Apache-2.0
#include "node.h"

#include <algorithm>

namespace hald::sim {

void Node::start(TimePoint now) {
  frozen_ = false;
  state_ = vrrp::StateName::Init;
  process_.reset();  // the old one ends before the new one begins
  process_ = std::make_unique<Process>(host_);
  Process& process = *process_;
  process.scheduler.freeze(now - process.scheduler.now());
  process.scheduler.before_urgent([&process] { process.transport.poll(); });
  process.interfaces.set_automatic(false);
  process.transport.on_send = [this](const vrrp::Outgoing& advert) {
    constexpr std::size_t priority_offset = 22;
    note_advert(advert.bytes[priority_offset]);
    observer_.sent(number_, advert);
  };
  process.supervisor.on_state([this](const vrrp::StateChange& change) {
    state_ = change.to;
    observer_.changed(number_, change);
  });
  apply();
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
}

void Node::stop() {
  process_->supervisor.stop();
  process_.reset();
}

void Node::reload(config::VrrpInstance settings) {
  settings_ = std::move(settings);
  if (alive()) apply();
}

void Node::step_wall_clock(WallTime::duration by) {
  if (alive()) process_->scheduler.step_wall_clock(by);
}

void Node::arrive(const std::vector<std::uint8_t>& bytes) {
  if (alive()) process_->transport.arrive({Family::IPv4, ifindex}, bytes);
}

void Node::run(TimePoint now) {
  if (!running()) return;
  Process& process = *process_;
  process.scheduler.run_until(now);
  process.transport.poll();
  process.interfaces.deliver();
  process.scheduler.run_until(now);
}

void Node::thaw(TimePoint now) {
  frozen_ = false;
  slept_ = true;
  // Everything is overdue at once: time jumps, and only then the loop comes round.
  if (alive()) process_->scheduler.freeze(now - process_->scheduler.now());
}

std::optional<TimePoint> Node::next_due() const {
  if (!running() || process_->scheduler.armed() == 0) return std::nullopt;
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
                   static_cast<std::size_t>(held)};
  return kernel_;
}

}  // namespace hald::sim
