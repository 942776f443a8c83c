// SPDX-License-Identifier: Apache-2.0
// NetlinkRouting: Routing over rtnetlink. Changes and events have a socket each, apart from those of
// NetlinkRtnl: a machine with a big, busy routing table must not make hald miss what happens to its
// interfaces. A dump under way has a socket of its own as well. The events are subscribed to by the first who
// wants them.
#pragma once

#include <optional>

#include "net/netlink_listener.h"
#include "net/netlink_requests.h"
#include "net/routing.h"

namespace hald::net {

class NetlinkRouting : public Routing {
 public:
  /// Opens a socket in the current network namespace; throws std::system_error if that fails.
  explicit NetlinkRouting(boost::asio::io_context& io) : io_(io) {}
  NetlinkRouting(const NetlinkRouting&) = delete;
  NetlinkRouting& operator=(const NetlinkRouting&) = delete;

  [[nodiscard]] Result<std::unique_ptr<RoutingDump<Route>>> dump_routes(Family family,
                                                                        std::uint32_t table) override;
  [[nodiscard]] Result<std::unique_ptr<RoutingDump<Rule>>> dump_rules(Family family) override;
  [[nodiscard]] Result<void> write(const RouteOperation& operation) override;
  [[nodiscard]] Result<void> write(const RuleOperation& operation) override;
  /// Both throw std::system_error if there is no further socket to be had.
  void receive(Receiver<Route> receiver) override;
  void receive(Receiver<Rule> receiver) override;

 private:
  boost::asio::io_context& io_;
  NetlinkRequests requests_;
  std::optional<NetlinkListener> routes_;
  std::optional<NetlinkListener> rules_;
};

}  // namespace hald::net
