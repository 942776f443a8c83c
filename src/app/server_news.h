// SPDX-License-Identifier: Apache-2.0
// What is worth telling about virtual and real servers, as ServerSide sees it.
#pragma once

#include <functional>
#include <string>

#include "checker/core/service_ref.h"
#include "config/model.h"

namespace hald::app {

struct RealServerNews {
  checker::ServiceRef service;
  const config::RealServer& server;
  bool up = false;
  std::string text;      ///< why, in words
  bool initial = false;  ///< it is in from the start, and no check has run
};

struct QuorumNews {
  checker::ServiceRef service;
  bool up = false;
  std::string text;  ///< "Gained quorum 1+0=1 <= 3"
};

struct ServerObserver {
  std::function<void(const RealServerNews&)> on_server;
  std::function<void(const QuorumNews&)> on_quorum;
};

/// "[10.0.0.7]:tcp:80", as keepalived names a real server of the service.
[[nodiscard]] std::string real_server_name(const checker::ServiceId& service, const Endpoint& endpoint);

}  // namespace hald::app
