// SPDX-License-Identifier: Apache-2.0
#include "ipvsadm/core/arguments.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cerrno>
#include <cstdlib>
#include <limits>

#include <fmt/format.h>

#include "ipvs/core/table.h"

namespace hald::ipvsadm {
namespace {

bool all_digits(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char each) { return std::isdigit(static_cast<unsigned char>(each)) != 0; });
}

std::optional<Address> numeric_v6(const std::string& text) {
  const auto address = Address::parse(text);
  if (!address || address->is_v4()) return std::nullopt;
  return *address;
}

std::optional<std::uint16_t> port_from(const std::string& text, config::Protocol protocol, Names& names) {
  if (const auto port = number(text, 0, std::numeric_limits<std::uint16_t>::max()))
    return static_cast<std::uint16_t>(*port);
  return names.port_of(text, protocol);
}

struct NamedFlag {
  std::string_view name;
  std::string_view scheduler;  ///< empty: any
  std::uint32_t flag;
};
constexpr std::array kFlags{NamedFlag{"flag-1", "", ipvs::service_flag::Scheduler1},
                            NamedFlag{"flag-2", "", ipvs::service_flag::Scheduler2},
                            NamedFlag{"flag-3", "", ipvs::service_flag::Scheduler3},
                            NamedFlag{"sh-fallback", "sh", ipvs::service_flag::Scheduler1},
                            NamedFlag{"sh-port", "sh", ipvs::service_flag::Scheduler2},
                            NamedFlag{"mh-fallback", "mh", ipvs::service_flag::Scheduler1},
                            NamedFlag{"mh-port", "mh", ipvs::service_flag::Scheduler2}};

}  // namespace

std::optional<std::uint32_t> number(const std::string& text, std::uint32_t least, std::uint32_t most) {
  char* end = nullptr;
  errno = 0;
  const long long value = std::strtoll(text.c_str(), &end, 10);
  if (text.empty() || end == text.c_str() || *end != '\0' || errno != 0) return std::nullopt;
  if (value < static_cast<long long>(least) || value > static_cast<long long>(most)) return std::nullopt;
  return static_cast<std::uint32_t>(value);
}

std::optional<HostPort> host_port(std::string text, config::Protocol protocol, Names& names) {
  if (all_digits(text)) return std::nullopt;
  std::optional<std::string> port;
  if (text.front() == '[') {
    const auto closed = text.find(']');
    // compat: ipvsadm takes no brackets without a port.
    if (closed == std::string::npos || text.substr(closed + 1, 1) != ":") return std::nullopt;
    port = text.substr(closed + 2);
    text = text.substr(1, closed - 1);
  }
  HostPort out;
  if (const auto v6 = numeric_v6(text)) {
    out.address = *v6;
  } else {
    // compat: what stands behind a bracketed IPv4 address is no port to ipvsadm.
    port.reset();
    if (const auto colon = text.rfind(':'); colon != std::string::npos) {
      port = text.substr(colon + 1);
      text.resize(colon);
    }
    const auto address = names.address_of(text);
    if (!address) return std::nullopt;
    out.address = *address;
  }
  if (!port) return out;
  out.port = port_from(*port, protocol, names);
  if (!out.port) return std::nullopt;
  return out;
}

std::optional<std::uint32_t> mask_v4(const std::string& text, Names& names) {
  const auto address = names.address_of(text);
  if (!address) return std::nullopt;
  return address->v4_value();
}

std::optional<std::uint32_t> mask_v6(const std::string& text) {
  const long length = std::strtol(text.c_str(), nullptr, 10);
  if (length < 1 || length > 128) return std::nullopt;
  return static_cast<std::uint32_t>(length);
}

SchedulerFlags scheduler_flags(std::string_view text, std::string_view scheduler) {
  SchedulerFlags out;
  while (!text.empty()) {
    const auto comma = text.find(',');
    const std::string_view name = text.substr(0, comma);
    text = comma == std::string_view::npos ? std::string_view() : text.substr(comma + 1);
    if (name.empty()) continue;
    const auto* const known =
        std::find_if(kFlags.begin(), kFlags.end(), [&](const NamedFlag& each) { return each.name == name; });
    if (known == kFlags.end()) return {0, fmt::format("invalid scheduler flag `{}'", name)};
    if (!known->scheduler.empty() && known->scheduler != scheduler)
      return {0, fmt::format("incompatible scheduler flag `{}'", name)};
    out.flags |= known->flag;
  }
  return out;
}

}  // namespace hald::ipvsadm
