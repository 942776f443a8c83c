// SPDX-License-Identifier: Apache-2.0
#include "config/build_route.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

#include <fmt/format.h>

#include "config/route_line.h"
#include "config/route_metrics.h"

namespace hald::config {
namespace {

constexpr std::string_view kLineIgnored = "the line is ignored";

struct TypeName {
  std::string_view name;
  std::uint8_t number;  // RTN_*
};
constexpr std::array kTypes{TypeName{"unicast", 1},   TypeName{"local", 2},       TypeName{"broadcast", 3},
                            TypeName{"brd", 3},       TypeName{"anycast", 4},     TypeName{"multicast", 5},
                            TypeName{"blackhole", 6}, TypeName{"unreachable", 7}, TypeName{"prohibit", 8},
                            TypeName{"throw", 9},     TypeName{"nat", 10},        TypeName{"xresolve", 11}};

std::optional<std::uint8_t> parse_type(std::string_view text) {
  const auto* found =
      std::find_if(kTypes.begin(), kTypes.end(), [text](const TypeName& each) { return each.name == text; });
  if (found != kTypes.end()) return found->number;
  const auto number = parse_c_number(text);
  if (number && *number <= UINT8_MAX) return static_cast<std::uint8_t>(*number);
  return {};
}

std::string type_text(std::uint8_t type) {
  const auto* found = std::find_if(kTypes.begin(), kTypes.end(),
                                   [type](const TypeName& each) { return each.number == type; });
  return found != kTypes.end() ? std::string(found->name) : std::to_string(type);
}

class RouteLine : IpLine {
 public:
  RouteLine(std::span<const Word> words, const IpLineContext& context, Values& values)
      : IpLine(words, BlockId::VirtualRoutes, context, values), first_(words.front()) {
    out_.where = first_.where();
  }

  std::optional<Route> read() {
    while (!words_.done()) {
      if (!option(words_.take())) return {};
    }
    return complete();
  }

 private:
  struct Option {
    std::string_view word;
    bool (RouteLine::*read)(const Word& option);
  };
  static std::span<const Option> options();

  bool option(const Word& word);
  bool destination(const Word& word);
  bool inet(const Word& word) { return fixed_family(word, Family::IPv4); }
  bool inet6(const Word& word) { return fixed_family(word, Family::IPv6); }
  bool preferred_source(const Word& option);
  bool source(const Word& option);
  bool gateway(const Word& option);
  bool old_gateway(const Word& option);
  bool rewrite(const Word& option);
  bool tos(const Word& option);
  bool table(const Word& option);
  bool vrf(const Word& option);
  bool protocol(const Word& option);
  bool scope(const Word& option);
  bool metric(const Word& option);
  bool realms(const Word& option);
  bool oif(const Word& option) { return device_of(option, out_.device); }
  bool onlink(const Word&) { return out_.onlink = true; }
  bool encap(const Word& option);
  bool expires(const Word& option);
  bool features(const Word& option);
  bool congestion_control(const Word& option);
  bool preference(const Word& option);
  bool ttl_propagate(const Word& option);
  bool add(const Word&) { return ordered(Route::Order::Add); }
  bool prepend(const Word&) { return ordered(Route::Order::Prepend); }
  bool append(const Word&) { return ordered(Route::Order::Append); }
  bool no_track(const Word&) { return !(out_.track = false); }
  bool group(const Word& option);
  bool old_second_gateway(const Word& option);
  bool nexthop(const Word& option);
  bool leg_option(const Word& option, Nexthop& leg);
  bool leg_weight(const Word& option, Nexthop& leg);

  bool ordered(Route::Order order) {
    out_.order = order;
    return true;
  }
  bool device_of(const Word& option, std::string& into);
  bool via(const Word& option, std::optional<Address>& into);
  bool only(Family family, const Word& option);
  std::optional<Route> complete();
  void settle_protocol();

  const Word& first_;
  const Word* protocol_word_ = nullptr;
  bool has_destination_ = false;
  Route out_;
};

std::span<const RouteLine::Option> RouteLine::options() {
  static constexpr auto kOptions = std::to_array<Option>({
      {"inet", &RouteLine::inet},
      {"inet6", &RouteLine::inet6},
      {"src", &RouteLine::preferred_source},
      {"from", &RouteLine::source},
      {"via", &RouteLine::gateway},
      {"gw", &RouteLine::old_gateway},
      {"as", &RouteLine::rewrite},
      {"tos", &RouteLine::tos},
      {"dsfield", &RouteLine::tos},
      {"table", &RouteLine::table},
      {"vrf", &RouteLine::vrf},
      {"protocol", &RouteLine::protocol},
      {"scope", &RouteLine::scope},
      {"metric", &RouteLine::metric},
      {"priority", &RouteLine::metric},
      {"preference", &RouteLine::metric},
      {"realms", &RouteLine::realms},
      {"dev", &RouteLine::oif},
      {"oif", &RouteLine::oif},
      {"onlink", &RouteLine::onlink},
      {"encap", &RouteLine::encap},
      {"expires", &RouteLine::expires},
      {"features", &RouteLine::features},
      {"congctl", &RouteLine::congestion_control},
      {"pref", &RouteLine::preference},
      {"ttl-propagate", &RouteLine::ttl_propagate},
      {"add", &RouteLine::add},
      {"prepend", &RouteLine::prepend},
      {"append", &RouteLine::append},
      {"no_track", &RouteLine::no_track},
      {"track_group", &RouteLine::group},
      {"or", &RouteLine::old_second_gateway},
      {"nexthop", &RouteLine::nexthop},
  });
  return kOptions;
}

/// One word and what belongs to it. False if the line must go.
bool RouteLine::option(const Word& word) {
  if (const auto done = read_metric(word, words_, out_.metrics, values_)) return *done;
  if (word.text == "track_group" && context_.track_groups == nullptr) return destination(word);
  const auto all = options();
  const auto found =
      std::find_if(all.begin(), all.end(), [&](const Option& each) { return each.word == word.text; });
  return found != all.end() ? (this->*found->read)(word) : destination(word);
}

/// [to] [TYPE] DESTINATION
bool RouteLine::destination(const Word& word) {
  const Word* at = &word;
  if (at->text == "to") {
    if ((at = value(word)) == nullptr) return false;
  } else if (const auto type = parse_type(at->text)) {
    out_.type = *type;
    if (words_.done()) {
      error(word, code::kMissingArgument,
            fmt::format("{} needs a destination: {}", quote(word.text), kLineIgnored));
      return false;
    }
    at = &words_.take();
  }
  const bool is_word = !is_everything(at->text) && at->text != "default6" &&
                       !Address::parse(at->text.substr(0, at->text.find('/')));
  if (is_word) {
    report_unknown_option(*at, "a route", block_, kLineIgnored, values_);
    return false;
  }
  const auto read = prefix(*at);
  if (!read) return false;
  has_destination_ = true;
  out_.destination = *read;
  return true;
}

bool RouteLine::preferred_source(const Word& option) {
  const Word* word = value(option);
  if (word != nullptr) out_.preferred_source = address(*word);
  return word != nullptr && out_.preferred_source;
}

bool RouteLine::source(const Word& option) {
  const Word* word = value(option);
  if (word == nullptr) return false;
  if (is_everything(word->text) && !family_) family_ = Family::IPv6;
  const auto read = prefix(*word);
  if (!read || !only(Family::IPv6, option)) return false;
  out_.source = *read;
  return true;
}

/// [inet|inet6] ADDRESS
bool RouteLine::via(const Word& option, std::optional<Address>& into) {
  const Word* word = value(option);
  if (word == nullptr) return false;
  if (word->text == "inet" || word->text == "inet6") {
    if (!join(word->text == "inet" ? Family::IPv4 : Family::IPv6, *word)) return false;
    if ((word = value(option)) == nullptr) return false;
  }
  into = address(*word);
  return into.has_value();
}

bool RouteLine::gateway(const Word& option) {
  return via(option, out_.gateway);
}

bool RouteLine::old_gateway(const Word& option) {
  complain(option, code::kDeprecated, "`gw` is an old word for `via`", "write `via`");
  return via(option, out_.gateway);
}

/// `as [to] ADDRESS`, which rewrites labels, is not for routes like these.
bool RouteLine::rewrite(const Word& option) {
  words_.take_if("to");
  error(option, code::kNotForRoutes, "`as` is ignored: it is for MPLS only");
  return value(option) != nullptr;
}

bool RouteLine::tos(const Word& option) {
  const Word* word = value(option);
  const auto number = word ? name(RouteNames::Kind::TypeOfService, *word, "type of service") : std::nullopt;
  if (number) out_.tos = static_cast<std::uint8_t>(*number);
  return number.has_value();
}

bool RouteLine::table(const Word& option) {
  const Word* word = value(option);
  const auto number = word ? name(RouteNames::Kind::Table, *word, "routing table") : std::nullopt;
  if (!number) return false;
  out_.table = *number;
  out_.vrf.clear();
  return true;
}

bool RouteLine::vrf(const Word& option) {
  return device_of(option, out_.vrf);
}

bool RouteLine::protocol(const Word& option) {
  protocol_word_ = value(option);
  const auto number =
      protocol_word_ ? name(RouteNames::Kind::Protocol, *protocol_word_, "routing protocol") : std::nullopt;
  if (number) out_.protocol = static_cast<std::uint8_t>(*number);
  return number.has_value();
}

bool RouteLine::scope(const Word& option) {
  const Word* word = value(option);
  const auto number = word ? name(RouteNames::Kind::Scope, *word, "scope") : std::nullopt;
  if (number) out_.scope = static_cast<std::uint8_t>(*number);
  return number.has_value();
}

bool RouteLine::metric(const Word& option) {
  const Word* word = value(option);
  const auto number = word ? values_.number(*word, *find_keyword(block_, option.text)) : std::nullopt;
  if (number) out_.metric = static_cast<std::uint32_t>(*number);
  return number.has_value();
}

bool RouteLine::realms(const Word& option) {
  const Word* word = value(option);
  const auto number = word ? IpLine::realms(*word) : std::nullopt;
  if (!number || !only(Family::IPv4, option)) return false;
  out_.realms = *number;
  return true;
}

bool RouteLine::device_of(const Word& option, std::string& into) {
  const Word* word = value(option);
  auto name = word ? device(*word) : std::nullopt;
  if (name) into = std::move(*name);
  return name.has_value();
}

bool RouteLine::encap(const Word& option) {
  auto read = EncapReader(words_, context_.names, values_).read(option);
  if (read) out_.encapsulation = std::move(*read);
  return read.has_value();
}

/// The word makes sense for one family only.
bool RouteLine::only(Family family, const Word& option) {
  if (!family_) family_ = family;
  if (*family_ == family) return true;
  error(option, code::kMixedFamilies,
        fmt::format("{} is for {} only: {}", quote(option.text), to_string(family), kLineIgnored));
  return false;
}

bool RouteLine::expires(const Word& option) {
  const Word* word = value(option);
  if (word == nullptr || !only(Family::IPv6, option)) return false;
  const auto number = values_.number(*word, *find_keyword(block_, option.text));
  if (number) out_.expires = static_cast<std::uint32_t>(*number);
  return number.has_value();
}

bool RouteLine::features(const Word& option) {
  const Word* word = value(option);
  if (word == nullptr) return false;
  if (word->text == "ecn") {
    out_.metrics.ecn = true;
  } else {
    error(*word, code::kBadChoice, fmt::format("{} is no feature: it is ignored", quote(word->text)),
          "the only one is `ecn`");
  }
  return true;
}

bool RouteLine::congestion_control(const Word& option) {
  if (words_.take_if("lock")) out_.metrics.congestion_control_locked = true;
  const Word* word = value(option);
  if (word != nullptr) out_.metrics.congestion_control = word->text;
  return word != nullptr;
}

bool RouteLine::preference(const Word& option) {
  const Word* word = value(option);
  if (word == nullptr || !only(Family::IPv6, option)) return false;
  constexpr std::uint8_t kLow = 3;
  constexpr std::uint8_t kHigh = 1;
  if (word->text == "low") {
    out_.preference = kLow;
  } else if (word->text == "medium") {
    out_.preference = std::uint8_t{0};
  } else if (word->text == "high") {
    out_.preference = kHigh;
  } else if (const auto number = values_.number(*word, *find_keyword(block_, option.text))) {
    out_.preference = static_cast<std::uint8_t>(*number);
  } else {
    return false;
  }
  return true;
}

bool RouteLine::ttl_propagate(const Word& option) {
  const Word* word = value(option);
  if (word == nullptr) return false;
  if (word->text == "enabled" || word->text == "disabled") {
    out_.ttl_propagate = word->text == "enabled";
  } else {
    error(*word, code::kBadChoice,
          fmt::format("{} is neither enabled nor disabled: it is ignored", quote(word->text)));
  }
  return true;
}

bool RouteLine::group(const Word& option) {
  return track_group(option, out_.track_group);
}

/// `via A or B`, once the way to write two legs.
bool RouteLine::old_second_gateway(const Word& option) {
  complain(option, code::kDeprecated, "`or` is an old way to write `nexthop`",
           "write `nexthop via ADDRESS` for each gateway");
  const Word* word = value(option);
  if (word == nullptr) return false;
  if (!out_.nexthops.empty()) {
    error(*word, code::kRepeatedOption,
          fmt::format("{} is ignored: there can be two gateways", quote(word->text)));
    return true;
  }
  Nexthop first;
  Nexthop second;
  first.gateway = std::exchange(out_.gateway, std::nullopt);
  second.gateway = address(*word);
  if (!first.gateway) {
    error(option, code::kWordOrder, fmt::format("`or` stands behind `via ADDRESS`: {}", kLineIgnored));
  }
  const bool good = first.gateway && second.gateway;
  out_.nexthops = {std::move(first), std::move(second)};
  return good;
}

/// The rest of the line: nexthop OPTIONS [nexthop OPTIONS...]
bool RouteLine::nexthop(const Word& option) {
  if (!out_.nexthops.empty()) {
    error(option, code::kWordOrder, fmt::format("`nexthop` cannot be had with `or`: {}", kLineIgnored));
    return false;
  }
  out_.nexthops.emplace_back();
  while (!words_.done()) {
    const Word& word = words_.take();
    if (word.text == "nexthop") {
      out_.nexthops.emplace_back();
    } else if (!leg_option(word, out_.nexthops.back())) {
      return false;
    }
  }
  return true;
}

bool RouteLine::leg_option(const Word& option, Nexthop& leg) {
  if (option.text == "via") return via(option, leg.gateway);
  if (option.text == "dev") return device_of(option, leg.device);
  if (option.text == "weight") return leg_weight(option, leg);
  if (option.text == "onlink") return leg.onlink = true;
  if (option.text == "encap") {
    auto read = EncapReader(words_, context_.names, values_).read(option);
    if (read) leg.encapsulation = std::move(*read);
    return read.has_value();
  }
  if (option.text == "realms") {
    const Word* word = value(option);
    const auto number = word ? IpLine::realms(*word) : std::nullopt;
    if (number) leg.realms = *number;
    return number && only(Family::IPv4, option);
  }
  if (option.text == "as") {
    error(option, code::kNotForRoutes, fmt::format("`as` is for MPLS only: {}", kLineIgnored));
  } else {
    report_unknown_option(option, "`nexthop`", block_of(BlockId::Nexthop), kLineIgnored, values_);
  }
  return false;
}

bool RouteLine::leg_weight(const Word& option, Nexthop& leg) {
  const Keyword& row = *find_keyword(block_of(BlockId::Nexthop), option.text);
  const Word* word = value(option, row);
  const auto number = word ? values_.number(*word, row) : std::nullopt;
  if (number) leg.weight = static_cast<std::uint16_t>(*number);
  return number.has_value();
}

std::optional<Route> RouteLine::complete() {
  if (!has_destination_) {
    error(first_, code::kNoDestination, fmt::format("a route needs a destination: {}", kLineIgnored),
          "DESTINATION via GATEWAY dev INTERFACE");
    return {};
  }
  settle_protocol();
  if (!out_.track_group.empty() && out_.device.empty()) {
    error(first_, code::kNoDevice, "a route with `track_group` needs `dev`: it is not tracked");
    out_.track_group.clear();
  }
  out_.family = family_.value_or(Family::IPv4);
  // "default" says nothing of the family: the other addresses do.
  if (out_.destination.address.family() != out_.family) out_.destination = {Address::v6({}), 0};
  if (out_.source && out_.source->address.family() != out_.family) out_.source = Prefix{Address::v6({}), 0};
  return std::move(out_);
}

/// What others do to a route can be noticed only if it is marked as hald's.
void RouteLine::settle_protocol() {
  if (!out_.track) return;
  if (out_.protocol && *out_.protocol != kRouteProtocol) {
    error(*protocol_word_, code::kProtocolForced,
          fmt::format("a tracked route is of protocol {}: {} is ignored", kRouteProtocol,
                      quote(protocol_word_->text)),
          "`no_track` leaves the protocol to you");
  }
  out_.protocol = kRouteProtocol;
}

void print_leg(const Nexthop& leg, Item& route) {
  Item item = statement("nexthop", {});
  item.many = true;
  if (leg.gateway) item.inside.push_back(statement("via", {leg.gateway->to_string()}));
  if (!leg.device.empty()) item.inside.push_back(statement("dev", {leg.device}));
  item.inside.push_back(statement("weight", {std::int64_t{leg.weight}}));
  if (leg.onlink) item.inside.push_back(flag_item("onlink", true));
  if (leg.realms > 0) item.inside.push_back(statement("realms", {realms_text(leg.realms)}));
  print_encapsulation(leg.encapsulation, item.inside);
  route.inside.push_back(std::move(item));
}

void print_selectors(const Route& route, Document& out) {
  const auto add = [&out](std::string_view word, Atom value) {
    out.push_back(statement(word, {std::move(value)}));
  };
  if (route.gateway) add("via", route.gateway->to_string());
  if (!route.device.empty()) add("dev", route.device);
  if (route.onlink) out.push_back(flag_item("onlink", true));
  if (route.preferred_source) add("src", route.preferred_source->to_string());
  if (route.source) add("from", route.source->to_string());
  if (route.tos > 0) add("tos", std::int64_t{route.tos});
  if (route.vrf.empty()) {
    add("table", std::int64_t{route.table});
  } else {
    add("vrf", route.vrf);
  }
  add("scope", std::int64_t{route.scope});
  if (route.metric) add("metric", std::int64_t{*route.metric});
  if (route.realms > 0) add("realms", realms_text(route.realms));
  if (route.protocol) add("protocol", std::int64_t{*route.protocol});
}

void print_behaviour(const Route& route, Document& out) {
  if (route.expires) out.push_back(statement("expires", {std::int64_t{*route.expires}}));
  if (route.preference) out.push_back(statement("pref", {std::int64_t{*route.preference}}));
  if (route.ttl_propagate)
    out.push_back(statement("ttl-propagate", {std::string(*route.ttl_propagate ? "enabled" : "disabled")}));
  print_metrics(route.metrics, out);
  if (route.order == Route::Order::Add) out.push_back(flag_item("add", true));
  if (route.order == Route::Order::Append) out.push_back(flag_item("append", true));
  if (!route.track) out.push_back(flag_item("no_track", true));
  if (!route.track_group.empty()) out.push_back(statement("track_group", {route.track_group}));
}

template <typename T>
void print_lines(std::string_view word, const std::vector<T>& lines, Document& out) {
  if (lines.empty()) return;
  Document inside;
  for (const T& each : lines) inside.push_back(item_of(each));
  out.push_back(block_item(word, {}, std::move(inside)));
}

}  // namespace

std::optional<Route> read_route(std::span<const Word> words, const IpLineContext& context, Values& values) {
  return RouteLine(words, context, values).read();
}

Item item_of(const Route& route) {
  Item out = line_item("destination", {});
  constexpr std::uint8_t kUnicast = 1;
  if (route.type != kUnicast) out.values.emplace_back(type_text(route.type));
  out.values.emplace_back(route.destination.to_string());
  print_selectors(route, out.inside);
  print_behaviour(route, out.inside);
  print_encapsulation(route.encapsulation, out.inside);
  for (const Nexthop& leg : route.nexthops) print_leg(leg, out);
  return out;
}

void RouteBuilder::read_virtual_routes(const Node& block, Values& values, std::vector<Route>& into) {
  const IpLineContext context{names_, nullptr};
  for (const Node line : block.children()) {
    if (auto route = read_route(line.words(), context, values)) into.push_back(std::move(*route));
  }
}

void RouteBuilder::read_static_routes(const Node& block, Values& values, std::vector<Route>& into) {
  const IpLineContext context{names_, &track_groups_};
  for (const Node line : block.children()) {
    if (auto route = read_route(line.words(), context, values)) into.push_back(std::move(*route));
  }
}

void RouteBuilder::rules(const Node& block, Values& values, const std::vector<std::string>* track_groups,
                         std::vector<Rule>& into) {
  const IpLineContext context{names_, track_groups};
  for (const Node line : block.children()) {
    bool needs_priority = false;
    auto rule = read_rule(line.words(), context, needs_priority, values);
    if (!rule) continue;
    if (needs_priority) {
      auto& next = rule->family == Family::IPv4 ? next_priority_v4_ : next_priority_v6_;
      rule->priority = next--;
      values.diagnostics()
          .warning(line.where(), code::kNoPreference,
                   fmt::format("the rule has no preference: {} is used", rule->priority),
                   "the order of rules is the order of their preferences: write one")
          .as_keepalived();
    }
    into.push_back(std::move(*rule));
  }
}

void RouteBuilder::read_virtual_rules(const Node& block, Values& values, std::vector<Rule>& into) {
  rules(block, values, nullptr, into);
}

void RouteBuilder::read_static_rules(const Node& block, Values& values, std::vector<Rule>& into) {
  rules(block, values, &track_groups_, into);
}

void print_routes(std::string_view word, const std::vector<Route>& routes, Document& out) {
  print_lines(word, routes, out);
}

void print_rules(std::string_view word, const std::vector<Rule>& rules, Document& out) {
  print_lines(word, rules, out);
}

}  // namespace hald::config
