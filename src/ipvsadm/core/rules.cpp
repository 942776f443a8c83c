// SPDX-License-Identifier: Apache-2.0
// compat: rules as ipvsadm -S writes them: in its order, with its names, marks with a sign.
#include "ipvsadm/core/rules.h"

#include <array>
#include <utility>

#include <fmt/format.h>

#include "ipvsadm/core/layout.h"

namespace hald::ipvsadm {
namespace {

using ipvs::service_flag::OnePacket;
using ipvs::service_flag::Persistent;

std::string_view protocol_option(config::Protocol protocol) {
  switch (protocol) {
    case config::Protocol::Tcp: return "-t";
    case config::Protocol::Udp: return "-u";
    case config::Protocol::Sctp: return "--sctp-service";
  }
  return "--xxx-service";
}

std::string service_options(const ipvs::ServiceKey& key, bool numeric, Names& names) {
  if (const auto* mark = std::get_if<config::FirewallMark>(&key)) {
    return fmt::format("-f {}{}", static_cast<std::int32_t>(mark->mark),
                       mark->family == Family::IPv6 ? " -6" : "");
  }
  const auto& service = std::get<config::ServiceAddress>(key);
  return fmt::format("{} {}", protocol_option(service.protocol),
                     endpoint_name(service.endpoint, service.protocol, numeric, names));
}

std::string service_rule(const ipvs::ServiceEntry& entry, const std::string& options) {
  const ipvs::ServiceSettings& settings = entry.settings;
  std::string out = fmt::format("-A {} -s {}", options, settings.scheduler);
  if ((settings.flags & Persistent) != 0) {
    out += fmt::format(" -p {}", settings.timeout);
    if (const std::string mask = mask_text(entry); !mask.empty()) out += " -M " + mask;
  }
  if (!settings.persistence_engine.empty()) out += " --pe " + settings.persistence_engine;
  if ((settings.flags & OnePacket) != 0) out += " -o";
  if (const std::string flags = flag_names(settings); !flags.empty()) out += " -b " + flags;
  return out + '\n';
}

std::string_view forwarding_option(ipvs::Forwarding forwarding) {
  if (forwarding == ipvs::Forwarding::Nat) return "-m";
  return forwarding == ipvs::Forwarding::Tunnel ? "-i" : "-g";
}

std::string tunnel_options(const ipvs::Destination& server) {
  if (server.forwarding != ipvs::Forwarding::Tunnel) return "";
  static constexpr std::array<std::string_view, 3> kChecksums{"--tun-nocsum", "--tun-csum", "--tun-remcsum"};
  const auto checksum = kChecksums.at(server.tunnel_flags < kChecksums.size() ? server.tunnel_flags : 0U);
  switch (server.tunnel_type) {
    case ipvs::TunnelType::Ipip: return " --tun-type ipip";
    case ipvs::TunnelType::Gue:
      return fmt::format(" --tun-type gue --tun-port {} {}", server.tunnel_port, checksum);
    case ipvs::TunnelType::Gre: return fmt::format(" --tun-type gre {}", checksum);
  }
  return "";
}

}  // namespace

std::string flag_names(const ipvs::ServiceSettings& settings) {
  static constexpr std::array kFlags{std::pair{ipvs::service_flag::Scheduler1, "fallback"},
                                     std::pair{ipvs::service_flag::Scheduler2, "port"},
                                     std::pair{ipvs::service_flag::Scheduler3, ""}};
  // compat: of these two ipvsadm prints no third flag.
  const bool named = settings.scheduler == "sh" || settings.scheduler == "mh";
  std::string out;
  for (std::size_t i = 0; i < (named ? 2 : kFlags.size()); ++i) {
    if ((settings.flags & kFlags.at(i).first) == 0) continue;
    if (!out.empty()) out += ',';
    out +=
        named ? fmt::format("{}-{}", settings.scheduler, kFlags.at(i).second) : fmt::format("flag-{}", i + 1);
  }
  return out;
}

std::string mask_text(const ipvs::ServiceEntry& entry) {
  const Family family = config::family_of(entry.key);
  if (entry.mask == ipvs::full_mask(family)) return "";
  return family == Family::IPv4 ? Address::v4(entry.mask).to_string() : std::to_string(entry.mask);
}

std::optional<config::Protocol> protocol_of(const ipvs::ServiceKey& key) {
  const auto* service = std::get_if<config::ServiceAddress>(&key);
  return service == nullptr ? std::nullopt : std::optional(service->protocol);
}

std::string saved(const ipvs::ObservedService& service, bool numeric, Names& names) {
  const std::string options = service_options(service.entry.key, numeric, names);
  const auto protocol = protocol_of(service.entry.key);
  std::string out = service_rule(service.entry, options);
  for (const ipvs::ObservedDestination& server : service.destinations) {
    const ipvs::Destination& settings = server.destination;
    out += fmt::format("-a {} -r {} {} -w {}{}\n", options,
                       endpoint_name(settings.endpoint, protocol, numeric, names),
                       forwarding_option(settings.forwarding), settings.weight, tunnel_options(settings));
  }
  return out;
}

}  // namespace hald::ipvsadm
