// SPDX-License-Identifier: Apache-2.0
#include "ipvs/core/rules.h"

#include <array>
#include <string_view>
#include <tuple>
#include <utility>

#include <fmt/format.h>

namespace hald::ipvs {
namespace {

constexpr std::array<std::pair<std::uint32_t, unsigned>, 3> kSchedulerFlags{
    {{service_flag::Scheduler1, 0}, {service_flag::Scheduler2, 1}, {service_flag::Scheduler3, 2}}};

/// sh and mh have names of their own for the first two.
std::string name_of_flag(std::string_view scheduler, unsigned number) {
  static constexpr std::array<std::string_view, 2> names{"fallback", "port"};
  if ((scheduler == "sh" || scheduler == "mh") && number < names.size())
    return fmt::format("{}-{}", scheduler, names.at(number));
  return fmt::format("flag-{}", number + 1);
}

std::string scheduler_flags(const ServiceSettings& settings) {
  std::string out;
  for (const auto& [flag, number] : kSchedulerFlags) {
    if ((settings.flags & flag) == 0) continue;
    if (!out.empty()) out += ',';
    out += name_of_flag(settings.scheduler, number);
  }
  return out;
}

std::string_view protocol_option(config::Protocol protocol) {
  switch (protocol) {
    case config::Protocol::Tcp: return "-t";
    case config::Protocol::Udp: return "-u";
    case config::Protocol::Sctp: return "--sctp-service";
  }
  return "-t";
}

std::string service_options(const ServiceKey& key) {
  if (const auto* mark = std::get_if<config::FirewallMark>(&key))
    return fmt::format("-f {}{}", mark->mark, mark->family == Family::IPv6 ? " -6" : "");
  const auto& service = std::get<config::ServiceAddress>(key);
  return fmt::format("{} {}", protocol_option(service.protocol), service.endpoint.to_string());
}

std::string mask_option(const ServiceKey& key, std::uint8_t prefix) {
  const Family family = config::family_of(key);
  if (prefix == full_prefix(family)) return "";
  if (family == Family::IPv6) return fmt::format(" -M {}", prefix);
  const std::uint32_t bits = prefix == 0 ? 0 : ~std::uint32_t{0} << (32U - prefix);
  return fmt::format(" -M {}", Address::v4(bits).to_string());
}

std::string service_line(const Service& service) {
  const ServiceSettings& settings = service.settings;
  std::string out = fmt::format("-A {} -s {}", service_options(service.key), settings.scheduler);
  if ((settings.flags & service_flag::Persistent) != 0) {
    out += fmt::format(" -p {}{}", settings.timeout, mask_option(service.key, settings.prefix));
  }
  // The kernel keeps an engine without persistence too.
  if (!settings.persistence_engine.empty()) out += fmt::format(" --pe {}", settings.persistence_engine);
  if ((settings.flags & service_flag::OnePacket) != 0) out += " -o";
  if (const std::string flags = scheduler_flags(settings); !flags.empty()) out += " -b " + flags;
  return out;
}

std::string_view checksum_option(std::uint16_t flags) {
  if (flags == 1) return "--tun-csum";
  return flags == 2 ? "--tun-remcsum" : "--tun-nocsum";
}

std::string tunnel_options(const Destination& destination) {
  const auto checksum = checksum_option(destination.tunnel_flags);
  switch (destination.tunnel_type) {
    case TunnelType::Ipip: return " --tun-type ipip";
    case TunnelType::Gue:
      return fmt::format(" --tun-type gue --tun-port {} {}", destination.tunnel_port, checksum);
    case TunnelType::Gre: return fmt::format(" --tun-type gre {}", checksum);
  }
  return "";
}

/// The kernel's own number for a server on this machine is among those that have no name: ipvsadm writes -g
/// then.
std::string_view forwarding_option(Forwarding forwarding) {
  if (forwarding == Forwarding::Nat) return "-m";
  return forwarding == Forwarding::Tunnel ? "-i" : "-g";
}

std::string destination_line(const ServiceKey& key, const Destination& destination) {
  std::string out =
      fmt::format("-a {} -r {} {} -w {}", service_options(key), destination.endpoint.to_string(),
                  forwarding_option(destination.forwarding), destination.weight);
  if (destination.forwarding == Forwarding::Tunnel) out += tunnel_options(destination);
  return out;
}

auto rank(const config::ServiceAddress& service) {
  return std::tuple(service.endpoint.address.family(), service.protocol, service.endpoint);
}

}  // namespace

bool listed_before(const ServiceKey& left, const ServiceKey& right) {
  const auto* first = std::get_if<config::ServiceAddress>(&left);
  const auto* second = std::get_if<config::ServiceAddress>(&right);
  if (first != nullptr && second != nullptr) return rank(*first) < rank(*second);
  return left < right;
}

Result<std::vector<std::string>> rules_of(const Service& service) {
  if (service.settings.prefix == kIrregularMask)
    return protocol_error("save " + config::to_string(service.key) + ": its persistence mask is no prefix");
  std::vector<std::string> out{service_line(service)};
  for (const Destination& destination : service.destinations) {
    out.push_back(destination_line(service.key, destination));
  }
  return out;
}

}  // namespace hald::ipvs
