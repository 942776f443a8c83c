// SPDX-License-Identifier: Apache-2.0
#include "config/delta.h"

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "config/load.h"

namespace hald::config {
namespace {

constexpr const char* kBase = R"(
vrrp_instance A { interface eth0
  virtual_router_id 1
  virtual_ipaddress { 10.0.0.1 } }
vrrp_instance B { interface eth0
  virtual_router_id 2
  virtual_ipaddress { 10.0.0.2 } }
virtual_server 10.0.0.1 80 { lb_algo rr
  lb_kind NAT
  protocol TCP
  real_server 10.1.0.1 80 { TCP_CHECK { } }
  real_server 10.1.0.2 80 { } }
virtual_server fwmark 5 { lb_algo rr
  lb_kind NAT
  real_server 10.1.0.1 80 { } }
)";

std::shared_ptr<const Config> load(std::string text) {
  auto loaded = load_text(text, "t");
  EXPECT_FALSE(loaded.diagnostics.has_errors());
  return loaded.config;
}

std::string replaced(std::string from, std::string to) {
  std::string text = kBase;
  const auto at = text.find(from);
  EXPECT_NE(at, std::string::npos);
  return text.replace(at, from.size(), to);
}

TEST(Delta, TheSameFileChangesNothing) {
  EXPECT_TRUE(delta(*load(kBase), *load(kBase)).empty());
}

TEST(Delta, PlacesAndOrderOfBlocksAreNoChange) {
  const auto base = load(kBase);
  Config turned = *load(std::string("\n\n   ") + kBase);
  std::swap(turned.instances[0], turned.instances[1]);
  std::swap(turned.virtual_servers[0], turned.virtual_servers[1]);
  EXPECT_TRUE(delta(*base, turned).empty());
}

TEST(Delta, AddedRemovedChanged) {
  const auto before = load(kBase);
  const auto after = load(replaced("virtual_router_id 2", "virtual_router_id 3") +
                          "virtual_server 10.0.0.1 81 { lb_algo rr\nlb_kind NAT\nprotocol TCP\n"
                          "real_server 10.1.0.1 80 { } }\n");
  const Delta found = delta(*before, *after);
  ASSERT_EQ(found.instances.added.size(), 1U);
  EXPECT_EQ(found.instances.added[0]->vrid, 3);
  ASSERT_EQ(found.instances.removed.size(), 1U);
  EXPECT_EQ(found.instances.removed[0], &before->instances[1]);
  EXPECT_TRUE(found.instances.changed.empty());
  ASSERT_EQ(found.virtual_servers.added.size(), 1U);
  EXPECT_EQ(found.virtual_servers.added[0], &after->virtual_servers[2]);
  EXPECT_TRUE(found.virtual_servers.removed.empty());
  EXPECT_FALSE(found.global_changed);
}

TEST(Delta, ANewNameIsAChangeAndNoNewInstance) {
  const auto before = load(kBase);
  const auto after = load(replaced("vrrp_instance B", "vrrp_instance C"));
  const Delta found = delta(*before, *after);
  ASSERT_EQ(found.instances.changed.size(), 1U);
  EXPECT_EQ(found.instances.changed[0].before, &before->instances[1]);
  EXPECT_EQ(found.instances.changed[0].after, &after->instances[1]);
  EXPECT_TRUE(found.instances.added.empty());
  EXPECT_TRUE(found.instances.removed.empty());
}

TEST(Delta, GlobalSettings) {
  EXPECT_TRUE(
      delta(*load(kBase), *load(std::string(kBase) + "global_defs { router_id other }\n")).global_changed);
}

TEST(Delta, EverySettingOfAnInstanceCounts) {
  using Edit = std::function<void(VrrpInstance&)>;
  const std::vector<Edit> edits{
      [](VrrpInstance& i) { i.name += "x"; },
      [](VrrpInstance& i) { i.version = 3; },
      [](VrrpInstance& i) { i.initial_state = InitialState::Master; },
      [](VrrpInstance& i) { i.priority = 7; },
      [](VrrpInstance& i) { i.advert_interval *= 2; },
      [](VrrpInstance& i) { i.down_timer_adverts = 9; },
      [](VrrpInstance& i) { i.preempt = false; },
      [](VrrpInstance& i) { i.preempt_delay += std::chrono::seconds(1); },
      [](VrrpInstance& i) { i.v3_checksum_as_v2 = true; },
      [](VrrpInstance& i) { i.lower_prio_no_advert = true; },
      [](VrrpInstance& i) { i.higher_prio_send_advert = true; },
      [](VrrpInstance& i) { i.auth_type = AuthType::Pass; },
      [](VrrpInstance& i) { i.auth_password = "x"; },
      [](VrrpInstance& i) { i.announcing.master_delay *= 2; },
      [](VrrpInstance& i) { i.announcing.lower_prio_repeat = 99; },
      [](VrrpInstance& i) { i.addresses[0].label = "x"; },
      [](VrrpInstance& i) { i.addresses.clear(); },
  };
  for (std::size_t n = 0; n < edits.size(); ++n) {
    const auto before = load(kBase);
    Config after = *before;
    edits[n](after.instances[0]);
    EXPECT_EQ(delta(*before, after).instances.changed.size(), 1U) << "edit " << n;
  }
}

TEST(Delta, EverySettingOfAVirtualServerCounts) {
  using Edit = std::function<void(VirtualServer&)>;
  const std::vector<Edit> edits{
      [](VirtualServer& v) { v.scheduler = "wrr"; },
      [](VirtualServer& v) { v.method.forwarding = Forwarding::Direct; },
      [](VirtualServer& v) { v.persistence_timeout = 5; },
      [](VirtualServer& v) { v.persistence_prefix = 24; },
      [](VirtualServer& v) { v.one_packet = true; },
      [](VirtualServer& v) { v.quorum = 2; },
      [](VirtualServer& v) { v.hysteresis = 1; },
      [](VirtualServer& v) { v.real_servers.pop_back(); },
      [](VirtualServer& v) { std::swap(v.real_servers[0], v.real_servers[1]); },
      [](VirtualServer& v) { v.real_servers[0].endpoint.port = 81; },
      [](VirtualServer& v) { v.real_servers[0].weight = 0; },
      [](VirtualServer& v) { v.real_servers[0].method.forwarding = Forwarding::Tunnel; },
      [](VirtualServer& v) { v.real_servers[0].method.tunnel = TunnelType::Gre; },
      [](VirtualServer& v) { v.real_servers[0].inhibit_on_failure = true; },
      [](VirtualServer& v) { v.real_servers[0].smtp_alert = false; },
      [](VirtualServer& v) { v.real_servers[0].extras.edit().upper_threshold = 3; },
      [](VirtualServer& v) { v.real_servers[0].extras.edit().notify_up.words = {"/x"}; },
      [](VirtualServer& v) { v.scheduler_flags = scheduler_flag::First; },
      [](VirtualServer& v) { v.persistence_engine = "sip"; },
      [](VirtualServer& v) { v.ha_suspend = true; },
      [](VirtualServer& v) { v.omega = true; },
      [](VirtualServer& v) { v.smtp_alert = true; },
      [](VirtualServer& v) { v.virtualhost = "x"; },
      [](VirtualServer& v) { v.quorum_up.words = {"/x"}; },
      [](VirtualServer& v) { v.sorry_server.edit().inhibit = true; },
      [](VirtualServer& v) { v.real_servers[0].checks.push_back(PingCheck{}); },
      [](VirtualServer& v) { v.real_servers[0].checks[0] = Boxed<HttpCheck>(HttpCheck{}); },
      [](VirtualServer& v) { v.real_servers[0].checks.clear(); },
      [](VirtualServer& v) {
        std::get<TcpCheck>(v.real_servers[0].checks[0]).settings.edit().timing.retry = 9;
      },
      [](VirtualServer& v) { std::get<TcpCheck>(v.real_servers[0].checks[0]).settings.edit().alpha = true; },
  };
  for (std::size_t n = 0; n < edits.size(); ++n) {
    const auto before = load(kBase);
    Config after = *before;
    edits[n](after.virtual_servers[0]);
    EXPECT_EQ(delta(*before, after).virtual_servers.changed.size(), 1U) << "edit " << n;
  }
}

constexpr const char* kGroups = R"(
virtual_server_group web { 10.0.0.1 80 }
virtual_server_group mail { 10.0.0.1 25 }
virtual_server group web { lb_algo rr
  lb_kind NAT
  protocol TCP
  real_server 10.1.0.1 80 { } }
virtual_server group mail { lb_algo rr
  lb_kind NAT
  protocol TCP
  real_server 10.1.0.1 25 { } }
)";

TEST(Delta, AServerOfAChangedGroupIsChanged) {
  const auto before = load(kGroups);
  Config after = *before;
  after.server_groups[0].addresses[0].port = 81;
  const Delta found = delta(*before, after);
  ASSERT_EQ(found.group_servers.changed.size(), 1U);
  EXPECT_EQ(found.group_servers.changed[0].after->group, "web");
  EXPECT_TRUE(found.others_changed);
}

TEST(Delta, ServersOfGroupsComeAndGoByTheirNumber) {
  const auto before = load(kGroups);
  Config after = *before;
  after.group_servers.erase(after.group_servers.begin());
  after.group_servers[0].quorum = 2;
  const Delta found = delta(*before, after);
  ASSERT_EQ(found.group_servers.removed.size(), 1U);
  EXPECT_EQ(found.group_servers.removed[0]->group, "web");
  EXPECT_EQ(found.group_servers.changed.size(), 1U);
  EXPECT_FALSE(found.others_changed);
}

TEST(Delta, TlsIsOneOfTheOthers) {
  const auto before = load(kBase);
  Config after = *before;
  after.ssl.emplace().ca = "/etc/ssl/ca.pem";
  EXPECT_TRUE(delta(*before, after).others_changed);
}

}  // namespace
}  // namespace hald::config
