// SPDX-License-Identifier: Apache-2.0
#include "status/json.h"

#include <boost/json.hpp>
#include <gtest/gtest.h>

namespace hald::status {
namespace {

class FixedSource : public Source {
 public:
  [[nodiscard]] Head head() const override { return head_; }
  [[nodiscard]] std::size_t virtual_servers() const override { return servers_.size(); }
  [[nodiscard]] VirtualServerView virtual_server(std::size_t index) const override {
    return servers_.at(index);
  }

  Head head_;
  std::vector<VirtualServerView> servers_;
};

boost::json::value render(const FixedSource& source) {
  JsonStream stream(std::make_unique<FixedSource>(source));
  std::string text;
  while (!stream.done()) text += stream.next();
  boost::system::error_code error;
  auto value = boost::json::parse(text, error);
  EXPECT_FALSE(error) << text;
  return value;
}

VirtualServerView web() {
  VirtualServerView view;
  view.key = config::ServiceAddress{config::Protocol::Tcp, {Address::v4(0x0a000003), 80}};
  view.scheduler = "wrr";
  view.forwarding = config::Forwarding::Direct;
  view.persistence_timeout = 20;
  view.quorum_up = true;
  RealServerView server;
  server.endpoint = {Address::v4(0x0a000007), 80};
  server.up = true;
  server.in_kernel = 1;
  server.since = WallTime(std::chrono::seconds(90));
  server.reason = "TCP_CHECK passed";
  server.checks.push_back(
      {"TCP_CHECK", "UP", "connected", {}, checker::CheckView::Last{"connected", Duration(340'000)}});
  view.real_servers.push_back(server);
  server.in_kernel.reset();
  server.since.reset();
  server.up = false;
  view.real_servers.push_back(server);
  return view;
}

TEST(StatusJson, HasTheFieldsOfVersionOne) {
  FixedSource source;
  source.head_.node = {"lb01", 7, "0.1.0"};
  vrrp::InstanceView instance;
  instance.name = "VI_1";
  instance.state = "MASTER";
  instance.addresses = {"10.0.0.3/24"};
  instance.tracked.push_back({"script", "chk", "bad", "failed", -30, false, -30, false, true});
  instance.conflicts.push_back(
      {"other_addresses", Address::v4(0x0a000006), 50, 7, {}, "why", {Address::v4(0x0a000004)}});
  source.head_.instances.push_back(instance);
  source.head_.sync_groups.push_back({"G", "MASTER", {}, "VI_1: silence", {"VI_1", "VI_2"}});
  source.servers_.push_back(web());
  source.head_.lateness.add(std::chrono::microseconds(100));
  const auto root = render(source);
  EXPECT_EQ(root.at("version"), 1);
  const auto& late = root.at("advert_lateness");
  EXPECT_EQ(late.at("count"), 1);
  EXPECT_EQ(late.at("p999_us"), 100);
  EXPECT_EQ(late.at("buckets").at(0).at("below_us"), 112);
  EXPECT_EQ(root.at("node").at("name"), "lb01");
  EXPECT_EQ(root.at("config").at("stale"), false);
  const auto& first = root.at("instances").at(0);
  for (const char* key :
       {"name", "interface", "vrid", "family", "state", "base_priority", "priority", "since", "reason",
        "master_address", "addresses", "excluded_addresses", "adverts"}) {
    EXPECT_TRUE(first.as_object().contains(key)) << key;
  }
  EXPECT_TRUE(first.at("master_address").is_null());
  EXPECT_EQ(first.at("adverts").at("lateness_max_us"), 0);
  const auto& tracked = first.at("tracked").at(0);
  EXPECT_EQ(tracked.at("name"), "chk");
  EXPECT_EQ(tracked.at("priority"), -30);
  EXPECT_EQ(tracked.at("of_group"), true);
  const auto& conflict = first.at("conflicts").at(0);
  EXPECT_EQ(conflict.at("kind"), "other_addresses");
  EXPECT_EQ(conflict.at("source"), "10.0.0.6");
  EXPECT_EQ(conflict.at("count"), 7);
  EXPECT_EQ(conflict.at("addresses").at(0), "10.0.0.4");
  EXPECT_EQ(root.at("sync_groups").at(0).at("state"), "MASTER");
  EXPECT_EQ(root.at("sync_groups").at(0).at("members").at(1), "VI_2");
  const auto& service = root.at("virtual_servers").at(0);
  EXPECT_EQ(service.at("address"), "10.0.0.3");
  EXPECT_EQ(service.at("forwarding"), "DR");
  EXPECT_TRUE(service.at("fwmark").is_null());
  EXPECT_EQ(service.at("real_servers").at(0).at("in_kernel"), 1);
  EXPECT_TRUE(service.at("real_servers").at(1).at("in_kernel").is_null());
  EXPECT_EQ(service.at("real_servers").at(0).at("since"), "1970-01-01T00:01:30.000Z");
  EXPECT_TRUE(service.at("real_servers").at(1).at("since").is_null());
  EXPECT_EQ(service.at("real_servers").at(0).at("checks").at(0).at("last").at("took_us"), 340);
}

TEST(StatusJson, AGroupIsNamed) {
  FixedSource source;
  VirtualServerView view;
  view.group = "[web]:0";
  view.members = 254;
  source.servers_.push_back(view);
  const auto root = render(source);
  const auto& service = root.at("virtual_servers").at(0);
  EXPECT_EQ(service.at("group"), "[web]:0");
  EXPECT_EQ(service.at("members"), 254);
  EXPECT_EQ(service.at("protocol"), "tcp");
  EXPECT_TRUE(service.at("address").is_null());
}

TEST(StatusJson, AFirewallMarkHasNoAddress) {
  FixedSource source;
  VirtualServerView view;
  view.key = config::FirewallMark{7, Family::IPv4};
  source.servers_.push_back(view);
  const auto root = render(source);
  EXPECT_EQ(root.at("virtual_servers").at(0).at("fwmark"), 7);
  EXPECT_TRUE(root.at("virtual_servers").at(0).at("address").is_null());
}

TEST(StatusJson, ManyServersComeInManyPiecesOfOneDocument) {
  FixedSource source;
  source.servers_.assign(1000, web());
  EXPECT_EQ(render(source).at("virtual_servers").as_array().size(), 1000U);
  JsonStream stream(std::make_unique<FixedSource>(source));
  int pieces = 0;
  while (!stream.done()) pieces += stream.next().empty() ? 0 : 1;
  EXPECT_GT(pieces, 20);
}

TEST(StatusJson, WithoutServersTheListIsEmpty) {
  EXPECT_EQ(render(FixedSource{}).at("virtual_servers").as_array().size(), 0U);
}

TEST(StatusJson, NamesFromTheFileAreEscaped) {
  FixedSource source;
  source.head_.node.name = "a\"b\\c\n";
  EXPECT_EQ(render(source).at("node").at("name"), "a\"b\\c\n");
}

TEST(Rfc3339, WritesUtcWithMilliseconds) {
  EXPECT_EQ(to_rfc3339(WallTime(std::chrono::milliseconds(1'700'000'000'042))), "2023-11-14T22:13:20.042Z");
}

}  // namespace
}  // namespace hald::status
