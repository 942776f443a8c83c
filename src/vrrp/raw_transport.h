// SPDX-License-Identifier: Apache-2.0
// RawTransport: VRRP over raw sockets, one per wire, shared by all instances there. Bound to the device, so
// that two interfaces with the same VRID stay apart; multicast loop off; TTL and TOS 0xc0 are in the
// datagrams themselves. Needs CAP_NET_RAW. RFC 9568 5.1.
#pragma once

#include <cstddef>
#include <memory>
#include <set>
#include <string>

#include "base/log.h"
#include "vrrp/transport.h"

namespace boost::asio {
class io_context;
}

namespace hald::vrrp {

class RawTransport : public Transport {
 public:
  RawTransport(boost::asio::io_context& io, log::Logger& log);
  ~RawTransport() override;

  void on_receive(Receive receive) override;
  Result<void> join(const Wire& wire, const std::string& interface, const std::set<Address>& groups) override;
  void leave(const Wire& wire) override;
  Result<void> send(const Outgoing& advert) override;
  void poll() override;

  /// Open sockets, for the status and the tests.
  [[nodiscard]] std::size_t sockets() const;

 private:
  class Impl;
  std::shared_ptr<Impl> impl_;  // shared with the pending waits, which may complete after the last use
};

}  // namespace hald::vrrp
