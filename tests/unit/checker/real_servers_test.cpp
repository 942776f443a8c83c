// SPDX-License-Identifier: Apache-2.0
// Checks of servers that are what they seem: openssl s_server, a datagram socket, this machine's own ping.
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <thread>

#include <boost/asio/io_context.hpp>
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "base/unique_fd.h"
#include "checker/socket_probes.h"
#include "net/asio_scheduler.h"
#include "net/sockaddr.h"

namespace hald::checker {
namespace {

using namespace std::chrono_literals;

constexpr Duration kPatience = 15s;

Outcome outcome_of(const config::Check& check, const OuterHosts& hosts = {}) {
  boost::asio::io_context io;
  net::AsioScheduler scheduler(io);
  SocketProbes probes(io, scheduler);
  Outcome out;
  const auto probe = probes.ask({check, 0, hosts}, [&](Outcome outcome) {
    out = std::move(outcome);
    scheduler.stop();
  });
  scheduler.run();
  return out;
}

bool has_openssl() {
  return std::system("command -v openssl > /dev/null 2>&1") == 0;
}

/// `openssl s_server -www` with a certificate of its own; gone with this object.
class TlsServer {
 public:
  explicit TlsServer(const std::string& options = "") {
    std::string name = "/tmp/hald-tls-XXXXXX";
    if (::mkdtemp(name.data()) == nullptr) return;
    folder_ = name;
    const std::string make = fmt::format(
        "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout {0}/key -out {0}/cert "
        "-days 2 "
        "-subj /CN=other.example > /dev/null 2>&1",
        name);
    if (std::system(make.c_str()) != 0) return;
    const std::string run = fmt::format(
        "exec openssl s_server -accept 127.0.0.1:0 -key {0}/key -cert {0}/cert -www {1} 2> /dev/null & "
        "echo PID $!; wait",
        name, options);
    pipe_.reset(::popen(run.c_str(), "re"));
    std::array<char, 256> line{};
    while (pipe_ && (port_ == 0 || pid_ == 0) &&
           std::fgets(line.data(), line.size(), pipe_.get()) != nullptr) {
      const std::string text = line.data();
      if (text.starts_with("PID ")) pid_ = std::atoi(text.c_str() + 4);
      if (text.starts_with("ACCEPT ")) port_ = std::atoi(text.c_str() + text.rfind(':') + 1);
    }
  }
  ~TlsServer() {
    if (pid_ > 0) ::kill(pid_, SIGKILL);
    pipe_.reset();
    std::error_code ignored;
    if (!folder_.empty()) std::filesystem::remove_all(folder_, ignored);
  }
  TlsServer(const TlsServer&) = delete;
  TlsServer& operator=(const TlsServer&) = delete;

  [[nodiscard]] bool runs() const { return port_ != 0; }
  [[nodiscard]] Endpoint endpoint() const {
    return {*Address::parse("127.0.0.1"), static_cast<std::uint16_t>(port_)};
  }

 private:
  struct Close {
    void operator()(std::FILE* pipe) const { ::pclose(pipe); }
  };
  std::string folder_;
  std::unique_ptr<std::FILE, Close> pipe_;
  int pid_ = 0;
  int port_ = 0;
};

config::HttpCheck https(const Endpoint& target) {
  config::HttpCheck out;
  out.target = target;
  out.tls = true;
  out.settings.edit().timing.connect_timeout = kPatience;
  auto& url = out.urls.emplace_back();
  url.path = "/";
  url.status = {{200, 299}};
  return out;
}

TEST(RealServers, HttpsWhateverTheCertificateIs) {
  for (const std::string options : {"", "-tls1_2", "-tls1_3"}) {
    TlsServer server(options);
    if (!has_openssl()) GTEST_SKIP() << "needs openssl";
    ASSERT_TRUE(server.runs());
    auto check = https(server.endpoint());
    check.urls[0].regex.emplace().pattern = "Ciphers supported";
    for (const bool compliant : {false, true}) {
      check.urls[0].tls_compliant = compliant;
      const auto outcome = outcome_of(Boxed(check));
      EXPECT_TRUE(outcome.passed()) << options << ": " << outcome.text;
    }
    check.urls[0].status = {{404, 404}};
    EXPECT_EQ(outcome_of(Boxed(check)).kind, Kind::BadStatus);
  }
}

TEST(RealServers, HttpsWithANameInTheHello) {
  TlsServer server;
  if (!has_openssl()) GTEST_SKIP() << "needs openssl";
  ASSERT_TRUE(server.runs());
  auto check = https(server.endpoint());
  check.send_name = true;
  const auto outcome = outcome_of(Boxed(check), {"", "known.example"});
  EXPECT_TRUE(outcome.passed()) << outcome.text;
}

/// A datagram socket that answers one datagram with what the test says.
class UdpServer {
 public:
  explicit UdpServer(std::function<std::string(std::string)> answer)
      : fd_(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
    auto where = net::socket_address({*Address::parse("127.0.0.1"), 0});
    EXPECT_EQ(::bind(fd_.get(), where.get(), where.size), 0);
    EXPECT_EQ(::getsockname(fd_.get(), reinterpret_cast<sockaddr*>(&where.storage), &where.size), 0);
    endpoint_ = *net::endpoint_of(where.storage);
    thread_ = std::thread([this, answer = std::move(answer)] {
      std::array<char, 2048> buffer{};
      net::SocketAddress from;
      from.size = sizeof from.storage;
      const auto size = ::recvfrom(fd_.get(), buffer.data(), buffer.size(), 0,
                                   reinterpret_cast<sockaddr*>(&from.storage), &from.size);
      if (size < 0) return;
      const auto reply = answer({buffer.data(), static_cast<std::size_t>(size)});
      (void)::sendto(fd_.get(), reply.data(), reply.size(), 0, from.get(), from.size);
    });
  }
  ~UdpServer() { thread_.join(); }
  UdpServer(const UdpServer&) = delete;
  UdpServer& operator=(const UdpServer&) = delete;
  [[nodiscard]] const Endpoint& endpoint() const { return endpoint_; }

 private:
  UniqueFd fd_;
  Endpoint endpoint_;
  std::thread thread_;
};

template <typename Check>
Check asking(const Endpoint& target, Duration timeout = kPatience) {
  Check out;
  out.target = target;
  out.settings.edit().timing.connect_timeout = timeout;
  return out;
}

TEST(RealServers, Udp) {
  UdpServer echo([](std::string said) { return said; });
  auto check = asking<config::UdpCheck>(echo.endpoint());
  check.require_reply = true;
  check.payload = {1, 2};
  check.reply = {1, 2};
  EXPECT_TRUE(outcome_of(Boxed(check)).passed());
}

TEST(RealServers, UdpSilenceAndRefusal) {
  const UniqueFd fd(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  auto where = net::socket_address({*Address::parse("127.0.0.1"), 0});
  ASSERT_EQ(::bind(fd.get(), where.get(), where.size), 0);
  ASSERT_EQ(::getsockname(fd.get(), reinterpret_cast<sockaddr*>(&where.storage), &where.size), 0);
  auto check = asking<config::UdpCheck>(*net::endpoint_of(where.storage), 100ms);
  EXPECT_EQ(outcome_of(Boxed(check)).text, "no refusal within 0.1 s");
  check.require_reply = true;
  EXPECT_EQ(outcome_of(Boxed(check)).kind, Kind::TimedOut);
  // Port 1 of this machine: nobody's.
  check = asking<config::UdpCheck>({*Address::parse("127.0.0.1"), 1});
  EXPECT_EQ(outcome_of(Boxed(check)).kind, Kind::Refused);
}

TEST(RealServers, Dns) {
  const auto with_code = [](char code) {
    return [code](std::string said) {
      said[2] = static_cast<char>(0x81);
      said[3] = code;
      return said;
    };
  };
  UdpServer good(with_code(0));
  EXPECT_TRUE(outcome_of(Boxed(asking<config::DnsCheck>(good.endpoint()))).passed());
  UdpServer bad(with_code(2));
  const auto outcome = outcome_of(Boxed(asking<config::DnsCheck>(bad.endpoint())));
  EXPECT_EQ(outcome.kind, Kind::BadStatus);
  EXPECT_EQ(outcome.text, "SERVFAIL");
}

TEST(RealServers, Ping) {
  const UniqueFd raw(::socket(AF_INET, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_ICMP));
  if (!raw.valid() && errno == EPERM) GTEST_SKIP() << "needs the right to open raw sockets";
  ASSERT_TRUE(raw.valid());
  for (const char* address : {"127.0.0.1", "::1"}) {
    const auto outcome = outcome_of(asking<config::PingCheck>({*Address::parse(address), 0}));
    EXPECT_TRUE(outcome.passed()) << address << ": " << outcome.text;
  }
}

}  // namespace
}  // namespace hald::checker
