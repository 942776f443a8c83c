// SPDX-License-Identifier: Apache-2.0
// The checking half of World.
#include <algorithm>

#include <fmt/format.h>

#include "vrrp/core/timing.h"
#include "world.h"

namespace hald::sim {

void World::check() {
  for (std::size_t i = 0; i < nodes_.size(); ++i) check_node(i);
  check_awaited();
  check_pairs();
  check_vacancy();
  if (settled() && exact_) check_settled();
}

void World::check_node(std::size_t number) {
  const Node& node = *nodes_[number];
  if (node.leaving()) return check_leaving(number);
  if (!node.running()) return;
  const std::size_t held = node.addresses_held();
  const std::size_t wanted = node.is_master() ? node.settings().addresses.size() : 0;
  if (held != wanted) fail(fmt::format("node {} holds {} addresses instead of {}", number, held, wanted));
  if (node.late_adverts() > 0) fail(fmt::format("node {} was late with an advert", number));
  if (!node.is_master()) return;
  const Duration silent = now_ - node.last_advert();
  if (silent > node.settings().advert_interval && !node.listening()) {
    fail(fmt::format("node {} is MASTER and has been silent for {} ns", number, silent.count()));
  }
}

void World::check_leaving(std::size_t number) {
  const Node& node = *nodes_[number];
  if (node.frozen()) return;
  // Of the lowest priority: whoever takes over has done so by then.
  const Duration longest = vrrp::skew_time(node.settings().version, 1, node.settings().advert_interval);
  if (now_ - std::max(leaving_since_[number], disturbed_) > longest)
    fail(fmt::format("node {} does not end", number));
}

void World::check_awaited() {
  if (!awaited_) return;
  for (std::size_t i = 0; i < nodes_.size(); ++i) {
    if (i == awaited_->instead_of || !nodes_[i]->running() || !nodes_[i]->is_master()) continue;
    awaited_.reset();
    ++outcome_.takeovers_checked;
    return;
  }
  if (now_ > awaited_->by) fail(fmt::format("nobody replaced node {} in time", awaited_->instead_of));
}

/// `node` has just become MASTER: had it the right to?
void World::check_claim(std::size_t number) {
  if (sleeper_ == number)
    fail(fmt::format("node {} slept, and took over although adverts were waiting", number));
  const auto& settings = nodes_[number]->settings();
  const bool modest = !settings.preempt && settings.priority != vrrp::priority_owner &&
                      settings.initial_state == config::InitialState::Backup;
  if (!modest || !exact_) return;
  // Of two adverts in a row at least one has arrived.
  const Duration heard = 2 * scenario_.longest_interval() + 2 * scenario_.conditions.slowest();
  const unsigned component = component_of(number);
  for (std::size_t other = 0; other < nodes_.size(); ++other) {
    const Node& master = *nodes_[other];
    if ((component >> other & 1U) == 0 || other == number || !master.running() || !master.is_master())
      continue;
    const TimePoint since = std::max(disturbed_, master_since_[other]);
    const bool speaks = now_ - master.last_advert() <= master.settings().advert_interval;
    if (speaks && now_ - since > heard) {
      fail(fmt::format("node {} took over from node {} without preemption", number, other));
    }
  }
}

bool World::eligible(std::size_t number, bool even_if_frozen) const {
  const Node& node = *nodes_[number];
  return (node.running() || (node.alive() && even_if_frozen)) && node.has_link() && node.has_primary() &&
         node.sound();
}

bool World::settled() const {
  return now_ - disturbed_ > settling_time_;
}

unsigned World::component_of(std::size_t node) const {
  unsigned out = 1U << node;
  for (std::size_t i = 0; i < nodes_.size(); ++i) {
    if (lan_.connected(i, node)) out |= 1U << i;
  }
  return out;
}

void World::check_settled() {
  unsigned seen = 0;
  for (std::size_t i = 0; i < nodes_.size(); ++i) {
    if ((seen >> i & 1U) != 0) continue;
    const unsigned component = component_of(i);
    seen |= component;
    check_component(component);
  }
}

void World::check_component(unsigned component) {
  unsigned masters = 0;
  std::size_t master = 0;
  const Node* best = nullptr;
  bool best_insists = false;
  for (std::size_t i = 0; i < nodes_.size(); ++i) {
    if ((component >> i & 1U) == 0) continue;
    const Node& node = *nodes_[i];
    if (node.running() && node.is_master()) {
      ++masters;
      master = i;
    }
    if (!eligible(i)) continue;
    const std::uint8_t priority = node.priority();
    if (best == nullptr || priority > best->priority()) {
      best = &node;
      best_insists = false;
    }
    if (priority == best->priority()) best_insists |= node.settings().preempt || priority == 255;
  }
  if (masters != (best == nullptr ? 0U : 1U)) {
    return fail(fmt::format("{} MASTERs among the connected routers {:#x}", masters, component));
  }
  if (best == nullptr) return;
  const int priority = nodes_[master]->priority();
  if (best_insists && priority != best->priority()) {
    fail(fmt::format("node {} is MASTER with priority {}, below the {} of another", master, priority,
                     best->priority()));
  }
  const auto [known, fresh] = stable_master_.try_emplace(component, master);
  if (!fresh && known->second != master) {
    fail(fmt::format("the MASTER changed from node {} to node {} for no reason", known->second, master));
  }
}

/// Two connected MASTERs hear one another within as many intervals as packets may be lost in a row.
void World::check_pairs() {
  for (std::size_t a = 0; a < nodes_.size(); ++a) {
    for (std::size_t b = a + 1; b < nodes_.size(); ++b) {
      const bool both = nodes_[a]->is_master() && nodes_[b]->is_master() && nodes_[a]->running() &&
                        nodes_[b]->running() && lan_.connected(a, b);
      if (!both) {
        if (!both_since_.empty()) both_since_.erase({a, b});
        continue;
      }
      const auto since = both_since_.try_emplace({a, b}, now_).first->second;
      if (now_ - since > longest_rivalry_)
        fail(fmt::format("nodes {} and {} are both MASTER for too long", a, b));
    }
  }
}

/// Among connected routers that could be MASTER, one is before long.
void World::check_vacancy() {
  unsigned able = 0;
  unsigned leading = 0;
  for (std::size_t i = 0; i < nodes_.size(); ++i) {
    if (eligible(i)) able |= 1U << i;
    if (nodes_[i]->running() && nodes_[i]->is_master()) leading |= 1U << i;
  }
  for (std::size_t i = 0; i < nodes_.size(); ++i) {
    const unsigned component = component_of(i);
    if ((component & able) == 0 || (component & leading) != 0) {
      if (!vacant_since_.empty()) vacant_since_.erase(i);
      continue;
    }
    const auto since = std::max(vacant_since_.try_emplace(i, now_).first->second, disturbed_);
    if (now_ - since > settling_time_) fail(fmt::format("no MASTER around node {} for too long", i));
  }
}

}  // namespace hald::sim
