// SPDX-License-Identifier: Apache-2.0
// FakeTransport: the VRRP wire of one process. What is sent goes to a callback, what arrives waits in a queue
// until poll(), as in a socket. RecordingAnnouncer: keeps or counts the frames.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "vrrp/announcer.h"
#include "vrrp/transport.h"

namespace hald::fakes {

class FakeTransport : public vrrp::Transport {
 public:
  void on_receive(Receive receive) override { receive_ = std::move(receive); }
  Result<void> join(const vrrp::Wire& wire, const std::string& interface,
                    const std::set<Address>& its_groups) override {
    if (fail_joins) return protocol_error("join " + interface);
    joined_[wire] = its_groups;
    return {};
  }
  void leave(const vrrp::Wire& wire) override { joined_.erase(wire); }
  Result<void> send(const vrrp::Outgoing& advert) override {
    if (!joined_.contains(advert.wire)) return protocol_error("send without a socket");
    if (fail_sends) return protocol_error("send");
    if (on_send) on_send(advert);
    return {};
  }
  void poll() override {
    while (!queue_.empty()) {
      const Queued next = std::move(queue_.front());
      queue_.pop_front();
      if (!joined_.contains(next.wire) || !receive_) continue;
      vrrp::Packet packet;
      packet.family = next.wire.family;
      packet.ah = next.wire.ah;
      packet.bytes = next.bytes;
      packet.source = next.source;
      packet.destination = next.destination;
      receive_(next.wire, packet);
    }
  }

  /// A packet comes in; beyond the queue's limit it is lost, as a full socket buffer loses it. The addresses
  /// are those of an IPv6 packet, which has no header here.
  void arrive(const vrrp::Wire& wire, std::vector<std::uint8_t> bytes, const Address& source = {},
              const Address& destination = {}) {
    if (queue_.size() < queue_limit) queue_.push_back(Queued{wire, std::move(bytes), source, destination});
  }
  /// arrive() and poll().
  void deliver(const vrrp::Wire& wire, std::vector<std::uint8_t> bytes) {
    arrive(wire, std::move(bytes));
    poll();
  }
  [[nodiscard]] bool joined(const vrrp::Wire& wire) const { return joined_.contains(wire); }
  /// Of a wire that is joined.
  [[nodiscard]] const std::set<Address>& groups(const vrrp::Wire& wire) const { return joined_.at(wire); }
  [[nodiscard]] bool empty() const { return queue_.empty(); }

  std::function<void(const vrrp::Outgoing&)> on_send;
  bool fail_joins = false;
  bool fail_sends = false;
  std::size_t queue_limit = 200;

 private:
  struct Queued {
    vrrp::Wire wire;
    std::vector<std::uint8_t> bytes;
    Address source;
    Address destination;
  };

  Receive receive_;
  std::map<vrrp::Wire, std::set<Address>> joined_;
  std::deque<Queued> queue_;
};

class RecordingAnnouncer : public vrrp::Announcer {
 public:
  Result<void> send(int ifindex, std::span<const std::uint8_t> frame) override {
    ++count;
    if (on_frame) on_frame(frame);
    if (keep) frames.emplace_back(ifindex, std::vector<std::uint8_t>(frame.begin(), frame.end()));
    if (fail) return protocol_error("send a frame");
    return {};
  }

  std::function<void(std::span<const std::uint8_t>)> on_frame;
  bool keep = true;
  bool fail = false;
  unsigned long count = 0;
  std::vector<std::pair<int, std::vector<std::uint8_t>>> frames;
};

}  // namespace hald::fakes
