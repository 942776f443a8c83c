// SPDX-License-Identifier: Apache-2.0
// A line of /proc/net/ip_vs_conn, and how ipvsadm prints it.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/ip.h"
#include "ipvsadm/core/layout.h"

namespace hald::ipvsadm {

struct Connection {
  std::string protocol;  ///< "TCP"; of a template by mark "IP"
  Endpoint client;
  Endpoint service;
  Endpoint server;
  std::string state;
  std::uint32_t expires = 0;  ///< seconds
  std::string engine;
  std::string engine_data;
};

/// Nothing: it is no such line.
[[nodiscard]] std::optional<Connection> read_connection(std::string_view line);

[[nodiscard]] std::string connections_title(const View& view);
[[nodiscard]] std::string listed(const Connection& connection, const View& view, Names& names);

}  // namespace hald::ipvsadm
