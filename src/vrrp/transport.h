// SPDX-License-Identifier: Apache-2.0
// Transport: the VRRP wire as the shells see it. Production is RawTransport (raw sockets of protocol 112),
// tests use a fake LAN. It moves whole datagrams and understands none of them: what is valid is decided by
// core/packet, whom it concerns by the supervisor.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>

#include "base/ip.h"
#include "base/result.h"
#include "vrrp/core/packet.h"

namespace hald::vrrp {

/// One advert on its way out.
struct Outgoing {
  Family family = Family::IPv4;
  int ifindex = 0;
  Address source;
  Address destination;
  /// IPv4: the datagram from its IP header on. IPv6: the VRRP message.
  std::span<const std::uint8_t> bytes;
};

class Transport {
 public:
  /// `packet.bytes` is valid during the call only. May be called from the loop or from within poll(), never
  /// from within join(), leave() or send().
  using Receive = std::function<void(int ifindex, const Packet& packet)>;

  virtual ~Transport() = default;

  /// The one receiver; set before the first join().
  virtual void on_receive(Receive receive) = 0;
  /// Begins to receive the family's VRRP packets on an interface. Joining twice is joining once.
  virtual Result<void> join(Family family, int ifindex, const std::string& interface) = 0;
  /// Ends it; unknown pairs are ignored. Nothing of this interface is delivered afterwards.
  virtual void leave(Family family, int ifindex) = 0;
  /// Sends without blocking; the interface must have been joined.
  virtual Result<void> send(const Outgoing& advert) = 0;
  /// Delivers what has already arrived, without blocking and at most a bounded number of packets. The loop
  /// calls it before expired urgent timers run, so that an advert in the queue is never taken for silence.
  virtual void poll() = 0;
};

}  // namespace hald::vrrp
