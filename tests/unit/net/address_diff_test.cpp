// SPDX-License-Identifier: Apache-2.0
#include "net/address_diff.h"

#include <random>

#include <gtest/gtest.h>

#include "fakes/fake_rtnl.h"

namespace hald::net {
namespace {

using What = AddressOperation::What;

WantedAddress want(const std::string& prefix, const std::string& label = "") {
  WantedAddress out;
  out.device = "eth0";
  out.prefix = *Prefix::parse(prefix);
  out.label = label;
  return out;
}

InterfaceAddress have(const std::string& prefix, const std::string& label = "eth0") {
  InterfaceAddress out;
  out.ifindex = 3;
  out.prefix = *Prefix::parse(prefix);
  if (out.prefix.address.is_v4()) out.label = label;
  return out;
}

TEST(AddressDiff, AddsWhatIsMissingInOrderAndLeavesTheRestAlone) {
  const auto operations =
      diff({have("10.0.0.5/24")}, {{want("10.0.0.9/24"), want("10.0.0.3/24", "eth0:0")}, {}}, 3);
  ASSERT_EQ(operations.size(), 2U);
  EXPECT_EQ(operations[0], (AddressOperation{What::Add, have("10.0.0.9/24")}));
  EXPECT_EQ(operations[1], (AddressOperation{What::Add, have("10.0.0.3/24", "eth0:0")}));
}

TEST(AddressDiff, NothingToDoIsNothingDone) {
  auto secondary = have("10.0.0.3/24");
  secondary.secondary = true;
  EXPECT_TRUE(
      diff({have("10.0.0.5/24"), secondary}, {{want("10.0.0.3/24")}, {*Prefix::parse("10.0.0.4/24")}}, 3)
          .empty());
}

TEST(AddressDiff, AddsBeforeItRemoves) {
  const auto operations =
      diff({have("10.0.0.3/24")}, {{want("10.0.0.4/24")}, {*Prefix::parse("10.0.0.3/24")}}, 3);
  ASSERT_EQ(operations.size(), 2U);
  EXPECT_EQ(operations[0].what, What::Add);
  EXPECT_EQ(operations[1], (AddressOperation{What::Remove, have("10.0.0.3/24")}));
}

TEST(AddressDiff, AnotherLengthIsAnotherAddress) {
  const auto operations = diff({have("10.0.0.3/24")}, {{want("10.0.0.3")}, {}}, 3);
  ASSERT_EQ(operations.size(), 1U);
  EXPECT_EQ(operations[0], (AddressOperation{What::Add, have("10.0.0.3/32")}));
}

TEST(AddressDiff, AnAttributeIsEditedByRemovingAndAdding) {
  auto scoped = want("10.0.0.3/24");
  scoped.scope = 253;
  auto broadcasting = want("10.0.0.3/24");
  broadcasting.broadcast = *Address::parse("10.0.0.255");
  for (const auto& wanted : {want("10.0.0.3/24", "eth0:0"), scoped, broadcasting}) {
    const auto operations = diff({have("10.0.0.3/24")}, {{wanted}, {}}, 3);
    ASSERT_EQ(operations.size(), 2U);
    EXPECT_EQ(operations[0], (AddressOperation{What::Remove, have("10.0.0.3/24")}));
    EXPECT_EQ(operations[1], (AddressOperation{What::Add, as_kernel_holds(wanted, 3)}));
  }
}

TEST(AddressDiff, Ipv6HasNeitherLabelNorBroadcastNorScopeOfItsOwn) {
  auto wanted = want("fe80::3/64", "eth0:0");
  wanted.scope = 0;
  auto actual = have("fe80::3/64");
  actual.scope = 253;  // the kernel derives it from the address
  EXPECT_TRUE(diff({actual}, {{wanted}, {}}, 3).empty());
}

TEST(AddressDiff, FlagsAndLifetimeOfIpv6AreEditedInPlace) {
  auto managed = want("2001:db8::3/64");
  managed.flags.mngtmpaddr = true;
  auto limited = want("2001:db8::3/64");
  limited.preferred_lft = 600;
  for (const auto& wanted : {managed, limited}) {
    const auto operations = diff({have("2001:db8::3/64")}, {{wanted}, {}}, 3);
    ASSERT_EQ(operations.size(), 1U);
    EXPECT_EQ(operations[0], (AddressOperation{What::Edit, as_kernel_holds(wanted, 3)}));
  }
  // The kernel edits neither of these two.
  auto joined = want("ff05::7/128");
  joined.flags.autojoin = true;
  EXPECT_EQ(diff({have("ff05::7/128")}, {{joined}, {}}, 3).size(), 2U);
  auto peered = want("2001:db8::3/64");
  peered.peer = *Address::parse("2001:db8::4");
  EXPECT_EQ(diff({have("2001:db8::3/64")}, {{peered}, {}}, 3).size(), 2U);
}

TEST(AddressDiff, ALifetimeThatRanOutIsNotStartedAgain) {
  auto wanted = want("2001:db8::3/64");
  wanted.preferred_lft = 600;
  auto actual = have("2001:db8::3/64");
  actual.preferred.seconds = 17;
  EXPECT_TRUE(as_declared(actual, wanted));
  actual.preferred.seconds = 0;
  EXPECT_TRUE(as_declared(actual, wanted));
  actual.preferred = {};
  EXPECT_FALSE(as_declared(actual, wanted));
}

TEST(AddressDiff, HostAddressesOfIpv6AreDeprecatedUnlessAskedFor) {
  auto wanted = want("2001:db8::3");
  EXPECT_EQ(as_kernel_holds(wanted, 3).preferred.seconds, 0U);
  wanted.preferred_lft = PreferredTime::kForever;
  EXPECT_EQ(as_kernel_holds(wanted, 3).preferred.seconds, PreferredTime::kForever);
  EXPECT_EQ(as_kernel_holds(want("2001:db8::3/64"), 3).preferred.seconds, PreferredTime::kForever);
}

TEST(AddressDiff, AnAddressThatFailedDuplicateDetectionIsMadeAnewUnlessDetectionWasWanted) {
  auto actual = have("2001:db8::3/64");
  actual.dad_failed = true;
  auto wanted = want("2001:db8::3/64");
  const auto operations = diff({actual}, {{wanted}, {}}, 3);
  ASSERT_EQ(operations.size(), 2U);
  EXPECT_EQ(operations[0].what, What::Remove);
  wanted.detect_duplicates = true;
  EXPECT_TRUE(diff({actual}, {{wanted}, {}}, 3).empty());
}

TEST(AddressDiff, PeersInTwoSubnetsAreTwoAddresses) {
  auto wanted = want("10.0.0.1/32");
  wanted.peer = *Address::parse("10.9.0.2");
  auto foreign = have("10.0.0.1/32");
  foreign.peer = *Address::parse("10.9.0.3");
  const auto operations = diff({foreign}, {{wanted}, {}}, 3);
  ASSERT_EQ(operations.size(), 1U);
  EXPECT_EQ(operations[0], (AddressOperation{What::Add, as_kernel_holds(wanted, 3)}));
}

TEST(AddressDiff, DependantsAreTheSecondariesOfThePrimarysSubnet) {
  auto secondary = have("10.0.0.3/24");
  secondary.secondary = true;
  auto elsewhere = have("10.0.1.3/24");
  elsewhere.secondary = true;
  auto narrower = have("10.0.0.9/25");
  narrower.secondary = true;
  const std::vector<InterfaceAddress> actual{have("10.0.0.5/24"), secondary, elsewhere, narrower};
  EXPECT_EQ(dependants(actual, actual[0]), std::vector{secondary});
  EXPECT_TRUE(dependants(actual, secondary).empty());
}

/// Random machines and intents: what diff asks for leads to the intent, or the kernel says why not, and what
/// nobody named is still there unless it fell with a primary.
TEST(AddressDiff, AppliedItLeadsToTheIntent) {
  const auto seed = std::random_device{}();
  std::mt19937 random(seed);
  SCOPED_TRACE(testing::Message() << "seed " << seed);
  const auto pick = [&](unsigned bound) { return static_cast<unsigned>(random() % bound); };
  for (int round = 0; round < 2000; ++round) {
    fakes::FakeRtnl kernel;
    kernel.promote_secondaries = true;
    kernel.operator_link(3, "eth0");
    const auto prefix = [&] {
      if (pick(3) == 0) return "2001:db8::" + std::to_string(1 + pick(4)) + "/64";
      return "10.0." + std::to_string(pick(2)) + "." + std::to_string(1 + pick(6)) + "/24";
    };
    for (unsigned i = pick(6); i > 0; --i) (void)kernel.operator_add(3, prefix());
    AddressIntent intent;
    for (unsigned i = pick(5); i > 0; --i) {
      auto wanted = want(prefix(), pick(3) == 0 ? "eth0:1" : "");
      if (pick(3) == 0) wanted.flags.noprefixroute = true;
      if (pick(3) == 0) wanted.preferred_lft = pick(3) * 300;
      if (pick(4) == 0) wanted.peer = Address::v4(0x0a090000 + pick(3) * 256);
      if (wanted.peer && !wanted.prefix.address.is_v4()) wanted.peer = Address::parse("2001:db8::9").value();
      if (intent.absent.count(key_of(wanted)) > 0) continue;
      if (pick(2) == 0) {
        intent.absent.insert(key_of(wanted));
      } else {
        intent.present.push_back(wanted);
      }
    }
    for (auto wanted = intent.present.begin(); wanted != intent.present.end();) {
      const bool twice = std::any_of(intent.present.begin(), wanted,
                                     [&](const auto& other) { return key_of(other) == key_of(*wanted); });
      wanted = twice || intent.absent.count(key_of(*wanted)) > 0 ? intent.present.erase(wanted) : wanted + 1;
    }
    const auto before = *kernel.addresses();
    for (const auto& operation : diff(before, intent, 3)) {
      const auto done = operation.what == What::Add    ? kernel.add_address(operation.address)
                        : operation.what == What::Edit ? kernel.edit_address(operation.address)
                                                       : kernel.remove_address(operation.address);
      ASSERT_TRUE(done) << done.error().message();
    }
    const auto after = *kernel.addresses();
    EXPECT_TRUE(diff(after, intent, 3).empty());
    for (const auto& address : before) {
      if (intent.absent.count(key_of(address)) > 0) continue;
      EXPECT_TRUE(std::any_of(after.begin(), after.end(),
                              [&](const auto& other) { return key_of(other) == key_of(address); }));
    }
  }
}

}  // namespace
}  // namespace hald::net
