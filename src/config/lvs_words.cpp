// SPDX-License-Identifier: Apache-2.0
#include "config/lvs_words.h"

#include <array>
#include <utility>

#include <fmt/format.h>

#include "config/build_lvs.h"
#include "config/codes.h"
#include "config/line_words.h"
#include "config/script.h"

namespace hald::config {
namespace {

constexpr std::uint32_t kUsualPersistence = 360;  // seconds
constexpr std::size_t kLongestEngine = 15;
constexpr std::array kProtocols{Protocol::Tcp, Protocol::Udp, Protocol::Sctp};

struct FlagWord {
  std::string_view word;
  std::string_view scheduler;  // empty: any
  std::uint8_t flag;
};
constexpr std::array kFlags{
    FlagWord{"flag-1", "", scheduler_flag::First},     FlagWord{"flag-2", "", scheduler_flag::Second},
    FlagWord{"flag-3", "", scheduler_flag::Third},     FlagWord{"sh-fallback", "sh", scheduler_flag::First},
    FlagWord{"sh-port", "sh", scheduler_flag::Second}, FlagWord{"mh-fallback", "mh", scheduler_flag::First},
    FlagWord{"mh-port", "mh", scheduler_flag::Second}};

void read_scheduler(ServiceWords& into, const Node& node, Values& values) {
  if (const auto choice = values.choice(node)) into.scheduler = node.keyword().choices[*choice];
}

/// compat: flags of a scheduler stand below its name; those of sh and mh are no error in each other.
void read_flag(ServiceWords& into, const Node& node, Values& values) {
  const std::string_view word = node.keyword().name;
  const FlagWord* found = nullptr;
  for (const FlagWord& each : kFlags) {
    if (each.word == word) found = &each;
  }
  if (found != nullptr && (found->scheduler.empty() || found->scheduler == into.scheduler)) {
    into.scheduler_flags = static_cast<std::uint8_t>(into.scheduler_flags | found->flag);
    return;
  }
  const std::string message =
      fmt::format("{} is ignored: it is for `lb_algo {}`, which has to stand above it", quote(word),
                  found == nullptr ? "sh" : found->scheduler);
  if (into.scheduler == "sh" || into.scheduler == "mh") {
    if (found != nullptr) values.diagnostics().warning(node.where(), code::kFlagIgnored, message);
  } else {
    values.diagnostics().error(node.where(), code::kFlagIgnored, message);
  }
}

/// The flags are printed by the words that fit the scheduler.
void print_flag(const ServiceWords& from, const Keyword& keyword, Document& out) {
  const bool named = from.scheduler == "sh" || from.scheduler == "mh";
  for (const FlagWord& each : kFlags) {
    if (each.word != keyword.name) continue;
    const bool fits = each.scheduler.empty() ? !named || each.flag == scheduler_flag::Third
                                             : each.scheduler == from.scheduler;
    if (fits) out.push_back(flag_item(keyword.name, (from.scheduler_flags & each.flag) != 0));
  }
}

Binding<ServiceWords> flag_word(std::string_view word) {
  return {word, read_flag, print_flag};
}

void read_default_method(ServiceWords& into, const Node& node, Values& values) {
  const auto method = read_method(node, values);
  if (!method) return;
  into.method = method;
  into.methods.push_back({into.servers, *method});
}
void print_default_method(const ServiceWords& from, const Keyword& keyword, Document& out) {
  if (from.method) put(*from.method, keyword, out);
}

void read_engine(ServiceWords& into, const Node& node, Values& values) {
  const Word& word = node.arguments().front();
  if (word.text.size() > kLongestEngine) {
    values.diagnostics()
        .warning(word.where(), code::kNameCut,
                 fmt::format("{} is cut to its first {} bytes", quote(word.text), kLongestEngine))
        .as_keepalived();
  }
  into.persistence_engine = word.text.substr(0, kLongestEngine);
}

void read_persistence(ServiceWords& into, const Node& node, Values& values) {
  if (node.arguments().empty())
    into.persistence_timeout = kUsualPersistence;
  else
    take(values, node, into.persistence_timeout);
}
void print_persistence(const ServiceWords& from, const Keyword& keyword, Document& out) {
  if (from.persistence_timeout != 0) put(from.persistence_timeout, keyword, out);
}

void read_late(ServiceWords& into, const Node& node, Values&) {
  into.late.push_back({into.servers, node});
}
/// Only a firewall mark may need the word: an address says it by itself.
void print_family(const ServiceWords& from, const Keyword& keyword, Document& out) {
  if (!from.ip_family) return;
  out.push_back(
      statement(keyword.name, {std::string(keyword.choices[*from.ip_family == Family::IPv4 ? 0 : 1])}));
}
/// IPv4 in dots, which is how keepalived reads it.
void print_granularity(const ServiceWords& from, const Keyword& keyword, Document& out) {
  if (!from.persistence_prefix) return;
  if (from.mask_family == Family::IPv6) {
    put(*from.persistence_prefix, keyword, out);
    return;
  }
  const unsigned bits = *from.persistence_prefix;
  const std::uint32_t mask = bits == 0 ? 0 : UINT32_MAX << (32U - bits);
  put(Address::v4(mask), keyword, out);
}

void read_protocol(ServiceWords& into, const Node& node, Values& values) {
  const auto choice = values.choice(node);
  if (!choice) return;
  into.protocol = kProtocols[*choice];
  into.protocol_where = node.where();
}
void print_protocol(const ServiceWords& from, const Keyword& keyword, Document& out) {
  for (std::size_t i = 0; i < kProtocols.size(); ++i) {
    if (from.protocol == kProtocols[i])
      out.push_back(statement(keyword.name, {std::string(keyword.choices[i])}));
  }
}

/// A word that also leaves its place.
template <auto Member, auto Where>
constexpr Binding<ServiceWords> placed(std::string_view word) {
  auto out = word_of<ServiceWords, Member>(word);
  out.read = [](ServiceWords& into, const Node& node, Values& values) {
    if (take(values, node, into.*Member)) into.*Where = node.where();
  };
  return out;
}

/// compat: a bad quorum is 1, whatever was said before.
void read_quorum(ServiceWords& into, const Node& node, Values& values) {
  into.quorum = 1;
  take(values, node, into.quorum);
  into.quorum_where = node.where();
}
void print_quorum(const ServiceWords& from, const Keyword& keyword, Document& out) {
  // A service whose servers all weigh 0 has the quorum 1, which is reported: nothing to repeat.
  put(from.quorum, keyword, out);
}

void read_snmp_name(ServiceWords& into, const Node& node, Values& values) {
  if (has_one_value(node, values)) into.snmp_name = node.arguments().front().text;
}
void print_snmp_name(const ServiceWords& from, const Keyword& keyword, Document& out) {
  put(from.snmp_name, keyword, out);
}

void read_sorry(ServiceWords& into, const Node& node, Values& values) {
  const auto arguments = node.arguments();
  const auto address = values.loose_address(arguments[0], "the line is ignored");
  const auto port =
      arguments.size() > 1 ? values.port(arguments[1], "the line is ignored") : std::uint16_t{0};
  if (!address || !port) return;
  SorryServer sorry;
  sorry.endpoint = {*address, *port};
  into.sorry = sorry;
  into.sorry_method = into.method;
  into.sorry_where = node.where();
}
void print_sorry(const ServiceWords& from, const Keyword& keyword, Document& out) {
  if (!from.sorry) return;
  out.push_back(statement(
      keyword.name, {from.sorry->endpoint.address.to_string(), std::int64_t{from.sorry->endpoint.port}}));
}

/// False and a message if there is no sorry server yet.
bool has_sorry(const ServiceWords& words, const Node& node, Values& values) {
  if (words.sorry) return true;
  values.diagnostics().error(
      node.where(), code::kNoSorryServer,
      fmt::format("{} is ignored: there is no sorry_server above it", quote(node.keyword().name)));
  return false;
}
void read_sorry_inhibit(ServiceWords& into, const Node& node, Values& values) {
  if (has_sorry(into, node, values)) into.sorry->inhibit = true;
}
void print_sorry_inhibit(const ServiceWords& from, const Keyword& keyword, Document& out) {
  if (from.sorry) out.push_back(flag_item(keyword.name, from.sorry->inhibit));
}
void read_sorry_method(ServiceWords& into, const Node& node, Values& values) {
  if (!has_sorry(into, node, values)) return;
  if (const auto method = read_method(node, values)) into.sorry_method = method;
}
void print_sorry_method(const ServiceWords& from, const Keyword& keyword, Document& out) {
  if (from.sorry && from.sorry_method) put(*from.sorry_method, keyword, out);
}

}  // namespace

const BlockBinding<ServiceWords>& service_words() {
  using W = ServiceWords;
  static const BlockBinding<W> kWords(
      BlockId::VirtualServer,
      joined(
          {{"lb_algo", read_scheduler,
            [](const W& from, const Keyword& keyword, Document& out) { put(from.scheduler, keyword, out); }},
           {"lvs_sched", read_scheduler, nullptr},
           {"hashed", read_flag, nullptr},
           flag_word("flag-1"),
           flag_word("flag-2"),
           flag_word("flag-3"),
           flag_word("sh-port"),
           flag_word("sh-fallback"),
           flag_word("mh-port"),
           flag_word("mh-fallback"),
           {"lb_kind", read_default_method, print_default_method},
           {"lvs_method", read_default_method, nullptr},
           {"protocol", read_protocol, print_protocol},
           {"ip_family", read_late, print_family},
           placed<&W::one_packet, &W::one_packet_where>("ops"),
           {"persistence_engine", read_engine,
            [](const W& from, const Keyword& keyword, Document& out) {
              put(from.persistence_engine, keyword, out);
            }},
           {"persistence_granularity", read_late, print_granularity},
           {"persistence_timeout", read_persistence, print_persistence},
           placed<&W::ha_suspend, &W::ha_suspend_where>("ha_suspend"),
           word_of<W, &W::smtp_alert>("smtp_alert"),
           word_of<W, &W::virtualhost>("virtualhost"),
           {"snmp_name", read_snmp_name, print_snmp_name},
           word_of<W, &W::omega>("omega"),
           word_of<W, &W::inhibit_on_failure>("inhibit_on_failure"),
           word_of<W, &W::quorum_up>("quorum_up"),
           word_of<W, &W::quorum_down>("quorum_down"),
           {"quorum", read_quorum, print_quorum},
           placed<&W::hysteresis, &W::hysteresis_where>("hysteresis"),
           {"weight", [](W& into, const Node& node, Values& values) { take(values, node, into.weight); },
            nullptr},
           {"sorry_server", read_sorry, print_sorry},
           {"sorry_server_inhibit", read_sorry_inhibit, print_sorry_inhibit},
           {"sorry_server_lvs_method", read_sorry_method, print_sorry_method},
           word_of<W, &W::connect_timeout>("connect_timeout"),
           {"real_server", [](W& into, const Node&, Values&) { ++into.servers; }, nullptr}},
          rhythm_words<W>()));
  return kWords;
}

}  // namespace hald::config
