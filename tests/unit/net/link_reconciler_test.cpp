// SPDX-License-Identifier: Apache-2.0
#include "net/link_reconciler.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "fakes/capture_sink.h"
#include "fakes/fake_rtnl.h"
#include "fakes/fake_sysctls.h"
#include "fakes/manual_scheduler.h"

namespace hald::net {
namespace {

using namespace std::chrono_literals;
using Lines = std::vector<std::string>;

/// A kernel whose interfaces have parameters.
class Kernel : public fakes::FakeRtnl {
 public:
  explicit Kernel(fakes::FakeSysctls& sysctls) : sysctls_(sysctls) {}
  Result<void> create_link(const NewLink& wanted) override {
    auto done = fakes::FakeRtnl::create_link(wanted);
    if (done) sysctls_.add_link(wanted.name);
    return done;
  }
  Result<void> change_link(int index, const LinkChange& change) override {
    if (change.up == true) parameters_when_raised = sysctls_.values;
    return fakes::FakeRtnl::change_link(index, change);
  }

  std::map<std::string, std::string> parameters_when_raised;

 private:
  fakes::FakeSysctls& sysctls_;
};

class LinkReconcilerTest : public testing::Test {
 protected:
  void SetUp() override {
    kernel.operator_link(3, "eth0");
    sysctls.add_link("eth0");
    wanted.name = "vrrp.51";
    wanted.base = "eth0";
    wanted.mac = virtual_mac(Family::IPv4, 51);
    ASSERT_TRUE(table.start());
    turn();
  }
  void turn() {
    kernel.drain();
    scheduler.advance(0ns);
    kernel.drain();
    scheduler.advance(0ns);
  }
  Lines changes() { return std::exchange(kernel.log, {}); }

  fakes::ManualScheduler scheduler;
  fakes::CaptureSink sink;
  log::Logger logger{sink, scheduler, log::Level::Debug};
  fakes::FakeSysctls sysctls;
  Kernel kernel{sysctls};
  InterfaceTable table{kernel, scheduler, logger};
  SysctlKeeper keeper{sysctls, table, scheduler, logger};
  LinkReconciler links{kernel, table, keeper, scheduler, logger};
  WantedLink wanted;
};

TEST_F(LinkReconcilerTest, MakesALinkAndRaisesItWhenItsParametersAreSet) {
  links.hold("VI_1", {wanted});
  EXPECT_EQ(changes(), (Lines{"create vrrp.51", "change vrrp.51", "change vrrp.51"}));
  const auto* made = kernel.link("vrrp.51");
  ASSERT_NE(made, nullptr);
  EXPECT_TRUE(made->up);
  EXPECT_EQ(made->mac, virtual_mac(Family::IPv4, 51));
  EXPECT_EQ(made->ipv6_address_mode, AddressMode::None);
  EXPECT_EQ(kernel.parameters_when_raised["net/ipv4/conf/vrrp.51/arp_ignore"], "1");
  EXPECT_EQ(kernel.parameters_when_raised["net/ipv4/conf/eth0/arp_filter"], "1");
  EXPECT_TRUE(links.is_ready("vrrp.51"));
  turn();
  EXPECT_TRUE(links.settled());
  EXPECT_EQ(links.drift(), 0U);
  EXPECT_TRUE(changes().empty());
}

TEST_F(LinkReconcilerTest, DeletesWhatItMadeAndPutsTheBaseRight) {
  links.hold("VI_1", {wanted});
  links.hold("VI_2", {wanted});
  links.forget("VI_1");
  turn();
  EXPECT_NE(kernel.link("vrrp.51"), nullptr);
  links.forget("VI_2");
  turn();
  EXPECT_EQ(kernel.link("vrrp.51"), nullptr);
  EXPECT_EQ(sysctls.values["net/ipv4/conf/eth0/arp_filter"], "0");
  EXPECT_EQ(links.drift(), 0U);
}

TEST_F(LinkReconcilerTest, AdoptsWhatAFormerHaldLeftAndDeletesItInTheEnd) {
  NewLink left{"vrrp.51", Macvlan{}, 3, wanted.mac};
  ASSERT_TRUE(kernel.create_link(left));
  turn();
  changes();
  links.hold("VI_1", {wanted});
  EXPECT_EQ(changes(), (Lines{"change vrrp.51", "change vrrp.51"}));
  EXPECT_TRUE(links.is_ready("vrrp.51"));
  links.forget("VI_1");
  EXPECT_EQ(kernel.link("vrrp.51"), nullptr);
}

TEST_F(LinkReconcilerTest, ReplacesOneOnAnotherBase) {
  kernel.operator_link(4, "eth1");
  ASSERT_TRUE(kernel.create_link({"vrrp.51", Macvlan{}, 4, wanted.mac}));
  turn();
  links.hold("VI_1", {wanted});
  EXPECT_EQ(kernel.link("vrrp.51")->base, 3);
  EXPECT_TRUE(links.is_ready("vrrp.51"));
}

TEST_F(LinkReconcilerTest, NeverTouchesARealInterface) {
  kernel.operator_link(7, "vrrp.51");
  turn();
  links.hold("VI_1", {wanted});
  EXPECT_FALSE(links.is_ready("vrrp.51"));
  EXPECT_EQ(links.problem("vrrp.51"), "vrrp.51 exists and is an interface of another kind");
  links.forget("VI_1");
  turn();
  EXPECT_NE(kernel.link("vrrp.51"), nullptr);
  EXPECT_TRUE(changes().empty());
}

TEST_F(LinkReconcilerTest, TellsOfItsBaseIfThatIsWanted) {
  const auto of_base = [&] {
    const auto all = changes();
    return std::count(all.begin(), all.end(), "change eth0");
  };
  wanted.notify_base = true;
  links.hold("VI_1", {wanted});
  turn();
  EXPECT_EQ(of_base(), 1);
  links.forget("VI_1");
  turn();
  EXPECT_EQ(of_base(), 1);
}

TEST_F(LinkReconcilerTest, FollowsItsBase) {
  links.hold("VI_1", {wanted});
  turn();
  kernel.operator_unlink(3);
  turn();
  EXPECT_EQ(kernel.link("vrrp.51"), nullptr);
  EXPECT_FALSE(links.is_ready("vrrp.51"));
  EXPECT_EQ(links.problem("vrrp.51"), "");
  EXPECT_TRUE(links.settled());
  kernel.operator_link(8, "eth0");
  turn();
  ASSERT_NE(kernel.link("vrrp.51"), nullptr);
  EXPECT_EQ(kernel.link("vrrp.51")->base, 8);
  EXPECT_TRUE(links.is_ready("vrrp.51"));
  // And within one turn.
  kernel.operator_unlink(8);
  kernel.operator_link(9, "eth0");
  turn();
  EXPECT_EQ(kernel.link("vrrp.51")->base, 9);
  EXPECT_EQ(links.drift(), 0U);
}

TEST_F(LinkReconcilerTest, FollowsTheVrfOfItsBase) {
  links.hold("VI_1", {wanted});
  Link vrf;
  vrf.index = 9;
  vrf.name = "red";
  vrf.kind = Vrf{100};
  kernel.operator_link(vrf);
  auto base = *kernel.link("eth0");
  base.master = 9;
  kernel.operator_link(base);
  turn();
  EXPECT_EQ(kernel.link("vrrp.51")->master, 9);
  base.master = 0;
  kernel.operator_link(base);
  turn();
  EXPECT_EQ(kernel.link("vrrp.51")->master, 0);
}

TEST_F(LinkReconcilerTest, PutsBackWhatOthersDeleteOrChangeAndTellsTheOwner) {
  std::vector<Drift> told;
  links.on_drift([&](const Drift& drift) { told.push_back(drift); });
  links.hold("VI_1", {wanted});
  turn();
  kernel.operator_unlink(kernel.link("vrrp.51")->index);
  turn();
  EXPECT_TRUE(links.is_ready("vrrp.51"));
  auto lowered = *kernel.link("vrrp.51");
  lowered.up = lowered.running = false;
  kernel.operator_link(lowered);
  turn();
  EXPECT_TRUE(kernel.link("vrrp.51")->up);
  EXPECT_EQ(links.drift(), 2U);
  EXPECT_EQ(told, (std::vector<Drift>(2, {Drift::What::Removed, "VI_1", "vrrp.51"})));
}

TEST_F(LinkReconcilerTest, TriesAgainWhatTheKernelRefuses) {
  kernel.link_failures["vrrp.51"] = ENOBUFS;
  links.hold("VI_1", {wanted});
  EXPECT_FALSE(links.settled());
  EXPECT_NE(links.problem("vrrp.51"), "");
  scheduler.advance(5s);
  EXPECT_LE(changes().size(), 8U);
  kernel.link_failures.clear();
  scheduler.advance(30s);
  EXPECT_TRUE(links.is_ready("vrrp.51"));
  EXPECT_TRUE(links.settled());
  EXPECT_EQ(links.problem("vrrp.51"), "");
}

TEST_F(LinkReconcilerTest, Ipvlans) {
  WantedLink ipvlan;
  ipvlan.name = "ipv.51";
  ipvlan.base = "eth0";
  ipvlan.kind = Ipvlan{IpvlanMode::L2, IpvlanIsolation::Private};
  links.hold("VI_1", {ipvlan});
  EXPECT_TRUE(links.is_ready("ipv.51"));
  EXPECT_EQ(kernel.link("ipv.51")->kind, ipvlan.kind);
  EXPECT_EQ(sysctls.values["net/ipv4/conf/eth0/arp_filter"], "0");
}

}  // namespace
}  // namespace hald::net
