// SPDX-License-Identifier: Apache-2.0
// NetlinkRtnl: Rtnl over two netlink sockets, one for requests, one for events on Asio's loop. The kernel
// works rtnetlink requests off inside send(), so a request never waits for an answer.
#pragma once

#include "net/netlink_listener.h"
#include "net/netlink_requests.h"
#include "net/rtnl.h"

namespace hald::net {

class NetlinkRtnl : public Rtnl {
 public:
  /// Opens both sockets in the current network namespace; throws std::system_error if that fails.
  explicit NetlinkRtnl(boost::asio::io_context& io);
  NetlinkRtnl(const NetlinkRtnl&) = delete;
  NetlinkRtnl& operator=(const NetlinkRtnl&) = delete;

  [[nodiscard]] Result<std::vector<Link>> links() override;
  [[nodiscard]] Result<std::vector<InterfaceAddress>> addresses() override;
  [[nodiscard]] Result<void> add_address(const InterfaceAddress& address) override;
  [[nodiscard]] Result<void> edit_address(const InterfaceAddress& address) override;
  [[nodiscard]] Result<void> remove_address(const InterfaceAddress& address) override;
  [[nodiscard]] Result<void> create_link(const NewLink& link) override;
  [[nodiscard]] Result<void> change_link(int index, const LinkChange& change) override;
  [[nodiscard]] Result<void> remove_link(int index) override;
  void receive(Receiver receiver) override;
  void drain() override { listener_.drain(); }

 private:
  NetlinkRequests requests_;
  NetlinkListener listener_;
};

}  // namespace hald::net
