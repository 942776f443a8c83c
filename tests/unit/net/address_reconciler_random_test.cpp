// SPDX-License-Identifier: Apache-2.0
// Random owners, an operator who meddles, a kernel that refuses, loses events and drops secondaries: once it
// is quiet, every declaration holds, and hald's own doings never cost anybody else an address.
#include <random>
#include <set>

#include <gtest/gtest.h>

#include "fakes/capture_sink.h"
#include "fakes/fake_rtnl.h"
#include "fakes/manual_scheduler.h"
#include "net/address_reconciler.h"

namespace hald::net {
namespace {

using namespace std::chrono_literals;

class World {
 public:
  explicit World(unsigned seed) : random_(seed) {
    kernel_.operator_link(2, "eth0");
    kernel_.promote_secondaries = pick(2) == 0;
    EXPECT_TRUE(table_.start());
  }

  void step() {
    switch (pick(8)) {
      case 0:
      case 1:
      case 2: return declare();
      case 3: return meddle();
      case 4: return relink();
      case 5: return pick(2) == 0 ? kernel_.overrun() : turn();
      case 6: return fail_or_heal();
      default: return scheduler_.advance(std::chrono::milliseconds(pick(300)));
    }
  }

  void check() {
    kernel_.failures.clear();
    scheduler_.advance(2s);
    turn();
    scheduler_.advance(1min);  // the longest back-off
    turn();
    EXPECT_TRUE(addresses_.settled());
    if (!present_) return;
    for (unsigned number = 0; number < 6; ++number) {
      const auto prefix = own(number);
      bool declared = leaving_.count(prefix) > 0;
      bool held = false;
      for (const auto& [owner, declaration] : declared_) {
        if (declaration.second.count(prefix) == 0) continue;
        declared = true;
        held = held || declaration.first;
      }
      EXPECT_TRUE(!declared || has(prefix) == held) << prefix.to_string();
    }
    const auto writes = addresses_.writes();
    for (const auto& [owner, declaration] : declared_) say(owner, declaration.first, declaration.second);
    turn();
    EXPECT_EQ(addresses_.writes(), writes) << "said again, it wrote";
  }

 private:
  unsigned pick(unsigned bound) { return static_cast<unsigned>(random_() % bound); }
  static Prefix own(unsigned number) {
    return {Address::v4(0x0a000000 + (number % 2) * 256 + 1 + number), 24};
  }
  static Prefix foreign(unsigned number) {
    return {Address::v4(0x0a000000 + (number % 2) * 256 + 100 + number), 24};
  }
  bool has(const Prefix& prefix) {
    const auto all = *kernel_.addresses();
    return std::any_of(all.begin(), all.end(), [&](const auto& address) { return address.prefix == prefix; });
  }
  std::set<Prefix> foreigners() {
    std::set<Prefix> out;
    for (unsigned number = 0; number < 6; ++number) {
      if (has(foreign(number))) out.insert(foreign(number));
    }
    return out;
  }
  void turn() {
    const auto before = foreigners();
    kernel_.drain();
    scheduler_.advance(0ns);
    EXPECT_EQ(foreigners(), before);
  }
  void say(const std::string& owner, bool held, const std::set<Prefix>& prefixes) {
    std::vector<WantedAddress> wanted;
    for (const auto& prefix : prefixes) {
      WantedAddress address;
      address.device = "eth0";
      address.prefix = prefix;
      wanted.push_back(address);
    }
    if (held) return addresses_.hold(owner, wanted);
    addresses_.release(owner, wanted);
  }
  void declare() {
    const std::string owner = "VI_" + std::to_string(pick(3));
    std::set<Prefix> prefixes;
    for (unsigned count = pick(4); count > 0; --count) prefixes.insert(own(pick(6)));
    auto& known = declared_[owner];
    if (known.first) {
      for (const auto& prefix : known.second) leaving_.insert(prefix);
    }
    for (const auto& prefix : prefixes) leaving_.erase(prefix);
    known = {pick(3) != 0, prefixes};
    // Lost events make the picture wrong, and then a foreigner may be lost before hald can know of him.
    kernel_.drain();
    const auto before = foreigners();
    say(owner, known.first, known.second);
    EXPECT_EQ(foreigners(), before);
  }
  void meddle() {
    const auto prefix = pick(2) == 0 ? own(pick(6)) : foreign(pick(6));
    leaving_.erase(prefix);  // once it was seen to be gone, nobody minds it any more
    if (!present_) return;
    if (pick(2) == 0) {
      (void)kernel_.operator_remove(2, prefix);
    } else {
      (void)kernel_.operator_add(2, prefix.to_string());
    }
  }
  void relink() {
    if (present_) {
      kernel_.operator_unlink(2);
    } else {
      kernel_.operator_link(2, "eth0");
    }
    present_ = !present_;
    leaving_.clear();
    turn();  // so that whose an address is on the new interface is not a matter of taste
  }
  void fail_or_heal() {
    if (pick(2) == 0) return kernel_.failures.clear();
    kernel_.failures[own(pick(6))] = EBUSY;
  }

  std::mt19937 random_;
  fakes::ManualScheduler scheduler_;
  fakes::CaptureSink sink_;
  log::Logger logger_{sink_, scheduler_, log::Level::Error};
  fakes::FakeRtnl kernel_;
  InterfaceTable table_{kernel_, scheduler_, logger_};
  AddressReconciler addresses_{kernel_, table_, scheduler_, logger_};
  bool present_ = true;
  std::map<std::string, std::pair<bool, std::set<Prefix>>> declared_;
  std::set<Prefix> leaving_;  // held once, declared no more, and not touched by anybody since
};

TEST(AddressReconcilerRandom, OnceQuietEveryDeclarationHolds) {
  const unsigned first = std::random_device{}();
  for (unsigned history = 0; history < 400; ++history) {
    const unsigned seed = first + history;
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    World world(seed);
    for (int round = 0; round < 4; ++round) {
      for (int step = 0; step < 25; ++step) world.step();
      world.check();
    }
    if (testing::Test::HasFailure()) return;
  }
}

}  // namespace
}  // namespace hald::net
