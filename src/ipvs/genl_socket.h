// SPDX-License-Identifier: Apache-2.0
// GenlSocket: one generic-netlink socket that knows the number of the IPVS family. It sends and receives
// whole datagrams and never waits; it knows nothing of what they mean.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "base/result.h"

struct nl_sock;

namespace hald::ipvs {

class GenlSocket {
 public:
  /// See GenlKernel::open() for the errors.
  [[nodiscard]] static Result<GenlSocket> open();

  /// Looks the family up again: the module may have been loaded anew, with another number.
  Result<void> resolve();
  [[nodiscard]] std::uint16_t family() const { return family_; }
  /// The first of `count` numbers in a row for the next messages; none of them is 0.
  [[nodiscard]] std::uint32_t take_sequences(std::uint32_t count);

  Result<void> send(std::span<const std::uint8_t> datagram);
  /// The next datagram, valid until the next call. Errors: std::errc::resource_unavailable_try_again, there
  /// is none; std::errc::no_buffer_space, answers were lost.
  Result<std::span<const std::uint8_t>> receive();
  /// Throws away whatever an earlier exchange left behind.
  void drain();

 private:
  struct Free {
    void operator()(nl_sock* socket) const;
  };
  explicit GenlSocket(std::unique_ptr<nl_sock, Free> socket);

  std::unique_ptr<nl_sock, Free> socket_;
  std::uint16_t family_ = 0;
  std::uint32_t sequence_ = 0;
  std::vector<std::uint8_t> buffer_;
};

}  // namespace hald::ipvs
