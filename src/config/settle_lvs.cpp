// SPDX-License-Identifier: Apache-2.0
// What is wrong between the words of a virtual server that are fine by themselves. All of it is put right, in
// the way keepalived does it, and said. A service of a group is settled when the group is known.
#include <algorithm>
#include <unordered_map>
#include <utility>

#include <fmt/format.h>

#include "config/build_lvs.h"
#include "config/codes.h"

namespace hald::config {
namespace {

constexpr std::uint32_t kUsualPersistence = 360;  // seconds

/// How a service is found, as far as rules depend on it.
struct Kind {
  bool by_address = false;
  bool by_mark = false;  // a group may be both
  bool any_port_zero = false;
};

/// compat: a quorum above the sum of the weights is lowered to it, a hysteresis not below the quorum to one
/// less. The positions are those of the words, line 0 where they are not written.
void settle_quorum(Service& service, Position quorum, Position hysteresis, Diagnostics& diagnostics) {
  std::uint64_t sum = 0;
  for (const RealServer& server : service.real_servers) sum += static_cast<std::uint64_t>(server.weight);
  const auto place = [&service](Position where) { return where.line > 0 ? where : service.where; };
  if (service.quorum > sum) {
    // Not below 1: a service without any weight is down.
    const auto reachable = static_cast<std::uint32_t>(std::max<std::uint64_t>(sum, 1));
    diagnostics.error(place(quorum), code::kQuorumReduced,
                      fmt::format("quorum {} is more than all weights together, {}: {} is used",
                                  service.quorum, sum, reachable));
    service.quorum = reachable;
  }
  if (service.hysteresis >= service.quorum) {
    diagnostics.error(place(hysteresis), code::kHysteresisReduced,
                      fmt::format("hysteresis {} is not below quorum {}: {} is used", service.hysteresis,
                                  service.quorum, service.quorum - 1));
    service.hysteresis = service.quorum - 1;
  }
}

/// Whether two servers are written alike: nearly never, so this is what has to be quick.
bool has_repeated(const std::vector<RealServer>& servers) {
  constexpr std::size_t kFew = 24;
  if (servers.size() <= kFew) {
    for (std::size_t i = 1; i < servers.size(); ++i) {
      for (std::size_t j = 0; j < i; ++j) {
        if (servers[i].endpoint == servers[j].endpoint) return true;
      }
    }
    return false;
  }
  std::vector<Endpoint> sorted;
  sorted.reserve(servers.size());
  for (const RealServer& server : servers) sorted.push_back(server.endpoint);
  std::sort(sorted.begin(), sorted.end());
  return std::adjacent_find(sorted.begin(), sorted.end()) != sorted.end();
}

/// Of servers with one endpoint the first stays; `report` is told about the others.
template <typename Report>
void drop_repeated(std::vector<RealServer>& servers, Report report) {
  if (!has_repeated(servers)) return;
  std::unordered_map<Endpoint, Position> seen;
  std::erase_if(servers, [&](const RealServer& server) {
    const auto [first, is_new] = seen.try_emplace(server.endpoint, server.where);
    if (!is_new) report(server, first->second);
    return !is_new;
  });
}

class Settling {
 public:
  Settling(ServiceDraft& draft, Kind kind, Diagnostics& diagnostics)
      : draft_(draft), words_(draft.words), kind_(kind), diagnostics_(diagnostics) {}

  void run(Service& out) {
    repeated();
    suspension();
    protocol();
    persistence();
    defaults();
    take_over(out);
    sorry(out);
  }

 private:
  void repeated();
  void suspension();
  void protocol();
  void persistence();
  void defaults();
  void take_over(Service& out);
  void sorry(Service& out);
  [[nodiscard]] std::string name() const { return draft_.name(); }

  ServiceDraft& draft_;
  ServiceWords& words_;
  Kind kind_;
  Diagnostics& diagnostics_;
};

/// Servers that are written alike.
void Settling::repeated() {
  drop_repeated(draft_.servers, [this](const RealServer& server, Position first) {
    diagnostics_
        .error(server.where, code::kDuplicateRealServer,
               fmt::format("{} is given twice: this one is ignored", server.endpoint.to_string()))
        .see(first, "the first is here");
  });
}

void Settling::suspension() {
  if (!words_.ha_suspend || !kind_.by_mark) return;
  diagnostics_.error(words_.ha_suspend_where, code::kContradiction,
                     fmt::format("{} has a firewall mark and no address that could be elsewhere: "
                                 "`ha_suspend` is ignored",
                                 name()));
  words_.ha_suspend = false;
}

/// compat: without the word it is UDP, and that is reported.
void Settling::protocol() {
  if (kind_.by_address) {
    if (!words_.protocol) {
      diagnostics_.error(draft_.where, code::kNoProtocol,
                         fmt::format("{} has no protocol: UDP is used", name()),
                         "write `protocol TCP` or `protocol UDP`");
      words_.protocol = Protocol::Udp;
    }
    if (words_.one_packet && words_.protocol != Protocol::Udp) {
      diagnostics_.error(words_.one_packet_where, code::kOnePacketIgnored,
                         "`ops` is for UDP only: it is ignored");
      words_.one_packet = false;
    }
  } else if (kind_.by_mark && words_.protocol) {
    diagnostics_.error(words_.protocol_where, code::kProtocolIgnored,
                       fmt::format("{} takes every protocol: `protocol` is ignored", name()));
    words_.protocol.reset();
  }
}

/// compat: a service on all ports is persistent for 360 s.
void Settling::persistence() {
  if (words_.persistence_timeout != 0 || !kind_.any_port_zero) return;
  diagnostics_.error(
      draft_.where, code::kPersistenceForced,
      fmt::format("{} serves all ports, so it must be persistent: {} s is used", name(), kUsualPersistence),
      "give it a port, or write `persistence_timeout`");
  words_.persistence_timeout = kUsualPersistence;
}

void Settling::defaults() {
  if (words_.scheduler.empty()) {
    diagnostics_.error(draft_.where, code::kNoScheduler,
                       fmt::format("{} has no lb_algo: wlc is used", name()));
    words_.scheduler = "wlc";
  }
  const bool sorry_misses = words_.sorry && !words_.sorry_method;
  if (!words_.method && (draft_.method_missing || sorry_misses)) {
    diagnostics_.error(draft_.where, code::kNoForwarding,
                       fmt::format("{} has no lb_kind: NAT is used", name()));
  }
}

void Settling::take_over(Service& out) {
  out.where = draft_.where;
  out.scheduler = std::move(words_.scheduler);
  out.scheduler_flags = words_.scheduler_flags;
  out.method = words_.method.value_or(LvsMethod{});
  out.persistence_engine = std::move(words_.persistence_engine);
  out.persistence_timeout = words_.persistence_timeout;
  out.persistence_prefix = words_.persistence_prefix.value_or(draft_.family == Family::IPv6 ? 128 : 32);
  out.one_packet = words_.one_packet;
  out.ha_suspend = words_.ha_suspend;
  out.omega = words_.omega;
  out.smtp_alert = words_.smtp_alert;
  out.quorum = words_.quorum;
  out.hysteresis = words_.hysteresis;
  out.delay_loop = words_.delay_loop.value_or(out.delay_loop);
  out.virtualhost = std::move(words_.virtualhost);
  out.snmp_name = std::move(words_.snmp_name);
  out.quorum_up = std::move(words_.quorum_up);
  out.quorum_down = std::move(words_.quorum_down);
  out.real_servers = std::move(draft_.servers);
  if (out.real_servers.capacity() > out.real_servers.size()) out.real_servers.shrink_to_fit();
}

/// A sorry server that is also a real server must leave the table in the same way.
void Settling::sorry(Service& out) {
  if (!words_.sorry) return;
  SorryServer sorry = *words_.sorry;
  sorry.method = words_.sorry_method.value_or(out.method);
  for (const RealServer& server : out.real_servers) {
    if (server.endpoint != sorry.endpoint || server.inhibit_on_failure == sorry.inhibit) continue;
    diagnostics_
        .error(
            words_.sorry_where, code::kContradiction,
            fmt::format("{} is a real server as well, {} `inhibit_on_failure`: the sorry server follows it",
                        sorry.endpoint.to_string(), server.inhibit_on_failure ? "with" : "without"))
        .see(server.where, "it is here");
    sorry.inhibit = server.inhibit_on_failure;
  }
  out.sorry_server = Boxed(sorry);
}

Position port_where(const OddPorts& ports, Position server) {
  for (const auto& [where, port] : ports) {
    if (where == server) return port;
  }
  return server;
}

/// The port for the kernel. Without one it is that of the service; DR and TUN cannot change it, and a
/// firewall mark has none.
void settle_port(Endpoint& server, const LvsMethod& method, std::optional<std::uint16_t> service,
                 Position where, Diagnostics& diagnostics) {
  if (server.port == 0) {
    server.port = service.value_or(0);
    return;
  }
  if (method.forwarding == Forwarding::Nat || server.port == service.value_or(0)) return;
  const std::string name = to_string(method.forwarding);
  diagnostics.error(where, code::kPortForced,
                    service ? fmt::format("{} cannot change the port from {} to {}: {} is used", name,
                                          *service, server.port, *service)
                            : fmt::format("{} with a firewall mark has no port of its own: {} is ignored",
                                          name, server.port));
  server.port = service.value_or(0);
}

/// A group has ports and marks of many kinds: what does not fit is only reported.
void check_ports(const GroupServer& server, const ServerGroup& group, const OddPorts& ports,
                 Position sorry_where, Diagnostics& diagnostics) {
  const auto check = [&](const Endpoint& endpoint, const LvsMethod& method, Position where) {
    if (method.forwarding == Forwarding::Nat || endpoint.port == 0) return;
    const auto other = std::find_if(group.addresses.begin(), group.addresses.end(),
                                    [&](const AddressRange& range) { return range.port != endpoint.port; });
    if (group.marks.empty() && other == group.addresses.end()) return;
    diagnostics
        .error(where, code::kPortForced,
               fmt::format("{} cannot change the port to {}: it is ignored", to_string(method.forwarding),
                           endpoint.port))
        .see(group.where, "the group is here");
  };
  for (const RealServer& real : server.real_servers)
    check(real.endpoint, real.method, port_where(ports, real.where));
  if (server.sorry_server) check(server.sorry_server->endpoint, server.sorry_server->method, sorry_where);
}

}  // namespace

VirtualServer settle_service(ServiceDraft draft, Diagnostics& diagnostics) {
  Kind kind;
  kind.by_mark = draft.mark.has_value();
  kind.by_address = !kind.by_mark;
  kind.any_port_zero = draft.endpoint && draft.endpoint->port == 0;
  const Place sorry_where = draft.words.sorry_where;
  const Place quorum_where = draft.words.quorum_where;
  const Place hysteresis_where = draft.words.hysteresis_where;
  const OddPorts ports = std::move(draft.odd_ports);
  VirtualServer out;
  Settling(draft, kind, diagnostics).run(out);
  if (draft.mark)
    out.key = FirewallMark{*draft.mark, *draft.family};
  else
    out.key = ServiceAddress{*draft.words.protocol, *draft.endpoint};
  const auto port = draft.endpoint ? std::optional(draft.endpoint->port) : std::nullopt;
  bool changed = false;
  for (RealServer& server : out.real_servers) {
    const std::uint16_t before = server.endpoint.port;
    settle_port(server.endpoint, server.method, port, port_where(ports, server.where), diagnostics);
    changed = changed || server.endpoint.port != before;
  }
  if (changed) {
    drop_repeated(out.real_servers, [&](const RealServer& server, Position first) {
      diagnostics
          .warning(server.where, code::kDuplicateRealServer,
                   fmt::format("this comes to {} once more: it is ignored", server.endpoint.to_string()))
          .see(first, "the first is here");
    });
  }
  settle_quorum(out, quorum_where, hysteresis_where, diagnostics);
  if (out.sorry_server)
    settle_port(out.sorry_server->endpoint, out.sorry_server->method, port, sorry_where, diagnostics);
  return out;
}

GroupServer settle_group_service(ServiceDraft draft, const ServerGroup& group, Diagnostics& diagnostics) {
  Kind kind;
  kind.by_mark = !group.marks.empty();
  kind.by_address = !group.addresses.empty();
  kind.any_port_zero = std::any_of(group.addresses.begin(), group.addresses.end(),
                                   [](const AddressRange& range) { return range.port == 0; });
  const Place sorry_where = draft.words.sorry_where;
  const OddPorts ports = std::move(draft.odd_ports);
  GroupServer out;
  Settling(draft, kind, diagnostics).run(out);
  out.group = draft.group;
  out.protocol = draft.words.protocol;
  out.family = draft.family;
  settle_quorum(out, draft.words.quorum_where, draft.words.hysteresis_where, diagnostics);
  check_ports(out, group, ports, sorry_where, diagnostics);
  return out;
}

}  // namespace hald::config
