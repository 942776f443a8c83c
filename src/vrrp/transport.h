// SPDX-License-Identifier: Apache-2.0
// Transport: the VRRP wire as the shells see it. Production is RawTransport (raw sockets of protocol 112),
// tests use a fake LAN. It moves whole datagrams and understands none of them: what is valid is decided by
// core/packet, whom it concerns by the supervisor.
#pragma once

#include <compare>
#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <span>
#include <string>

#include "base/ip.h"
#include "base/result.h"
#include "vrrp/core/packet.h"

namespace hald::vrrp {

/// Where packets come in and go out: one socket each.
struct Wire {
  Family family = Family::IPv4;
  int ifindex = 0;  ///< 0: whatever interface; for unicast
  bool ah = false;  ///< protocol 51 instead of 112; IPv4 only
  friend auto operator<=>(const Wire&, const Wire&) = default;
};

/// One advert on its way out.
struct Outgoing {
  Wire wire;
  Address source;
  Address destination;
  std::optional<std::uint8_t> hop_limit;  ///< IPv6 unicast; nothing: the kernel's
  /// IPv4: the datagram from its IP header on. IPv6: the VRRP message.
  std::span<const std::uint8_t> bytes;
};

class Transport {
 public:
  /// `packet.bytes` is valid during the call only. May be called from the loop or from within poll(), never
  /// from within join(), leave() or send().
  using Receive = std::function<void(const Wire& wire, const Packet& packet)>;

  virtual ~Transport() = default;

  /// The one receiver; set before the first join().
  virtual void on_receive(Receive receive) = 0;
  /// Begins to receive VRRP packets on a wire: those to the groups, and those to this machine's own
  /// addresses. Joining again only changes the groups; after an error they are as they were. `interface` is
  /// empty if wire.ifindex is 0, and then there are no groups.
  virtual Result<void> join(const Wire& wire, const std::string& interface,
                            const std::set<Address>& groups) = 0;
  /// Ends it; unknown wires are ignored. Nothing of this one is delivered afterwards.
  virtual void leave(const Wire& wire) = 0;
  /// Sends without blocking; the interface must have been joined.
  virtual Result<void> send(const Outgoing& advert) = 0;
  /// Delivers what has already arrived, without blocking and at most a bounded number of packets. The loop
  /// calls it before expired urgent timers run, so that an advert in the queue is never taken for silence.
  virtual void poll() = 0;
};

}  // namespace hald::vrrp
