// SPDX-License-Identifier: Apache-2.0
// FakeTransport: the VRRP wire of one process. What is sent goes to a callback, what arrives waits in a queue
// until poll(), as in a socket. RecordingAnnouncer: keeps or counts the frames.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
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
  Result<void> join(Family family, int ifindex, const std::string& interface) override {
    if (fail_joins) return protocol_error("join " + interface);
    joined_.insert({family, ifindex});
    return {};
  }
  void leave(Family family, int ifindex) override { joined_.erase({family, ifindex}); }
  Result<void> send(const vrrp::Outgoing& advert) override {
    if (!joined_.contains({advert.family, advert.ifindex})) return protocol_error("send without a socket");
    if (fail_sends) return protocol_error("send");
    if (on_send) on_send(advert);
    return {};
  }
  void poll() override {
    while (!queue_.empty()) {
      const Queued next = std::move(queue_.front());
      queue_.pop_front();
      if (!joined_.contains({next.family, next.ifindex}) || !receive_) continue;
      vrrp::Packet packet;
      packet.family = next.family;
      packet.bytes = next.bytes;
      receive_(next.ifindex, packet);
    }
  }

  /// A packet comes in; beyond the queue's limit it is lost, as a full socket buffer loses it.
  void arrive(Family family, int ifindex, std::vector<std::uint8_t> bytes) {
    if (queue_.size() < queue_limit) queue_.push_back(Queued{family, ifindex, std::move(bytes)});
  }
  /// arrive() and poll().
  void deliver(Family family, int ifindex, std::vector<std::uint8_t> bytes) {
    arrive(family, ifindex, std::move(bytes));
    poll();
  }
  [[nodiscard]] bool joined(Family family, int ifindex) const { return joined_.contains({family, ifindex}); }
  [[nodiscard]] bool empty() const { return queue_.empty(); }

  std::function<void(const vrrp::Outgoing&)> on_send;
  bool fail_joins = false;
  bool fail_sends = false;
  std::size_t queue_limit = 200;

 private:
  struct Queued {
    Family family = Family::IPv4;
    int ifindex = 0;
    std::vector<std::uint8_t> bytes;
  };

  Receive receive_;
  std::set<std::pair<Family, int>> joined_;
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
