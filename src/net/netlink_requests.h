// SPDX-License-Identifier: Apache-2.0
// NetlinkRequests: one rtnetlink socket for requests. One request at a time, answered before the call
// returns, never waiting: the kernel has queued the answer when send() returns. A dump may also be read piece
// by piece, for tables that are too big for one turn of the loop. Asio is not needed here.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/result.h"
#include "net/netlink_bytes.h"
#include "net/netlink_socket.h"

namespace hald::net {

class NetlinkRequests {
 public:
  using Handler = std::function<void(const NetlinkMessage&)>;
  /// What a piece of a dump was.
  struct Piece {
    bool is_last = false;
    bool is_incomplete = false;  ///< the kernel's tables changed meanwhile: the dump may lack something
  };

  /// Throws std::system_error if there is no socket to be had. `buffer` bounds one datagram of an answer, and
  /// with it a piece of a dump; the kernel makes them of at most 32 KiB.
  explicit NetlinkRequests(std::size_t buffer = 65536);

  /// Sends `request` and reads its acknowledgement. `doing` is for the error, which carries the kernel's own
  /// words where it gives any.
  [[nodiscard]] Result<void> change(std::vector<std::uint8_t> request, const std::string& doing);
  /// Sends `request` and hands over every part of the answer. `incomplete` is set if the kernel's tables
  /// changed meanwhile, so that the answer may lack something.
  [[nodiscard]] Result<void> dump(std::vector<std::uint8_t> request, const std::string& doing,
                                  const Handler& handler, bool& incomplete);

  /// Begins a dump whose pieces read_piece() fetches. Until the last one, this socket is for nothing else.
  [[nodiscard]] Result<void> begin_dump(std::vector<std::uint8_t> request, const std::string& doing);
  /// The next datagram of it.
  [[nodiscard]] Result<Piece> read_piece(const std::string& doing, const Handler& handler);

 private:
  [[nodiscard]] Result<void> send(std::vector<std::uint8_t> request, const std::string& doing);

  NetlinkSocket socket_;
  std::uint32_t sequence_ = 0;
  std::vector<std::uint8_t> buffer_;
};

}  // namespace hald::net
