// SPDX-License-Identifier: Apache-2.0
// Builds one virtual_server with its real servers, whatever the order of its statements: first what holds for
// the whole service, then the servers one by one, straight into their final place.
#pragma once

#include <optional>

#include "config/build_check.h"
#include "config/model.h"
#include "config/values.h"

namespace hald::config {

/// What real servers take over from their virtual server.
struct ServiceContext {
  Forwarding forwarding = Forwarding::Nat;
  std::int32_t weight = 1;
  CheckDraft checks;
  bool by_mark = false;
  std::uint16_t port = 0;        ///< of the service; 0 with a firewall mark
  std::optional<Family> family;  ///< of the clients; a firewall mark learns it from its first server
};

/// Nothing if the virtual server cannot be used. Real servers that cannot are left out.
[[nodiscard]] std::optional<VirtualServer> build_virtual_server(const Node& block, Values& values);

/// Nothing if the server cannot be used. May set `context.family`.
[[nodiscard]] std::optional<RealServer> build_real_server(const Node& block, ServiceContext& context,
                                                          Values& values);

/// What `lb_kind` and `lvs_method` say.
[[nodiscard]] std::optional<Forwarding> read_forwarding(const Node& node, Values& values);

/// The address of a virtual or real server.
[[nodiscard]] std::optional<Address> read_service_address(const Word& word, Values& values);

}  // namespace hald::config
