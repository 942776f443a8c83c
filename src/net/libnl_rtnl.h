// SPDX-License-Identifier: Apache-2.0
// LibnlRtnl: Rtnl over two netlink sockets, one for requests, one for events on Asio's loop. libnl-3 builds
// and parses the messages; sending, acknowledgements and overruns are handled here, because its own calls
// block. The kernel works rtnetlink requests off inside send(), so a request never waits for an answer.
#pragma once

#include <memory>

#include "net/rtnl.h"

namespace boost::asio {
class io_context;
}

namespace hald::net {

class LibnlRtnl : public Rtnl {
 public:
  /// Opens both sockets in the current network namespace; throws std::system_error if that fails.
  explicit LibnlRtnl(boost::asio::io_context& io);
  ~LibnlRtnl() override;
  LibnlRtnl(const LibnlRtnl&) = delete;
  LibnlRtnl& operator=(const LibnlRtnl&) = delete;

  [[nodiscard]] Result<std::vector<Link>> links() override;
  [[nodiscard]] Result<std::vector<InterfaceAddress>> addresses() override;
  [[nodiscard]] Result<void> add_address(const InterfaceAddress& address) override;
  [[nodiscard]] Result<void> remove_address(const InterfaceAddress& address) override;
  void receive(Receiver receiver) override;
  void drain() override;

 private:
  class Events;
  std::unique_ptr<class RtnlRequests> requests_;
  std::shared_ptr<Events> events_;
};

}  // namespace hald::net
