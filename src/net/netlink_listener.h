// SPDX-License-Identifier: Apache-2.0
// NetlinkListener: the kernel's notifications, rtnetlink's unless told otherwise, on Asio's loop, some
// datagrams a turn, or all that are queued when somebody needs to know now. It knows nothing of what they
// mean, except that some may be lost.
#pragma once

#include <functional>
#include <initializer_list>
#include <memory>

#include "net/netlink_bytes.h"

namespace boost::asio {
class io_context;
}

namespace hald::net {

class NetlinkListener {
 public:
  struct Receiver {
    std::function<void(const NetlinkMessage&)> message;
    std::function<void()> overrun;  ///< the kernel dropped some: only a dump tells what is true now
  };

  /// Joins the groups (RTNLGRP_*) of the protocol (NETLINK_*, 0 is rtnetlink) in the current network
  /// namespace; throws std::system_error if that fails.
  NetlinkListener(boost::asio::io_context& io, std::initializer_list<unsigned> groups, int protocol = 0);
  ~NetlinkListener();
  NetlinkListener(const NetlinkListener&) = delete;
  NetlinkListener& operator=(const NetlinkListener&) = delete;

  void receive(Receiver receiver);
  /// Delivers everything that is queued now.
  void drain();

 private:
  class Events;
  std::shared_ptr<Events> events_;
};

}  // namespace hald::net
