// SPDX-License-Identifier: Apache-2.0
// Endpoint to what the socket calls take, and back.
#pragma once

#include <netinet/in.h>
#include <sys/socket.h>

#include "base/ip.h"

namespace hald::net {

struct SocketAddress {
  sockaddr_storage storage{};
  socklen_t size = 0;

  [[nodiscard]] const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&storage); }
};

[[nodiscard]] SocketAddress socket_address(const Endpoint& endpoint);
/// Nothing but an error for families other than IPv4 and IPv6.
[[nodiscard]] Result<Endpoint> endpoint_of(const sockaddr_storage& storage);

}  // namespace hald::net
