// SPDX-License-Identifier: Apache-2.0
// diff and apply of routes and rules under random kernels and intents, against a simulated kernel: what diff
// asks for leads to the intent, asks for nothing more then, is what apply() says it is, and costs nobody else
// anything.
#include <random>

#include <gtest/gtest.h>

#include "fakes/fake_routing.h"
#include "net/route_diff.h"
#include "net/rule_diff.h"

namespace hald::net {
namespace {

constexpr std::uint8_t kStatic = 4;

class Draw {
 public:
  explicit Draw(unsigned seed) : random_(seed) {}
  unsigned below(unsigned bound) { return static_cast<unsigned>(random_() % bound); }

  /// Of one slot, so that all of them are in each other's way.
  Route route(Family family, std::uint8_t protocol) {
    const bool v4 = family == Family::IPv4;
    Route out;
    out.destination = *Prefix::parse(v4 ? "10.9.0.0/16" : "2001:db8:9::/48");
    out.protocol = protocol;
    if (below(6) == 0) {
      out.type = RouteType::Blackhole;
      return canonical(out);
    }
    for (unsigned count = below(4) == 0 ? 2 : 1; count > 0; --count) {
      const auto gateway =
          std::string(v4 ? "10.0.0." : "2001:db8::") + std::to_string(1 + 2 * below(3) + count);
      out.nexthops.push_back({*Address::parse(gateway), {{}, 3}});
    }
    if (v4 && below(3) == 0) out.metrics.set(Metric::Mtu, 1400);
    return canonical(out);
  }
  Rule rule(std::uint8_t protocol) {
    Rule out;
    out.priority = 100;
    out.protocol = protocol;
    out.table = 100 + below(3);
    if (below(2) == 0) out.from = Prefix{Address::v4(0x0a000000 + below(2) * 256), 24};
    return canonical(out);
  }

 private:
  std::mt19937 random_;
};

bool is_named(const std::vector<WantedRoute>& present, const Route& route) {
  return std::any_of(present.begin(), present.end(),
                     [&](const auto& one) { return serves(one.route, route) || serves(route, one.route); });
}

RouteIntent draw_intent(Draw& draw, Family family) {
  RouteIntent out;
  for (unsigned count = draw.below(3); count > 0; --count) {
    const auto route = draw.route(family, Route::kKeepalived);
    // Of two IPv6 wishes that share a nexthop the kernel makes something that is neither.
    if (!is_named(out.present, route) && (family == Family::IPv4 || out.present.empty()))
      out.present.push_back({route, draw.below(3) == 0 ? Placement::Append : Placement::Prepend});
  }
  for (unsigned count = draw.below(3); count > 0; --count) {
    const auto route = draw.route(family, Route::kKeepalived);
    if (!is_named(out.present, route)) out.absent.push_back(route);
  }
  return out;
}

std::vector<Route> foreign(const std::vector<Route>& routes) {
  std::vector<Route> out;
  for (const auto& route : routes) {
    if (route.protocol != Route::kKeepalived) out.push_back(route);
  }
  return out;
}

bool holds(const std::vector<Route>& seen, const RouteIntent& intent) {
  const bool present = std::all_of(intent.present.begin(), intent.present.end(), [&](const auto& wanted) {
    return std::any_of(seen.begin(), seen.end(), [&](const auto& one) { return serves(one, wanted.route); });
  });
  return present && std::none_of(seen.begin(), seen.end(), [&](const auto& one) {
           return one.nexthops.size() < 2 &&
                  std::any_of(intent.absent.begin(), intent.absent.end(),
                              [&](const auto& absent) { return is_made_as(one, absent); });
         });
}

/// The kernel shows routes of IPv6 that it merged with the protocol of the first: whose the others are cannot
/// be seen, so there they are all ours.
std::uint8_t owner(Draw& draw, Family family) {
  return family == Family::IPv4 && draw.below(2) == 0 ? kStatic : Route::kKeepalived;
}

void check_routes(unsigned seed, Family family) {
  Draw draw(seed);
  fakes::FakeRouting kernel;
  for (unsigned count = draw.below(4); count > 0; --count)
    (void)kernel.operator_add(draw.route(family, owner(draw, family)));
  const auto intent = draw_intent(draw, family);
  const auto others = foreign(kernel.routes);
  // A wish may be told apart from what is in its way only once that is gone: two looks at most.
  for (int look = 0; look < 3; ++look) {
    auto believed = kernel.shown_routes();
    const auto operations = diff(believed, intent);
    bool all_done = true;
    for (const auto& operation : operations) {
      const auto done = kernel.write(operation);
      const bool gone = !done && done.error().code.value() == ESRCH;
      apply(believed, operation);
      all_done = all_done && (done || gone);
    }
    EXPECT_EQ(foreign(kernel.routes), others) << "somebody else's route was touched";
    if (!all_done) continue;
    EXPECT_TRUE(diff(believed, intent).empty()) << "apply() leads elsewhere";
    if (holds(kernel.shown_routes(), intent)) return;
  }
  EXPECT_TRUE(holds(kernel.shown_routes(), intent));
}

TEST(RouteDiff, AppliedItLeadsToTheIntent) {
  const unsigned first = std::random_device{}();
  for (unsigned round = 0; round < 5000; ++round) {
    SCOPED_TRACE(testing::Message() << "seed " << first + round);
    check_routes(first + round, round % 2 == 0 ? Family::IPv4 : Family::IPv6);
    if (testing::Test::HasFailure()) return;
  }
}

TEST(RuleDiff, AppliedItLeadsToTheIntent) {
  const unsigned first = std::random_device{}();
  for (unsigned round = 0; round < 5000; ++round) {
    SCOPED_TRACE(testing::Message() << "seed " << first + round);
    Draw draw(first + round);
    fakes::FakeRouting kernel;
    for (unsigned count = draw.below(5); count > 0; --count)
      (void)kernel.operator_add(draw.rule(draw.below(2) == 0 ? kStatic : Rule::kKeepalived));
    RuleIntent intent;
    for (unsigned count = draw.below(4); count > 0; --count) {
      auto& list = draw.below(2) == 0 ? intent.present : intent.absent;
      const auto rule = draw.rule(Rule::kKeepalived);
      const auto is_rule = [&](const auto& one) { return one == rule; };
      if (std::none_of(intent.present.begin(), intent.present.end(), is_rule) &&
          std::none_of(intent.absent.begin(), intent.absent.end(), is_rule))
        list.push_back(rule);
    }
    const auto before = kernel.rules;
    auto believed = before;
    for (const auto& operation : diff(before, intent)) {
      ASSERT_TRUE(kernel.write(operation)) << operation.entry.to_string();
      apply(believed, operation);
    }
    EXPECT_TRUE(diff(kernel.rules, intent).empty());
    EXPECT_TRUE(diff(believed, intent).empty());
    for (const auto& rule : before) {
      if (rule.protocol == Rule::kKeepalived) continue;
      EXPECT_NE(std::find(kernel.rules.begin(), kernel.rules.end(), rule), kernel.rules.end());
    }
    if (testing::Test::HasFailure()) return;
  }
}

}  // namespace
}  // namespace hald::net
