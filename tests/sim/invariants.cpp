// SPDX-License-Identifier: Apache-2.0
// The checking half of World.
#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "world.h"

namespace hald::sim {

void World::check() {
  for (std::size_t i = 0; i < nodes_.size(); ++i) check_node(i);
  check_awaited();
  check_pairs();
  check_vacancy();
  if (settled() && scenario_.exact()) check_settled();
}

void World::check_node(std::size_t number) {
  const Node& node = *nodes_[number];
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
  if (!modest || !scenario_.exact()) return;
  // Of two adverts in a row at least one has arrived.
  const Duration heard = 2 * scenario_.longest_interval() + 2 * scenario_.conditions.longest_delay;
  for (const std::size_t other : component_of(number)) {
    const Node& master = *nodes_[other];
    if (other == number || !master.running() || !master.is_master()) continue;
    const TimePoint since = std::max(disturbed_, master_since_[other]);
    const bool speaks = now_ - master.last_advert() <= master.settings().advert_interval;
    if (speaks && now_ - since > heard) {
      fail(fmt::format("node {} took over from node {} without preemption", number, other));
    }
  }
}

bool World::eligible(std::size_t number, bool even_if_frozen) const {
  const Node& node = *nodes_[number];
  return (node.running() || (node.alive() && even_if_frozen)) && node.has_link() && node.has_primary();
}

bool World::settled() const {
  return now_ - disturbed_ > scenario_.settling_time();
}

std::vector<std::size_t> World::component_of(std::size_t node) const {
  std::vector<std::size_t> out;
  for (std::size_t i = 0; i < nodes_.size(); ++i) {
    if (i == node || lan_.connected(i, node)) out.push_back(i);
  }
  return out;
}

void World::check_settled() {
  std::set<std::size_t> seen;
  for (std::size_t i = 0; i < nodes_.size(); ++i) {
    if (seen.contains(i)) continue;
    const auto component = component_of(i);
    seen.insert(component.begin(), component.end());
    check_component(component);
  }
}

void World::check_component(const std::vector<std::size_t>& component) {
  std::vector<std::size_t> masters;
  const Node* best = nullptr;
  bool best_insists = false;
  for (const std::size_t i : component) {
    const Node& node = *nodes_[i];
    if (node.running() && node.is_master()) masters.push_back(i);
    if (!eligible(i)) continue;
    const std::uint8_t priority = node.settings().priority;
    if (best == nullptr || priority > best->settings().priority) {
      best = &node;
      best_insists = false;
    }
    if (priority == best->settings().priority) best_insists |= node.settings().preempt || priority == 255;
  }
  if (masters.size() != (best == nullptr ? 0U : 1U)) {
    return fail(fmt::format("{} MASTERs among {} connected routers", masters.size(), component.size()));
  }
  if (best == nullptr) return;
  const Node& master = *nodes_[masters[0]];
  if (best_insists && master.settings().priority != best->settings().priority) {
    fail(fmt::format("node {} is MASTER with priority {}, below the {} of another", masters[0],
                     master.settings().priority, best->settings().priority));
  }
  const auto [known, fresh] = stable_master_.try_emplace(component.front(), masters[0]);
  if (!fresh && known->second != masters[0]) {
    fail(fmt::format("the MASTER changed from node {} to node {} for no reason", known->second, masters[0]));
  }
}

/// Two connected MASTERs hear one another within as many intervals as packets may be lost in a row.
void World::check_pairs() {
  const Duration bound = scenario_.longest_interval() * (scenario_.conditions.longest_loss + 2) +
                         scenario_.longest_skew() + 2 * scenario_.conditions.longest_delay;
  for (std::size_t a = 0; a < nodes_.size(); ++a) {
    for (std::size_t b = a + 1; b < nodes_.size(); ++b) {
      const bool both = nodes_[a]->running() && nodes_[a]->is_master() && nodes_[b]->running() &&
                        nodes_[b]->is_master() && lan_.connected(a, b);
      if (!both) {
        both_since_.erase({a, b});
        continue;
      }
      const auto since = both_since_.try_emplace({a, b}, now_).first->second;
      if (now_ - since > bound) fail(fmt::format("nodes {} and {} are both MASTER for too long", a, b));
    }
  }
}

/// Among connected routers that could be MASTER, one is before long.
void World::check_vacancy() {
  for (std::size_t i = 0; i < nodes_.size(); ++i) {
    const auto component = component_of(i);
    const bool able =
        std::any_of(component.begin(), component.end(), [&](std::size_t n) { return eligible(n); });
    const bool led = std::any_of(component.begin(), component.end(), [&](std::size_t n) {
      return nodes_[n]->running() && nodes_[n]->is_master();
    });
    if (!able || led) {
      vacant_since_.erase(i);
      continue;
    }
    const auto since = std::max(vacant_since_.try_emplace(i, now_).first->second, disturbed_);
    if (now_ - since > scenario_.settling_time())
      fail(fmt::format("no MASTER around node {} for too long", i));
  }
}

}  // namespace hald::sim
