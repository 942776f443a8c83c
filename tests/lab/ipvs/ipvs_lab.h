// SPDX-License-Identifier: Apache-2.0
// What the programs of the IPVS lab tests share: a Reconciler on the real kernel, the table as ipvsadm shows
// it, and short names for services and servers.
#pragma once

#include <sched.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <memory>
#include <sstream>

#include <gtest/gtest.h>

#include "fakes/capture_sink.h"
#include "ipvs/genl_kernel.h"
#include "ipvs/reconciler.h"
#include "lab/ipvs/busy_scheduler.h"

namespace hald::ipvs {

using config::FirewallMark;
using config::Protocol;
using config::ServiceAddress;

inline std::string output_of(const std::string& command) {
  std::unique_ptr<FILE, int (*)(FILE*)> pipe(::popen((command + " 2>&1").c_str(), "r"), ::pclose);
  std::string out;
  std::array<char, 4096> buffer{};
  while (pipe) {
    const std::size_t got = std::fread(buffer.data(), 1, buffer.size(), pipe.get());
    if (got == 0) break;
    out.append(buffer.data(), got);
  }
  return out;
}

/// What `ipvsadm -Sn` prints, as sorted lines: its own order depends on the kernel's hash.
inline std::vector<std::string> saved_table() {
  std::istringstream text(output_of("ipvsadm -Sn"));
  std::vector<std::string> lines;
  for (std::string line; std::getline(text, line);) {
    while (!line.empty() && line.back() == ' ') line.pop_back();
    lines.push_back(line);
  }
  std::sort(lines.begin(), lines.end());
  return lines;
}

using Lines = std::vector<std::string>;

inline ServiceKey tcp(const char* address, std::uint16_t port) {
  return ServiceAddress{Protocol::Tcp, {*Address::parse(address), port}};
}

inline Destination destination(const char* address, std::uint16_t port, Forwarding forwarding, int weight) {
  Destination out;
  out.endpoint = {*Address::parse(address), port};
  out.forwarding = forwarding;
  out.weight = weight;
  return out;
}

inline Service service(ServiceKey key, const char* scheduler, std::vector<Destination> destinations) {
  Service out{key, {}, std::move(destinations)};
  out.settings.scheduler = scheduler;
  out.settings.prefix = full_prefix(config::family_of(key));
  normalise(out);
  return out;
}

inline Service persistent(Service out, std::uint32_t timeout, std::uint8_t prefix) {
  out.settings.flags |= service_flag::Persistent;
  out.settings.timeout = timeout;
  out.settings.prefix = prefix;
  return out;
}

class IpvsLab : public testing::Test {
 protected:
  void SetUp() override {
    output_of("modprobe ip_vs");
    auto opened = GenlKernel::open();
    ASSERT_TRUE(opened) << "the lab kernel has IPVS: " << opened.error().message();
    kernel_ = std::move(*opened);
    output_of("ipvsadm -C");
    restart();
  }
  void TearDown() override {
    reconciler_.reset();
    if (kernel_) output_of("ipvsadm -C");
  }

  /// A hald that knows nothing of what an earlier one did.
  void restart() {
    reconciler_ = std::make_unique<Reconciler>(scheduler_, logger_, *kernel_);
    reconciler_->on_settled([this](const Reconciler::Settled& settled) { settled_ = settled; });
  }
  /// A table that never held anything: what was deleted weighs on every addition for minutes.
  void fresh_table() {
    ASSERT_EQ(::unshare(CLONE_NEWNET), 0);
    output_of("ip link set lo up");  // without a local routing table every server is refused
    auto opened = GenlKernel::open();
    ASSERT_TRUE(opened);
    reconciler_.reset();
    kernel_ = std::move(*opened);
    restart();
  }

  /// Everything wanted, programmed.
  void program(std::vector<Service> services) {
    settled_.reset();
    reconciler_->set_desired(std::move(services));
    scheduler_.run_until([this] { return settled_.has_value(); });
    ASSERT_TRUE(settled_) << "not settled in time";
    for (const auto& entry : sink_.entries) EXPECT_GT(entry.level, log::Level::Error) << entry.message;
  }
  void remove_all() {
    std::optional<std::size_t> left;
    reconciler_->remove_all([&](std::size_t count) { left = count; });
    scheduler_.run_until([&] { return left.has_value(); });
    EXPECT_EQ(left, 0U);
  }
  void verify() {
    const auto before = reconciler_->counters().drift;
    reconciler_->verify();
    scheduler_.run_for(std::chrono::milliseconds(200));
    scheduler_.run_until([this] { return reconciler_->settled(); });
    drift_ = reconciler_->counters().drift - before;
  }

  lab::BusyScheduler scheduler_;
  fakes::CaptureSink sink_;
  log::Logger logger_{sink_, scheduler_, log::Level::Debug};
  std::unique_ptr<GenlKernel> kernel_;
  std::unique_ptr<Reconciler> reconciler_;
  std::optional<Reconciler::Settled> settled_;
  std::uint64_t drift_ = 0;
};

}  // namespace hald::ipvs
