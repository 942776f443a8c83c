// SPDX-License-Identifier: Apache-2.0
// StreamProbe without a dialogue (TCP_CHECK) against real sockets of this machine; nothing leaves it.
#include "checker/stream_probe.h"

#include <sys/resource.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <optional>

#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include "base/unique_fd.h"
#include "checker/client_socket.h"
#include "checker/socket_probes.h"
#include "fakes/private_network.h"
#include "net/asio_scheduler.h"
#include "net/sockaddr.h"

namespace hald::checker {
namespace {

using namespace std::chrono_literals;

std::unique_ptr<Probe> start(Probes& probes, const config::Check& check, Probes::Report report) {
  return probes.ask({check}, std::move(report));
}

/// A listening socket on a port of the kernel's choice.
class Listener {
 public:
  explicit Listener(const std::string& address = "127.0.0.1", int backlog = 1024)
      : fd_(::socket(to_af(Address::parse(address)->family()), SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    auto where = net::socket_address({*Address::parse(address), 0});
    EXPECT_EQ(::bind(fd_.get(), where.get(), where.size), 0);
    EXPECT_EQ(::listen(fd_.get(), backlog), 0);
    EXPECT_EQ(::getsockname(fd_.get(), reinterpret_cast<sockaddr*>(&where.storage), &where.size), 0);
    endpoint_ = *net::endpoint_of(where.storage);
  }
  [[nodiscard]] const Endpoint& endpoint() const { return endpoint_; }
  /// Takes one connection that is complete and says whom it came from.
  UniqueFd accept(Endpoint* peer = nullptr) {
    net::SocketAddress from;
    from.size = sizeof from.storage;
    UniqueFd out(::accept4(fd_.get(), reinterpret_cast<sockaddr*>(&from.storage), &from.size, SOCK_CLOEXEC));
    EXPECT_TRUE(out.valid());
    if (peer != nullptr) *peer = *net::endpoint_of(from.storage);
    return out;
  }
  void close() { fd_.reset(); }

 private:
  UniqueFd fd_;
  Endpoint endpoint_;
};

/// A port that lets nobody in: its queue of one is full, so the kernel drops every further SYN.
class BlackHole {
 public:
  BlackHole() : listener_("127.0.0.1", 0) {
    const auto where = net::socket_address(listener_.endpoint());
    for (auto& filler : fillers_) {
      filler.reset(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
      (void)::connect(filler.get(), where.get(), where.size);
    }
  }
  [[nodiscard]] const Endpoint& endpoint() const { return listener_.endpoint(); }

 private:
  Listener listener_;
  std::array<UniqueFd, 4> fillers_;
};

class TcpProbeTest : public testing::Test {
 protected:
  static config::TcpCheck check(const Endpoint& target, Duration timeout = 10s) {
    config::TcpCheck out;
    out.target = target;
    out.settings.edit().timing.connect_timeout = timeout;
    return out;
  }
  /// Runs the loop until stop() or, for a test that fails, ten seconds later.
  void run() {
    const auto guard = scheduler.after(10s, [&] {
      ADD_FAILURE() << "the loop did not end";
      scheduler.stop();
    });
    scheduler.run();
  }
  /// `started` is called once the try has begun and before the loop runs.
  Outcome outcome_of(
      const config::TcpCheck& tcp, const std::function<void()>& started = [] {}) {
    std::optional<Outcome> out;
    const auto probe = start(probes, tcp, [&](Outcome outcome) {
      out = std::move(outcome);
      scheduler.stop();
    });
    started();
    EXPECT_FALSE(out) << "reported from within ask()";
    run();
    return out.value_or(Outcome{});
  }

  boost::asio::io_context io;
  net::AsioScheduler scheduler{io};
  SocketProbes probes{io, scheduler};
};

TEST_F(TcpProbeTest, AnAcceptedConnectionPasses) {
  Listener listener;
  const auto outcome = outcome_of(check(listener.endpoint()));
  EXPECT_TRUE(outcome.passed());
  EXPECT_EQ(outcome.text, "connected");
  EXPECT_GT(outcome.took, 0ns);
  EXPECT_LT(outcome.took, 10s);
}

TEST_F(TcpProbeTest, Ipv6) {
  Listener listener("::1");
  EXPECT_TRUE(outcome_of(check(listener.endpoint())).passed());
}

TEST_F(TcpProbeTest, NobodyListens) {
  Listener listener;
  listener.close();
  const auto outcome = outcome_of(check(listener.endpoint()));
  EXPECT_EQ(outcome.kind, Kind::Refused);
  EXPECT_EQ(outcome.layer, Layer::Network);
  EXPECT_EQ(outcome.text, "connection refused");
}

TEST_F(TcpProbeTest, NobodyAnswersInTime) {
  BlackHole hole;
  const auto outcome = outcome_of(check(hole.endpoint(), 50ms));
  EXPECT_EQ(outcome.kind, Kind::TimedOut);
  EXPECT_EQ(outcome.text, "no answer within 0.05 s");
  EXPECT_GE(outcome.took, 50ms);
}

TEST_F(TcpProbeTest, ConnectsFromTheGivenSource) {
  Listener listener;
  auto tcp = check(listener.endpoint());
  tcp.settings.edit().bind = Endpoint{*Address::parse("127.0.0.2"), 0};
  EXPECT_TRUE(outcome_of(tcp).passed());
  Endpoint peer;
  (void)listener.accept(&peer);
  EXPECT_EQ(peer.address, tcp.settings->bind->address);
}

// The same pair of ports at every try: the last connection must not stand in the way.
TEST_F(TcpProbeTest, ConnectsFromTheGivenPortAgainAndAgain) {
  Listener listener;
  Listener chooser;
  auto tcp = check(listener.endpoint());
  tcp.settings.edit().bind = Endpoint{*Address::parse("127.0.0.1"), chooser.endpoint().port};
  chooser.close();
  int passed = 0;
  std::unique_ptr<Probe> probe;
  Probes::Report report = [&](Outcome outcome) {
    EXPECT_TRUE(outcome.passed()) << outcome.text;
    Endpoint peer;
    const auto connection = listener.accept(&peer);
    EXPECT_EQ(peer.port, tcp.settings->bind->port);
    probe.reset();
    if (++passed == 5) return scheduler.stop();
    scheduler.post([&] { probe = start(probes, tcp, report); });
  };
  probe = start(probes, tcp, report);
  run();
  EXPECT_EQ(passed, 5);
}

TEST_F(TcpProbeTest, ASourceThatIsNotHereIsALocalFailure) {
  Listener listener;
  auto tcp = check(listener.endpoint());
  tcp.settings.edit().bind = Endpoint{*Address::parse("192.0.2.1"), 0};
  const auto outcome = outcome_of(tcp);
  EXPECT_TRUE(outcome.local());
  EXPECT_EQ(outcome.text, "bind to 192.0.2.1:0: cannot assign requested address");
}

TEST_F(TcpProbeTest, NoDescriptorLeftIsALocalFailureThatSaysSo) {
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &before), 0);
  const UniqueFd next(::dup(0));
  rlimit none = before;
  none.rlim_cur = static_cast<rlim_t>(next.get()) + 1;
  // A try before, because the sanitizers need descriptors for what they meet for the first time.
  (void)start(probes, check({*Address::parse("127.0.0.1"), 9}), [](Outcome) {});
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &none), 0);
  const auto outcome = outcome_of(check({*Address::parse("127.0.0.1"), 9}),
                                  [&] { ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &before), 0); });
  EXPECT_TRUE(outcome.local());
  EXPECT_EQ(outcome.kind, Kind::NotAttempted);
  EXPECT_EQ(outcome.text,
            "no socket: too many open files (this process may have " + std::to_string(none.rlim_cur) + ")");
}

TEST_F(TcpProbeTest, DestroyedItKeepsSilent) {
  Listener listener;
  BlackHole hole;
  for (const auto& target : {listener.endpoint(), hole.endpoint()}) {
    auto probe = start(probes, check(target, 20ms), [](Outcome) { ADD_FAILURE() << "reported"; });
    probe.reset();
  }
  (void)start(probes, check(hole.endpoint(), 20ms), [](Outcome) { ADD_FAILURE() << "reported"; });
  const auto end = scheduler.after(40ms, [&] { scheduler.stop(); });
  run();
}

TEST_F(TcpProbeTest, MayBeDestroyedWithinItsReport) {
  Listener listener;
  BlackHole hole;
  for (const auto& target : {listener.endpoint(), hole.endpoint()}) {
    boost::asio::io_context own_io;
    net::AsioScheduler own(own_io);
    SocketProbes own_probes(own_io, own);
    std::unique_ptr<Probe> probe;
    int reports = 0;
    const std::vector<int> witness(1000, 1);  // a capture that dies with the closure
    probe = start(own_probes, check(target, 20ms), [&, witness](Outcome) {
      probe.reset();
      reports += witness[999];
      own.stop();
    });
    own.run();
    EXPECT_EQ(reports, 1);
  }
}

TEST_F(TcpProbeTest, ManyAtOnce) {
  Listener open;
  Listener closed;
  closed.close();
  BlackHole hole;
  std::vector<std::unique_ptr<Probe>> running;
  std::map<Kind, int> kinds;
  int left = 0;
  const auto begin = scheduler.now();
  for (const auto& target : {open.endpoint(), closed.endpoint(), hole.endpoint()}) {
    for (int i = 0; i < 250; ++i) {
      ++left;
      running.push_back(start(probes, check(target, 200ms), [&](Outcome outcome) {
        ++kinds[outcome.kind];
        if (--left == 0) scheduler.stop();
      }));
    }
  }
  run();
  EXPECT_EQ(kinds, (std::map<Kind, int>{{Kind::Passed, 250}, {Kind::Refused, 250}, {Kind::TimedOut, 250}}));
  EXPECT_LT(scheduler.now() - begin, 5s);
}

TEST_F(TcpProbeTest, NoWayThere) {
  const bool entered = fakes::in_private_network([] {
    const auto try_it = [](const char* target) {
      boost::asio::io_context own_io;
      net::AsioScheduler own(own_io);
      SocketProbes own_probes(own_io, own);
      Outcome out;
      const auto probe = start(own_probes, check({*Address::parse(target), 80}, 5s), [&](Outcome outcome) {
        out = std::move(outcome);
        own.stop();
      });
      own.run();
      return out;
    };
    const auto unreachable = try_it("192.0.2.1");
    EXPECT_EQ(unreachable.kind, Kind::Unreachable);
    EXPECT_EQ(unreachable.text, "network is unreachable");
    EXPECT_FALSE(unreachable.local());
    if (!fakes::shell("ip route add prohibit 198.51.100.0/24")) return;
    const auto forbidden = try_it("198.51.100.1");
    EXPECT_TRUE(forbidden.local()) << forbidden.text;  // compat: this machine forbids it
  });
  if (!entered) GTEST_SKIP() << "needs the right to make network namespaces";
}

TEST(ConnectFailure, ClassesFollowWhoIsToBlame) {
  for (const bool immediate : {true, false}) {
    EXPECT_EQ(connect_failure(ECONNREFUSED, immediate).kind, Kind::Refused);
    EXPECT_EQ(connect_failure(ETIMEDOUT, immediate).kind, Kind::TimedOut);
    EXPECT_EQ(connect_failure(ECONNRESET, immediate).kind, Kind::Reset);
    for (const int number : {ENETUNREACH, EHOSTUNREACH, ENETDOWN, EHOSTDOWN})
      EXPECT_EQ(connect_failure(number, immediate).kind, Kind::Unreachable);
  }
  for (const int number : {EADDRNOTAVAIL, EACCES, EPERM, ENOBUFS, ENOMEM})
    EXPECT_TRUE(connect_failure(number, true).local());
  EXPECT_EQ(connect_failure(EPROTO, false).kind, Kind::Failed);
  EXPECT_FALSE(connect_failure(EPROTO, false).local());
}

}  // namespace
}  // namespace hald::checker
