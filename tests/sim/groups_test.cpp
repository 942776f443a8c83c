// SPDX-License-Identifier: Apache-2.0
// Two routers with a sync group of two or three members, each member on a link of its own, under seeded
// histories of pulled cables, partitions, reloads, stops and crashes. At every moment a group is MASTER with
// all of its members or with none; and once things are whole again, exactly one router has them all.
//   HALD_SIM_SEED       only this one
#include <array>
#include <cstdlib>
#include <memory>
#include <optional>
#include <string>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "fakes/capture_sink.h"
#include "fakes/fake_host.h"
#include "fakes/fake_transport.h"
#include "fakes/manual_scheduler.h"
#include "lan.h"
#include "random.h"
#include "vrrp/supervisor.h"

namespace hald::sim {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t kRouters = 2;

std::string device(std::size_t member) {
  return fmt::format("eth{}", member);
}
int index_of(std::size_t member) {
  return static_cast<int>(member) + 2;
}

class Machine {
 public:
  using Send = std::function<void(std::size_t member, Bytes)>;

  Machine(std::size_t number, std::size_t members, Send send) : members_(members), send_(std::move(send)) {
    for (std::size_t i = 0; i < members; ++i) {
      host_.add_device(device(i), index_of(i));
      const auto address = 0x0a000005U + (static_cast<std::uint32_t>(i) << 16U);
      host_.add_address(device(i), Prefix{Address::v4(address + static_cast<std::uint32_t>(number)), 24});
    }
  }

  void start(TimePoint now, std::shared_ptr<const config::Config> config) {
    process_.reset();
    process_ = std::make_unique<Process>(host_);
    auto& process = *process_;
    process.scheduler.freeze(now - process.scheduler.now());
    process.scheduler.before_urgent([&process] { process.transport.poll(); });
    process.transport.on_send = [this](const vrrp::Outgoing& advert) {
      send_(static_cast<std::size_t>(advert.wire.ifindex - 2),
            Bytes(advert.bytes.begin(), advert.bytes.end()));
    };
    process.supervisor.apply(std::move(config));
  }
  void crash() { process_.reset(); }
  void stop() {
    if (process_) process_->supervisor.stop();
    process_.reset();
  }
  void reload(std::shared_ptr<const config::Config> config) {
    if (process_) process_->supervisor.apply(std::move(config));
  }
  void set_cable(std::size_t member, bool plugged) { host_.set_link(device(member), plugged); }
  void arrive(std::size_t member, const Bytes& bytes) {
    if (process_) process_->transport.arrive({Family::IPv4, index_of(member)}, bytes);
  }
  void run(TimePoint now) {
    if (!process_) return;
    process_->scheduler.run_until(now);
    process_->transport.poll();
    process_->scheduler.run_until(now);
  }
  [[nodiscard]] bool alive() const { return process_ != nullptr; }
  [[nodiscard]] std::optional<TimePoint> next_due() const {
    if (!process_ || process_->scheduler.armed() == 0) return std::nullopt;
    return process_->scheduler.next_due();
  }
  [[nodiscard]] std::size_t masters() const {
    std::size_t out = 0;
    for (const auto& view : process_->supervisor.views()) out += view.state == "MASTER" ? 1U : 0U;
    return out;
  }
  [[nodiscard]] std::string group() const { return process_->supervisor.groups().at(0).state; }
  [[nodiscard]] std::size_t held() const {
    std::size_t out = 0;
    for (std::size_t i = 0; i < members_; ++i) {
      const auto address = 0x0a000003U + (static_cast<std::uint32_t>(i) << 16U);
      out += host_.holds(device(i), Prefix{Address::v4(address), 24}) ? 1U : 0U;
    }
    return out;
  }

 private:
  struct Process {
    explicit Process(fakes::FakeHost& host) : interfaces(host), holdings(host) { announcer.keep = false; }
    fakes::ManualScheduler scheduler;
    fakes::CaptureSink sink;
    log::Logger log{sink, scheduler, log::Level::Error};
    fakes::FakeInterfaces interfaces;
    fakes::FakeHoldings holdings;
    fakes::FakeTransport transport;
    fakes::RecordingAnnouncer announcer;
    vrrp::Supervisor supervisor{
        vrrp::Environment{scheduler, log, transport, announcer, interfaces, holdings}};
  };

  std::size_t members_;
  Send send_;
  fakes::FakeHost host_;
  std::unique_ptr<Process> process_;
};

class History {
 public:
  explicit History(std::uint64_t seed) : random_(seed), members_(random_.chance(0.5) ? 2U : 3U) {
    version_ = random_.chance(0.5) ? 2 : 3;
    for (auto& priority : priorities_) priority = pick_priority();
    for (auto& preempt : preempts_) preempt = !random_.chance(0.3);
    const LanConditions conditions{0, 0, 0, 20ms};
    for (std::size_t i = 0; i < members_; ++i) {
      lans_.push_back(std::make_unique<Lan>(random_, conditions, kRouters));
    }
    for (std::size_t i = 0; i < kRouters; ++i) {
      machines_.push_back(std::make_unique<Machine>(i, members_, [this, i](std::size_t member, Bytes bytes) {
        lans_[member]->send(i, std::move(bytes), now_);
      }));
    }
  }

  /// What went wrong, if anything did.
  std::optional<std::string> play() {
    for (std::size_t i = 0; i < kRouters; ++i) machines_[i]->start(now_, config(i));
    for (int round = 0; round < 4; ++round) {
      for (int i = 0; i < 6 && !failure_; ++i) {
        run_for(random_.between(Duration(1), Duration(4s)));
        happen();
      }
      mend();
      run_for(40s);
      if (!failure_) check_settled();
    }
    return failure_;
  }

 private:
  std::uint8_t pick_priority() { return static_cast<std::uint8_t>(50 + 20 * (random_.chance(0.5) ? 1 : 3)); }

  std::shared_ptr<const config::Config> config(std::size_t machine) const {
    auto out = std::make_shared<config::Config>();
    config::SyncGroup group;
    group.name = "G";
    for (std::size_t i = 0; i < members_; ++i) {
      config::VrrpInstance instance;
      instance.name = fmt::format("VI_{}", i);
      instance.interface = device(i);
      instance.vrid = static_cast<std::uint8_t>(51 + i);
      instance.version = version_;
      instance.priority = priorities_[machine];
      instance.preempt = preempts_[machine];
      config::VirtualAddress address;
      address.prefix = Prefix{Address::v4(0x0a000003U + (static_cast<std::uint32_t>(i) << 16U)), 24};
      address.device = instance.interface;
      instance.addresses = {address};
      group.members.push_back(instance.name);
      out->instances.push_back(std::move(instance));
    }
    out->sync_groups = {group};
    return out;
  }

  void happen() {
    const std::size_t machine = random_.chance(0.5) ? 0U : 1U;
    const std::size_t member = random_.chance(0.5) ? 0U : members_ - 1;
    if (random_.chance(0.5)) return set_cable(machine, member, random_.chance(0.4));
    if (random_.chance(0.3)) return lans_[member]->set_partition(0, random_.chance(0.5) ? 1 : 0);
    if (random_.chance(0.3)) return machines_[machine]->stop();
    if (random_.chance(0.3)) return machines_[machine]->crash();
    if (!machines_[machine]->alive()) return machines_[machine]->start(now_, config(machine));
    priorities_[machine] = pick_priority();
    machines_[machine]->reload(config(machine));
  }
  void set_cable(std::size_t machine, std::size_t member, bool plugged) {
    lans_[member]->set_cable(machine, plugged);
    machines_[machine]->set_cable(member, plugged);
  }
  void mend() {
    for (std::size_t machine = 0; machine < kRouters; ++machine) {
      for (std::size_t member = 0; member < members_; ++member) {
        set_cable(machine, member, true);
        lans_[member]->set_partition(machine, 0);
      }
      if (!machines_[machine]->alive()) machines_[machine]->start(now_, config(machine));
    }
  }

  void run_for(Duration span) {
    const TimePoint end = now_ + span;
    while (!failure_ && now_ < end) {
      now_ = next_event(end);
      for (std::size_t member = 0; member < members_; ++member) {
        while (const auto arrival = lans_[member]->arrive(now_)) {
          machines_[arrival->port]->arrive(member, *arrival->bytes);
        }
      }
      for (auto& machine : machines_) machine->run(now_);
      check();
    }
  }
  [[nodiscard]] TimePoint next_event(TimePoint end) const {
    TimePoint next = end;
    for (const auto& lan : lans_) {
      if (const auto arrival = lan->next_arrival()) next = std::min(next, *arrival);
    }
    for (const auto& machine : machines_) {
      if (const auto due = machine->next_due()) next = std::min(next, *due);
    }
    return std::max(next, now_);
  }

  void check() {
    for (std::size_t i = 0; i < kRouters; ++i) {
      if (!machines_[i]->alive()) continue;
      const std::size_t masters = machines_[i]->masters();
      if (masters != 0 && masters != members_) return fail(fmt::format("router {} is MASTER in part", i));
      if ((machines_[i]->group() == "MASTER") != (masters == members_)) {
        return fail(fmt::format("the group of router {} is {}", i, machines_[i]->group()));
      }
      if (machines_[i]->held() != masters) return fail(fmt::format("router {} holds other addresses", i));
    }
  }
  void check_settled() {
    if (machines_[0]->masters() + machines_[1]->masters() == members_) return;
    fail(fmt::format("settled with {} and {} MASTERs", machines_[0]->masters(), machines_[1]->masters()));
  }
  void fail(const std::string& what) {
    const double at = std::chrono::duration<double>(now_ - beginning_).count();
    if (!failure_) failure_ = fmt::format("at {:.3f} s: {}", at, what);
  }

  Random random_;
  std::size_t members_;
  std::uint8_t version_ = 2;
  std::array<std::uint8_t, kRouters> priorities_{};
  std::array<bool, kRouters> preempts_{};
  TimePoint now_{1000s};
  TimePoint beginning_ = now_;
  std::vector<std::unique_ptr<Lan>> lans_;
  std::vector<std::unique_ptr<Machine>> machines_;
  std::optional<std::string> failure_;
};

TEST(SyncGroups, AreMasterAsAWholeOrNotAtAll) {
  const char* only = std::getenv("HALD_SIM_SEED");
  const std::uint64_t first = only == nullptr ? 1 : std::strtoull(only, nullptr, 10);
  const std::uint64_t last = only == nullptr ? 100 : first;
  for (std::uint64_t seed = first; seed <= last; ++seed) {
    const auto failure = History(seed).play();
    ASSERT_FALSE(failure.has_value()) << "seed " << seed << " " << *failure;
  }
}

}  // namespace
}  // namespace hald::sim
