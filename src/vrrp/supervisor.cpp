// SPDX-License-Identifier: Apache-2.0
#include "vrrp/supervisor.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "vrrp/core/dialect.h"
#include "vrrp/instance.h"
#include "vrrp/own_links.h"

namespace hald::vrrp {
namespace {

/// A socket that could not be opened is tried again: what was lacking (descriptors, memory) may be back.
constexpr Duration join_retry = std::chrono::seconds(5);

std::string interface_name(const net::Interfaces& interfaces, int index) {
  const net::Link* link = interfaces.find(index);
  return link == nullptr ? std::string("any") : link->name;
}

}  // namespace

Supervisor::Supervisor(Environment environment) : environment_(std::move(environment)) {
  environment_.lateness = &lateness_;
  environment_.transport.on_receive(
      [this](const Wire& wire, const Packet& packet) { receive(wire, packet); });
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

void Supervisor::resume(Carried carried) {
  groups_.resume(std::move(carried.groups));
  tracker_.resume(std::move(carried.scripts));
  carried_ = std::move(carried.instances);
  begin_at_ = environment_.scheduler.now();
}

Carried Supervisor::carry() const {
  Carried out;
  for (const auto& [key, instance] : instances_) {
    if (auto carried = instance->carry()) out.instances.push_back(std::move(*carried));
  }
  out.groups = groups_.carry();
  out.scripts = tracker_.carry();
  return out;
}

void Supervisor::resume_instances() {
  std::map<std::string_view, const CarriedInstance*> by_id;
  for (const auto& carried : carried_) by_id.emplace(carried.id, &carried);
  for (auto& [key, instance] : instances_) {
    const auto found = by_id.find(instance->id());
    if (found != by_id.end()) instance->resume(*found->second);
  }
  carried_.clear();
}

void Supervisor::apply(std::shared_ptr<const config::Config> config, const Prepare& prepare) {
  config_ = std::move(config);
  paces_.configure(*config_);
  std::set<Key> wanted;
  virtual_addresses_.clear();
  for (const auto& settings : config_->instances) {
    wanted.insert(config::key_of(settings));
    for (const auto& address : settings.addresses) virtual_addresses_.insert(address.prefix.address);
    for (const auto& address : settings.excluded_addresses) virtual_addresses_.insert(address.prefix.address);
  }
  groups_.detach();
  remove_all_but(wanted);
  tracker_.apply(*config_, prepare);
  delay_beginning();

  std::set<Key> seen;
  for (const auto& settings : config_->instances) {
    const Key key = config::key_of(settings);
    if (!seen.insert(key).second) continue;  // only the first of a key runs
    auto& slot = instances_[key];
    if (!slot) {
      slot = std::make_unique<Instance>(environment_, settings, paces_, observer_);
    } else if (slot->settings() != settings) {
      slot->reconfigure(settings, tracker_.influence(key, settings.priority));
    }
  }
  resume_instances();
  form_groups();
  rewire();
  // First what all of them stand on: one that is in FAULT keeps the others of its group from beginning.
  Footings known;
  for (auto& [key, instance] : instances_) {
    instance->set_footing(footing_of(instance->settings(), known));
    instance->set_influence(tracker_.influence(key, instance->settings().priority), "the configuration");
    instance->reconsider();
  }
  begin_ready();
}

/// Once, when hald starts: what begins later has nothing to wait for.
void Supervisor::delay_beginning() {
  if (begin_at_) return;
  const auto& global = config_->global;
  const TimePoint now = environment_.scheduler.now();
  begin_at_ = now + global.startup_delay.value_or(Duration::zero());
  // The clock of the protocol began when the machine did.
  if (global.delay_after_boot)
    begin_at_ = std::max<TimePoint>(*begin_at_, TimePoint(*global.delay_after_boot));
  if (*begin_at_ <= now) return;
  const double seconds = std::chrono::duration<double>(*begin_at_ - now).count();
  environment_.log.info(fmt::format("Delaying startup for {:g} seconds", seconds));
  begin_ = environment_.scheduler.at(
      *begin_at_,
      [this] {
        environment_.log.info("Delayed start completed");
        begin_ready();
      },
      Urgency::Urgent);
}

/// Begins those that wait for nothing any more.
void Supervisor::begin_ready() {
  const bool early = begin_at_ && environment_.scheduler.now() < *begin_at_;
  for (auto& [key, instance] : instances_) {
    if (instance->begun()) continue;
    // The run before had nothing to wait for any more.
    if (instance->resumes()) {
      instance->start();
      continue;
    }
    const std::string why = early ? "the start is delayed" : tracker_.waits_for(key);
    why.empty() ? instance->start() : instance->wait(why);
  }
}

void Supervisor::influence(const Key& key, const std::string& why) {
  const auto found = instances_.find(key);
  if (found == instances_.end()) return;
  Instance& instance = *found->second;
  instance.set_influence(tracker_.influence(key, instance.settings().priority), why);
  if (!instance.begun()) begin_ready();
}

void Supervisor::form_groups() {
  std::map<std::string, Instance*, std::less<>> by_name;
  for (auto& [key, instance] : instances_) by_name.emplace(instance->settings().name, instance.get());
  groups_.attach(*config_, [&by_name](const std::string& name) {
    const auto found = by_name.find(name);
    return found == by_name.end() ? nullptr : found->second;
  });
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
  groups_.detach();
  tracker_.stop();
  begin_.cancel();
  remove_all_but({});
  rewire();
  changed_.clear();
  look_.cancel();
  config_.reset();
}

void Supervisor::leave(std::function<void()> done) {
  groups_.detach();
  tracker_.stop();
  begin_.cancel();
  left_ = std::move(done);
  for (auto& [key, instance] : instances_) instance->leave();
  look_who_left();
}

std::vector<Instance*> Supervisor::meant_by(const std::string& name) const {
  std::vector<Instance*> out;
  if (!config_) return out;
  std::set<std::string> names;
  for (const auto& settings : config_->instances) {
    if (name.empty() || settings.name == name) names.insert(settings.name);
  }
  for (const auto& group : config_->sync_groups) {
    const bool meant =
        group.name == name || std::any_of(group.members.begin(), group.members.end(),
                                          [&](const auto& each) { return names.contains(each); });
    if (meant) names.insert(group.members.begin(), group.members.end());
  }
  for (const auto& [key, instance] : instances_) {
    if (names.contains(instance->settings().name)) out.push_back(instance.get());
  }
  return out;
}

std::vector<std::string> Supervisor::hand_over(const std::string& name) {
  std::vector<std::string> out;
  for (Instance* each : meant_by(name)) {
    each->hand_over();
    out.push_back(each->settings().name);
  }
  return out;
}

bool Supervisor::handing_over(const std::vector<std::string>& names) const {
  return std::any_of(instances_.begin(), instances_.end(), [&](const auto& entry) {
    const Instance& each = *entry.second;
    return each.handing_over() && std::find(names.begin(), names.end(), each.settings().name) != names.end();
  });
}

std::vector<std::string> Supervisor::take_back(const std::string& name) {
  std::vector<std::string> out;
  for (Instance* each : meant_by(name)) {
    each->take_back();
    out.push_back(each->settings().name);
  }
  return out;
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
  std::map<Wire, Listening> needed;
  for (auto& [key, instance] : instances_) listen_for(instance->settings(), *instance, needed);
  for (auto at = joined_.begin(); at != joined_.end();) {
    if (!needed.contains(*at)) environment_.transport.leave(*at);
    at = needed.contains(*at) ? std::next(at) : joined_.erase(at);
  }
  for (const auto& [wire, listening] : needed) join(wire, listening);
  retry_.cancel();
  if (failed_.empty()) return;
  retry_ = environment_.scheduler.after(join_retry, [this] {
    for (const auto& [key, instance] : instances_) changed_.insert(wire_device(instance->settings()));
    look_at_changed();
  });
}

void Supervisor::listen_for(const config::VrrpInstance& settings, Instance& instance,
                            std::map<Wire, Listening>& needed) {
  int ifindex = 0;
  const std::string& device = wire_device(settings);
  if (!device.empty()) {
    const net::Link* link = environment_.interfaces.find(device);
    ifindex = wired_[device] = link == nullptr ? 0 : link->index;
    if (link == nullptr) return;
  }
  // An instance that wants AH hears also who has none, so that it can say so, and the other way round.
  const Wire own = wire_of(settings, ifindex);
  for (const bool ah : {false, true}) {
    Wire wire = own;
    wire.ah = ah;
    routes_[Route{wire, settings.vrid}].push_back(&instance);
  }
  for (const Wire& wire : {Wire{own.family, own.ifindex, false}, own}) {
    Listening& listening = needed[wire];
    listening.interface = device;
    if (!settings.unicast) listening.groups.insert(group_of(settings));
  }
}

void Supervisor::join(const Wire& wire, const Listening& needed) {
  if (auto joined = environment_.transport.join(wire, needed.interface, needed.groups); !joined) {
    failed_.insert(wire);
    environment_.log.limited(
        log::Level::Error, "vrrp.join." + needed.interface,
        fmt::format("cannot receive VRRP on {}: {}", needed.interface, joined.error().message()),
        {{"interface", needed.interface}}, std::chrono::minutes(1));
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
  const Ground ground = ground_of(settings);
  const auto [at, fresh] = known.try_emplace(ground);
  Footing& out = at->second;
  if (fresh) out = find_footing(environment_.interfaces, ground, virtual_addresses_);
  if (!out.blocked && failed_.contains(wire_of(settings, out.ifindex))) out.blocked = FaultCause::NoSocket;
  return out;
}

void Supervisor::receive(const Wire& wire, const Packet& packet) {
  const auto envelope = peek(packet);
  if (!envelope) {
    ++strays_.unreadable;
    environment_.log.limited(
        log::Level::Warning, "vrrp.unreadable",
        fmt::format("dropped a VRRP packet of {} octets: too short", packet.bytes.size()));
    return;
  }
  if (Instance* instance = recipient(wire, *envelope); instance != nullptr) return instance->receive(packet);
  ++strays_.unknown_vrid;
  // compat: silent unless asked for, since other virtual routers may share the link.
  if (!config_ || !config_->global.log_unknown_vrids) return;
  environment_.log.limited(
      log::Level::Info, fmt::format("vrrp.unknown.{}.{}", wire.ifindex, envelope->vrid),
      fmt::format("Unknown VRID({}) received on interface({}). ignoring...", envelope->vrid,
                  interface_name(environment_.interfaces, wire.ifindex)));
}

/// Of several with one VRID the one whose group or source it was sent to. If it was sent to none of them, the
/// first may say what is wrong with it.
Instance* Supervisor::recipient(const Wire& wire, const Envelope& envelope) const {
  const auto route = routes_.find(Route{wire, envelope.vrid});
  if (route == routes_.end()) return nullptr;
  for (Instance* each : route->second) {
    if (each->destination() == envelope.destination) return each;
  }
  return route->second.front();
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
    const auto& settings = instance->settings();
    if (names.contains(settings.interface) || names.contains(wire_device(settings)))
      instance->set_footing(footing_of(settings, known));
  }
  tracker_.look_at(names);
}

std::vector<InstanceView> Supervisor::views() const {
  std::vector<InstanceView> out;
  if (!config_) return out;
  std::set<Key> seen;
  for (const auto& settings : config_->instances) {
    const Key key = config::key_of(settings);
    const auto found = instances_.find(key);
    if (found == instances_.end() || !seen.insert(key).second) continue;
    out.push_back(found->second->view());
    out.back().tracked = tracker_.views(key);
  }
  return out;
}

}  // namespace hald::vrrp
