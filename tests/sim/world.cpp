// SPDX-License-Identifier: Apache-2.0
// The playing half of World; the checking half is invariants.cpp.
#include "world.h"

#include <algorithm>

#include <fmt/format.h>

#include "vrrp/core/timing.h"

namespace hald::sim {
namespace {

using What = Happening::What;

}  // namespace

World::World(Scenario scenario, bool keep_history)
    : scenario_(std::move(scenario)),
      exact_(scenario_.exact()),
      settling_time_(scenario_.settling_time()),
      longest_rivalry_(scenario_.longest_interval() * (scenario_.conditions.longest_loss + 2) +
                       scenario_.longest_skew() + 2 * scenario_.conditions.slowest()),
      random_(scenario_.seed ^ 0x5bd1e995U),
      lan_(random_, scenario_.conditions, scenario_.nodes.size()),
      keep_history_(keep_history) {
  Node::Observer& observer = *this;
  for (std::size_t i = 0; i < scenario_.nodes.size(); ++i) {
    nodes_.push_back(std::make_unique<Node>(observer, i, scenario_.nodes[i]));
  }
  if (keep_history_) outcome_.history = describe(scenario_);
}

Outcome World::play() {
  for (auto& node : nodes_) node->start(now_);
  while (!outcome_.failure) {
    const TimePoint next = next_event();
    if (next > scenario_.end) break;
    now_ = next;
    turn();
    check();
    ++outcome_.events;
  }
  return std::move(outcome_);
}

TimePoint World::next_event() const {
  TimePoint next = TimePoint::max();
  if (next_happening_ < scenario_.happenings.size()) next = scenario_.happenings[next_happening_].when;
  if (const auto arrival = lan_.next_arrival()) next = std::min(next, *arrival);
  for (const auto& node : nodes_) {
    if (const auto due = node->next_due()) next = std::min(next, *due);
  }
  return std::max(next, now_);
}

void World::turn() {
  while (next_happening_ < scenario_.happenings.size() &&
         scenario_.happenings[next_happening_].when <= now_) {
    happen(scenario_.happenings[next_happening_++]);
  }
  while (const auto arrival = lan_.arrive(now_)) nodes_[arrival->port]->arrive(*arrival->datagram);
  for (auto& node : nodes_) node->run(now_);
}

void World::choose_node(Happening& happening) {
  const auto [known, fresh] = chosen_.try_emplace(happening.pair, happening.node);
  for (std::size_t i = 0; fresh && happening.to_the_master && i < nodes_.size(); ++i) {
    if (nodes_[i]->running() && nodes_[i]->is_master()) known->second = i;
  }
  happening.node = known->second;
}

void World::happen(Happening happening) {
  choose_node(happening);
  if (happening.what == What::ReloadSame) return reload_same(happening.node);
  if (happening.what == What::Replace) return replace(happening.node);
  note(happening.node, 100 + static_cast<unsigned>(happening.what), to_string(happening));
  if (happening.what == What::StepClock) {
    // Nobody may notice.
    return nodes_[happening.node]->step_wall_clock(
        std::chrono::duration_cast<WallTime::duration>(happening.how_long * 1000));
  }
  const bool was_settled = settled();
  disturbed_ = now_;
  awaited_.reset();
  stable_master_.clear();
  expect_takeover(happening, was_settled);
  expect_modesty(happening, was_settled);
  perform(happening);
}

void World::perform(const Happening& happening) {
  Node& node = *nodes_[happening.node];
  switch (happening.what) {
    case What::Crash: node.crash(); break;
    case What::Restart:
      if (!node.frozen()) node.start(now_);
      break;
    case What::Stop:
      if (node.running()) node.stop();
      break;
    case What::Leave:
      if (!node.running()) break;
      node.leave();
      leaving_since_[happening.node] = now_;
      break;
    case What::Interrupt:
      if (node.running()) node.interrupt();
      break;
    case What::Resume:
      if (!node.alive()) node.resume(now_);
      break;
    case What::TrackedDown:
    case What::TrackedUp: node.set_tracked(happening.what == What::TrackedUp); break;
    case What::Freeze: node.freeze(); break;
    case What::Thaw: node.thaw(now_); break;
    case What::Unplug:
    case What::Plug:
      lan_.set_cable(happening.node, happening.what == What::Plug);
      node.set_cable(happening.what == What::Plug);
      break;
    case What::Partition:
    case What::Heal:
      for (std::size_t i = 0; i < nodes_.size(); ++i) {
        lan_.set_partition(i, happening.what == What::Partition ? happening.mask >> i & 1U : 0U);
      }
      break;
    case What::LoseAddress:
      // An owner would send from the virtual address, and two owners of it are one to each other.
      if (node.settings().priority != vrrp::priority_owner) node.set_primary(false);
      break;
    case What::RegainAddress: node.set_primary(true); break;
    case What::ReloadPriority:
    case What::ReloadPreempt:
    case What::ReloadAddresses: reload_one_side(happening); break;
    case What::ReloadSame:
    case What::Replace:
    case What::StepClock: break;
  }
}

void World::reload_one_side(const Happening& happening) {
  Node& node = *nodes_[happening.node];
  if (node.frozen() || node.leaving() || !node.has_primary()) return;
  // An address of nobody's configuration that a dead process left behind is like any other of the machine.
  if (happening.what == What::ReloadAddresses && !node.alive()) return;
  auto settings = node.settings();
  if (happening.what == What::ReloadPriority) settings.priority = happening.priority;
  if (happening.what == What::ReloadPreempt) settings.preempt = !settings.preempt;
  if (happening.what == What::ReloadAddresses) {
    auto& addresses = settings.addresses;
    if (addresses.size() > 1) {
      addresses.pop_back();
    } else {
      addresses.push_back(addresses.front());
      auto bytes = addresses.back().prefix.address.bytes();
      std::vector<std::uint8_t> other(bytes.begin(), bytes.end());
      other.back() = 7;
      addresses.back().prefix.address = Address::from_bytes(settings.family, other).value();
    }
  }
  node.reload(std::move(settings));
}

void World::reload_same(std::size_t number) {
  Node& node = *nodes_[number];
  if (!node.running()) return;
  note(number, 99, "reload the same");
  const auto writes = node.address_writes();
  const auto sent = node.adverts_sent();
  const auto state = node.state();
  auto settings = node.settings();
  settings.where.line += 1;  // moved in the file, nothing else
  node.reload(std::move(settings));
  if (node.address_writes() != writes || node.adverts_sent() != sent || node.state() != state) {
    fail(fmt::format("a reload of the same settings touched node {}", number));
  }
}

void World::replace(std::size_t number) {
  Node& node = *nodes_[number];
  if (!node.running()) return;
  note(number, 98, "restart in no time");
  const auto sent = node.adverts_sent();
  const auto state = node.state();
  const bool was_listening = node.listening();
  // A BACKUP hears its MASTER again before it takes over, so it may do that later than it would have.
  disturbed_ = now_;
  awaited_.reset();
  node.interrupt();
  node.resume(now_);
  if (node.address_writes() != 0 || node.adverts_sent() != sent || node.state() != state ||
      node.listening() != was_listening) {
    fail(fmt::format("a restart in no time touched node {}", number));
  }
}

/// How long after the loss of a MASTER the first of its followers must have replaced it.
std::optional<Duration> World::takeover_bound(std::size_t gone, bool farewell) const {
  std::optional<Duration> bound;
  const auto& master = nodes_[gone]->settings();
  const unsigned component = component_of(gone);
  for (std::size_t other = 0; other < nodes_.size(); ++other) {
    if ((component >> other & 1U) == 0 || other == gone || !eligible(other)) continue;
    const auto& settings = nodes_[other]->settings();
    const Duration interval = settings.version == 3 ? master.advert_interval : settings.advert_interval;
    const std::uint8_t priority = nodes_[other]->priority();
    const Duration wait =
        farewell ? vrrp::skew_time(settings.version, priority, interval)
                 : vrrp::master_down_time(settings.version, priority, interval, settings.down_timer_adverts);
    if (!bound || wait < *bound) bound = wait;
  }
  return bound;
}

void World::expect_takeover(const Happening& happening, bool was_settled) {
  const Node& node = *nodes_[happening.node];
  const bool goes = happening.what == What::Crash || happening.what == What::Freeze ||
                    happening.what == What::Unplug || happening.what == What::Stop ||
                    happening.what == What::Leave || happening.what == What::Interrupt;
  if (!goes || !was_settled || !exact_ || !node.running() || !node.is_master()) return;
  // A farewell counts if it cannot be lost, nor overtaken by the advert before it.
  const Duration longest_delay = scenario_.conditions.slowest();
  const bool says_farewell = happening.what == What::Stop || happening.what == What::Leave;
  const bool farewell =
      says_farewell && !scenario_.conditions.unreliable() && now_ - node.last_advert() > longest_delay;
  if (const auto bound = takeover_bound(happening.node, farewell)) {
    awaited_ = Awaited{now_ + *bound + longest_delay, happening.node};
  }
}

void World::expect_modesty(const Happening& happening, bool was_settled) {
  const Node& node = *nodes_[happening.node];
  if (happening.what != What::Thaw || sleeper_ != happening.node) sleeper_.reset();
  deposed_.reset();
  if (!node.alive()) return;
  if (happening.what == What::Freeze && !node.frozen() && !node.is_master() && was_settled && exact_) {
    sleeper_ = happening.node;
  }
  if (happening.what != What::Thaw || !node.is_master() || !eligible(happening.node, true)) return;
  const Duration given_up = vrrp::master_down_time(
      node.settings().version, 1, node.settings().advert_interval, node.settings().down_timer_adverts);
  const bool surely = now_ - node.last_advert() > given_up && !scenario_.conditions.unreliable();
  const unsigned component = component_of(happening.node);
  for (std::size_t other = 0; other < nodes_.size(); ++other) {
    const Node& successor = *nodes_[other];
    if ((component >> other & 1U) == 0 || other == happening.node || !successor.running() ||
        !successor.is_master())
      continue;
    // One that slept as well may be listening, too, and says nothing; a slower one is not heard while the
    // faster listens for an interval of its own.
    const Duration pace = successor.settings().advert_interval;
    const bool speaks = now_ - successor.last_advert() <= pace && pace <= node.settings().advert_interval;
    const bool heard = now_ - master_since_[other] > scenario_.conditions.slowest();
    if (surely && speaks && heard) deposed_ = happening.node;
  }
}

void World::sent(std::size_t node, const vrrp::Outgoing& advert) {
  const std::uint8_t priority = nodes_[node]->priority_in(advert);
  if (deposed_ == node) fail(fmt::format("node {} slept, was replaced, and speaks up again", node));
  note(node, priority, keep_history_ ? fmt::format("sends priority {}", priority) : std::string());
  std::optional<std::size_t> only;
  for (std::size_t i = 0; i < nodes_.size(); ++i) {
    if (nodes_[i]->source() == advert.destination) only = i;
  }
  Datagram datagram{Bytes(advert.bytes.begin(), advert.bytes.end()), advert.source, advert.destination};
  lan_.send(node, std::move(datagram), now_, only);
}

/// As the routers see it that are connected to the new MASTER.
void World::count_failover(std::size_t master) {
  bool another = false;
  const unsigned component = component_of(master);
  for (std::size_t i = 0; i < nodes_.size(); ++i) {
    if ((component >> i & 1U) == 0) continue;
    const auto [seen, fresh] = seen_as_master_.try_emplace(i, master);
    another |= seen->second != master;
    seen->second = master;
  }
  outcome_.failovers += another ? 1U : 0U;
}

void World::changed(std::size_t node, const vrrp::StateChange& change) {
  note(node, 200 + static_cast<unsigned>(change.to),
       keep_history_ ? fmt::format("{} ({})", to_string(change.to), change.reason) : std::string());
  if (deposed_ == node) deposed_.reset();
  if (change.to != vrrp::StateName::Master) return;
  master_since_[node] = now_;
  count_failover(node);
  // As MASTER after a restart it claims nothing anew.
  if (!change.resumed) check_claim(node);
}

void World::note(std::size_t node, unsigned code, const std::string& text) {
  constexpr std::uint64_t prime = 0x100000001b3ULL;
  for (const std::uint64_t part : {static_cast<std::uint64_t>(now_.time_since_epoch().count()),
                                   static_cast<std::uint64_t>(node), static_cast<std::uint64_t>(code)}) {
    outcome_.fingerprint = (outcome_.fingerprint ^ part) * prime;
  }
  if (!keep_history_) return;
  const double at = std::chrono::duration<double>(now_ - beginning).count();
  outcome_.history += fmt::format("{:12.6f} node {}: {}\n", at, node, text);
}

void World::fail(const std::string& what) {
  if (outcome_.failure) return;
  const double at = std::chrono::duration<double>(now_ - beginning).count();
  outcome_.failure = fmt::format("at {:.6f} s: {}", at, what);
}

}  // namespace hald::sim
