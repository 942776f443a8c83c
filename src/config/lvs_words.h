// SPDX-License-Identifier: Apache-2.0
// The words of virtual_server and real_server as they are written. For the builders of servers only.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "config/check_words.h"
#include "config/model_lvs.h"

namespace hald::config {

struct ServerWords : RhythmWords {
  std::optional<std::int32_t> weight;
  std::optional<LvsMethod> method;
  std::optional<bool> inhibit_on_failure;
  std::optional<bool> smtp_alert;
  RealServerExtras extras;
};

struct ServiceWords : RhythmWords {
  std::string scheduler;  ///< empty: not written
  std::uint8_t scheduler_flags = 0;
  std::optional<LvsMethod> method;
  std::string persistence_engine;
  std::uint32_t persistence_timeout = 0;
  std::optional<std::uint8_t> persistence_prefix;
  std::optional<Family> ip_family;    ///< printed only
  Family mask_family = Family::IPv4;  ///< the same, for persistence_granularity
  std::optional<Protocol> protocol;
  bool one_packet = false;
  bool ha_suspend = false;
  bool omega = false;
  bool inhibit_on_failure = false;
  std::optional<bool> smtp_alert;
  std::string virtualhost;
  std::string snmp_name;
  Command quorum_up;
  Command quorum_down;
  std::uint32_t quorum = 1;
  std::uint32_t hysteresis = 0;
  std::int32_t weight = 1;
  std::optional<SorryServer> sorry;
  std::optional<LvsMethod> sorry_method;  ///< nothing: that of the service

  // For messages; line 0: not written.
  Place protocol_where;
  Place one_packet_where;
  Place ha_suspend_where;
  Place quorum_where;
  Place hysteresis_where;
  Place sorry_where;

  /// What depends on the servers above it: read in their order. `servers`: how many stand above.
  struct MethodChange {
    std::size_t servers;
    LvsMethod method;
  };
  struct Late {
    std::size_t servers;
    Node node;
  };
  std::size_t servers = 0;
  std::vector<MethodChange> methods;
  std::vector<Late> late;  ///< ip_family and persistence_granularity
};

[[nodiscard]] const BlockBinding<ServiceWords>& service_words();
[[nodiscard]] const BlockBinding<ServerWords>& server_words();

}  // namespace hald::config
