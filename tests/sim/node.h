// SPDX-License-Identifier: Apache-2.0
// Node: one simulated machine: a kernel that lasts, and a process, the real Supervisor, that comes, goes,
// freezes and crashes. Everything it does is told to its Observer.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "config/model.h"
#include "fakes/fake_host.h"
#include "fakes/fake_transport.h"
#include "fakes/manual_scheduler.h"
#include "lan.h"
#include "vrrp/supervisor.h"

namespace hald::sim {

constexpr int ifindex = 2;
constexpr int tracked_ifindex = 3;

/// The address of a router's interface.
[[nodiscard]] Prefix primary_of(Family family, std::size_t router);

class Node {
 public:
  class Observer {
   public:
    virtual ~Observer() = default;
    virtual void sent(std::size_t node, const vrrp::Outgoing& advert) = 0;
    virtual void changed(std::size_t node, const vrrp::StateChange& change) = 0;
  };

  Node(Observer& observer, std::size_t number, config::VrrpInstance settings)
      : observer_(observer), number_(number), settings_(std::move(settings)) {
    host_.add_device("eth0", ifindex);
    host_.add_address("eth0", primary());
    host_.add_device("eth1", tracked_ifindex);
  }

  /// A new process begins at `now`, on whatever an earlier one left in the kernel.
  void start(TimePoint now) { start(now, {}); }
  /// Ends for a restart: nothing is said, nothing released, and the next process knows what this one knew.
  void interrupt();
  /// The next process goes on where the interrupted one ended.
  void resume(TimePoint now);
  /// kill -9: the process is gone, the kernel stays as it is.
  void crash();
  /// The end at once.
  void stop();
  /// SIGTERM: says farewell, and the process ends when its successor is heard, or after a while.
  void leave();
  void freeze() { frozen_ = true; }
  void thaw(TimePoint now);
  /// SIGHUP with these settings.
  void reload(config::VrrpInstance settings);
  void step_wall_clock(WallTime::duration by);
  void set_cable(bool plugged) { host_.set_link("eth0", plugged); }
  void set_primary(bool present) {
    present ? host_.add_address("eth0", primary()) : host_.remove_address("eth0", primary());
  }

  /// eth1, which it may track.
  void set_tracked(bool good) { host_.set_link("eth1", good); }

  void arrive(const Datagram& datagram);
  /// Lets the process do all that is due until `now`; a frozen one does nothing.
  void run(TimePoint now);
  [[nodiscard]] std::optional<TimePoint> next_due() const;

  [[nodiscard]] bool alive() const { return process_ != nullptr; }
  [[nodiscard]] bool frozen() const { return frozen_; }
  [[nodiscard]] bool leaving() const { return left_ != nullptr; }
  /// Takes part.
  [[nodiscard]] bool running() const { return alive() && !frozen_ && !leaving(); }
  [[nodiscard]] bool has_primary() const { return kernel().has_primary; }
  [[nodiscard]] bool has_link() const { return kernel().has_link; }
  /// Nothing that it tracks forbids it to take part.
  [[nodiscard]] bool sound() const { return kernel().tracked_good || weight() != 0 || !tracks(); }
  /// The one it should advertise, what it tracks counted in.
  [[nodiscard]] std::uint8_t priority() const;
  [[nodiscard]] vrrp::StateName state() const { return alive() ? state_ : vrrp::StateName::Init; }
  [[nodiscard]] bool is_master() const { return state() == vrrp::StateName::Master; }
  /// As MASTER: waits and sends nothing, since it woke too late.
  [[nodiscard]] bool listening() const;
  /// Number of its virtual addresses that are in the kernel.
  [[nodiscard]] std::size_t addresses_held() const { return kernel().addresses_held; }
  [[nodiscard]] unsigned address_writes() const { return process_->holdings.writes; }
  /// Adverts that a MASTER sent more than an interval after the one before, without having been frozen.
  [[nodiscard]] unsigned late_adverts() const { return late_adverts_; }
  [[nodiscard]] std::uint64_t adverts_sent() const { return adverts_sent_; }
  /// Of the present process's last advert with a priority above 0.
  [[nodiscard]] TimePoint last_advert() const { return last_advert_; }
  [[nodiscard]] const config::VrrpInstance& settings() const { return settings_; }
  [[nodiscard]] Address source() const { return primary().address; }
  /// Of an advert.
  [[nodiscard]] std::uint8_t priority_in(const vrrp::Outgoing& advert) const {
    return advert.bytes[settings_.family == Family::IPv4 ? 22 : 2];
  }

 private:
  struct SilentSink : log::Sink {
    void write(log::Level, std::string_view, std::span<const log::Field>) override {}
  };
  struct Process {
    explicit Process(fakes::FakeHost& host) : interfaces(host), holdings(host) { announcer.keep = false; }
    fakes::ManualScheduler scheduler;
    SilentSink sink;
    log::Logger log{sink, scheduler, log::Level::Error};
    fakes::FakeInterfaces interfaces;
    fakes::FakeHoldings holdings;
    fakes::FakeTransport transport;
    fakes::RecordingAnnouncer announcer;
    vrrp::Supervisor supervisor{
        vrrp::Environment{scheduler, log, transport, announcer, interfaces, holdings}};
  };

  /// What the invariants ask of the kernel at every event, looked up when it has changed.
  struct Kernel {
    std::uint64_t version = 0;
    bool has_link = false;
    bool has_primary = false;
    bool tracked_good = true;
    std::size_t addresses_held = 0;
  };
  [[nodiscard]] const Kernel& kernel() const;

  [[nodiscard]] Prefix primary() const { return primary_of(settings_.family, number_); }
  [[nodiscard]] bool tracks() const { return !settings_.track.interfaces.empty(); }
  [[nodiscard]] int weight() const { return tracks() ? settings_.track.interfaces[0].weight.value : 0; }
  void start(TimePoint now, std::optional<vrrp::Carried> carried);
  void apply();
  void note_advert(std::uint8_t priority);

  Observer& observer_;
  std::size_t number_;
  config::VrrpInstance settings_;
  fakes::FakeHost host_;
  mutable Kernel kernel_;
  std::unique_ptr<Process> process_;
  std::optional<vrrp::Carried> carried_;  // by the process that ended for a restart
  bool frozen_ = false;
  std::shared_ptr<bool> left_;  // while it leaves: whether it has left
  vrrp::StateName state_ = vrrp::StateName::Init;
  TimePoint last_advert_;
  std::uint64_t adverts_sent_ = 0;
  unsigned late_adverts_ = 0;
  bool slept_ = false;  // since the last advert
};

}  // namespace hald::sim
