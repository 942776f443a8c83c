// SPDX-License-Identifier: Apache-2.0
#include "net/steady_interfaces.h"

#include <chrono>
#include <utility>

#include <fmt/chrono.h>
#include <fmt/format.h>

namespace hald::net {

SteadyInterfaces::SteadyInterfaces(Interfaces& actual, Scheduler& scheduler, log::Logger& logger)
    : actual_(actual),
      scheduler_(scheduler),
      logger_(logger),
      subscription_(actual.subscribe([this](const std::string& name) { changed(name); })) {}

void SteadyInterfaces::configure(const std::vector<Delay>& delays) {
  auto before = std::exchange(held_, {});
  for (const Delay& delay : delays) {
    const auto known = before.find(delay.name);
    const bool fresh = known == before.end();
    Held& held = held_[delay.name];
    if (!fresh) held = std::move(known->second);
    held.down = delay.down;
    held.up = delay.up;
    if (!fresh) continue;
    const Link* link = actual_.find(delay.name);
    held.there = link != nullptr;
    held.usable = held.there && link->usable();
  }
  // Whose delay is gone may have been believed to be what it no longer is.
  for (const auto& [name, held] : before) {
    if (!held_.contains(name)) watchers_.tell(name);
  }
}

const Link* SteadyInterfaces::find(std::string_view name) const {
  return show(actual_.find(name));
}

const Link* SteadyInterfaces::find(int index) const {
  return show(actual_.find(index));
}

std::vector<InterfaceAddress> SteadyInterfaces::addresses(int index) const {
  return actual_.addresses(index);
}

Subscription SteadyInterfaces::subscribe(std::function<void(const std::string& name)> changed) {
  return watchers_.add(std::move(changed));
}

void SteadyInterfaces::changed(const std::string& name) {
  if (const auto found = held_.find(name); found != held_.end()) follow(name, found->second);
  watchers_.tell(name);
}

void SteadyInterfaces::follow(const std::string& name, Held& held) {
  const Link* link = actual_.find(name);
  const bool was_there = std::exchange(held.there, link != nullptr);
  if (link == nullptr || !was_there) {
    // One that is new has nothing yet that could flap.
    held.usable = link != nullptr && link->usable();
    held.waiting.reset();
  } else if (link->usable() == held.usable) {
    held.waiting.reset();
  } else if (!held.waiting) {
    wait(name, held, link->usable());
  }
}

void SteadyInterfaces::wait(const std::string& name, Held& held, bool usable) {
  const Duration delay = usable ? held.up : held.down;
  if (delay == Duration::zero()) {
    held.usable = usable;
    return;
  }
  logger_.info(fmt::format("{} is {}; that counts if it lasts {}", name, usable ? "up" : "down",
                           std::chrono::duration<double>(delay)),
               {{"interface", name}});
  // The timer goes while it runs, and what it holds with it: hence a name of the call's own.
  held.waiting = scheduler_.after(delay, [this, name, usable] { settle(std::string(name), usable); });
}

void SteadyInterfaces::settle(const std::string& name, bool usable) {
  Held& held = held_.at(name);
  held.usable = usable;
  held.waiting.reset();
  watchers_.tell(name);
}

const Link* SteadyInterfaces::show(const Link* link) const {
  if (link == nullptr) return nullptr;
  const auto found = held_.find(link->name);
  if (found == held_.end() || found->second.usable == link->usable() || !found->second.there) return link;
  Link& shown = found->second.shown;
  shown = *link;
  shown.running = found->second.usable;
  if (shown.running) shown.up = true;
  return &shown;
}

}  // namespace hald::net
