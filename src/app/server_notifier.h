// SPDX-License-Identifier: Apache-2.0
// ServerNotifier: tells others what becomes of virtual and real servers, word for word as keepalived does.
#pragma once

#include <string>

#include "app/channels.h"
#include "app/server_news.h"
#include "config/model.h"

namespace hald::app {

class ServerNotifier {
 public:
  explicit ServerNotifier(Channels& channels) : channels_(channels) {}
  ServerNotifier(const ServerNotifier&) = delete;
  ServerNotifier& operator=(const ServerNotifier&) = delete;

  void on_server(const RealServerNews& news);
  void on_quorum(const QuorumNews& news);

 private:
  void run(const std::string& object, const config::Command& script);

  Channels& channels_;
};

}  // namespace hald::app
