// SPDX-License-Identifier: Apache-2.0
#include "config/route_words.h"

#include <algorithm>
#include <array>
#include <span>

#include "config/route_names.h"

namespace hald::config {
namespace {

struct Named {
  std::string_view name;
  std::uint8_t number;
};
constexpr std::array kTypes{Named{"unicast", 1},   Named{"local", 2},       Named{"broadcast", 3},
                            Named{"brd", 3},       Named{"anycast", 4},     Named{"multicast", 5},
                            Named{"blackhole", 6}, Named{"unreachable", 7}, Named{"prohibit", 8},
                            Named{"throw", 9},     Named{"nat", 10},        Named{"xresolve", 11}};
constexpr std::array kIpProtocols{
    Named{"ip", 0},     Named{"icmp", 1},      Named{"igmp", 2},        Named{"ipencap", 4},
    Named{"tcp", 6},    Named{"udp", 17},      Named{"dccp", 33},       Named{"ipv6", 41},
    Named{"gre", 47},   Named{"esp", 50},      Named{"ah", 51},         Named{"ipv6-icmp", 58},
    Named{"ospf", 89},  Named{"pim", 103},     Named{"vrrp", 112},      Named{"l2tp", 115},
    Named{"sctp", 132}, Named{"udplite", 136}, Named{"mpls-in-ip", 137}};

std::optional<std::uint8_t> number_of(std::span<const Named> all, std::string_view name) {
  const auto found =
      std::find_if(all.begin(), all.end(), [name](const Named& each) { return each.name == name; });
  if (found == all.end()) return {};
  return found->number;
}

/// The first name of the number.
std::string name_of(std::span<const Named> all, std::uint8_t number) {
  const auto found =
      std::find_if(all.begin(), all.end(), [number](const Named& each) { return each.number == number; });
  return found != all.end() ? std::string(found->name) : std::to_string(number);
}

}  // namespace

std::optional<std::uint8_t> parse_route_type(std::string_view text) {
  if (const auto named = number_of(kTypes, text)) return named;
  const auto number = parse_c_number(text);
  if (number && *number <= UINT8_MAX) return static_cast<std::uint8_t>(*number);
  return {};
}

std::string route_type_text(std::uint8_t type) {
  return name_of(kTypes, type);
}

std::optional<std::uint8_t> parse_ip_protocol(std::string_view name) {
  return number_of(kIpProtocols, name);
}

std::string ip_protocol_text(std::uint8_t number) {
  return name_of(kIpProtocols, number);
}

}  // namespace hald::config
