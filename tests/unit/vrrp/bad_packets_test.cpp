// SPDX-License-Identifier: Apache-2.0
// Every way in which a packet can be wrong, through the real supervisor and instance: the counter that rises,
// and that neither state nor timer nor adverts are touched (RFC 9568 7.1; keepalived re-arms its timer for
// such packets, which five of them a second turn into silence).
#include <functional>

#include <gtest/gtest.h>

#include "router.h"

namespace hald::vrrp {
namespace {

using namespace std::chrono_literals;
using testing::Bytes;
using testing::from_peer;
using testing::ip;
using testing::PeerAdvert;
using testing::Router;

constexpr std::size_t ip_header = 20;

struct Wrong {
  const char* name;
  std::uint8_t version;
  std::function<Bytes()> bytes;
  std::uint64_t PacketCounters::*counter;  ///< nullptr: it never reaches the instance
};

PeerAdvert peer(std::uint8_t version, std::uint8_t priority = 200) {
  PeerAdvert out = from_peer(priority);
  out.advert.version = version;
  if (version == 2) {
    out.sealing.auth_type = config::AuthType::Pass;
    out.sealing.auth = auth_data("1111");
  }
  return out;
}

Bytes with(Bytes bytes, std::size_t offset, std::uint8_t value) {
  bytes.at(offset) = value;
  return bytes;
}

Bytes cut(Bytes bytes, std::size_t size) {
  bytes.resize(size);
  return bytes;
}

/// Sums the VRRP message anew (without pseudo-header), so that only the change itself is wrong.
Bytes summed(Bytes bytes) {
  bytes.at(26) = bytes.at(27) = 0;
  unsigned sum = 0;
  for (std::size_t i = ip_header; i + 1 < bytes.size(); i += 2) sum += bytes[i] * 256U + bytes[i + 1];
  while (sum > 0xffffU) sum = (sum >> 16U) + (sum & 0xffffU);
  bytes[26] = static_cast<std::uint8_t>(~sum >> 8U);
  bytes[27] = static_cast<std::uint8_t>(~sum);
  return bytes;
}

PeerAdvert changed(std::uint8_t version, const std::function<void(PeerAdvert&)>& change) {
  PeerAdvert out = peer(version);
  change(out);
  return out;
}

std::vector<Wrong> wrong_packets() {
  using C = PacketCounters;
  std::vector<Wrong> out = {
      {"ttl 254", 2, [] { return with(peer(2).bytes(), 8, 254); }, &C::ttl_errors},
      {"ttl 0", 3, [] { return with(peer(3).bytes(), 8, 0); }, &C::ttl_errors},
      {"v3 where v2 is spoken", 2, [] { return peer(3).bytes(); }, &C::version_errors},
      {"v2 where v3 is spoken", 3, [] { return peer(2).bytes(); }, &C::version_errors},
      {"version 0", 3, [] { return summed(with(peer(3).bytes(), 20, 0x01)); }, &C::version_errors},
      {"version 15", 3, [] { return summed(with(peer(3).bytes(), 20, 0xf1)); }, &C::version_errors},
      {"type 0", 3, [] { return summed(with(peer(3).bytes(), 20, 0x30)); }, &C::type_errors},
      {"type 2", 2, [] { return summed(with(peer(2).bytes(), 20, 0x22)); }, &C::type_errors},
      {"checksum", 2, [] { return with(peer(2).bytes(), 27, 0x55); }, &C::checksum_errors},
      {"checksum of v3", 3, [] { return with(peer(3).bytes(), 27, 0x55); }, &C::checksum_errors},
      {"checksum 0", 3, [] { return with(with(peer(3).bytes(), 26, 0), 27, 0); }, &C::checksum_errors},
      {"an address flipped after summing", 3, [] { return with(peer(3).bytes(), 31, 99); },
       &C::checksum_errors},
      {"wrong password", 2,
       [] { return changed(2, [](auto& p) { p.sealing.auth = auth_data("1112"); }).bytes(); },
       &C::auth_failures},
      {"a password that continues ours", 2,
       [] { return changed(2, [](auto& p) { p.sealing.auth = auth_data("11111"); }).bytes(); },
       &C::auth_failures},
      {"no authentication", 2,
       [] { return changed(2, [](auto& p) { p.sealing.auth_type = config::AuthType::None; }).bytes(); },
       &C::auth_type_errors},
      {"authentication header", 2, [] { return summed(with(peer(2).bytes(), 24, 2)); }, &C::auth_type_errors},
      {"unknown authentication", 2, [] { return summed(with(peer(2).bytes(), 24, 9)); },
       &C::auth_type_errors},
      {"v2 interval", 2, [] { return changed(2, [](auto& p) { p.advert.interval = 5s; }).bytes(); },
       &C::interval_errors},
      {"v2 interval 0", 2, [] { return changed(2, [](auto& p) { p.advert.interval = 0s; }).bytes(); },
       &C::interval_errors},
      {"v3 interval 0", 3, [] { return changed(3, [](auto& p) { p.advert.interval = 0s; }).bytes(); },
       &C::interval_errors},
      {"v3 interval 0 under reserved bits", 3,
       [] { return summed(with(changed(3, [](auto& p) { p.advert.interval = 0s; }).bytes(), 24, 0xf0)); },
       &C::interval_errors},
      {"no addresses", 2, [] { return changed(2, [](auto& p) { p.advert.addresses = {}; }).bytes(); },
       &C::empty_list_errors},
      {"no addresses, v3", 3, [] { return changed(3, [](auto& p) { p.advert.addresses = {}; }).bytes(); },
       &C::empty_list_errors},
      {"our own", 2, [] { return changed(2, [](auto& p) { p.sealing.source = ip("10.0.0.5"); }).bytes(); },
       &C::own_packets},
      {"unicast", 3,
       [] { return changed(3, [](auto& p) { p.sealing.destination = ip("10.0.0.5"); }).bytes(); },
       &C::destination_errors},
      {"another VRID", 2, [] { return changed(2, [](auto& p) { p.advert.vrid = 52; }).bytes(); }, nullptr},
      {"counts more addresses than it has", 3, [] { return summed(with(peer(3).bytes(), 23, 2)); },
       &C::length_errors},
      {"counts 255 addresses", 2, [] { return summed(with(peer(2).bytes(), 23, 255)); }, &C::length_errors},
      {"IP header shorter than one", 2, [] { return with(peer(2).bytes(), 0, 0x44); }, nullptr},
      {"not IPv4", 2, [] { return with(peer(2).bytes(), 0, 0x65); }, nullptr},
      {"IP header longer than the packet", 3, [] { return with(peer(3).bytes(), 0, 0x4f); }, nullptr},
      {"IP length too short", 2, [] { return with(peer(2).bytes(), 3, 32); }, &C::length_errors},
      {"IP length too long", 3, [] { return with(peer(3).bytes(), 3, 60); }, &C::length_errors},
      {"empty", 2, [] { return Bytes(); }, nullptr},
  };
  for (const std::uint8_t version : {std::uint8_t{2}, std::uint8_t{3}}) {
    const std::size_t size = peer(version).bytes().size();
    for (std::size_t length = 1; length < size; ++length) {
      const auto counter = length < ip_header + 2 ? nullptr : &C::length_errors;
      out.push_back({"truncated", version, [=] { return cut(peer(version).bytes(), length); }, counter});
    }
    for (const std::size_t extra : {1U, 3U, 5U, 9U, 100U, 1400U}) {
      out.push_back({"trailing octets", version, [=] { return cut(peer(version).bytes(), size + extra); },
                     &C::length_errors});
    }
  }
  return out;
}

config::VrrpInstance settings(std::uint8_t version) {
  auto out = testing::instance();
  out.version = version;
  if (version == 2) {
    out.auth_type = config::AuthType::Pass;
    out.auth_password = "1111";
  }
  return out;
}

std::string timer_of(const fakes::ManualScheduler& scheduler) {
  return std::to_string(scheduler.next_due().time_since_epoch().count());
}

/// How many adverts leave during five seconds with ten packets each. It judges routers, and below one that is
/// wrong on purpose.
template <typename Shell>
std::size_t adverts_under_a_stream(Shell& shell, const Bytes& bytes) {
  const std::size_t before = shell.sent.size();
  for (int i = 0; i < 50; ++i) {
    shell.receive(bytes);
    shell.scheduler.advance(100ms);
  }
  return shell.sent.size() - before;
}

/// All that a dropped packet must leave as it is.
std::string fingerprint(Router& router) {
  const auto view = router.view();
  return view.state + " " + view.reason + " " + std::to_string(view.adverts.sent) + " " +
         std::to_string(view.adverts.received) + " " + timer_of(router.scheduler) + " " +
         std::to_string(router.announcer.count) + " " + std::to_string(router.holdings.writes);
}

void expect_dropped(Router& router, const Wrong& wrong, const Bytes& bytes) {
  const std::string before = fingerprint(router);
  const auto counted = wrong.counter == nullptr ? 0 : router.view().packets.*wrong.counter;
  const auto strays = router.supervisor.strays();
  router.receive(bytes);
  EXPECT_EQ(fingerprint(router), before);
  if (wrong.counter != nullptr) {
    EXPECT_EQ(router.view().packets.*wrong.counter, counted + 1);
    return;
  }
  const auto now = router.supervisor.strays();
  EXPECT_EQ(now.unknown_vrid + now.unreadable, strays.unknown_vrid + strays.unreadable + 1);
}

TEST(BadPackets, TouchNothingInBackup) {
  for (const auto& wrong : wrong_packets()) {
    const Bytes bytes = wrong.bytes();
    SCOPED_TRACE(std::string(wrong.name) + ", " + std::to_string(bytes.size()) + " octets, v" +
                 std::to_string(wrong.version));
    Router router;
    router.supervisor.apply(testing::config_of({settings(wrong.version)}));
    router.scheduler.advance(2s);
    expect_dropped(router, wrong, bytes);
    EXPECT_EQ(router.state(), "BACKUP");
  }
}

TEST(BadPackets, TouchNothingInMaster) {
  for (const auto& wrong : wrong_packets()) {
    const Bytes bytes = wrong.bytes();
    SCOPED_TRACE(std::string(wrong.name) + ", " + std::to_string(bytes.size()) + " octets, v" +
                 std::to_string(wrong.version));
    Router router;
    router.become_master(settings(wrong.version));
    expect_dropped(router, wrong, bytes);
    EXPECT_EQ(router.state(), "MASTER");
  }
}

TEST(BadPackets, TheGoodOneIsTaken) {
  for (const std::uint8_t version : {std::uint8_t{2}, std::uint8_t{3}}) {
    Router router;
    router.become_master(settings(version));
    router.receive(peer(version).bytes());
    EXPECT_EQ(router.state(), "BACKUP") << "the table above would prove nothing";
  }
}

TEST(BadPackets, AStreamOfThemDelaysNoAdvert) {
  for (const auto& wrong : wrong_packets()) {
    SCOPED_TRACE(wrong.name);
    Router router;
    router.become_master(settings(wrong.version));
    EXPECT_EQ(adverts_under_a_stream(router, wrong.bytes()), 5U);
    EXPECT_EQ(router.view().adverts.lateness_max, Duration::zero());
  }
}

/// A MASTER of the real machine in a shell of its own, which drops every packet. The careless one arms its
/// timer anew all the same.
struct DroppingShell {
  explicit DroppingShell(bool is_careless) : careless(is_careless) { arm(); }

  void receive(const Bytes&) {
    if (!careless) return;
    state = Master{scheduler.now() + params.advert_interval};
    arm();
  }
  void arm() {
    timer = scheduler.at(
        deadline(state).value(), [this] { fire(); }, Urgency::Urgent);
  }
  void fire() {
    const Step out = step(params, state, TimerFired{}, scheduler.now());
    state = out.next;
    for (const Action& action : out.actions) {
      if (std::holds_alternative<SendAdvert>(action)) sent.push_back(scheduler.now());
    }
    arm();
  }

  bool careless;
  fakes::ManualScheduler scheduler;
  Params params;
  State state = Master{scheduler.now() + params.advert_interval};
  std::vector<TimePoint> sent;
  TimerHandle timer;
};

/// What the tests above look at would tell a router that lets a dropped packet touch a timer.
TEST(BadPackets, AShellThatTouchesItsTimerIsFoundOut) {
  const Bytes bytes = with(peer(2).bytes(), 8, 254);
  for (const bool careless : {false, true}) {
    DroppingShell shell(careless);
    shell.scheduler.advance(500ms);
    const std::string before = timer_of(shell.scheduler);
    shell.receive(bytes);
    EXPECT_EQ(timer_of(shell.scheduler) != before, careless);
    shell.scheduler.advance(500ms);
    EXPECT_EQ(adverts_under_a_stream(shell, bytes), careless ? 0U : 5U);
  }
}

TEST(BadPackets, AreLoggedOncePerKindWithWhatWasWrong) {
  Router router;
  router.become_master(settings(2));
  for (int i = 0; i < 1000; ++i) router.receive(with(peer(2).bytes(), 8, 254));
  EXPECT_EQ(router.sink.count("dropped a packet from 10.0.0.6"), 1U);
  EXPECT_TRUE(
      router.sink.contains("(VI_51) dropped a packet from 10.0.0.6: wrong TTL or hop limit "
                           "(received 254, expected 255)"));
  router.receive(with(peer(2).bytes(), 27, 0x55));
  EXPECT_EQ(router.sink.count("dropped a packet from 10.0.0.6"), 2U);
}

TEST(BadPackets, UnsuitableListsAndIntervalsAreCountedAndAccepted) {
  Router router;
  router.become_master(settings(3));
  auto other = peer(3);
  other.advert.addresses = {ip("10.0.0.99")};
  other.advert.interval = 200ms;
  router.receive(other.bytes());
  EXPECT_EQ(router.state(), "BACKUP");
  EXPECT_EQ(router.view().packets.address_list_errors, 1U);
  EXPECT_TRUE(
      router.sink.contains("10.0.0.6 advertises other addresses than ours: 10.0.0.99; ours: 10.0.0.3"));
  EXPECT_TRUE(router.sink.contains("advertises an interval of 200 ms"));
}

TEST(BadPackets, BothChecksumFormsAreTakenAndCounted) {
  Router router;
  router.supervisor.apply(testing::config_of({settings(3)}));
  auto advert = peer(3);
  router.receive(advert.bytes());
  advert.sealing.checksum = ChecksumForm::Message;
  router.receive(advert.bytes());
  router.receive(advert.bytes());
  EXPECT_EQ(router.view().packets.checksum_pseudo_form, 1U);
  EXPECT_EQ(router.view().packets.checksum_rfc_form, 2U);
  EXPECT_EQ(router.view().adverts.received, 3U);
}

}  // namespace
}  // namespace hald::vrrp
