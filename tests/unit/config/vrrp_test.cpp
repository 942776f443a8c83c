// SPDX-License-Identifier: Apache-2.0
// vrrp_instance: what its words mean together.
#include "fakes/fake_machine.h"
#include "unit/config/routers.h"

namespace hald::config {
namespace {

using std::chrono::seconds;

TEST(VrrpInstance, DefaultsComeFromGlobalDefsWhereverTheyStand) {
  const auto loaded = load_text(
      instance() + "global_defs {\n vrrp_version 3\n vrrp_garp_master_repeat 7\n vrrp_strict\n}\n", "t");
  const auto it = first(loaded);
  EXPECT_EQ(it.version, 3);
  EXPECT_EQ(it.announcing.master_repeat, 7U);
  EXPECT_TRUE(it.strict);
  EXPECT_FALSE(it.accept);
  EXPECT_EQ(it.group, Address::parse("224.0.0.18").value());
}

TEST(VrrpInstance, TheFirstVersionStays) {
  EXPECT_EQ(said(load(instance(" version 3\n version 2"))), (Said{"error version-forced"}));
  EXPECT_EQ(first(load(instance(" version 3\n version 2"))).version, 3);
  EXPECT_EQ(said(load(instance(" virtual_ipaddress {\n fe80::1\n }\n version 2"))),
            (Said{"error version-forced"}));
  EXPECT_EQ(said(load(instance(" version 2\n virtual_ipaddress {\n fe80::1\n }"))),
            (Said{"warning version-forced"}));
  EXPECT_EQ(said(load(instance(" strict_mode\n version 2\n virtual_ipaddress {\n fe80::1\n }"))),
            (Said{"complaint version-forced"}));
}

TEST(VrrpInstance, TheFirstAddressTellsTheFamily) {
  const auto loaded =
      load(instance(" unicast_src_ip fe80::9\n unicast_peer {\n 10.0.0.9\n fe80::8\n }\n"
                    " virtual_ipaddress {\n fe80::1\n 10.0.0.1\n }"));
  EXPECT_EQ(said(loaded), (Said{"error mixed-families", "error mixed-families"}));
  EXPECT_EQ(first(loaded).family, Family::IPv6);
  EXPECT_EQ(first(loaded).peers.size(), 1U);
  EXPECT_EQ(first(load(instance(" native_ipv6\n virtual_ipaddress_excluded {\n 10.0.0.1\n }\n"
                                " no_virtual_ipaddress\n virtual_ipaddress {\n }")))
                .family,
            Family::IPv6);
}

TEST(VrrpInstance, StrictModeKeepsToTheRfc) {
  const auto loaded = load(
      instance(" strict_mode\n down_timer_adverts 4\n garp_lower_prio_repeat 2\n garp_lower_prio_delay 2\n"
               " lower_prio_no_advert off\n higher_prio_send_advert\n preempt_delay 5\n accept\n "
               "no_virtual_ipaddress\n"
               " authentication {\n auth_type PASS\n auth_pass x\n }"));
  EXPECT_EQ(said(loaded),
            (Said{"error strict-mode", "error strict-mode", "error strict-mode", "error strict-mode",
                  "error strict-mode", "error preempt-conflict", "error strict-mode", "complaint strict-mode",
                  "error authentication-ignored"}));
  const auto it = first(loaded);
  EXPECT_EQ(it.down_timer_adverts, 3U);
  EXPECT_EQ(it.announcing.lower_prio_repeat, 0U);
  EXPECT_TRUE(it.lower_prio_no_advert);
  EXPECT_FALSE(it.higher_prio_send_advert);
  EXPECT_EQ(it.preempt_delay, Duration::zero());
  EXPECT_FALSE(it.accept);
  EXPECT_EQ(it.auth_type, AuthType::None);
  EXPECT_EQ(said(load(instance(" strict_mode\n state MASTER\n priority 100"))),
            (Said{"error state-conflict"}));
  EXPECT_TRUE(load(instance(" strict_mode\n unicast_peer {\n 10.0.0.9\n }")).config->instances.empty());
}

TEST(VrrpInstance, AnOwnerListensToNobody) {
  EXPECT_EQ(said(load(instance(" owner_ignore_adverts"))), (Said{"complaint contradiction"}));
  const auto owner = load(instance(" priority 255\n owner_ignore_adverts off"));
  EXPECT_EQ(said(owner), (Said{"error contradiction"}));
  EXPECT_TRUE(first(owner).owner_ignore_adverts);
  EXPECT_FALSE(first(load(instance(" priority 255"))).owner_ignore_adverts);
  EXPECT_TRUE(first(load(instance(" priority 255\n strict_mode"))).owner_ignore_adverts);
}

TEST(VrrpInstance, Unicast) {
  const auto it =
      first(load(instance(" unicast_peer {\n 10.0.0.8 min_ttl 3\n 10.0.0.9/24\n }\n unicast_ttl 9")));
  EXPECT_TRUE(it.unicast);
  EXPECT_TRUE(it.check_unicast_source);
  EXPECT_EQ(it.peers, (std::vector<UnicastPeer>{{*Address::parse("10.0.0.8"), 3, 255},
                                                {*Address::parse("10.0.0.9"), 0, 255}}));
  EXPECT_EQ(it.unicast_ttl, 9);
  EXPECT_FALSE(it.group);
  EXPECT_EQ(said(load(instance(" unicast_src_ip 10.0.0.9"))), (Said{"complaint no-unicast-peer"}));
  EXPECT_EQ(said(load(instance(" unicast_ttl 9"))), (Said{"complaint no-unicast-peer"}));
  EXPECT_EQ(said(load(instance(" unicast_peer {\n 10.0.0.9\n }\n mcast_dst_ip 224.0.0.9"))),
            (Said{"error contradiction"}));
  const auto fault = load(instance(" unicast_fault_no_peer"));
  EXPECT_EQ(said(fault), Said{});
  EXPECT_TRUE(first(fault).fault);
}

TEST(VrrpInstance, PeersAreReadWordByWord) {
  const auto peers = [](const std::string& line) {
    return said(load(instance(" unicast_peer {\n" + line + "\n }")));
  };
  EXPECT_EQ(peers("10.0.0.9\n10.0.0.9"), (Said{"error duplicate-address"}));
  EXPECT_EQ(peers("10.0.0.9 min_ttl"), (Said{"error missing-argument"}));
  EXPECT_EQ(peers("10.0.0.9 max_ttl 256"), (Said{"error out-of-range"}));
  EXPECT_EQ(peers("10.0.0.9 ttl 5"), (Said{"error unknown-word"}));
  EXPECT_EQ(peers("10.0.0.9 min_ttl 5 max_ttl 4"), (Said{"error contradiction"}));
}

TEST(VrrpInstance, WithoutAnInterfaceItNeedsASource) {
  const auto text = [](const std::string& words) {
    return "vrrp_instance A {\n virtual_router_id 1\n virtual_ipaddress {\n 10.0.0.1 dev eth0\n }\n" + words +
           " unicast_peer {\n 10.0.0.9\n }\n}\n";
  };
  EXPECT_EQ(said(load(text(""))), (Said{"error no-interface"}));
  EXPECT_EQ(said(load(text(" unicast_src_ip 10.0.0.8\n"))), Said{});
  EXPECT_EQ(first(load(text(" unicast_src_ip 10.0.0.8\n vrf red\n"))).vrf, "red");
  EXPECT_EQ(said(load(text(" unicast_src_ip 10.0.0.8\n use_vmac\n"))), (Said{"error contradiction"}));
}

TEST(VrrpInstance, WhereTheInterfaceDoesNotAllowIt) {
  fakes::FakeMachine machine;
  machine.users["nobody"] = {65534, 65534};
  machine.interfaces["eth0"] = {false, false, false, 1500, {}};
  const auto multicast = load(instance(), &machine);
  EXPECT_EQ(said(multicast), (Said{"error no-multicast"}));
  EXPECT_TRUE(first(multicast).fault);
  EXPECT_EQ(said(load(instance(" unicast_peer {\n 10.0.0.9\n }"), &machine)), Said{});
  EXPECT_EQ(said(load(instance(" use_vmac\n vmac_xmit_base\n unicast_peer {\n 10.0.0.9\n }"), &machine)),
            (Said{"error not-ethernet"}));
  machine.interfaces["eth0"] = {true, true, true, 1500, {}};
  EXPECT_EQ(said(load(instance(), &machine)), (Said{"error loopback-interface"}));
  machine.interfaces.clear();
  EXPECT_EQ(said(load(instance(), &machine)), (Said{"warning missing-interface"}));
}

OwnLink link(const std::string& words) {
  return first(load(instance(words))).own_link.value_or(OwnLink{});
}

TEST(VrrpInstance, VmacWords) {
  const OwnLink named = link(" use_vmac vrrp7 02:00:00:00:00:07 netlink_notify_msg group 0");
  EXPECT_EQ(named.name, "vrrp7");
  EXPECT_EQ(named.mac, (OwnLink::Mac{2, 0, 0, 0, 0, 7}));
  EXPECT_TRUE(named.notify);
  EXPECT_EQ(named.group, "0");
  EXPECT_EQ(link(" use_vmac 02:00:00:00:09").mac, (OwnLink::Mac{2, 0, 0, 0, 9, 1}));
  EXPECT_EQ(link(" use_vmac name group").name, "group");
  EXPECT_EQ(said(load(instance(" use_vmac a b"))), (Said{"error repeated-option"}));
  EXPECT_EQ(said(load(instance(" use_vmac 01:00:00:00:00:07"))), (Said{"error bad-mac"}));
  EXPECT_EQ(said(load(instance(" use_vmac 02:00:00:07"))), (Said{"error bad-mac"}));
  EXPECT_EQ(said(load(instance(" use_vmac 02:00:00:00:00:07:08"))), (Said{"warning bad-mac"}));
  EXPECT_EQ(said(load(instance(" use_vmac group"))), (Said{"error missing-argument"}));
  EXPECT_EQ(said(load(instance(" use_vmac a") + instance(" use_vmac a", "B", 2))),
            (Said{"error duplicate-name"}));
}

TEST(VrrpInstance, VmacRules) {
  EXPECT_EQ(said(load(instance(" vmac_xmit_base"))), (Said{"error contradiction"}));
  EXPECT_EQ(said(load(instance(" use_vmac\n promote_secondaries"))), (Said{"complaint contradiction"}));
  const auto unicast = load(instance(" use_vmac\n unicast_peer {\n 10.0.0.9\n }"));
  EXPECT_EQ(said(unicast), (Said{"complaint contradiction"}));
  EXPECT_TRUE(first(unicast).own_link->send_from_parent);
  EXPECT_EQ(said(load(instance(" use_vmac\n use_ipvlan 10.0.0.9/24"))), (Said{"error contradiction"}));
  fakes::FakeMachine machine;
  machine.users["nobody"] = {65534, 65534};
  machine.interfaces["eth0"] = {};
  machine.interfaces["eth1"] = {false, true, true, 1500, "e1000e"};
  machine.interfaces["mac1"] = {false, true, true, 1500, "macvlan"};
  EXPECT_EQ(said(load(instance(" use_vmac eth1"), &machine)), (Said{"error contradiction"}));
  EXPECT_EQ(said(load(instance(" use_vmac mac1"), &machine)), Said{});
}

TEST(VrrpInstance, Ipvlan) {
  const auto loaded = load(instance(" use_ipvlan private ip7 10.0.0.9/24"));
  EXPECT_EQ(said(loaded), Said{});
  EXPECT_EQ(first(loaded).own_link->kind, OwnLink::Kind::IpvlanPrivate);
  EXPECT_EQ(first(loaded).own_link->name, "ip7");
  EXPECT_EQ(first(loaded).source, Address::parse("10.0.0.9").value());
  const auto lacking = load(instance(" use_ipvlan"));
  EXPECT_EQ(said(lacking), (Said{"error missing-argument"}));
  EXPECT_TRUE(first(lacking).fault);
}

constexpr const char* kKey = "0123456789abcdef0123456789abcdef";

TEST(VrrpInstance, HmacKeys) {
  const auto auth = [](const std::string& words) {
    return load(instance(" auth_hmac {\n" + words + "\n }"));
  };
  const auto good = auth(std::string("key 1 ") + kKey + "\nkey 2 hex:" + std::string(64, 'a') +
                         "\nactive_key 2\nmode permissive\nanti_replay monotonic");
  EXPECT_EQ(said(good), Said{});
  EXPECT_EQ(first(good).auth_hmac->keys[1].bytes, std::string(32, '\xaa'));
  EXPECT_EQ(first(good).auth_hmac->mode, HmacAuth::Mode::Permissive);
  EXPECT_FALSE(first(good).auth_hmac->by_time);
  EXPECT_EQ(first(auth(std::string("key 1 ") + kKey + "\nactive_key 1")).auth_hmac->time_window, seconds(5));
  EXPECT_EQ(said(auth(std::string("key 1 ") + kKey)), (Said{"error authentication-ignored"}));
  EXPECT_EQ(said(auth("key 1 short\nactive_key 1")), (Said{"error authentication-ignored", "error bad-key"}));
  EXPECT_EQ(said(auth(std::string("key 1 ") + kKey + "\nkey 1 " + kKey + "\nactive_key 1")),
            (Said{"error duplicate-name"}));
}

TEST(VrrpInstance, HmacKeysFromFiles) {
  fakes::FakeMachine machine;
  machine.users["nobody"] = {65534, 65534};
  machine.interfaces["eth0"] = {};
  machine.add_script("/key", 0600);
  machine.texts["/key"] = std::string(kKey) + "\n";
  const std::string text = instance(" auth_hmac {\n key 1 file:/key\n active_key 1\n }");
  const auto good = load(text, &machine);
  EXPECT_EQ(said(good), Said{});
  EXPECT_EQ(first(good).auth_hmac->keys[0].bytes, kKey);
  EXPECT_EQ(first(good).auth_hmac->keys[0].file, "/key");
  machine.add_script("/key", 0640);
  EXPECT_EQ(load(text, &machine).diagnostics.verdict(), Verdict::Security);
  machine.texts.clear();
  EXPECT_EQ(said(load(text, &machine)), (Said{"error authentication-ignored", "error bad-key"}));
}

TEST(VrrpInstance, HmacGoesBeforeAPassword) {
  const auto loaded = load(instance(std::string(" authentication {\n auth_type AH\n auth_pass x\n }\n") +
                                    " auth_hmac {\n key 1 " + kKey + "\n active_key 1\n }"));
  EXPECT_EQ(said(loaded), (Said{"error authentication-ignored"}));
  EXPECT_EQ(first(loaded).auth_type, AuthType::None);
  EXPECT_TRUE(first(load(instance(
                        " state MASTER\n priority 100\n authentication {\n auth_type AH\n auth_pass x\n }")))
                  .initial_state == InitialState::Backup);
}

TEST(VrrpInstance, TimerExpiredBackup) {
  EXPECT_EQ(first(load(instance(" nopreempt\n timer_expired_backup"))).timer_expired_backup, 254);
  EXPECT_EQ(first(load(instance(" nopreempt\n timer_expired_backup 7"))).timer_expired_backup, 7);
  EXPECT_EQ(said(load(instance(" timer_expired_backup"))), (Said{"error preempt-conflict"}));
}

TEST(VrrpInstance, OldWords) {
  const auto loaded = load(instance(" linkbeat_use_polling\n lvs_sync_daemon_interface eth0"));
  EXPECT_EQ(said(loaded), (Said{"complaint replaced-word", "complaint replaced-word"}));
  EXPECT_EQ(loaded.config->linkbeat_interfaces.front().name, "eth0");
  EXPECT_EQ(loaded.config->global.lvs_sync_daemon->instance, "A");
  EXPECT_EQ(loaded.config->global.lvs_sync_daemon->id, 0U);
}

TEST(VrrpInstance, RouterIdsMeetOnAnInterfaceOnly) {
  const auto two = [](const std::string& a, const std::string& b) {
    return said(load(instance(a) + instance(b, "B", 1)));
  };
  const std::string peer = " unicast_peer {\n 10.0.0.9\n }";
  EXPECT_EQ(two("", ""), (Said{"error duplicate-virtual-router-id"}));
  EXPECT_EQ(two("", " interface eth1"), Said{});
  EXPECT_EQ(two("", " mcast_dst_ip 224.0.0.19"), Said{});
  EXPECT_EQ(two("", peer), Said{});
  EXPECT_EQ(two(peer, peer), (Said{"error duplicate-virtual-router-id"}));
  EXPECT_EQ(two(peer, " unicast_peer {\n 10.0.0.8\n }"), Said{});
  EXPECT_EQ(two(peer + "\n unicast_src_ip 10.0.0.7", peer), Said{});
  const std::string source = " unicast_src_ip 10.0.0.7\n";
  EXPECT_EQ(two(source + peer, source + peer), (Said{"error duplicate-virtual-router-id"}));
}

}  // namespace
}  // namespace hald::config
