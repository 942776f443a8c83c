// SPDX-License-Identifier: Apache-2.0
#include "scenario.h"

#include <algorithm>
#include <iterator>

#include <fmt/format.h>

#include "node.h"
#include "random.h"

namespace hald::sim {
namespace {

using namespace std::chrono_literals;
using What = Happening::What;

constexpr unsigned down_timer_adverts = 3;

struct Maker {
  Random random;
  Scenario out;
  bool plain = false;
  Duration interval{};
  unsigned pairs = 0;

  template <typename T, std::size_t N>
  T pick(const T (&choices)[N]) {
    return choices[random.below(N)];
  }

  std::uint8_t some_priority() {
    return static_cast<std::uint8_t>(random.chance(0.05) ? 255 : 1 + random.below(254));
  }

  void make_link(std::uint8_t version) {
    interval = version == 2 ? Duration(pick({1s, 2s})) : Duration(pick({10ms, 100ms, 1000ms, 2500ms}));
    auto& link = out.conditions;
    link.longest_delay = random.between(10us, interval / 8);
    if (random.chance(0.5)) return;
    link.loss = random.chance(0.5) ? 0.1 : 0.3;
    link.longest_loss = random.chance(0.7) ? 1 : 4;
    if (random.chance(0.5)) link.duplication = 0.2;
  }

  void make_nodes(std::uint8_t version) {
    const std::size_t count = 2 + random.below(4);
    const bool same_priority = random.chance(0.1);
    const std::uint8_t shared = some_priority();
    const bool preempt = random.chance(0.7);
    const bool delays = preempt && random.chance(0.2);
    const bool learns = version == 3 && random.chance(0.2);
    for (std::size_t i = 0; i < count; ++i) {
      config::VrrpInstance node;
      node.name = fmt::format("node{}", i);
      node.interface = "eth0";
      node.vrid = 51;
      node.version = version;
      node.priority = same_priority ? shared : some_priority();
      node.advert_interval = learns ? interval * static_cast<int>(1 + random.below(3)) : interval;
      node.preempt = preempt || random.chance(0.3);
      if (delays && random.chance(0.5)) node.preempt_delay = interval * static_cast<int>(1 + random.below(5));
      if (random.chance(0.3) || node.priority == 255) node.initial_state = config::InitialState::Master;
      node.lower_prio_no_advert = random.chance(0.15);
      node.higher_prio_send_advert = random.chance(0.15);
      node.v3_checksum_as_v2 = random.chance(0.2);
      node.addresses.resize(1 + random.below(2));
      for (std::size_t a = 0; a < node.addresses.size(); ++a) {
        node.addresses[a].prefix = Prefix{Address::v4(0x0a000003U + static_cast<std::uint32_t>(a)), 24};
        node.addresses[a].device = "eth0";
      }
      out.nodes.push_back(std::move(node));
    }
  }

  /// Also IPv6, unicast, passwords, tracking, and packets that are overtaken.
  void vary() {
    Random more(out.seed ^ 0x9e3779b9U);
    const std::uint8_t version = out.nodes[0].version;
    const Family family = version == 3 && more.chance(0.5) ? Family::IPv6 : Family::IPv4;
    const bool unicast = more.chance(0.3);
    const bool password = version == 2 && more.chance(0.3);
    for (std::size_t i = 0; i < out.nodes.size(); ++i) {
      auto& node = out.nodes[i];
      if (family == Family::IPv6) to_ipv6(node);
      if (password) node.auth_type = config::AuthType::Pass;
      if (password) node.auth_password = "1111";
      if (unicast) make_unicast(node, i);
      if (more.chance(0.3)) track(node, more);
    }
    if (!more.chance(0.2)) return;
    out.conditions.straggling = 0.1;
    out.conditions.longest_loss = std::max(out.conditions.longest_loss, 1U);
    out.conditions.longest_straggle = more.between(interval, interval * 5 / 2);
  }
  static void to_ipv6(config::VrrpInstance& node) {
    node.family = Family::IPv6;
    std::uint8_t last = 3;
    for (auto& address : node.addresses) {
      const bool first = last == 3;  // the virtual link-local one
      address.prefix =
          first ? Prefix{Address::v6({0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, last}), 64}
                : Prefix{Address::v6({0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, last}), 64};
      ++last;
    }
  }
  void make_unicast(config::VrrpInstance& node, std::size_t number) const {
    node.unicast = true;
    for (std::size_t other = 0; other < out.nodes.size(); ++other) {
      if (other == number) continue;
      config::UnicastPeer peer;
      peer.address = primary_of(node.family, other).address;
      peer.max_ttl = 255;
      node.peers.push_back(peer);
    }
  }
  static void track(config::VrrpInstance& node, Random& more) {
    config::Tracked tracked;
    tracked.name = "eth1";
    const auto weight = static_cast<std::int16_t>(1 + more.below(253));
    const bool sinks = more.chance(0.5);
    tracked.weight.value =
        more.chance(0.4) ? std::int16_t{0} : static_cast<std::int16_t>(sinks ? -weight : weight);
    node.track.interfaces = {tracked};
  }

  What some_kind() {
    // The first of them are all there is in plain scenarios.
    static constexpr What choices[] = {
        What::Crash,           What::Stop,        What::Freeze,      What::Freeze,
        What::Unplug,          What::Partition,   What::LoseAddress, What::ReloadSame,
        What::ReloadPriority,  What::StepClock,   What::Restart,     What::Leave,
        What::Leave,           What::TrackedDown, What::TrackedDown, What::ReloadPreempt,
        What::ReloadAddresses, What::Replace,     What::Interrupt};
    constexpr std::size_t plain_ones = 11;
    return choices[random.below(plain ? plain_ones : std::size(choices))];
  }

  Happening some_happening(TimePoint when) {
    Happening happening;
    happening.when = when;
    happening.what = some_kind();
    happening.node = random.below(out.nodes.size());
    happening.to_the_master = random.chance(0.5);
    happening.pair = ++pairs;
    happening.how_long =
        random.chance(0.5) ? random.between(0s, interval * 2) : random.between(0s, interval * 12);
    happening.mask = static_cast<unsigned>(random.below(1U << out.nodes.size()));
    happening.priority = some_priority();
    return happening;
  }

  /// What undoes it, some time later; most things that break are mended.
  std::optional<What> remedy(What what) {
    switch (what) {
      case What::Freeze: return What::Thaw;
      case What::Crash:
      case What::Leave:
      case What::Stop: return What::Restart;
      case What::Interrupt: return What::Resume;
      case What::TrackedDown: return What::TrackedUp;
      case What::Unplug: return What::Plug;
      case What::Partition: return What::Heal;
      case What::LoseAddress: return What::RegainAddress;
      default: return std::nullopt;
    }
  }

  void make_happenings() {
    const Duration settling = out.settling_time();
    TimePoint when = beginning + random.between(0s, settling * 2);
    for (std::size_t count = 2 + random.below(7); count > 0; --count) {
      const Happening happening = some_happening(when);
      out.happenings.push_back(happening);
      if (const auto undo = remedy(happening.what); undo && (*undo == What::Thaw || random.chance(0.9))) {
        Happening later = happening;
        later.what = *undo;
        const bool soon = *undo == What::Thaw || *undo == What::Resume;
        later.when += soon ? happening.how_long : random.between(0s, settling * 2);
        out.happenings.push_back(later);
      }
      when +=
          random.chance(0.3) ? random.between(0s, interval * 2) : random.between(settling / 4, settling * 2);
    }
    std::stable_sort(out.happenings.begin(), out.happenings.end(),
                     [](const Happening& a, const Happening& b) { return a.when < b.when; });
    out.end = std::max(when, out.happenings.back().when) + settling * 2;
  }
};

const char* name_of(What what) {
  static constexpr const char* names[] = {"crash",
                                          "restart",
                                          "stop",
                                          "freeze",
                                          "thaw",
                                          "unplug",
                                          "plug",
                                          "partition",
                                          "heal",
                                          "lose address",
                                          "regain address",
                                          "reload the same",
                                          "reload with another priority",
                                          "step the clock",
                                          "leave",
                                          "lose what is tracked",
                                          "regain what is tracked",
                                          "reload with the other preemption",
                                          "reload with other addresses",
                                          "restart in no time",
                                          "end for a restart",
                                          "go on after the restart"};
  return names[static_cast<std::size_t>(what)];
}

double seconds(Duration duration) {
  return std::chrono::duration<double>(duration).count();
}

}  // namespace

bool Scenario::exact() const {
  const auto as_slow = [&](const config::VrrpInstance& node) {
    return node.advert_interval == longest_interval();
  };
  return !conditions.unreliable() ||
         (conditions.longest_loss <= 1 && std::all_of(nodes.begin(), nodes.end(), as_slow));
}

Duration Scenario::longest_interval() const {
  Duration longest{};
  for (const auto& node : nodes) longest = std::max(longest, node.advert_interval);
  return longest;
}

Duration Scenario::longest_skew() const {
  return nodes.at(0).version == 2 ? Duration(1s) : longest_interval();
}

Duration Scenario::settling_time() const {
  Duration delay{};
  for (const auto& node : nodes) delay = std::max(delay, node.preempt_delay);
  const Duration down = longest_interval() * down_timer_adverts + longest_skew();
  // Listening after a freeze, then a first election, a preempt delay, a second election; and the wire.
  return delay + 2 * down + longest_interval() + longest_skew() + 4 * conditions.slowest();
}

namespace {

Scenario make(std::uint64_t seed, bool plain) {
  Maker maker{Random(seed), Scenario{}, plain, Duration{}, 0};
  maker.out.seed = seed;
  const std::uint8_t version = maker.random.chance(0.5) ? 2 : 3;
  maker.make_link(version);
  maker.make_nodes(version);
  if (!plain) maker.vary();
  maker.make_happenings();
  return std::move(maker.out);
}

}  // namespace

Scenario make_scenario(std::uint64_t seed) {
  return make(seed, false);
}

Scenario make_plain_scenario(std::uint64_t seed) {
  return make(seed, true);
}

std::string to_string(const Happening& happening) {
  return fmt::format("{} node {} (for {:.4f} s, mask {:#x}, priority {})", name_of(happening.what),
                     happening.node, seconds(happening.how_long), happening.mask, happening.priority);
}

std::string describe(const Scenario& scenario) {
  const LanConditions& link = scenario.conditions;
  std::string out = fmt::format(
      "loss {} (at most {} in a row), duplication {}, delay up to {:.6f} s, {} of them up to {:.6f} s\n",
      link.loss, link.longest_loss, link.duplication, seconds(link.longest_delay), link.straggling,
      seconds(link.longest_straggle));
  for (const auto& node : scenario.nodes) {
    const auto& tracked = node.track.interfaces;
    out += fmt::format("{}: v{}{}{}{} priority {} interval {:.2f} s{}{} preempt_delay {:.2f} s{}{}{}\n",
                       node.name, node.version, node.family == Family::IPv6 ? " IPv6" : "",
                       node.unicast ? " unicast" : "",
                       tracked.empty() ? "" : fmt::format(" tracks with weight {}", tracked[0].weight.value),
                       node.priority, seconds(node.advert_interval),
                       node.initial_state == config::InitialState::Master ? " state MASTER" : "",
                       node.preempt ? "" : " nopreempt", seconds(node.preempt_delay),
                       node.lower_prio_no_advert ? " lower_prio_no_advert" : "",
                       node.higher_prio_send_advert ? " higher_prio_send_advert" : "",
                       node.v3_checksum_as_v2 ? " v3_checksum_as_v2" : "");
  }
  return out;
}

}  // namespace hald::sim
