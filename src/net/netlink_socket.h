// SPDX-License-Identifier: Apache-2.0
// NetlinkSocket: one netlink socket, rtnetlink's unless told otherwise, opened by libnl, that neither blocks
// nor survives exec. What is sent and received are bytes (netlink_bytes.h); libnl's own queues, callbacks and
// objects are not used, because they cannot hold all that routes and links say, and because a reader of ours
// needs to see what is cut off (docs/adr/0011).
#pragma once

#include <initializer_list>
#include <memory>
#include <span>

#include "base/result.h"
#include "net/netlink_bytes.h"

struct nl_sock;

namespace hald::net {

class NetlinkSocket {
 public:
  /// `protocol` is one of NETLINK_*, 0 is rtnetlink. Throws std::system_error if there is no socket to be
  /// had.
  explicit NetlinkSocket(int protocol = 0);

  [[nodiscard]] int fd() const;
  /// Joins the protocol's groups (RTNLGRP_*), with room for `buffer` octets of their events; throws
  /// std::system_error.
  void subscribe(std::initializer_list<unsigned> groups, int buffer);
  /// An option of SOL_NETLINK that is nice to have: an old kernel does without.
  void prefer(int option);

  [[nodiscard]] Result<void> send(Bytes message);
  /// The next datagram of the kernel, at the front of `buffer`. Fails with EAGAIN if there is none now, with
  /// ENOBUFS if the kernel had to drop some, and with EMSGSIZE if `buffer` was too small for this one.
  [[nodiscard]] Result<Bytes> receive(std::span<std::uint8_t> buffer);

 private:
  struct Free {
    void operator()(nl_sock* socket) const;
  };
  std::unique_ptr<nl_sock, Free> socket_;
};

}  // namespace hald::net
