// SPDX-License-Identifier: Apache-2.0
// Groups of instances, and the blocks about interfaces.
#include "unit/config/routers.h"

namespace hald::config {
namespace {

std::string group(const std::string& members, const std::string& words = {}, const std::string& name = "G") {
  return "vrrp_sync_group " + name + " {\n group {\n" + members + "\n }\n" + words + "\n}\n";
}
const std::string kTwo = instance() + instance("", "B", 2);

TEST(SyncGroup, ItsMembersAreInstancesOfNoOtherGroup) {
  const auto good = load(group("A\nB") + kTwo);
  EXPECT_EQ(said(good), Said{});
  EXPECT_EQ(good.config->sync_groups.front().members, (std::vector<std::string>{"A", "B"}));
  EXPECT_EQ(said(load(group("A B\nC") + kTwo)), (Said{"error unknown-name"}));
  EXPECT_EQ(said(load(group("A B A") + kTwo)), (Said{"error duplicate-member"}));
  EXPECT_EQ(said(load(group("A B") + group("A B", "", "H") + kTwo)),
            (Said{"error missing-argument", "error duplicate-member", "error duplicate-member"}));
  EXPECT_EQ(said(load(group("A") + kTwo)), (Said{"complaint lonely-member"}));
  EXPECT_EQ(said(load(group("") + kTwo)), (Said{"error missing-word"}));
  EXPECT_EQ(said(load(group("A B") + group("A B") + kTwo)), (Said{"error duplicate-name"}));
}

TEST(SyncGroup, AMemberThatCannotRunIsNone) {
  const auto loaded = load(group("A B") + instance() + "vrrp_instance B {\n interface eth0\n}\n");
  EXPECT_EQ(said(loaded), (Said{"error no-virtual-router-id"}));
  EXPECT_EQ(loaded.config->sync_groups.front().members, (std::vector<std::string>{"A"}));
}

TEST(SyncGroup, MembersHaveNoWeightsOfTheirOwn) {
  const std::string tracking = instance(" track_interface {\n eth1 weight 5\n }") + instance("", "B", 2);
  const auto refused = load(group("A B") + tracking);
  EXPECT_EQ(said(refused), (Said{"error weight-ignored"}));
  EXPECT_EQ(first(refused).track.interfaces.front().weight.value, 0);
  EXPECT_EQ(said(load(group("A B", " sync_group_tracking_weight") + tracking)), Said{});
  EXPECT_EQ(said(load(group("A B", " global_tracking") + tracking)), (Said{"complaint replaced-word"}));
}

TEST(SyncGroup, AnOwnerAmongThemStopsTheWeightsOfTheGroup) {
  const auto loaded = load(group("A B", " track_interface {\n eth1 weight 5\n }") +
                           instance(" priority 255") + instance("", "B", 2));
  EXPECT_EQ(said(loaded), (Said{"error weight-ignored"}));
  EXPECT_EQ(loaded.config->sync_groups.front().track.interfaces.front().weight.value, 0);
}

TEST(SyncGroup, OwnersAndOthersNeverAgree) {
  const std::string owner = instance(" state MASTER\n priority 255");
  EXPECT_EQ(said(load(group("A B") + owner + instance(" state BACKUP", "B", 2))),
            (Said{"complaint state-conflict"}));
  EXPECT_EQ(said(load(group("A B") + owner + instance("", "B", 2))), Said{});
  EXPECT_EQ(said(load(group("B A") + owner + instance(" state BACKUP", "B", 2))), Said{});
}

TEST(SyncGroup, ItsSettingsHoldForMembersThatSayNothing) {
  const auto loaded = load(group("A B", " notify_priority_changes\n smtp_alert") + kTwo);
  EXPECT_TRUE(first(loaded).notify_priority_changes);
  EXPECT_TRUE(loaded.config->sync_groups.front().smtp_alert);
  EXPECT_FALSE(first(loaded).smtp_alert);
}

TEST(TrackGroup, KeepsTheMembersThatExist) {
  const auto loaded = load("track_group t {\n group {\n A\n X\n }\n}\n" + instance());
  EXPECT_EQ(said(loaded), (Said{"warning unknown-name"}));
  EXPECT_EQ(loaded.config->track_groups.front().members, (std::vector<std::string>{"A"}));
  EXPECT_EQ(said(load("track_group t {\n group {\n }\n}\n" + instance())), (Said{"error missing-word"}));
  EXPECT_EQ(said(load("track_group {\n group {\n A\n }\n}\n" + instance())),
            (Said{"error missing-argument"}));
  EXPECT_EQ(said(load("track_group t u {\n group {\n A\n }\n}\n" + instance())), (Said{"error bad-name"}));
}

TEST(Interfaces, GarpGroups) {
  const auto garp = [](const std::string& words) {
    return load("garp_group {\n" + words + "\n}\n" + instance());
  };
  const auto loaded = garp("garp_interval 0.01\n interface eth0\n interfaces {\n eth1 eth2\n }");
  EXPECT_EQ(said(loaded), Said{});
  EXPECT_EQ(loaded.config->garp_groups.front().interfaces,
            (std::vector<std::string>{"eth0", "eth1", "eth2"}));
  EXPECT_EQ(said(garp("interface eth0")), (Said{"error missing-word"}));
  EXPECT_EQ(said(garp("garp_interval 1\n interface eth0\n interface eth0")), (Said{"error repeated-word"}));
  EXPECT_EQ(said(garp("garp_interval 1\n interfaces {\n }")), (Said{"complaint missing-argument"}));
  EXPECT_EQ(
      said(load("garp_group {\n interface eth0\n}\ngarp_group {\n gna_interval 1\n interface eth0\n}\n" +
                instance())),
      (Said{"error missing-word"}));
}

TEST(Interfaces, Linkbeat) {
  const auto poll = [](const std::string& line) {
    return load("linkbeat_interfaces {\n" + line + "\n}\n" + instance());
  };
  const auto loaded = poll("eth0\neth1 MII\neth0 ETHTOOL");
  ASSERT_EQ(loaded.config->linkbeat_interfaces.size(), 2U);
  EXPECT_EQ(loaded.config->linkbeat_interfaces[0].method, LinkbeatInterface::Method::Ethtool);
  EXPECT_EQ(said(poll("eth0 mii")), (Said{"error bad-choice"}));
  EXPECT_EQ(said(poll("eth0 MII x")), (Said{"error bad-choice"}));
}

TEST(Interfaces, Delays) {
  const auto delay = [](const std::string& line) {
    return load("interface_up_down_delays {\n" + line + "\n}\n" + instance());
  };
  EXPECT_EQ(delay("eth0 1.5 2").config->interface_delays.front(),
            (InterfaceDelay{"eth0", std::chrono::milliseconds(1500), std::chrono::seconds(2)}));
  EXPECT_EQ(said(delay("eth0")), (Said{"warning missing-argument"}));
  EXPECT_EQ(said(delay("eth0 1 2 3")), (Said{"warning extra-words"}));
  EXPECT_EQ(said(delay("eth0 256")), (Said{"error out-of-range"}));
  EXPECT_EQ(said(delay("eth0 1 x")), (Said{"error bad-time"}));
}

}  // namespace
}  // namespace hald::config
