// SPDX-License-Identifier: Apache-2.0
// The part of the model about the checks of real servers.
#pragma once

#include <cstdint>
#include <optional>
#include <variant>

#include "base/ip.h"
#include "base/time.h"

namespace hald::config {

/// How often and how patiently a real server is checked; every field resolved from checker, real server,
/// virtual server and built-in default, in this order.
struct CheckTiming {
  Duration delay_loop = std::chrono::seconds(60);         ///< from the end of one run to the next
  Duration delay_before_retry = std::chrono::seconds(1);  ///< from the end of a failing try to the next
  Duration connect_timeout = std::chrono::seconds(5);
  Duration warmup = std::chrono::seconds(60);  ///< the first run is spread over this; default: delay_loop
  std::uint32_t retry = 1;                     ///< further tries before a failure counts
  friend bool operator==(const CheckTiming&, const CheckTiming&) = default;
};

struct TcpCheck {
  CheckTiming timing;
  Endpoint target;               ///< connect_ip and connect_port, else the real server
  std::optional<Endpoint> bind;  ///< bindto and bind_port
  friend bool operator==(const TcpCheck&, const TcpCheck&) = default;
};

using Check = std::variant<TcpCheck>;

}  // namespace hald::config
