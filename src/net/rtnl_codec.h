// SPDX-License-Identifier: Apache-2.0
// rtnl_codec: rtnetlink's link and address messages to values and back, with libnl's message functions. No
// socket. A message that is short, of another family or incomplete is no value; nothing past its end is read.
#pragma once

#include <linux/netlink.h>

#include <memory>
#include <optional>

#include "net/rtnl.h"

struct nl_msg;

namespace hald::net {

struct MessageDeleter {
  void operator()(nl_msg* message) const;
};
using Message = std::unique_ptr<nl_msg, MessageDeleter>;

/// RTM_NEWLINK or RTM_DELLINK.
[[nodiscard]] std::optional<LinkEvent> parse_link(const nlmsghdr& message);
/// RTM_NEWADDR or RTM_DELADDR.
[[nodiscard]] std::optional<AddressEvent> parse_address(const nlmsghdr& message);

/// A dump request for RTM_GETLINK or RTM_GETADDR.
[[nodiscard]] Message build_dump(int type);
[[nodiscard]] Message build_add(const InterfaceAddress& address);
[[nodiscard]] Message build_remove(const InterfaceAddress& address);

}  // namespace hald::net
