// SPDX-License-Identifier: Apache-2.0
// RtnlRequests: the request half of LibnlRtnl. One request at a time, answered before the call returns, never
// waiting: the kernel has queued the answer when send() returns. Asio is not needed here.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/unique_fd.h"
#include "net/rtnl_codec.h"

namespace hald::net {

class RtnlRequests {
 public:
  using Handler = std::function<void(const nlmsghdr&)>;

  /// Throws std::system_error if there is no socket to be had.
  RtnlRequests();

  /// Sends `request` and reads its acknowledgement. `doing` is for the error, which carries the kernel's own
  /// words where it gives any.
  [[nodiscard]] Result<void> change(nl_msg* request, const std::string& doing);
  /// Sends `request` and hands over every part of the answer. `incomplete` is set if the kernel's tables
  /// changed meanwhile, so that the answer may lack something.
  [[nodiscard]] Result<void> dump(nl_msg* request, const std::string& doing, const Handler& handler,
                                  bool& incomplete);

 private:
  [[nodiscard]] Result<void> send(nl_msg* request, const std::string& doing);
  [[nodiscard]] Result<std::span<const std::uint8_t>> read(const std::string& doing);
  [[nodiscard]] Result<void> read_answer(const std::string& doing, const Handler& handler, bool& incomplete);

  UniqueFd fd_;
  std::uint32_t sequence_ = 0;
  std::vector<std::uint8_t> buffer_;
};

/// A netlink socket of the routing family that neither blocks nor survives exec; throws std::system_error.
[[nodiscard]] UniqueFd open_route_socket();

}  // namespace hald::net
