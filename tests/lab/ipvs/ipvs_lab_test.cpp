// SPDX-License-Identifier: Apache-2.0
// The IPVS side of hald on a real kernel: what is programmed is read back by ipvsadm, a program that shares
// no line with hald. Run it under a kernel that has IPVS (tests/lab/run-in-uml); without one it skips. It
// expects the table to be its own and leaves it empty.
#include "lab/ipvs/ipvs_lab.h"

#include <fstream>

#include <fmt/format.h>

#include "ipvs/core/apply.h"
#include "ipvs/memory_kernel.h"

namespace hald::ipvs {
namespace {

std::vector<Service> every_form() {
  Service once = service(ServiceAddress{Protocol::Udp, {*Address::parse("10.9.0.5"), 53}}, "rr",
                         {destination("10.9.1.1", 53, Forwarding::Nat, 1)});
  once.settings.flags |= service_flag::OnePacket;
  Service tunnels = service(tcp("10.9.0.6", 443), "mh",
                            {destination("10.9.1.1", 443, Forwarding::Tunnel, 5),
                             destination("10.9.1.2", 443, Forwarding::Tunnel, 6)});
  tunnels.settings.flags |= service_flag::Scheduler1 | service_flag::Scheduler2;
  tunnels.destinations[0].tunnel_type = TunnelType::Gue;
  tunnels.destinations[0].tunnel_port = 6080;
  tunnels.destinations[0].tunnel_flags = 1;
  tunnels.destinations[1].tunnel_type = TunnelType::Gre;
  Service limits = service(tcp("10.9.0.7", 80), "wlc", {destination("10.9.1.1", 80, Forwarding::Direct, 3)});
  limits.destinations[0].upper_threshold = 100;
  limits.destinations[0].lower_threshold = 50;
  return {
      service(tcp("10.9.0.1", 80), "wrr",
              {destination("10.9.1.1", 80, Forwarding::Direct, 1),
               destination("10.9.1.2", 80, Forwarding::Direct, 0),
               destination("10.9.1.3", 80, Forwarding::Direct, 65535)}),
      service(tcp("10.9.0.2", 80), "rr", {destination("10.9.1.1", 8080, Forwarding::Nat, 7)}),
      service(tcp("10.9.0.3", 80), "lc",
              {destination("10.9.1.1", 80, Forwarding::Tunnel, 2),
               destination("2001:db8:1::1", 80, Forwarding::Tunnel, 3)}),
      persistent(service(tcp("10.9.0.4", 80), "wlc", {destination("10.9.1.1", 80, Forwarding::Direct, 1)}),
                 20, 24),
      persistent(service(tcp("10.9.0.4", 0), "wlc", {destination("10.9.1.1", 0, Forwarding::Direct, 1)}), 360,
                 32),
      std::move(once),
      std::move(tunnels),
      std::move(limits),
      service(FirewallMark{7, Family::IPv4}, "sh", {destination("10.9.1.1", 0, Forwarding::Direct, 1)}),
      persistent(service(FirewallMark{7, Family::IPv6}, "wlc",
                         {destination("2001:db8:1::1", 0, Forwarding::Direct, 1)}),
                 60, 64),
      persistent(
          service(tcp("2001:db8::1", 80), "wrr", {destination("2001:db8:1::1", 80, Forwarding::Nat, 4)}), 30,
          56),
      service(ServiceAddress{Protocol::Sctp, {*Address::parse("10.9.0.8"), 5000}}, "nq", {}),
  };
}

const Lines kEveryForm{
    "-A -f 7 -6 -s wlc -p 60 -M 64",
    "-A -f 7 -s sh",
    "-A -t 10.9.0.1:80 -s wrr",
    "-A -t 10.9.0.2:80 -s rr",
    "-A -t 10.9.0.3:80 -s lc",
    "-A -t 10.9.0.4:0 -s wlc -p 360",
    "-A -t 10.9.0.4:80 -s wlc -p 20 -M 255.255.255.0",
    "-A -t 10.9.0.6:443 -s mh -b mh-fallback,mh-port",
    "-A -t 10.9.0.7:80 -s wlc",
    "-A -t [2001:db8::1]:80 -s wrr -p 30 -M 56",
    "-A -u 10.9.0.5:53 -s rr -o",
    "-A --sctp-service 10.9.0.8:5000 -s nq",
    "-a -f 7 -6 -r [2001:db8:1::1]:0 -g -w 1",
    "-a -f 7 -r 10.9.1.1:0 -g -w 1",
    "-a -t 10.9.0.1:80 -r 10.9.1.1:80 -g -w 1",
    "-a -t 10.9.0.1:80 -r 10.9.1.2:80 -g -w 0",
    "-a -t 10.9.0.1:80 -r 10.9.1.3:80 -g -w 65535",
    "-a -t 10.9.0.2:80 -r 10.9.1.1:8080 -m -w 7",
    "-a -t 10.9.0.3:80 -r 10.9.1.1:80 -i -w 2 --tun-type ipip",
    "-a -t 10.9.0.3:80 -r [2001:db8:1::1]:80 -i -w 3 --tun-type ipip",
    "-a -t 10.9.0.4:0 -r 10.9.1.1:0 -g -w 1",
    "-a -t 10.9.0.4:80 -r 10.9.1.1:80 -g -w 1",
    "-a -t 10.9.0.6:443 -r 10.9.1.1:443 -i -w 5 --tun-type gue --tun-port 6080 --tun-csum",
    "-a -t 10.9.0.6:443 -r 10.9.1.2:443 -i -w 6 --tun-type gre --tun-nocsum",
    "-a -t 10.9.0.7:80 -r 10.9.1.1:80 -g -w 3",
    "-a -t [2001:db8::1]:80 -r [2001:db8:1::1]:80 -m -w 4",
    "-a -u 10.9.0.5:53 -r 10.9.1.1:53 -m -w 1",
};

TEST_F(IpvsLab, EveryFormReachesTheKernel) {
  program(every_form());
  Lines expected = kEveryForm;
  std::sort(expected.begin(), expected.end());
  EXPECT_EQ(saved_table(), expected);
  verify();
  EXPECT_EQ(drift_, 0U) << "what was written reads back as something else";
  remove_all();
  EXPECT_EQ(saved_table(), Lines{});
}

TEST_F(IpvsLab, TheSameAgainWritesNothing) {
  program(every_form());
  const auto writes = reconciler_->counters().writes;
  program(every_form());
  EXPECT_EQ(reconciler_->counters().writes, writes);
}

TEST_F(IpvsLab, AnOlderTableIsAdoptedAndForeignServicesStay) {
  output_of("ipvsadm -A -t 10.9.0.1:80 -s rr");
  output_of("ipvsadm -a -t 10.9.0.1:80 -r 10.9.1.1:80 -g -w 9");
  output_of("ipvsadm -a -t 10.9.0.1:80 -r 10.9.1.99:80 -g -w 9");
  output_of("ipvsadm -A -t 10.9.9.9:80 -s lblcr -p 77");
  output_of("ipvsadm -a -t 10.9.9.9:80 -r 10.9.1.1:80 -m -w 5");
  output_of("ipvsadm -A -f 99 -s dh");
  const Lines foreign{"-A -f 99 -s dh", "-A -t 10.9.9.9:80 -s lblcr -p 77",
                      "-a -t 10.9.9.9:80 -r 10.9.1.1:80 -m -w 5"};
  program({service(tcp("10.9.0.1", 80), "wrr",
                   {destination("10.9.1.1", 80, Forwarding::Direct, 1),
                    destination("10.9.1.2", 80, Forwarding::Direct, 2)})});
  Lines expected = foreign;
  expected.insert(expected.end(), {"-A -t 10.9.0.1:80 -s wrr", "-a -t 10.9.0.1:80 -r 10.9.1.1:80 -g -w 1",
                                   "-a -t 10.9.0.1:80 -r 10.9.1.2:80 -g -w 2"});
  std::sort(expected.begin(), expected.end());
  EXPECT_EQ(saved_table(), expected);
  EXPECT_EQ(settled_->writes, 4U) << "scheduler, new server, weight, old server";
  remove_all();
  Lines rest = foreign;
  std::sort(rest.begin(), rest.end());
  EXPECT_EQ(saved_table(), rest);
}

TEST_F(IpvsLab, WhatOthersChangeIsRepaired) {
  program(every_form());
  output_of("ipvsadm -C");
  verify();
  EXPECT_EQ(saved_table().size(), kEveryForm.size());
  EXPECT_EQ(drift_, kEveryForm.size());
  output_of("ipvsadm -e -t 10.9.0.1:80 -r 10.9.1.1:80 -g -w 42");
  output_of("ipvsadm -e -t 10.9.0.1:80 -r 10.9.1.2:80 -g -w 0 -x 5");
  output_of("ipvsadm -a -t 10.9.0.2:80 -r 10.9.1.77:80 -m");
  output_of("ipvsadm -E -t 10.9.0.4:80 -s wlc -p 20 -M 255.255.0.0");
  output_of("ipvsadm -E -t 10.9.0.6:443 -s mh");
  verify();
  EXPECT_EQ(drift_, 5U);
  Lines expected = kEveryForm;
  std::sort(expected.begin(), expected.end());
  EXPECT_EQ(saved_table(), expected);
}

TEST_F(IpvsLab, ARefusedServiceDoesNotStopTheOthers) {
  std::vector<Service> services{
      service(tcp("10.9.0.1", 80), "nosuch", {destination("10.9.1.1", 80, Forwarding::Direct, 1)}),
      service(tcp("10.9.0.2", 80), "rr",
              {destination("10.9.1.1", 80, Forwarding::Nat, 1),
               destination("2001:db8::9", 80, Forwarding::Nat, 1),
               destination("10.9.1.2", 80, Forwarding::Nat, 1)}),
      service(tcp("10.9.0.3", 80), "rr", {destination("10.9.1.1", 80, Forwarding::Nat, 1)})};
  reconciler_->set_desired(services);
  scheduler_.run_until([this] { return settled_.has_value(); });
  ASSERT_TRUE(settled_);
  EXPECT_EQ(settled_->failing, 2U);
  const Lines expected{"-A -t 10.9.0.2:80 -s rr", "-A -t 10.9.0.3:80 -s rr",
                       "-a -t 10.9.0.2:80 -r 10.9.1.1:80 -m -w 1", "-a -t 10.9.0.2:80 -r 10.9.1.2:80 -m -w 1",
                       "-a -t 10.9.0.3:80 -r 10.9.1.1:80 -m -w 1"};
  EXPECT_EQ(saved_table(), expected);
  EXPECT_TRUE(
      sink_.contains("IPVS cmd NEW_SERVICE(1) error: No such file or directory(2) ([10.9.0.1]:tcp:80)"));
}

TEST_F(IpvsLab, AServiceWithThousandsOfServersIsWrittenAndReadWhole) {
  std::vector<Destination> many;
  for (std::uint32_t i = 0; i < 4000; ++i) {
    Destination one;
    one.endpoint = {Address::v4(0x0a090100 + i), 80};
    many.push_back(one);
  }
  const Service big = service(tcp("10.9.0.1", 80), "wlc", many);
  program({big});
  const auto read = kernel_->read_service(big.key);
  ASSERT_TRUE(read);
  EXPECT_EQ(**read, big);
}

TEST_F(IpvsLab, EveryRefusalOfAFullBatchIsReported) {
  const ServiceKey key = tcp("10.9.0.1", 80);
  Ops ops{AddService{key, service(key, "rr", {}).settings}};
  for (std::uint32_t i = 0; i < 5000; ++i) {
    // Every second one comes twice.
    Destination one = destination("10.9.1.1", static_cast<std::uint16_t>(i - i % 4 / 2), Forwarding::Nat, 1);
    ops.push_back(AddDestination{key, one});
  }
  Table expected;
  std::vector<std::size_t> refused;
  for (std::size_t i = 0; i < ops.size(); ++i) {
    if (ipvs::apply(expected, ops[i])) refused.push_back(i);
  }
  const auto failures = kernel_->apply(ops);
  ASSERT_TRUE(failures);
  std::vector<std::size_t> reported;
  for (const OpFailure& failure : *failures) {
    reported.push_back(failure.index);
    EXPECT_EQ(failure.code, std::errc::file_exists);
  }
  EXPECT_EQ(reported, refused);
  EXPECT_GT(refused.size(), 1000U);
  EXPECT_EQ(**kernel_->read_service(key), expected.at(key));
}

TEST_F(IpvsLab, TheInMemoryKernelRefusesAsTheRealOneDoes) {
  MemoryKernel memory;
  const ServiceKey four = tcp("10.9.0.1", 80);
  const ServiceKey six = tcp("2001:db8::1", 80);
  const auto settings = [](const ServiceKey& key, const char* scheduler) {
    return service(key, scheduler, {}).settings;
  };
  ServiceSettings engine = settings(four, "rr");
  engine.persistence_engine = "nosuch";
  ServiceSettings wide = settings(six, "rr");
  wide.flags = service_flag::Persistent;
  wide.timeout = 1;
  wide.prefix = 0;
  Destination crossed = destination("10.9.1.3", 80, Forwarding::Nat, 1);
  crossed.lower_threshold = 1;
  Destination gue = destination("10.9.1.4", 80, Forwarding::Tunnel, 1);
  gue.tunnel_type = TunnelType::Gue;
  const Destination plain = destination("10.9.1.1", 80, Forwarding::Nat, 1);
  const Ops ops{
      EditService{four, settings(four, "rr")},
      DeleteService{four},
      AddDestination{four, plain},
      AddService{four, settings(four, "nosuch")},
      AddService{four, settings(four, "sixteen_letters_")},
      AddService{four, engine},
      AddService{four, settings(four, "rr")},
      AddService{four, settings(four, "rr")},
      EditService{four, settings(four, "nosuch")},
      AddService{six, wide},
      AddService{six, settings(six, "rr")},
      AddDestination{four, plain},
      AddDestination{four, plain},
      EditDestination{four, destination("10.9.1.2", 80, Forwarding::Nat, 1)},
      DeleteDestination{four, {*Address::parse("10.9.1.2"), 80}},
      AddDestination{four, destination("10.9.1.2", 80, Forwarding::Nat, -1)},
      AddDestination{four, destination("10.9.1.2", 80, Forwarding::Nat, 1 << 30)},
      AddDestination{four, crossed},
      AddDestination{four, gue},
      AddDestination{four, destination("224.0.0.18", 80, Forwarding::Nat, 1)},
      AddDestination{four, destination("2001:db8:1::1", 80, Forwarding::Nat, 1)},
      AddDestination{four, destination("2001:db8:1::1", 80, Forwarding::Tunnel, 1)},
      AddDestination{six, destination("ff02::12", 80, Forwarding::Nat, 1)},
      AddDestination{six, destination("10.9.1.1", 80, Forwarding::Direct, 1)},
      DeleteService{six},
      AddDestination{six, plain},
  };
  for (const Op& op : ops) {
    const auto real = kernel_->apply({&op, 1});
    const auto simulated = memory.apply({&op, 1});
    ASSERT_TRUE(real);
    ASSERT_TRUE(simulated);
    const auto code = [](const std::vector<OpFailure>& failures) {
      return failures.empty() ? std::string("accepted") : failures.front().code.message();
    };
    EXPECT_EQ(code(*simulated), code(*real)) << command_of(op) << " " << target_of(op);
  }
  EXPECT_EQ(**kernel_->read_service(four), memory.table().at(four));
}

TEST_F(IpvsLab, TellsTheVersion) {
  const auto version = kernel_->version();
  ASSERT_TRUE(version);
  EXPECT_EQ(version->major, 1);
  EXPECT_EQ(version->minor, 2);
  EXPECT_GT(version->connection_table_size, 0U);
}

TEST_F(IpvsLab, TheModuleMayGoAndComeBack) {
  program({service(tcp("10.9.0.1", 80), "rr", {destination("10.9.1.1", 80, Forwarding::Nat, 1)})});
  output_of("ipvsadm -C");
  output_of(
      "modprobe -r ip_vs_rr ip_vs_wrr ip_vs_lc ip_vs_wlc ip_vs_sh ip_vs_mh ip_vs_nq ip_vs_dh ip_vs_lblcr "
      "ip_vs");
  ASSERT_EQ(output_of("lsmod").find("ip_vs"), std::string::npos) << "the module is in use";
  // The kernel would load the module by itself as soon as it is asked for: keep it from doing so.
  const std::string loader = output_of("cat /proc/sys/kernel/modprobe");
  output_of("echo /bin/false > /proc/sys/kernel/modprobe");
  reconciler_->verify();
  scheduler_.run_until([this] { return reconciler_->counters().failing == 1; });
  output_of("echo " + loader.substr(0, loader.find('\n')) + " > /proc/sys/kernel/modprobe");
  EXPECT_EQ(reconciler_->counters().failing, 1U);
  EXPECT_TRUE(sink_.contains("kernel has no IPVS"));
  output_of("modprobe ip_vs");
  scheduler_.run_until([this] { return reconciler_->counters().failing == 0; });
  EXPECT_EQ(saved_table().size(), 2U);
}

// ---------------------------------------------------------------- 5,000 services x 20 servers

std::vector<Service> large_set() {
  std::vector<Service> out;
  for (std::uint32_t i = 0; i < 5000; ++i) {
    Service one = service(ServiceAddress{Protocol::Tcp, {Address::v4(0x0a140000 + i), 80}}, "wrr", {});
    for (std::uint32_t j = 0; j < 20; ++j) {
      Destination real;
      real.endpoint = {Address::v4(0x0a400000 + i * 20 + j), 80};
      real.forwarding = Forwarding::Direct;
      one.destinations.push_back(real);
    }
    out.push_back(std::move(one));
  }
  return out;
}

double milliseconds(Duration duration) {
  return std::chrono::duration<double, std::milli>(duration).count();
}

long resident_kib() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.rfind("VmRSS:", 0) == 0) return std::stol(line.substr(6));
  }
  return 0;
}

class Stage {
 public:
  Stage(lab::BusyScheduler& scheduler, const char* name)
      : scheduler_(scheduler), name_(name), began_(scheduler.now()) {
    scheduler.reset_longest();
  }
  ~Stage() {
    fmt::print("  {:<36} {:8.1f} ms in {:5} turns, longest {:5.2f} ms, resident {:5.1f} MB\n", name_,
               milliseconds(scheduler_.now() - began_), scheduler_.turns(),
               milliseconds(scheduler_.longest_turn()), static_cast<double>(resident_kib()) / 1024.0);
    std::fflush(stdout);
  }

 private:
  lab::BusyScheduler& scheduler_;
  const char* name_;
  TimePoint began_;
};

/// What the kernel alone needs: batches written without looking, for comparison in the same run.
void write_plainly(GenlKernel& kernel, const std::vector<Service>& services) {
  Ops ops;
  for (const Service& one : services) {
    ops.push_back(AddService{one.key, one.settings});
    for (const Destination& real : one.destinations) ops.push_back(AddDestination{one.key, real});
  }
  for (std::size_t i = 0; i < ops.size(); i += 1024) {
    const auto failures = kernel.apply({ops.data() + i, std::min<std::size_t>(1024, ops.size() - i)});
    ASSERT_TRUE(failures);
    ASSERT_TRUE(failures->empty()) << failures->size() << " refused, first "
                                   << target_of(ops[i + failures->front().index]) << ": "
                                   << failures->front().code.message();
  }
}

TEST_F(IpvsLab, MeasureAHundredThousandServers) {
  fresh_table();
  reconciler_->set_verify_interval(Duration::zero());
  output_of("modprobe ip_vs_wrr");
  std::vector<Service> wanted = large_set();
  {
    Stage stage(scheduler_, "start: program 5000 x 20");
    program(std::move(wanted));
  }
  EXPECT_EQ(settled_->writes, 105000U);
  EXPECT_EQ(settled_->destinations, 100000U);
  wanted = large_set();
  {
    Stage stage(scheduler_, "reload, nothing changed");
    program(std::move(wanted));
  }
  EXPECT_EQ(settled_->writes, 0U);
  wanted = large_set();
  wanted[2500].destinations[10].weight = 2;
  {
    Stage stage(scheduler_, "reload, one weight changed");
    program(std::move(wanted));
  }
  EXPECT_EQ(settled_->writes, 1U);
  Service verdict = large_set().at(1234);
  verdict.destinations.pop_back();
  {
    Stage stage(scheduler_, "verdict: one server out");
    reconciler_->update(std::move(verdict));
    scheduler_.run_until([this] { return reconciler_->settled(); });
  }
  {
    Stage stage(scheduler_, "verify pass (mostly pauses)");
    reconciler_->verify();
    scheduler_.run_until([this] { return !reconciler_->verifying(); });
  }
  EXPECT_EQ(reconciler_->counters().drift, 0U);
  restart();
  wanted = large_set();
  {
    Stage stage(scheduler_, "start over the same table (adopt)");
    program(std::move(wanted));
  }
  EXPECT_EQ(settled_->writes, 2U);
  {
    Stage stage(scheduler_, "stop: remove all");
    remove_all();
  }
  EXPECT_EQ(saved_table(), Lines{});
  restart();
  wanted = large_set();
  {
    Stage stage(scheduler_, "start again after that stop");
    program(std::move(wanted));
  }
  remove_all();
  fresh_table();
  wanted = large_set();
  {
    Stage stage(scheduler_, "plain batched writer, for comparison");
    write_plainly(*kernel_, wanted);
  }
}

}  // namespace
}  // namespace hald::ipvs
