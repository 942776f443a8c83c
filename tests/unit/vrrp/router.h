// SPDX-License-Identifier: Apache-2.0
// Router: the real supervisor and its instances over fakes of everything outside, for the tests of the
// shells. eth0 has 10.0.0.5/24; what is sent is kept, decoded.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "fakes/capture_sink.h"
#include "fakes/fake_files.h"
#include "fakes/fake_host.h"
#include "fakes/fake_processes.h"
#include "fakes/fake_spawner.h"
#include "fakes/fake_transport.h"
#include "fakes/manual_scheduler.h"
#include "vrrp/core/packet.h"
#include "vrrp/supervisor.h"

namespace hald::vrrp::testing {

using Bytes = std::vector<std::uint8_t>;

inline Address ip(const char* text) {
  return Address::parse(text).value();
}

inline config::VirtualAddress vip(const char* prefix, std::string device = "eth0") {
  config::VirtualAddress out;
  out.prefix = Prefix::parse(prefix).value();
  out.device = std::move(device);
  return out;
}

inline config::VrrpInstance instance(std::uint8_t vrid = 51, std::uint8_t priority = 100) {
  config::VrrpInstance out;
  out.name = "VI_" + std::to_string(vrid);
  out.interface = "eth0";
  out.vrid = vrid;
  out.priority = priority;
  out.addresses = {vip("10.0.0.3/24")};
  return out;
}

inline std::shared_ptr<const config::Config> config_of(std::vector<config::VrrpInstance> instances) {
  auto out = std::make_shared<config::Config>();
  out->instances = std::move(instances);
  return out;
}

/// An advert of a peer, ready for the wire; the fields are those of `instance()`.
struct PeerAdvert {
  Advert advert{2, 51, 100, std::chrono::seconds(1), {ip("10.0.0.3")}};
  Sealing sealing{ip("10.0.0.6"), ip("224.0.0.18")};

  [[nodiscard]] Bytes bytes() const {
    return ipv4_datagram(encode(advert, sealing), sealing.source, sealing.destination, 7);
  }
};

inline PeerAdvert from_peer(std::uint8_t priority, std::uint8_t vrid = 51) {
  PeerAdvert out;
  out.advert.priority = priority;
  out.advert.vrid = vrid;
  return out;
}

struct Router {
  static constexpr int eth0 = 2;

  struct Sent {
    TimePoint when;
    int ifindex = 0;
    std::uint8_t vrid = 0;
    std::uint8_t priority = 0;
    Bytes bytes;
  };

  Router() {
    host.add_device("eth0", eth0);
    host.add_address("eth0", Prefix::parse("10.0.0.5/24").value());
    transport.on_send = [this](const Outgoing& out) {
      const Bytes bytes(out.bytes.begin(), out.bytes.end());
      sent.push_back(Sent{scheduler.now(), out.wire.ifindex, bytes.at(21), bytes.at(22), bytes});
    };
    scheduler.before_urgent([this] { transport.poll(); });
    supervisor.on_state([this](const StateChange& change) {
      changes.push_back(std::string(to_string(change.from)) + ">" + std::string(to_string(change.to)));
    });
  }

  void receive(const Bytes& bytes) { transport.deliver({Family::IPv4, eth0}, bytes); }
  [[nodiscard]] InstanceView view(std::size_t index = 0) const { return supervisor.views().at(index); }
  [[nodiscard]] std::string state(std::size_t index = 0) const { return view(index).state; }
  [[nodiscard]] bool has_vip(const char* prefix = "10.0.0.3/24") const {
    return host.holds("eth0", Prefix::parse(prefix).value());
  }
  /// Starts one instance and lets it become MASTER.
  void become_master(const config::VrrpInstance& settings = instance()) {
    supervisor.apply(config_of({settings}));
    scheduler.advance(std::chrono::seconds(4));
  }

  fakes::ManualScheduler scheduler;
  fakes::CaptureSink sink;
  log::Logger log{sink, scheduler, log::Level::Debug};
  fakes::FakeHost host;
  fakes::FakeInterfaces interfaces{host};
  fakes::FakeHoldings holdings{host};
  fakes::FakeTransport transport;
  fakes::RecordingAnnouncer announcer;
  fakes::FakeSpawner spawner;
  fakes::FakeFiles files;
  fakes::FakeProcesses processes;
  std::vector<Sent> sent;
  std::vector<std::string> changes;
  Supervisor supervisor{
      Environment{scheduler, log, transport, announcer, interfaces, holdings, &spawner, &files, &processes}};
};

}  // namespace hald::vrrp::testing
