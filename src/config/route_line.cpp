// SPDX-License-Identifier: Apache-2.0
// One line of virtual_routes or static_routes: a destination, and the words about it in any order.
#include "config/route_line.h"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

#include "config/route_metrics.h"
#include "config/route_words.h"

namespace hald::config {
namespace {

constexpr std::string_view kLineIgnored = "the line is ignored";

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

  bool ordered(Route::Order order) {
    out_.order = order;
    return true;
  }
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
  } else if (const auto type = parse_route_type(at->text)) {
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
  return named(option, RouteNames::Kind::TypeOfService, "type of service", out_.tos);
}

bool RouteLine::table(const Word& option) {
  out_.vrf.clear();
  return named(option, RouteNames::Kind::Table, "routing table", out_.table);
}

bool RouteLine::vrf(const Word& option) {
  return device_of(option, out_.vrf);
}

bool RouteLine::protocol(const Word& option) {
  protocol_word_ = words_.done() ? nullptr : &words_.peek();
  return named(option, RouteNames::Kind::Protocol, "routing protocol", out_.protocol);
}

bool RouteLine::scope(const Word& option) {
  return named(option, RouteNames::Kind::Scope, "scope", out_.scope);
}

bool RouteLine::metric(const Word& option) {
  return number(option, out_.metric);
}

bool RouteLine::realms(const Word& option) {
  return realms_of(option, out_.realms) && only(Family::IPv4, option);
}

bool RouteLine::encap(const Word& option) {
  auto read = EncapReader(words_, context_.names, values_).read(option);
  if (read) out_.encapsulation = std::move(*read);
  return read.has_value();
}

bool RouteLine::expires(const Word& option) {
  return only(Family::IPv6, option) && number(option, out_.expires);
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
  if (option.text == "weight")
    return number(option, *find_keyword(block_of(BlockId::Nexthop), option.text), leg.weight);
  if (option.text == "onlink") return leg.onlink = true;
  if (option.text == "encap") {
    auto read = EncapReader(words_, context_.names, values_).read(option);
    if (read) leg.encapsulation = std::move(*read);
    return read.has_value();
  }
  if (option.text == "realms") return realms_of(option, leg.realms) && only(Family::IPv4, option);
  if (option.text == "as") {
    error(option, code::kNotForRoutes, fmt::format("`as` is for MPLS only: {}", kLineIgnored));
  } else {
    report_unknown_option(option, "`nexthop`", block_of(BlockId::Nexthop), kLineIgnored, values_);
  }
  return false;
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

}  // namespace

std::optional<Route> read_route(std::span<const Word> words, const IpLineContext& context, Values& values) {
  return RouteLine(words, context, values).read();
}

}  // namespace hald::config
