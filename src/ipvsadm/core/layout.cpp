// SPDX-License-Identifier: Apache-2.0
#include "ipvsadm/core/layout.h"

#include <fmt/format.h>

#include "ipvsadm/core/rules.h"

namespace hald::ipvsadm {
namespace {

using ipvs::Traffic;
using ipvs::service_flag::OnePacket;
using ipvs::service_flag::Persistent;

/// Nine columns wide at least, rounded down unless it is to be exact.
std::string large(std::uint64_t count, bool exact) {
  constexpr std::uint64_t k = 1000;
  if (exact) return fmt::format(" {:>8}", count);
  if (count < 100 * k * k) return fmt::format("{:>9}", count);
  if (count < k * k * k) return fmt::format("{:>8}K", count / k);
  if (count < 100 * k * k * k) return fmt::format("{:>8}M", count / (k * k));
  if (count < 100 * k * k * k * k) return fmt::format("{:>8}G", count / (k * k * k));
  return fmt::format("{:>8}T", count / (k * k * k * k));
}

std::string counters(const Traffic& traffic, bool exact) {
  return large(traffic.connections, exact) + large(traffic.in_packets, exact) +
         large(traffic.out_packets, exact) + large(traffic.in_bytes, exact) + large(traffic.out_bytes, exact);
}

bool counts(const View& view) {
  return view.columns == Columns::Stats || view.columns == Columns::Rate;
}

std::string_view protocol_name(config::Protocol protocol) {
  switch (protocol) {
    case config::Protocol::Tcp: return "TCP";
    case config::Protocol::Udp: return "UDP";
    case config::Protocol::Sctp: return "SCTP";
  }
  return "";
}

std::string service_name(const ipvs::ServiceKey& key, bool numeric, Names& names) {
  // compat: the mark is printed with a sign.
  if (const auto* mark = std::get_if<config::FirewallMark>(&key)) {
    return fmt::format("FWM  {}{}", static_cast<std::int32_t>(mark->mark),
                       mark->family == Family::IPv6 ? " IPv6" : "");
  }
  const auto& service = std::get<config::ServiceAddress>(key);
  return fmt::format("{:<4} {}", protocol_name(service.protocol),
                     endpoint_name(service.endpoint, service.protocol, numeric, names));
}

std::string settings_text(const ipvs::ServiceEntry& entry) {
  const ipvs::ServiceSettings& settings = entry.settings;
  std::string out = " " + settings.scheduler;
  if (const std::string flags = flag_names(settings); !flags.empty()) out += fmt::format(" ({})", flags);
  if ((settings.flags & Persistent) != 0) {
    out += fmt::format(" persistent {}", settings.timeout);
    if (const std::string mask = mask_text(entry); !mask.empty()) out += " mask " + mask;
    if (!settings.persistence_engine.empty()) out += " pe " + settings.persistence_engine;
  }
  if ((settings.flags & OnePacket) != 0) out += " ops";
  return out;
}

std::string service_line(const ipvs::ObservedService& service, const View& view, Names& names) {
  const std::string name = service_name(service.entry.key, view.numeric, names);
  if (!counts(view)) return name + settings_text(service.entry) + '\n';
  const Traffic& traffic = view.columns == Columns::Stats ? service.total : service.rate;
  return fmt::format("{:<33}{}\n", name, counters(traffic, view.exact));
}

std::string_view forwarding_name(ipvs::Forwarding forwarding) {
  switch (forwarding) {
    case ipvs::Forwarding::Nat: return "Masq";
    case ipvs::Forwarding::Tunnel: return "Tunnel";
    case ipvs::Forwarding::Direct: return "Route";
  }
  return "Local";
}

std::string tunnel_text(const ipvs::Destination& server) {
  if (server.forwarding != ipvs::Forwarding::Tunnel) return "n/a";
  const std::string_view checksum = server.tunnel_flags == 1 ? "+c" : server.tunnel_flags == 2 ? "r+c" : "-c";
  switch (server.tunnel_type) {
    case ipvs::TunnelType::Ipip: return "ipip";
    case ipvs::TunnelType::Gue: return fmt::format("gue:{}:{}", server.tunnel_port, checksum);
    case ipvs::TunnelType::Gre: return fmt::format("gre:{}", checksum);
  }
  return "n/a";
}

std::string server_columns(const ipvs::ObservedDestination& server, const View& view) {
  const ipvs::Destination& settings = server.destination;
  switch (view.columns) {
    case Columns::Stats: return counters(server.total, view.exact);
    case Columns::Rate: return counters(server.rate, view.exact);
    case Columns::Thresholds:
      return fmt::format(" {:<10} {:<10} {:<10} {:<10}", settings.upper_threshold, settings.lower_threshold,
                         server.active, server.inactive);
    case Columns::PersistentConn:
      return fmt::format(" {:<9} {:<11} {:<10} {:<10}", settings.weight, server.persistent, server.active,
                         server.inactive);
    case Columns::TunnelInfo:
      return fmt::format(" {:<7} {:<13} {:<6} {:<10} {:<10}", forwarding_name(settings.forwarding),
                         tunnel_text(settings), settings.weight, server.active, server.inactive);
    case Columns::Plain:
      return fmt::format(" {:<7} {:<6} {:<10} {:<10}", forwarding_name(settings.forwarding), settings.weight,
                         server.active, server.inactive);
  }
  return "";
}

std::string count_title(std::string_view what) {
  return fmt::format("{:<33} {}\n  -> RemoteAddress:Port\n", "Prot LocalAddress:Port", what);
}

}  // namespace

View view_of(const Options& options) {
  View view{Columns::Plain, options.has(Option::Numeric), options.has(Option::Exact)};
  if (options.has(Option::Stats)) {
    view.columns = Columns::Stats;
  } else if (options.has(Option::Rate)) {
    view.columns = Columns::Rate;
  } else if (options.has(Option::Thresholds)) {
    view.columns = Columns::Thresholds;
  } else if (options.has(Option::PersistentConn)) {
    view.columns = Columns::PersistentConn;
  } else if (options.has(Option::TunnelInfo)) {
    view.columns = Columns::TunnelInfo;
  }
  return view;
}

std::string title(const View& view) {
  constexpr std::string_view plain = "Prot LocalAddress:Port Scheduler Flags\n";
  switch (view.columns) {
    case Columns::Stats: return count_title("   Conns   InPkts  OutPkts  InBytes OutBytes");
    case Columns::Rate: return count_title("     CPS    InPPS   OutPPS    InBPS   OutBPS");
    case Columns::Thresholds: return count_title("Uthreshold Lthreshold ActiveConn InActConn ");
    case Columns::PersistentConn: return count_title("Weight    PersistConn ActiveConn InActConn ");
    case Columns::TunnelInfo:
      return fmt::format(
          "{}  -> RemoteAddress:Port           Forward TunnelInfo    Weight ActiveConn InActConn\n", plain);
    case Columns::Plain: break;
  }
  return fmt::format("{}  -> RemoteAddress:Port           Forward Weight ActiveConn InActConn\n", plain);
}

std::string listed(const ipvs::ObservedService& service, const View& view, Names& names) {
  std::string out = service_line(service, view, names);
  const auto protocol = protocol_of(service.entry.key);
  for (const ipvs::ObservedDestination& server : service.destinations) {
    out += fmt::format("  -> {:<28}{}\n",
                       endpoint_name(server.destination.endpoint, protocol, view.numeric, names),
                       server_columns(server, view));
  }
  return out;
}

std::string listed(const ipvs::Timeouts& timeouts) {
  return fmt::format("Timeout (tcp tcpfin udp): {} {} {}\n", timeouts.tcp.value_or(0),
                     timeouts.tcp_fin.value_or(0), timeouts.udp.value_or(0));
}

std::string listed(const ipvs::SyncDaemon& daemon) {
  std::string out = fmt::format("{} sync daemon (mcast={}, syncid={}", ipvs::to_string(daemon.role),
                                daemon.interface, daemon.id);
  if (daemon.max_length) out += fmt::format(", maxlen={}", *daemon.max_length);
  if (daemon.group) out += fmt::format(", group={}", daemon.group->to_string());
  if (daemon.port) out += fmt::format(", port={}", *daemon.port);
  if (daemon.ttl) out += fmt::format(", ttl={}", unsigned{*daemon.ttl});
  return out + ")\n";
}

std::string endpoint_name(const Endpoint& endpoint, std::optional<config::Protocol> protocol, bool numeric,
                          Names& names) {
  std::string host = endpoint.address.to_string();
  std::string port = std::to_string(endpoint.port);
  if (!numeric) {
    host = names.name_of(endpoint.address).value_or(host);
    if (protocol) port = names.name_of(endpoint.port, *protocol).value_or(port);
  }
  if (!endpoint.address.is_v4()) host = fmt::format("[{}]", host);
  return fmt::format("{}:{}", host, port);
}

}  // namespace hald::ipvsadm
