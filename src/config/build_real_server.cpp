// SPDX-License-Identifier: Apache-2.0
// Builds one real_server and its checks. The port: without one it is that of the service; DR and TUN cannot
// change it, and a firewall mark has none.
#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "config/build_lvs.h"
#include "config/codes.h"

namespace hald::config {
namespace {

struct ServerDraft {
  std::optional<Forwarding> forwarding;
  std::optional<std::int32_t> weight;
  CheckDraft checks;
  std::size_t check_blocks = 0;
};

ServerDraft read_server(const Node& block, Values& values) {
  ServerDraft draft;
  for (const Node node : block.children()) {
    if (draft.checks.read(node, values)) continue;
    switch (node.meaning()) {
      case Meaning::Weight:
        if (const auto weight = values.number(node)) draft.weight = static_cast<std::int32_t>(*weight);
        break;
      case Meaning::Forwarding:
        if (const auto forwarding = read_forwarding(node, values)) draft.forwarding = forwarding;
        break;
      case Meaning::TcpCheck: ++draft.check_blocks; break;
      default: break;
    }
  }
  return draft;
}

/// Tunnels may lead to the other family; everything else has the family of the service.
bool family_fits(const Node& block, const RealServer& server, ServiceContext& context,
                 Diagnostics& diagnostics) {
  if (server.forwarding == Forwarding::Tunnel) return true;
  const Family family = server.endpoint.address.family();
  if (!context.family) context.family = family;
  if (*context.family == family) return true;
  diagnostics.error(
      block.arguments().front().where(), code::kFamilyMismatch,
      fmt::format("the service is {} and this server is not: it is ignored", to_string(*context.family)),
      "only lvs_method TUN can lead to the other family");
  return false;
}

std::uint16_t port_for_kernel(const Node& block, std::uint16_t written, const RealServer& server,
                              const ServiceContext& context, Diagnostics& diagnostics) {
  if (written == 0) return context.port;
  if (server.forwarding == Forwarding::Nat || written == context.port) return written;
  const std::string method = to_string(server.forwarding);
  diagnostics.error(block.arguments()[1].where(), code::kPortForced,
                    context.by_mark
                        ? fmt::format("{} with a firewall mark has no port of its own: it is ignored", method)
                        : fmt::format("{} cannot change the port: {} is used", method, context.port));
  return context.port;
}

void build_checks(const Node& block, const ServerDraft& draft, const Endpoint& target,
                  const ServiceContext& context, RealServer& server, Values& values) {
  server.checks.reserve(draft.check_blocks);
  const CheckDraft outer = draft.checks.inside(context.checks);
  for (const Node node : block.children()) {
    if (node.meaning() != Meaning::TcpCheck) continue;
    auto built = build_check(node, target, outer, values);
    if (!built) continue;
    // Without a check nothing could ever bring an alpha server up: alpha belongs to the checks.
    server.alpha = server.alpha || built->alpha;
    server.checks.push_back(built->check);
  }
}

}  // namespace

std::optional<RealServer> build_real_server(const Node& block, ServiceContext& context, Values& values) {
  const auto arguments = block.arguments();
  const auto address = read_service_address(arguments.front(), values);
  const auto port = arguments.size() > 1 ? values.port(arguments[1]) : std::uint16_t{0};
  if (!address || !port) return {};
  const ServerDraft draft = read_server(block, values);
  RealServer server;
  server.where = block.where();
  server.forwarding = draft.forwarding.value_or(context.forwarding);
  server.weight = draft.weight.value_or(context.weight);
  server.endpoint.address = *address;
  if (!family_fits(block, server, context, values.diagnostics())) return {};
  server.endpoint.port = port_for_kernel(block, *port, server, context, values.diagnostics());
  // A check goes to the port that was written, also where packets of clients cannot be sent to it.
  const Endpoint target{*address, *port != 0 ? *port : context.port};
  build_checks(block, draft, target, context, server, values);
  return server;
}

}  // namespace hald::config
