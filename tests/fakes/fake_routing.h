// SPDX-License-Identifier: Apache-2.0
// FakeRouting: a kernel's routes and rules in memory, with Linux's rules: several IPv4 routes to one
// destination in an order, of which a removal hits the first that fits; IPv6 routes that differ in the
// gateway only and are shown as one. Events queue up until somebody drains them, as on a real socket. The
// test plays the operator through operator_* and the kernel's moods through the public switches.
#pragma once

#include <algorithm>
#include <cerrno>
#include <deque>
#include <map>
#include <set>
#include <string>
#include <variant>
#include <vector>

#include "net/route_match.h"
#include "net/routing.h"

namespace hald::fakes {

class FakeRouting : public net::Routing {
 public:
  using Route = net::Route;
  using Rule = net::Rule;
  using RouteOperation = net::RouteOperation;
  using RuleOperation = net::RuleOperation;

  // ---- the seam
  Result<std::unique_ptr<net::RoutingDump<Route>>> dump_routes(Family family, std::uint32_t table) override {
    if (fail_dumps) return errno_error(EBUSY, "list the routes");
    ++dumps;
    std::vector<Route> found;
    for (const auto& route : shown_routes()) {
      if (route.family() == family && route.table == table) found.push_back(route);
    }
    return std::unique_ptr<net::RoutingDump<Route>>(new Dump<Route>(std::move(found), *this));
  }
  Result<std::unique_ptr<net::RoutingDump<Rule>>> dump_rules(Family family) override {
    if (fail_dumps) return errno_error(EBUSY, "list the rules");
    ++dumps;
    std::vector<Rule> found;
    for (const auto& rule : rules) {
      if (rule.family == family) found.push_back(rule);
    }
    return std::unique_ptr<net::RoutingDump<Rule>>(new Dump<Rule>(std::move(found), *this));
  }
  Result<void> write(const RouteOperation& operation) override {
    return logged(operation, [&] { return operator_write(operation); });
  }
  Result<void> write(const RuleOperation& operation) override {
    return logged(operation, [&] { return operator_write(operation); });
  }
  void receive(Receiver<Route> receiver) override { route_receiver_ = std::move(receiver); }
  void receive(Receiver<Rule> receiver) override { rule_receiver_ = std::move(receiver); }

  // ---- what others do
  Result<void> operator_write(const RouteOperation& operation) {
    const auto& route = operation.entry;
    if (operation.what == RouteOperation::What::Remove) return remove(route);
    for (const auto& nexthop : route.nexthops) {
      if (links_down.count(nexthop.link.index) > 0) return errno_error(ENETDOWN, "add");
      if (nexthop.gateway && unreachable.count(*nexthop.gateway) > 0) return errno_error(ENETUNREACH, "add");
    }
    return route.family() == Family::IPv4 ? put_v4(operation) : put_v6(operation);
  }
  Result<void> operator_write(const RuleOperation& operation) {
    const auto& rule = operation.entry;
    const bool removal = operation.what == RuleOperation::What::Remove;
    const auto found = std::find_if(rules.begin(), rules.end(), [&](const auto& one) {
      return removal ? net::is_made_as(one, rule) : net::serves(one, rule);
    });
    if (removal) {
      if (found == rules.end()) return errno_error(ENOENT, "remove");
      rules.erase(found);
    } else {
      if (found != rules.end()) return errno_error(EEXIST, "add");
      const auto after = std::find_if(rules.begin(), rules.end(),
                                      [&](const auto& one) { return one.priority > rule.priority; });
      rules.insert(after, rule);
    }
    events_.emplace_back(net::RuleEvent{rule, removal, false});
    return {};
  }
  Result<void> operator_add(const Route& route) {
    return operator_write(RouteOperation{RouteOperation::What::Add, net::canonical(route)});
  }
  Result<void> operator_remove(const Route& route) {
    return operator_write(RouteOperation{RouteOperation::What::Remove, net::canonical(route)});
  }
  Result<void> operator_add(const Rule& rule) {
    return operator_write(RuleOperation{RuleOperation::What::Add, net::canonical(rule)});
  }
  Result<void> operator_remove(const Rule& rule) {
    return operator_write(RuleOperation{RuleOperation::What::Remove, net::canonical(rule)});
  }
  /// Everything over the link goes, and for IPv4 nobody is told.
  void flush_link(int index) {
    for (auto route = routes.begin(); route != routes.end();) {
      const bool over_it = std::any_of(route->nexthops.begin(), route->nexthops.end(),
                                       [&](const auto& nexthop) { return nexthop.link.index == index; });
      if (over_it && route->family() == Family::IPv6)
        events_.emplace_back(net::RouteEvent{*route, true, false});
      route = over_it ? routes.erase(route) : route + 1;
    }
  }
  void drain() {
    while (!events_.empty()) {
      const auto event = events_.front();
      events_.pop_front();
      if (const auto* route = std::get_if<net::RouteEvent>(&event); route != nullptr && route_receiver_.event)
        route_receiver_.event(*route);
      if (const auto* rule = std::get_if<net::RuleEvent>(&event); rule != nullptr && rule_receiver_.event)
        rule_receiver_.event(*rule);
    }
  }
  /// The notifications not yet read are lost, and the readers are told so.
  void overrun() {
    events_.clear();
    if (route_receiver_.overrun) route_receiver_.overrun();
    if (rule_receiver_.overrun) rule_receiver_.overrun();
  }

  /// As a dump shows them: IPv6 routes of one slot made one.
  [[nodiscard]] std::vector<Route> shown_routes() const {
    std::vector<Route> out;
    for (const auto& route : routes) {
      const auto twin = std::find_if(out.begin(), out.end(), [&](const auto& other) {
        return can_merge(route) && can_merge(other) && net::slot_of(other) == net::slot_of(route);
      });
      if (twin == out.end()) {
        out.push_back(route);
      } else {
        twin->nexthops.insert(twin->nexthops.end(), route.nexthops.begin(), route.nexthops.end());
      }
    }
    return out;
  }
  [[nodiscard]] std::vector<std::string> shown() const {
    std::vector<std::string> out;
    for (const auto& route : shown_routes()) out.push_back(route.to_string());
    return out;
  }
  [[nodiscard]] std::vector<std::string> shown_rules() const {
    std::vector<std::string> out;
    for (const auto& rule : rules) out.push_back(rule.to_string());
    return out;
  }

  std::vector<Route> routes;  ///< IPv6: one for each nexthop
  std::vector<Rule> rules;
  int gateway_link = 3;  ///< over which every gateway is reached
  std::set<int> links_down;
  std::set<Address> unreachable;
  bool fail_dumps = false;
  bool interrupt_dumps = false;
  std::size_t piece = 2;                ///< entries that a dump hands over at a time
  std::map<std::string, int> failures;  ///< errno for every change of what is shown so
  std::vector<std::string> log;         ///< the changes asked for through the seam
  unsigned dumps = 0;

 private:
  template <typename Entry>
  class Dump : public net::RoutingDump<Entry> {
   public:
    Dump(std::vector<Entry> found, const FakeRouting& kernel) : found_(std::move(found)), kernel_(kernel) {}
    Result<bool> next(const typename net::RoutingDump<Entry>::Take& take) override {
      if (kernel_.interrupt_dumps) return errno_error(EAGAIN, "list");
      for (std::size_t i = 0; i < kernel_.piece && next_ < found_.size(); ++i) take(found_[next_++]);
      return next_ < found_.size();
    }

   private:
    std::vector<Entry> found_;
    const FakeRouting& kernel_;
    std::size_t next_ = 0;
  };

  template <typename Operation, typename Do>
  Result<void> logged(const Operation& operation, Do act) {
    using What = typename Operation::What;
    const auto shown = operation.entry.to_string();
    const char* verb = operation.what == What::Add      ? "add "
                       : operation.what == What::Remove ? "remove "
                                                        : "replace by ";
    log.push_back(verb + shown);
    if (const auto failure = failures.find(shown); failure != failures.end())
      return errno_error(failure->second, verb + shown);
    return act();
  }

  static bool can_merge(const Route& route) {
    return route.family() == Family::IPv6 && route.type == net::RouteType::Unicast && !route.expires &&
           !route.nexthops.empty() &&
           std::all_of(route.nexthops.begin(), route.nexthops.end(),
                       [](const auto& nexthop) { return nexthop.gateway.has_value(); });
  }
  Route as_held(Route route) const {
    for (auto& nexthop : route.nexthops) {
      nexthop.link.name.clear();
      if (nexthop.link.index == 0) nexthop.link.index = gateway_link;
    }
    return route;
  }
  Result<void> put_v4(const RouteOperation& operation) {
    const auto fresh = as_held(operation.entry);
    const auto in_slot = [&](const auto& one) { return net::slot_of(one) == net::slot_of(fresh); };
    auto first = std::find_if(routes.begin(), routes.end(), in_slot);
    const auto twin = std::find(routes.begin(), routes.end(), fresh);
    if (operation.what == RouteOperation::What::Replace && first != routes.end()) {
      if (twin != routes.end()) return twin == first ? Result<void>() : errno_error(EEXIST, "replace");
      *first = fresh;
      events_.emplace_back(net::RouteEvent{fresh, false, true});
      return {};
    }
    if (twin != routes.end()) return errno_error(EEXIST, "add");
    if (operation.placement == net::Placement::Exclusive && first != routes.end())
      return errno_error(EEXIST, "add");
    if (operation.placement == net::Placement::Append) {
      while (first != routes.end() && in_slot(*first)) ++first;
    }
    routes.insert(first, fresh);
    events_.emplace_back(net::RouteEvent{fresh, false, false});
    return {};
  }
  Result<void> put_v6(const RouteOperation& operation) {
    const auto fresh = as_held(operation.entry);
    const auto in_slot = [&](const auto& one) { return net::slot_of(one) == net::slot_of(fresh); };
    const bool replace = operation.what == RouteOperation::What::Replace;
    if (replace) routes.erase(std::remove_if(routes.begin(), routes.end(), in_slot), routes.end());
    std::vector<Route> parts;
    for (const auto& nexthop : fresh.nexthops) {
      parts.push_back(fresh);
      parts.back().nexthops = {nexthop};
    }
    if (parts.empty()) parts.push_back(fresh);
    for (const auto& part : parts) {
      const bool there = std::any_of(routes.begin(), routes.end(), [&](const auto& one) {
        return in_slot(one) && one.type == part.type && one.nexthops == part.nexthops;
      });
      if (there) return errno_error(EEXIST, "add");
    }
    const auto last = std::find_if(routes.rbegin(), routes.rend(), in_slot);
    routes.insert(last == routes.rend() ? routes.end() : last.base(), parts.begin(), parts.end());
    events_.emplace_back(net::RouteEvent{fresh, false, replace});
    return {};
  }
  /// As the kernel finds what is to go: what the request does not say fits everything.
  static bool fits(const Route& one, const Route& named) {
    if (one.destination != named.destination || one.source != named.source || one.table != named.table)
      return false;
    if (one.tos != named.tos || one.type != named.type || one.protocol != named.protocol) return false;
    if (one.family() == Family::IPv4 && one.scope != named.scope) return false;
    if (named.metric != 0 && one.metric != named.metric) return false;
    if (named.preferred_source && one.preferred_source != named.preferred_source) return false;
    for (const auto& [metric, value] : named.metrics.values) {
      const auto found = one.metrics.values.find(metric);
      if (found == one.metrics.values.end() || found->second != value) return false;
    }
    if (named.nexthops.empty()) return true;
    if (one.nexthops.size() != named.nexthops.size()) return false;
    return std::equal(one.nexthops.begin(), one.nexthops.end(), named.nexthops.begin(),
                      [](const auto& a, const auto& b) {
                        return a.gateway == b.gateway && (b.link.index == 0 || a.link.index == b.link.index);
                      });
  }
  Result<void> remove_one(const Route& named) {
    const auto found =
        std::find_if(routes.begin(), routes.end(), [&](const auto& one) { return fits(one, named); });
    if (found == routes.end()) return errno_error(ESRCH, "remove");
    events_.emplace_back(net::RouteEvent{*found, true, false});
    routes.erase(found);
    return {};
  }
  Result<void> remove(const Route& named) {
    if (named.family() == Family::IPv4 || named.nexthops.size() < 2) return remove_one(named);
    Result<void> last;
    for (const auto& nexthop : named.nexthops) {
      auto part = named;
      part.nexthops = {nexthop};
      if (auto done = remove_one(part); !done) last = done;
    }
    return last;
  }

  std::deque<std::variant<net::RouteEvent, net::RuleEvent>> events_;
  Receiver<Route> route_receiver_;
  Receiver<Rule> rule_receiver_;
};

}  // namespace hald::fakes
