// SPDX-License-Identifier: Apache-2.0
#include "net/vmac_sysctls.h"

#include <gtest/gtest.h>

#include "fakes/fake_sysctls.h"

namespace hald::net {
namespace {

using Lines = std::vector<std::string>;

Lines shown(const std::vector<SysctlWish>& wishes) {
  Lines out;
  for (const auto& wish : wishes) out.push_back(wish.path + "=" + wish.value);
  return out;
}

TEST(VmacSysctls, ForIpv4TheLinkAndTheOneBelow) {
  const auto wishes = virtual_link_sysctls({"vrrp.51", "eth0", Family::IPv4, true, false});
  EXPECT_EQ(shown(wishes),
            (Lines{"net/ipv4/conf/vrrp.51/arp_ignore=1", "net/ipv4/conf/vrrp.51/accept_local=1",
                   "net/ipv4/conf/vrrp.51/rp_filter=0", "net/ipv4/conf/vrrp.51/promote_secondaries=1",
                   "net/ipv4/conf/eth0/arp_ignore=1", "net/ipv4/conf/eth0/arp_filter=1",
                   "net/ipv6/conf/vrrp.51/disable_ipv6=1"}));
  EXPECT_TRUE(wishes[0].temporary) << "it goes with its interface";
  EXPECT_FALSE(wishes[4].temporary);
  EXPECT_EQ(wishes[4].link, "eth0");
}

TEST(VmacSysctls, ForIpv6AndWithoutABaseInThisNamespace) {
  EXPECT_EQ(shown(virtual_link_sysctls({"vrrp.51", "eth0", Family::IPv6, true, true})),
            (Lines{"net/ipv4/conf/vrrp.51/arp_ignore=1", "net/ipv6/conf/vrrp.51/router_solicitations=0",
                   "net/ipv6/conf/vrrp.51/disable_ipv6=0"}));
  EXPECT_EQ(virtual_link_sysctls({"vrrp.51", "", Family::IPv4, true, false}).size(), 5U);
  EXPECT_EQ(shown(virtual_link_sysctls({"ipv.51", "eth0", Family::IPv4, false, false})),
            (Lines{"net/ipv6/conf/ipv.51/disable_ipv6=1"}));
}

TEST(RpFilter, TheStrictestMovesToEveryInterface) {
  ReversePathFilters now{2, 1, {{"eth0", 0}, {"eth1", 2}, {"lo", 1}}};
  EXPECT_EQ(shown(rp_filter_sysctls(now, {})),
            (Lines{"net/ipv4/conf/default/rp_filter=2", "net/ipv4/conf/eth0/rp_filter=2",
                   "net/ipv4/conf/lo/rp_filter=2", "net/ipv4/conf/all/rp_filter=0"}));
  now.all = 0;
  EXPECT_TRUE(rp_filter_sysctls(now, {}).empty());
}

TEST(RpFilter, WhatAPredecessorDidIsAskedForAgain) {
  const ReversePathFilters before{1, 0, {{"eth0", 0}, {"eth1", 1}}};
  const ReversePathFilters after{0, 1, {{"eth0", 1}, {"eth1", 1}}};
  const std::vector<RememberedSysctl> remembered{{"net/ipv4/conf/all/rp_filter", "1", "0", ""},
                                                 {"net/ipv4/conf/default/rp_filter", "0", "1", ""},
                                                 {"net/ipv4/conf/eth0/rp_filter", "0", "1", "eth0"}};
  EXPECT_EQ(rp_filter_sysctls(after, remembered), rp_filter_sysctls(before, {}));
}

TEST(RpFilter, IsReadFromTheKernel) {
  fakes::FakeSysctls sysctls;
  sysctls.values["net/ipv4/conf/all/rp_filter"] = "1";
  sysctls.values["net/ipv4/conf/default/rp_filter"] = "2";
  sysctls.add_link("eth0");
  const auto read = read_rp_filters(sysctls, {"eth0", "gone"});
  EXPECT_EQ(read.all, 1);
  EXPECT_EQ(read.fresh, 2);
  EXPECT_EQ(read.links, (std::map<std::string, int>{{"eth0", 2}, {"gone", 0}}));
}

}  // namespace
}  // namespace hald::net
