// SPDX-License-Identifier: Apache-2.0
#include "ctl/system_names.h"

#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <memory>

namespace hald::ctl {
namespace {

const char* name_of_protocol(config::Protocol protocol) {
  switch (protocol) {
    case config::Protocol::Tcp: return "tcp";
    case config::Protocol::Udp: return "udp";
    case config::Protocol::Sctp: return "sctp";
  }
  return nullptr;
}

/// Aliases and names of one service of /etc/services.
using ServiceBuffer = std::array<char, 4096>;

}  // namespace

std::optional<Address> SystemNames::address_of(const std::string& host) {
  if (host.empty()) return std::nullopt;
  addrinfo hints{};
  hints.ai_family = AF_INET;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (::getaddrinfo(host.c_str(), nullptr, &hints, &found) != 0) return std::nullopt;
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> owned(found, ::freeaddrinfo);
  const auto* const address = reinterpret_cast<const sockaddr_in*>(found->ai_addr);
  return Address::v4(ntohl(address->sin_addr.s_addr));
}

std::optional<std::uint16_t> SystemNames::port_of(const std::string& service, config::Protocol protocol) {
  servent entry{};
  servent* found = nullptr;
  ServiceBuffer buffer{};
  if (::getservbyname_r(service.c_str(), name_of_protocol(protocol), &entry, buffer.data(), buffer.size(),
                        &found) != 0 ||
      found == nullptr) {
    return std::nullopt;
  }
  return ntohs(static_cast<std::uint16_t>(found->s_port));
}

std::optional<std::string> SystemNames::name_of(const Address& address) {
  sockaddr_in v4{};
  sockaddr_in6 v6{};
  const auto bytes = address.bytes();
  v4.sin_family = AF_INET;
  v6.sin6_family = AF_INET6;
  std::copy(
      bytes.begin(), bytes.end(),
      reinterpret_cast<std::uint8_t*>(address.is_v4() ? static_cast<void*>(&v4.sin_addr) : &v6.sin6_addr));
  const auto* const where =
      address.is_v4() ? reinterpret_cast<const sockaddr*>(&v4) : reinterpret_cast<const sockaddr*>(&v6);
  const socklen_t length = address.is_v4() ? sizeof v4 : sizeof v6;
  std::array<char, NI_MAXHOST> name{};
  if (::getnameinfo(where, length, name.data(), name.size(), nullptr, 0, NI_NAMEREQD) != 0)
    return std::nullopt;
  return std::string(name.data());
}

std::optional<std::string> SystemNames::name_of(std::uint16_t port, config::Protocol protocol) {
  servent entry{};
  servent* found = nullptr;
  ServiceBuffer buffer{};
  if (::getservbyport_r(htons(port), name_of_protocol(protocol), &entry, buffer.data(), buffer.size(),
                        &found) != 0 ||
      found == nullptr) {
    return std::nullopt;
  }
  return std::string(found->s_name);
}

}  // namespace hald::ctl
