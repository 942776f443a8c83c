// SPDX-License-Identifier: Apache-2.0
#include "vrrp/supervisor.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "vrrp/instance.h"

namespace hald::vrrp {
namespace {

/// A socket that could not be opened is tried again: what was lacking (descriptors, memory) may be back.
constexpr Duration join_retry = std::chrono::seconds(5);

}  // namespace

Supervisor::Supervisor(Environment environment) : environment_(environment) {
  environment_.transport.on_receive([this](int ifindex, const Packet& packet) { receive(ifindex, packet); });
  observer_ = [this](const StateChange& change) {
    if (outer_) outer_(change);
    if (left_) look_who_left();
  };
  subscription_ =
      environment_.interfaces.subscribe([this](const std::string& name) { interface_changed(name); });
}

Supervisor::~Supervisor() = default;

void Supervisor::on_state(StateObserver observer) {
  outer_ = std::move(observer);
}

void Supervisor::apply(std::shared_ptr<const config::Config> config) {
  config_ = std::move(config);
  std::set<Key> wanted;
  virtual_addresses_.clear();
  for (const auto& settings : config_->instances) {
    wanted.insert(config::key_of(settings));
    for (const auto& address : settings.addresses) virtual_addresses_.insert(address.prefix.address);
  }
  remove_all_but(wanted);

  std::set<const Instance*> fresh;
  std::set<Key> seen;
  for (const auto& settings : config_->instances) {
    const Key key = config::key_of(settings);
    if (!seen.insert(key).second) continue;  // only the first of a key runs
    auto& slot = instances_[key];
    if (!slot) {
      slot = std::make_unique<Instance>(environment_, settings, observer_);
      fresh.insert(slot.get());
    } else if (slot->settings() != settings) {
      slot->reconfigure(settings);
    }
  }
  rewire();
  Footings known;
  for (auto& [key, instance] : instances_) {
    const Footing& footing = footing_of(instance->settings(), known);
    if (fresh.contains(instance.get())) {
      instance->start(footing);
    } else {
      instance->set_footing(footing);
    }
  }
}

void Supervisor::remove_all_but(const std::set<Key>& wanted) {
  for (auto at = instances_.begin(); at != instances_.end();) {
    if (wanted.contains(at->first)) {
      ++at;
      continue;
    }
    at->second->stop();
    at = instances_.erase(at);
  }
}

void Supervisor::stop() {
  remove_all_but({});
  rewire();
  changed_.clear();
  look_.cancel();
  config_.reset();
}

void Supervisor::leave(std::function<void()> done) {
  left_ = std::move(done);
  for (auto& [key, instance] : instances_) instance->leave();
  look_who_left();
}

void Supervisor::look_who_left() {
  const bool all = std::all_of(instances_.begin(), instances_.end(),
                               [](const auto& each) { return each.second->stopped(); });
  if (!all) return;
  // Not at once: this may be an instance's own step.
  leaving_ = environment_.scheduler.after(Duration::zero(), [this] {
    stop();
    std::exchange(left_, nullptr)();
  });
}

void Supervisor::rewire() {
  routes_.clear();
  failed_.clear();
  wired_.clear();
  std::map<Wire, std::string> needed;
  for (auto& [key, instance] : instances_) {
    const net::Link* link = environment_.interfaces.find(key.interface);
    wired_[key.interface] = link == nullptr ? 0 : link->index;
    if (link == nullptr) continue;
    const Wire wire{key.family, link->index};
    needed.emplace(wire, key.interface);
    routes_.emplace(Route{wire, key.vrid}, instance.get());
  }
  for (auto at = joined_.begin(); at != joined_.end();) {
    if (!needed.contains(*at)) environment_.transport.leave(at->family, at->ifindex);
    at = needed.contains(*at) ? std::next(at) : joined_.erase(at);
  }
  for (const auto& [wire, interface] : needed) join(wire, interface);
  retry_.cancel();
  if (failed_.empty()) return;
  retry_ = environment_.scheduler.after(join_retry, [this] {
    for (const auto& [key, instance] : instances_) changed_.insert(key.interface);
    look_at_changed();
  });
}

void Supervisor::join(const Wire& wire, const std::string& interface) {
  if (joined_.contains(wire)) return;
  if (auto joined = environment_.transport.join(wire.family, wire.ifindex, interface); !joined) {
    failed_.insert(wire);
    environment_.log.limited(
        log::Level::Error, "vrrp.join." + interface,
        fmt::format("cannot receive VRRP on {}: {}", interface, joined.error().message()),
        {{"interface", interface}}, std::chrono::minutes(1));
    return;
  }
  joined_.insert(wire);
}

bool Supervisor::wiring_is_current(const std::set<std::string>& names) const {
  if (!failed_.empty()) return false;
  for (const auto& name : names) {
    const auto known = wired_.find(name);
    if (known == wired_.end()) continue;
    const net::Link* link = environment_.interfaces.find(name);
    if ((link == nullptr ? 0 : link->index) != known->second) return false;
  }
  return true;
}

const Footing& Supervisor::footing_of(const config::VrrpInstance& settings, Footings& known) const {
  const bool owner = settings.priority == priority_owner;
  const auto [at, fresh] = known.try_emplace(Ground{settings.interface, settings.family, owner});
  Footing& out = at->second;
  if (!fresh) return out;
  out = find_footing(environment_.interfaces, settings.interface, settings.family, virtual_addresses_, owner);
  if (!out.blocked && failed_.contains(Wire{settings.family, out.ifindex}))
    out.blocked = FaultCause::NoSocket;
  return out;
}

void Supervisor::receive(int ifindex, const Packet& packet) {
  const auto vrid = peek_vrid(packet);
  if (!vrid) {
    ++strays_.unreadable;
    environment_.log.limited(
        log::Level::Warning, "vrrp.unreadable",
        fmt::format("dropped a VRRP packet of {} octets: too short", packet.bytes.size()));
    return;
  }
  const auto route = routes_.find(Route{Wire{packet.family, ifindex}, *vrid});
  if (route == routes_.end()) {
    ++strays_.unknown_vrid;  // compat: silent, other virtual routers may share the link
    return;
  }
  route->second->receive(packet);
}

void Supervisor::interface_changed(const std::string& name) {
  // Not at once: the change may be our own doing, announced from within an instance's step.
  changed_.insert(name);
  look_ = environment_.scheduler.at(
      environment_.scheduler.now(), [this] { look_at_changed(); }, Urgency::Urgent);
}

void Supervisor::look_at_changed() {
  const std::set<std::string> names = std::exchange(changed_, {});
  if (!wiring_is_current(names)) rewire();
  Footings known;
  for (auto& [key, instance] : instances_) {
    if (names.contains(key.interface)) instance->set_footing(footing_of(instance->settings(), known));
  }
}

std::vector<InstanceView> Supervisor::views() const {
  std::vector<InstanceView> out;
  if (!config_) return out;
  std::set<Key> seen;
  for (const auto& settings : config_->instances) {
    const Key key = config::key_of(settings);
    const auto found = instances_.find(key);
    if (found != instances_.end() && seen.insert(key).second) out.push_back(found->second->view());
  }
  return out;
}

}  // namespace hald::vrrp
