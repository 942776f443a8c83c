// SPDX-License-Identifier: Apache-2.0
// One line of virtual_rules or static_rules: selectors, and one action.
#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include <fmt/format.h>

#include "config/bounds.h"
#include "config/route_line.h"
#include "config/route_words.h"

namespace hald::config {
namespace {

constexpr std::string_view kLineIgnored = "the line is ignored";

class RuleLine : IpLine {
 public:
  RuleLine(std::span<const Word> words, const IpLineContext& context, Values& values)
      : IpLine(words, BlockId::VirtualRules, context, values), first_(words.front()) {
    out_.where = first_.where();
  }

  std::optional<Rule> read() {
    while (!words_.done()) {
      if (!option(words_.take())) return {};
    }
    return complete();
  }
  [[nodiscard]] bool has_priority() const { return has_priority_; }

 private:
  struct Option {
    std::string_view word;
    bool (RuleLine::*read)(const Word& option);
  };
  static std::span<const Option> options();

  bool option(const Word& word);
  bool inet(const Word& word) { return fixed_family(word, Family::IPv4); }
  bool inet6(const Word& word) { return fixed_family(word, Family::IPv6); }
  bool from(const Word& option) { return selector(option, out_.from); }
  bool to(const Word& option) { return selector(option, out_.to); }
  bool selector(const Word& option, std::optional<Prefix>& into);
  bool table(const Word& option);
  bool invert(const Word&) { return out_.invert = true; }
  bool priority(const Word& option);
  bool tos(const Word& option);
  bool mark(const Word& option);
  bool realms(const Word& option);
  bool suppress_length(const Word& option);
  bool suppress_group(const Word& option);
  bool iif(const Word& option) { return device_of(option, out_.input_device); }
  bool oif(const Word& option) { return device_of(option, out_.output_device); }
  bool tunnel_id(const Word& option);
  bool users(const Word& option);
  bool l3mdev(const Word& option);
  bool protocol(const Word& option);
  bool ip_protocol(const Word& option);
  bool source_ports(const Word& option) { return ports(option, out_.source_ports); }
  bool destination_ports(const Word& option) { return ports(option, out_.destination_ports); }
  bool ports(const Word& option, std::optional<Bounds<std::uint16_t>>& into);
  bool type(const Word& option);
  bool jump(const Word& option);
  bool nop(const Word& option) { return act(option, Rule::Action::Nop); }
  bool blackhole(const Word& option) { return act(option, Rule::Action::Blackhole); }
  bool unreachable(const Word& option) { return act(option, Rule::Action::Unreachable); }
  bool prohibit(const Word& option) { return act(option, Rule::Action::Prohibit); }
  bool no_track(const Word&) { return !(out_.track = false); }
  bool group(const Word& option);

  /// A rule has one action.
  bool act(const Word& word, Rule::Action action);
  bool fits_together();
  bool target_is_later();
  std::optional<Rule> complete();

  const Word& first_;
  const Word* action_word_ = nullptr;
  const Word* table_word_ = nullptr;  // that makes sense for a look-up only
  const Word* protocol_word_ = nullptr;
  bool has_priority_ = false;
  Rule out_;
};

std::span<const RuleLine::Option> RuleLine::options() {
  static constexpr auto kOptions = std::to_array<Option>({
      {"inet", &RuleLine::inet},
      {"inet6", &RuleLine::inet6},
      {"from", &RuleLine::from},
      {"to", &RuleLine::to},
      {"table", &RuleLine::table},
      {"lookup", &RuleLine::table},
      {"not", &RuleLine::invert},
      {"preference", &RuleLine::priority},
      {"order", &RuleLine::priority},
      {"priority", &RuleLine::priority},
      {"tos", &RuleLine::tos},
      {"dsfield", &RuleLine::tos},
      {"fwmark", &RuleLine::mark},
      {"realms", &RuleLine::realms},
      {"suppress_prefixlength", &RuleLine::suppress_length},
      {"sup_pl", &RuleLine::suppress_length},
      {"suppress_ifgroup", &RuleLine::suppress_group},
      {"sup_group", &RuleLine::suppress_group},
      {"dev", &RuleLine::iif},
      {"iif", &RuleLine::iif},
      {"oif", &RuleLine::oif},
      {"tunnel-id", &RuleLine::tunnel_id},
      {"uidrange", &RuleLine::users},
      {"l3mdev", &RuleLine::l3mdev},
      {"protocol", &RuleLine::protocol},
      {"ipproto", &RuleLine::ip_protocol},
      {"sport", &RuleLine::source_ports},
      {"dport", &RuleLine::destination_ports},
      {"type", &RuleLine::type},
      {"goto", &RuleLine::jump},
      {"nop", &RuleLine::nop},
      {"blackhole", &RuleLine::blackhole},
      {"unreachable", &RuleLine::unreachable},
      {"prohibit", &RuleLine::prohibit},
      {"no_track", &RuleLine::no_track},
      {"track_group", &RuleLine::group},
  });
  return kOptions;
}

bool RuleLine::option(const Word& word) {
  const bool known = word.text != "track_group" || context_.track_groups != nullptr;
  const auto all = options();
  const auto found =
      std::find_if(all.begin(), all.end(), [&](const Option& each) { return each.word == word.text; });
  if (known && found != all.end()) return (this->*found->read)(word);
  report_unknown_option(word, "a rule", block_, kLineIgnored, values_);
  return false;
}

bool RuleLine::selector(const Word& option, std::optional<Prefix>& into) {
  const Word* word = value(option);
  if (word != nullptr) into = prefix(*word);
  return word != nullptr && into;
}

bool RuleLine::act(const Word& word, Rule::Action action) {
  if (action_word_ != nullptr) {
    values_.diagnostics()
        .error(word.where(), code::kActionConflict,
               fmt::format("{} is a second action: {}", quote(word.text), kLineIgnored))
        .see(action_word_->where(), "the first is here");
    return false;
  }
  action_word_ = &word;
  out_.action = action;
  return true;
}

bool RuleLine::table(const Word& option) {
  const Word& word = words_.done() ? option : words_.peek();
  if (!named(option, RouteNames::Kind::Table, "routing table", out_.table)) return false;
  if (out_.table > 0) return act(option, Rule::Action::Lookup);
  error(word, code::kOutOfRange, fmt::format("a rule cannot look up table 0: {}", kLineIgnored));
  return false;
}

bool RuleLine::priority(const Word& option) {
  const Word* word = value(option);
  if (word == nullptr) return false;
  const auto number = parse_c_number(word->text);
  if (!number || *number > UINT32_MAX) {
    error(*word, code::kBadNumber, fmt::format("{} is no preference: {}", quote(word->text), kLineIgnored),
          "a number up to 4294967295");
    return false;
  }
  out_.priority = static_cast<std::uint32_t>(*number);
  return has_priority_ = true;
}

bool RuleLine::tos(const Word& option) {
  return named(option, RouteNames::Kind::TypeOfService, "type of service", out_.tos);
}

/// MARK[/MASK]
bool RuleLine::mark(const Word& option) {
  const Word* word = value(option);
  if (word == nullptr) return false;
  const auto slash = word->text.find('/');
  const bool has_mask = slash != std::string_view::npos;
  const auto number = parse_c_number(word->text.substr(0, slash));
  const auto mask = has_mask ? parse_c_number(word->text.substr(slash + 1)) : std::uint64_t{0};
  if (!number || !mask || *number > UINT32_MAX || *mask > UINT32_MAX) {
    error(*word, code::kBadMark, fmt::format("{} is no firewall mark: {}", quote(word->text), kLineIgnored),
          "MARK[/MASK], numbers of 32 bits");
    return false;
  }
  FirewallMarkMask out{static_cast<std::uint32_t>(*number), {}};
  if (has_mask) out.mask = static_cast<std::uint32_t>(*mask);
  out_.mark = out;
  return true;
}

bool RuleLine::realms(const Word& option) {
  table_word_ = &option;
  return realms_of(option, out_.realms) && join(Family::IPv4, option);
}

bool RuleLine::suppress_length(const Word& option) {
  table_word_ = &option;
  return number(option, out_.suppress_prefix_length);
}

bool RuleLine::suppress_group(const Word& option) {
  table_word_ = &option;
  return named(option, RouteNames::Kind::Group, "interface group", out_.suppress_group);
}

bool RuleLine::tunnel_id(const Word& option) {
  const Word* word = value(option);
  if (word == nullptr) return false;
  std::uint64_t id = 0;
  const auto* end = word->text.data() + word->text.size();
  const auto [stop, failure] = std::from_chars(word->text.data(), end, id);
  if (failure != std::errc{} || stop != end) {
    error(*word, code::kBadNumber, fmt::format("{} is no tunnel id: {}", quote(word->text), kLineIgnored));
    return false;
  }
  out_.tunnel_id = id;
  return true;
}

bool RuleLine::users(const Word& option) {
  const Word* word = value(option);
  if (word == nullptr) return false;
  const auto bounds = parse_bounds<std::uint32_t>(word->text);
  if (!bounds || word->text.find('-') == std::string_view::npos) {
    error(*word, code::kBadRange, fmt::format("{} is no range of users: {}", quote(word->text), kLineIgnored),
          "FIRST-LAST");
    return false;
  }
  out_.users = bounds;
  return true;
}

bool RuleLine::l3mdev(const Word& option) {
  out_.l3mdev = true;
  return act(option, Rule::Action::Lookup);
}

bool RuleLine::protocol(const Word& option) {
  const Word* word = value(option);
  if (word == nullptr) return false;
  if (const auto number = values_.number(*word, *find_keyword(block_, option.text))) {
    out_.protocol = static_cast<std::uint8_t>(*number);
    protocol_word_ = word;
  }
  return true;
}

bool RuleLine::ip_protocol(const Word& option) {
  const Word* word = value(option);
  if (word == nullptr) return false;
  constexpr std::int64_t kMostNumber = 127;
  const auto named = parse_ip_protocol(word->text);
  const auto number = named ? std::int64_t{*named} : parse_whole(word->text).value_or(-1);
  if (number < 0 || number > UINT8_MAX) {
    error(*word, code::kUnknownName, fmt::format("{} is no IP protocol: it is ignored", quote(word->text)),
          "a name such as tcp, or a number up to 255");
    return true;
  }
  if (!named && number > kMostNumber) {
    complain(*word, code::kOutOfRange, fmt::format("keepalived takes numbers up to {} only", kMostNumber),
             "write its name");
  }
  out_.ip_protocol = static_cast<std::uint8_t>(number);
  return true;
}

bool RuleLine::ports(const Word& option, std::optional<Bounds<std::uint16_t>>& into) {
  const Word* word = value(option);
  if (word == nullptr) return false;
  const auto bounds = parse_bounds<std::uint16_t>(word->text);
  if (!bounds) {
    error(*word, code::kBadRange, fmt::format("{} is no range of ports: it is ignored", quote(word->text)),
          "FIRST-LAST");
    return true;
  }
  if (word->text.find('-') == std::string_view::npos) {
    complain(*word, code::kBadRange,
             fmt::format("keepalived ignores {} because it is no range", quote(option.text)),
             fmt::format("write {}-{}", bounds->first, bounds->last));
  }
  into = bounds;
  return true;
}

bool RuleLine::type(const Word& option) {
  const Word* word = value(option);
  if (word == nullptr) return false;
  static constexpr std::array<std::string_view, 5> kActions{"goto", "nop", "blackhole", "unreachable",
                                                            "prohibit"};
  if (std::find(kActions.begin(), kActions.end(), word->text) != kActions.end()) return this->option(*word);
  error(*word, code::kBadChoice,
        fmt::format("{} is no action of a rule: {}", quote(word->text), kLineIgnored),
        "goto, nop, blackhole, unreachable or prohibit");
  return false;
}

bool RuleLine::jump(const Word& option) {
  const Word* word = value(option);
  if (word == nullptr) return false;
  const auto number = parse_whole(word->text);
  if (!number || *number < 0 || *number > UINT32_MAX) {
    error(*word, code::kBadTarget,
          fmt::format("{} is no preference of a rule: {}", quote(word->text), kLineIgnored));
    return false;
  }
  out_.target = static_cast<std::uint32_t>(*number);
  return act(option, Rule::Action::Goto);
}

bool RuleLine::group(const Word& option) {
  return track_group(option, out_.track_group);
}

bool RuleLine::target_is_later() {
  if (!has_priority_) {
    error(*action_word_, code::kBadTarget,
          fmt::format("`goto` needs a preference of the rule itself: {}", kLineIgnored));
    return false;
  }
  if (out_.priority < out_.target) return true;
  error(*action_word_, code::kBadTarget,
        fmt::format("`goto {}` does not lead forward from preference {}: {}", out_.target, out_.priority,
                    kLineIgnored));
  return false;
}

bool RuleLine::fits_together() {
  if (action_word_ == nullptr) {
    error(first_, code::kNoAction, fmt::format("the rule does nothing: {}", kLineIgnored),
          "table, goto, nop, blackhole, unreachable, prohibit or l3mdev");
    return false;
  }
  if (out_.action == Rule::Action::Goto && !target_is_later()) return false;
  if (out_.action == Rule::Action::Lookup || table_word_ == nullptr) return true;
  error(*table_word_, code::kActionConflict,
        fmt::format("{} makes sense with a table only: {}", quote(table_word_->text), kLineIgnored));
  return false;
}

std::optional<Rule> RuleLine::complete() {
  if (!fits_together()) return {};
  if (out_.track) {
    // What others do to a rule can be noticed only if it is marked as hald's.
    if (out_.protocol && *out_.protocol != kRouteProtocol) {
      error(*protocol_word_, code::kProtocolForced,
            fmt::format("a tracked rule is of protocol {}: {} is ignored", kRouteProtocol,
                        quote(protocol_word_->text)),
            "`no_track` leaves the protocol to you");
    }
    out_.protocol = kRouteProtocol;
  }
  if (!out_.track_group.empty() && out_.input_device.empty()) {
    error(first_, code::kNoDevice, "a rule with `track_group` needs `iif`: it is not tracked");
    out_.track_group.clear();
  }
  out_.family = family_.value_or(Family::IPv4);
  for (auto* each : {&out_.from, &out_.to}) {
    // "default" says nothing of the family: the other addresses do.
    if (*each && (*each)->address.family() != out_.family) *each = Prefix{Address::v6({}), 0};
  }
  // Without a selector the family would be lost in print.
  if (out_.family == Family::IPv6 && !out_.from && !out_.to) out_.to = Prefix{Address::v6({}), 0};
  return std::move(out_);
}

}  // namespace

std::optional<Rule> read_rule(std::span<const Word> words, const IpLineContext& context, bool& needs_priority,
                              Values& values) {
  RuleLine line(words, context, values);
  auto out = line.read();
  needs_priority = !line.has_priority();
  return out;
}

}  // namespace hald::config
