// SPDX-License-Identifier: Apache-2.0
// What the linter finds that depends on the machine, and what it leaves alone. The examples of the catalogue
// try the rest.
#include "config/lint.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "config/codes.h"
#include "config/load.h"
#include "fakes/fake_machine.h"

namespace hald::config {
namespace {

using Codes = std::vector<std::string>;

fakes::FakeMachine machine() {
  fakes::FakeMachine out;
  out.interfaces["eth0"] = {};
  out.interfaces["eth1"] = {};
  out.local = {{"eth0", Prefix::parse("10.0.0.5/24").value()}, {"eth1", Prefix::parse("fe80::5/64").value()}};
  return out;
}

Codes said(const std::string& text, const Machine& on) {
  LoadOptions options;
  options.machine = &on;
  const Loaded loaded = load_text(text, "t", options);
  Codes out;
  for (const Diagnostic& each : loaded.diagnostics.all()) {
    if (each.code != code::kNoEffect) out.push_back(each.code);
  }
  return out;
}

std::string instance(const std::string& inside) {
  return "vrrp_instance A {\n interface eth0\n virtual_router_id 51\n" + inside + "\n}\n";
}

std::string service(const std::string& server) {
  return "virtual_server 10.0.0.3 80 {\n lb_algo rr\n lb_kind NAT\n protocol TCP\n real_server " + server +
         " 80 {\n weight 1\n }\n}\n";
}

TEST(Lint, AnAddressThatNoNetworkOfThisMachineHolds) {
  EXPECT_EQ(said(instance("virtual_ipaddress { 10.0.0.3 }"), machine()), (Codes{}));
  EXPECT_EQ(said(instance("virtual_ipaddress { 10.0.1.3/24 }"), machine()), (Codes{"outside-subnets"}));
  // Nothing is known about the networks of an interface without addresses, or of another family.
  EXPECT_EQ(said(instance("virtual_ipaddress { 10.0.1.3 dev eth1 }"), machine()), (Codes{}));
  EXPECT_EQ(said(instance("virtual_ipaddress {\n fe80::3\n 2001:db8::3 dev eth1\n}"), machine()), (Codes{}));
}

TEST(Lint, AVirtualAddressThatIsHeldIsNoNetworkOfItsOwn) {
  auto on = machine();
  on.local.push_back({"eth0", Prefix::parse("10.0.1.3/24").value()});
  EXPECT_EQ(said(instance("virtual_ipaddress { 10.0.1.3/24 }"), on), (Codes{"outside-subnets"}));
}

TEST(Lint, ARealServerThatIsThisMachine) {
  EXPECT_EQ(said(service("10.0.0.7"), machine()), (Codes{}));
  EXPECT_EQ(said(service("10.0.0.5"), machine()), (Codes{"local-real-server"}));
}

TEST(Lint, WeightsThatDecide) {
  const std::string script =
      "global_defs {\n enable_script_security\n}\nvrrp_script s {\n script /bin/true\n}\n";
  const auto with = [&](const std::string& words) {
    const PerfectMachine perfect;
    return said(script + instance(words + "\n virtual_ipaddress { 10.0.0.3 }"), perfect);
  };
  EXPECT_EQ(with("priority 254\n track_script { s weight 20 }"), (Codes{"idle-weight"}));
  EXPECT_EQ(with("priority 254\n track_script { s weight -20 }"), (Codes{}));
  EXPECT_EQ(with("priority 254\n track_script { s weight 20 reverse }"), (Codes{}));
  EXPECT_EQ(with("priority 1\n track_script { s weight -20 }"), (Codes{"idle-weight"}));
  EXPECT_EQ(with("priority 254\n track_script { s }"), (Codes{}));  // FAULT is a move
}

}  // namespace
}  // namespace hald::config
