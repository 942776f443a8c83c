// SPDX-License-Identifier: Apache-2.0
// Services and whole tables for tests: short constructors, and random ones drawn from a small universe of
// keys and endpoints, so that any two of them overlap. All random values are such as the kernel accepts.
#pragma once

#include <ostream>
#include <random>
#include <string>
#include <vector>

#include "ipvs/core/op.h"

namespace hald::fakes {

using Random = std::mt19937_64;

inline std::uint32_t below(Random& random, std::uint32_t limit) {
  return std::uniform_int_distribution<std::uint32_t>(0, limit - 1)(random);
}

inline Endpoint endpoint(const char* address, std::uint16_t port) {
  return {*Address::parse(address), port};
}

inline ipvs::ServiceKey tcp(const char* address, std::uint16_t port) {
  return config::ServiceAddress{config::Protocol::Tcp, endpoint(address, port)};
}

inline ipvs::Destination destination(const char* address, std::int32_t weight = 1) {
  ipvs::Destination out;
  out.endpoint = endpoint(address, 80);
  out.forwarding = ipvs::Forwarding::Direct;
  out.weight = weight;
  return out;
}

inline ipvs::Service service(ipvs::ServiceKey key, std::vector<ipvs::Destination> destinations,
                             const char* scheduler = "wrr") {
  ipvs::Service out{key, {}, std::move(destinations)};
  out.settings.scheduler = scheduler;
  out.settings.prefix = ipvs::full_prefix(config::family_of(key));
  ipvs::normalise(out);
  return out;
}

/// `group` keeps the keys of two universes apart.
inline ipvs::ServiceKey random_key(Random& random, std::uint32_t group = 0) {
  const std::uint32_t number = below(random, 3) + 100 * group;
  switch (below(random, 4)) {
    case 0: return config::FirewallMark{number + 1, Family::IPv4};
    case 1: return config::FirewallMark{number + 1, Family::IPv6};
    case 2: {
      std::array<std::uint8_t, 16> bytes{0x20, 0x01, 0x0d, 0xb8};
      bytes[15] = static_cast<std::uint8_t>(number);
      return config::ServiceAddress{config::Protocol::Udp, {Address::v6(bytes), 53}};
    }
    default: return config::ServiceAddress{config::Protocol::Tcp, {Address::v4(0x0a000000 + number), 80}};
  }
}

inline ipvs::Destination random_destination(Random& random, Family family) {
  ipvs::Destination out;
  const std::uint32_t number = below(random, 12);
  const bool other_family = below(random, 8) == 0;
  if ((family == Family::IPv6) != other_family) {
    std::array<std::uint8_t, 16> bytes{0x20, 0x01, 0x0d, 0xb8, 0xff};
    bytes[15] = static_cast<std::uint8_t>(number);
    out.endpoint = {Address::v6(bytes), static_cast<std::uint16_t>(80 + below(random, 2))};
  } else {
    out.endpoint = {Address::v4(0x0a010000 + number), static_cast<std::uint16_t>(80 + below(random, 2))};
  }
  static constexpr ipvs::Forwarding methods[]{ipvs::Forwarding::Nat, ipvs::Forwarding::Tunnel,
                                              ipvs::Forwarding::Direct};
  out.forwarding = other_family ? ipvs::Forwarding::Tunnel : methods[below(random, 3)];
  if (out.forwarding == ipvs::Forwarding::Tunnel && below(random, 3) == 0) {
    out.tunnel_type = ipvs::TunnelType::Gue;
    out.tunnel_port = static_cast<std::uint16_t>(1 + below(random, 60000));
    out.tunnel_flags = static_cast<std::uint16_t>(below(random, 3));
  }
  out.weight = static_cast<std::int32_t>(below(random, 4));
  if (below(random, 4) == 0) {
    out.lower_threshold = below(random, 10);
    out.upper_threshold = out.lower_threshold + below(random, 10);
  }
  return out;
}

inline ipvs::ServiceSettings random_settings(Random& random, Family family) {
  static constexpr const char* schedulers[]{"rr", "wrr", "wlc", "sh", "mh"};
  ipvs::ServiceSettings out;
  out.scheduler = schedulers[below(random, 5)];
  out.prefix = ipvs::full_prefix(family);
  if (below(random, 2) == 0) {
    out.flags |= ipvs::service_flag::Persistent;
    out.timeout = 1 + below(random, 3);
    out.prefix = static_cast<std::uint8_t>(1 + below(random, out.prefix));
  }
  if (below(random, 4) == 0) out.flags |= ipvs::service_flag::OnePacket;
  if (below(random, 4) == 0) out.flags |= ipvs::service_flag::Scheduler2;
  if (below(random, 8) == 0) out.persistence_engine = "sip";
  return out;
}

inline ipvs::Service random_service(Random& random, ipvs::ServiceKey key, std::uint32_t most = 10) {
  const Family family = config::family_of(key);
  ipvs::Service out{key, random_settings(random, family), {}};
  for (std::uint32_t i = below(random, most); i > 0; --i) {
    out.destinations.push_back(random_destination(random, family));
  }
  ipvs::normalise(out);
  return out;
}

inline ipvs::Table random_table(Random& random, std::uint32_t group = 0) {
  ipvs::Table out;
  for (std::uint32_t i = below(random, 8); i > 0; --i) {
    const ipvs::ServiceKey key = random_key(random, group);
    out.insert_or_assign(key, random_service(random, key));
  }
  return out;
}

}  // namespace hald::fakes

namespace hald::ipvs {

// How gtest shows them; found by argument look-up.
inline void PrintTo(const Destination& one, std::ostream* out) {
  *out << one.endpoint.to_string() << " method " << int(one.forwarding) << " weight " << one.weight
       << " thresholds " << one.upper_threshold << "/" << one.lower_threshold << " tunnel "
       << int(one.tunnel_type) << "/" << one.tunnel_port << "/" << one.tunnel_flags;
}
inline void PrintTo(const ServiceSettings& one, std::ostream* out) {
  *out << one.scheduler << " flags " << one.flags << " timeout " << one.timeout << " prefix "
       << int(one.prefix) << " engine '" << one.persistence_engine << "'";
}
inline void PrintTo(const Service& one, std::ostream* out) {
  *out << "\n" << config::to_string(one.key) << " ";
  PrintTo(one.settings, out);
  for (const Destination& destination : one.destinations) {
    *out << "\n  ";
    PrintTo(destination, out);
  }
}
inline void PrintTo(const Table& table, std::ostream* out) {
  for (const auto& [key, service] : table) PrintTo(service, out);
}
inline std::ostream& operator<<(std::ostream& out, const Op& op) {
  return out << command_of(op) << " " << target_of(op);
}

}  // namespace hald::ipvs
