// SPDX-License-Identifier: Apache-2.0
// Builds and prints one real_server with its checks.
#include <utility>

#include <fmt/format.h>

#include "config/build_lvs.h"
#include "config/codes.h"
#include "config/line_words.h"
#include "config/script.h"

namespace hald::config {
namespace {

constexpr std::string_view kBlockIgnored = "the block is ignored";

template <auto Member>
constexpr Binding<ServerWords> extra(std::string_view word) {
  return {
      word,
      [](ServerWords& into, const Node& node, Values& values) { take(values, node, into.extras.*Member); },
      [](const ServerWords& from, const Keyword& keyword, Document& out) {
        put(from.extras.*Member, keyword, out);
      }};
}

/// A threshold, where 0 is none.
template <auto Member>
constexpr Binding<ServerWords> threshold(std::string_view word) {
  auto out = extra<Member>(word);
  out.print = [](const ServerWords& from, const Keyword& keyword, Document& items) {
    if (from.extras.*Member != 0) put(from.extras.*Member, keyword, items);
  };
  return out;
}

void read_snmp_name(ServerWords& into, const Node& node, Values& values) {
  if (has_one_value(node, values)) into.extras.snmp_name = node.arguments().front().text;
}
void print_snmp_name(const ServerWords& from, const Keyword& keyword, Document& out) {
  put(from.extras.snmp_name, keyword, out);
}

void read_own_method(ServerWords& into, const Node& node, Values& values) {
  if (const auto method = read_method(node, values)) into.method = method;
}
void print_own_method(const ServerWords& from, const Keyword& keyword, Document& out) {
  if (from.method) put(*from.method, keyword, out);
}

/// Tunnels may lead to the other family; everything else has the family of the service.
bool family_fits(const Node& block, const Address& address, bool tunnel, ServerContext& context,
                 Diagnostics& diagnostics) {
  if (tunnel) return true;
  if (!context.family) context.family = address.family();
  if (*context.family == address.family()) return true;
  diagnostics.error(
      block.arguments().front().where(), code::kFamilyMismatch,
      fmt::format("the service is {} and this server is not: it is ignored", to_string(*context.family)),
      "only lvs_method TUN can lead to the other family");
  return false;
}

void build_checks(const Node& block, const Endpoint& target, const RhythmWords& words, ServerContext& context,
                  ShortList<Check>& into, Values& values) {
  std::optional<CheckContext> check;  // made for the first one
  for (const Node node : block.children()) {
    if (!is_check(node.keyword().block)) continue;
    if (!check)
      check.emplace(CheckContext{target, words.inside(context.service), context.sources, context.pool});
    build_check(node, *check, into, values);
  }
}

}  // namespace

const BlockBinding<ServerWords>& server_words() {
  static const BlockBinding<ServerWords> kWords(
      BlockId::RealServer,
      joined({word_of<ServerWords, &ServerWords::weight>("weight"),
              {"lvs_method", read_own_method, print_own_method},
              threshold<&RealServerExtras::upper_threshold>("uthreshold"),
              threshold<&RealServerExtras::lower_threshold>("lthreshold"),
              word_of<ServerWords, &ServerWords::inhibit_on_failure>("inhibit_on_failure"),
              word_of<ServerWords, &ServerWords::smtp_alert>("smtp_alert"),
              extra<&RealServerExtras::notify_up>("notify_up"),
              extra<&RealServerExtras::notify_down>("notify_down"),
              extra<&RealServerExtras::virtualhost>("virtualhost"),
              {"snmp_name", read_snmp_name, print_snmp_name},
              word_of<ServerWords, &ServerWords::connect_timeout>("connect_timeout")},
             rhythm_words<ServerWords>()));
  return kWords;
}

std::optional<RealServer> build_real_server(const Node& block, ServerContext& context, Values& values) {
  const auto arguments = block.arguments();
  const auto address = values.loose_address(arguments.front(), kBlockIgnored);
  const auto port = arguments.size() > 1 ? values.port(arguments[1]) : std::uint16_t{0};
  if (!address || !port) return {};
  ServerWords words;
  server_words().read(words, block, values);
  const auto method = words.method ? words.method : context.method;
  // compat: a server above the line that makes it a tunnel is not one yet where families are compared.
  const bool tunnel = method && method->forwarding == Forwarding::Tunnel;
  if (!family_fits(block, *address, tunnel, context, values.diagnostics())) return {};
  if (!method) context.method_missing = true;
  if (*port != 0 && *port != context.port && context.odd_ports.size() < Diagnostics::kKeptPerCode)
    context.odd_ports.emplace_back(block.where(), arguments[1].where());
  RealServer server;
  server.where = block.where();
  server.endpoint = {*address, *port};
  server.method = method.value_or(context.usual_method);
  server.weight = words.weight.value_or(context.service.weight);
  server.inhibit_on_failure = words.inhibit_on_failure.value_or(context.service.inhibit_on_failure);
  server.smtp_alert = words.smtp_alert;
  // A check goes to the port that was written, also where packets of clients cannot be sent to it.
  const Endpoint target{*address, *port != 0 ? *port : context.port};
  build_checks(block, target, words, context, server.checks, values);
  if (words.extras != RealServerExtras{}) server.extras = Boxed(std::move(words.extras));
  return server;
}

void print_server(const RealServer& server, const LvsMethod& usual, Document& out) {
  ServerWords words;
  words.weight = server.weight;
  if (server.method != usual) words.method = server.method;
  words.inhibit_on_failure = server.inhibit_on_failure;
  words.smtp_alert = server.smtp_alert;
  if (server.extras) words.extras = *server.extras;
  Document inside;
  server_words().print(words, inside);
  for (const Check& check : server.checks) print_check(check, inside);
  out.push_back(many(block_item("real_server",
                                {server.endpoint.address.to_string(), std::int64_t{server.endpoint.port}},
                                std::move(inside))));
}

}  // namespace hald::config
