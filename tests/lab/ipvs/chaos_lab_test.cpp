// SPDX-License-Identifier: Apache-2.0
// Chaos on a real kernel: another program changes the table at random while hald's own wishes change too and
// it looks and repairs; the module goes and comes back. The table always ends up as wanted, and what hald was
// never told to want is never touched by it.
#include <random>

#include <fmt/format.h>

#include "ipvs/core/rules.h"
#include "lab/ipvs/ipvs_lab.h"

namespace hald::ipvs {
namespace {

constexpr std::array kSchedulers{"rr", "wrr", "lc", "wlc", "sh", "dh"};
constexpr std::array kModules{"ip_vs_rr", "ip_vs_wrr", "ip_vs_lc", "ip_vs_wlc",   "ip_vs_sh",
                              "ip_vs_dh", "ip_vs_mh",  "ip_vs_nq", "ip_vs_lblcr", "ip_vs"};
constexpr unsigned kServices = 12;  // that hald may want, and as many that it never does
constexpr unsigned kServers = 6;
constexpr int kRounds = 10;
constexpr int kCommands = 8;  // of the other program in each round

/// Those of `lines` that are not in `other`; both sorted.
Lines missing_from(const Lines& other, const Lines& lines) {
  Lines out;
  std::set_difference(lines.begin(), lines.end(), other.begin(), other.end(), std::back_inserter(out));
  return out;
}

class IpvsChaos : public IpvsLab {
 protected:
  unsigned below(unsigned limit) { return std::uniform_int_distribution<unsigned>(0, limit - 1)(random_); }
  const char* scheduler() { return kSchedulers[below(kSchedulers.size())]; }
  int weight() { return static_cast<int>(below(5)); }

  Service random_service(unsigned number);
  void wish();
  void turn_a_weight();
  std::string addition();
  std::string command();
  void disturb();
  void hald_works(Duration duration);
  void module_goes_and_comes_back();
  void settle();

  /// Lines of the table whose services are hald's (10.9.0.N), or are not (10.8.0.N).
  static Lines part(const char* prefix);
  [[nodiscard]] Lines wanted() const;

  std::mt19937 random_{std::random_device{}()};
  std::vector<Service> desired_;
};

Service IpvsChaos::random_service(unsigned number) {
  const std::string address = fmt::format("10.9.0.{}", number + 1);
  std::vector<Destination> servers;
  for (unsigned i = 0; i < kServers; ++i) {
    if (below(2) == 0) continue;
    servers.push_back(destination(fmt::format("10.7.0.{}", i + 1).c_str(), 80,
                                  below(2) == 0 ? Forwarding::Direct : Forwarding::Tunnel, weight()));
  }
  Service out = service(tcp(address.c_str(), 80), scheduler(), std::move(servers));
  return below(4) == 0 ? persistent(std::move(out), 60 + below(100), 24) : out;
}

void IpvsChaos::wish() {
  desired_.clear();
  for (unsigned i = 0; i < kServices; ++i) {
    if (below(4) != 0) desired_.push_back(random_service(i));
  }
  reconciler_->set_desired(desired_);
}

void IpvsChaos::turn_a_weight() {
  if (desired_.empty()) return;
  Service& one = desired_[below(static_cast<unsigned>(desired_.size()))];
  for (Destination& server : one.destinations) server.weight = weight();
  reconciler_->update(one);
}

/// Any that hald never wants, or one that it wants now: what another program adds under a key that hald has
/// given up is that program's.
std::string IpvsChaos::addition() {
  if (below(2) == 0 || desired_.empty())
    return fmt::format("-A -t 10.8.0.{}:80 -s {}", below(kServices) + 1, scheduler());
  const auto& key = std::get<ServiceAddress>(desired_[below(static_cast<unsigned>(desired_.size()))].key);
  return fmt::format("-A -t {}:80 -s {}", key.endpoint.address.to_string(), scheduler());
}

std::string IpvsChaos::command() {
  const std::string service = fmt::format("-t 10.{}.0.{}:80", below(2) == 0 ? 8 : 9, below(kServices) + 1);
  const std::string server = fmt::format("-r 10.7.0.{}:80", below(kServers + 2) + 1);
  switch (below(8)) {
    case 0: return fmt::format("-D {}", service);
    case 1: return fmt::format("-E {} -s {}", service, scheduler());
    case 2: return fmt::format("-E {} -s {} -p 33", service, scheduler());
    case 3: return fmt::format("-d {} {}", service, server);
    case 4: return fmt::format("-e {} {} -i -w {}", service, server, weight());
    case 5: return fmt::format("-a {} {} -g -w {}", service, server, weight());
    case 6: return below(6) == 0 ? "-C" : addition();
    default: return addition();
  }
}

Lines IpvsChaos::part(const char* prefix) {
  Lines lines = saved_table();
  std::erase_if(lines, [&](const std::string& line) { return line.find(prefix) == std::string::npos; });
  return lines;
}

Lines IpvsChaos::wanted() const {
  Lines out;
  for (const Service& each : desired_) {
    const auto rules = rules_of(each);
    if (rules) out.insert(out.end(), rules->begin(), rules->end());
  }
  std::sort(out.begin(), out.end());
  return out;
}

void IpvsChaos::hald_works(Duration duration) {
  const Lines foreign = part(" 10.8.");
  scheduler_.run_for(duration);
  ASSERT_EQ(part(" 10.8."), foreign) << "hald touched what is not its own";
}

/// Commands of another program; hald gets some time between them, sometimes in the middle of a pass.
void IpvsChaos::disturb() {
  for (int i = 0; i < kCommands; ++i) {
    output_of("ipvsadm " + command());
    if (below(4) == 0) reconciler_->verify();
    if (below(4) == 0) turn_a_weight();
    if (below(3) == 0) hald_works(std::chrono::microseconds(below(4000)));
  }
}

void IpvsChaos::module_goes_and_comes_back() {
  const std::string loader = output_of("cat /proc/sys/kernel/modprobe");
  // The kernel would load the module by itself as soon as it is asked for.
  output_of("echo /bin/false > /proc/sys/kernel/modprobe");
  output_of("ipvsadm -C");
  output_of(fmt::format("modprobe -r {}", fmt::join(kModules, " ")));
  ASSERT_EQ(output_of("lsmod").find("ip_vs"), std::string::npos) << "the module is in use";
  reconciler_->verify();
  scheduler_.run_for(std::chrono::milliseconds(50));
  output_of("echo " + loader.substr(0, loader.find('\n')) + " > /proc/sys/kernel/modprobe");
  output_of("modprobe ip_vs");
}

void IpvsChaos::settle() {
  const Lines foreign = part(" 10.8.");
  // A pass under way may be past what has just been changed.
  const auto at_rest = [this] {
    return reconciler_->settled() && !reconciler_->verifying() && reconciler_->counters().failing == 0;
  };
  scheduler_.run_until(at_rest);
  reconciler_->verify();
  scheduler_.run_until(at_rest);
  const Lines found = part(" 10.9.");
  const Lines expected = wanted();
  EXPECT_EQ(missing_from(found, expected), Lines{});
  EXPECT_EQ(missing_from(expected, found), Lines{}) << "too much";
  EXPECT_EQ(part(" 10.8."), foreign) << "hald touched what is not its own";
}

TEST_F(IpvsChaos, WhateverAnotherProgramDoesTheTableEndsUpAsWanted) {
  const auto seed = std::random_device{}();
  fmt::print("seed {}\n", seed);
  random_.seed(seed);
  wish();
  for (int round = 0; round < kRounds && !HasFailure(); ++round) {
    SCOPED_TRACE(fmt::format("seed {}, round {}", seed, round));
    if (below(2) == 0) wish();
    disturb();
    if (round == kRounds / 2) module_goes_and_comes_back();
    settle();
  }
  remove_all();
  EXPECT_EQ(part(" 10.9."), Lines{});
}

}  // namespace
}  // namespace hald::ipvs
