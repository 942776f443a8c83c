// SPDX-License-Identifier: Apache-2.0
// ScriptedServer: takes one connection on 127.0.0.1 and does with it what the test says, on a thread of its
// own. For servers that behave as no real one would.
#pragma once

#include <poll.h>
#include <sys/socket.h>

#include <functional>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

#include <gtest/gtest.h>

#include "base/unique_fd.h"
#include "net/sockaddr.h"

namespace hald::fakes {

/// The connection, as the script sees it. Nothing blocks for ever: the client goes at its time-out.
class ScriptedConnection {
 public:
  explicit ScriptedConnection(UniqueFd fd) : fd_(std::move(fd)) {}

  /// False when the client is gone.
  bool send(std::string_view text) const {
    while (!text.empty()) {
      const auto size = ::send(fd_.get(), text.data(), text.size(), MSG_NOSIGNAL);
      if (size <= 0) return false;
      text.remove_prefix(static_cast<std::size_t>(size));
    }
    return true;
  }
  /// What came up to and with `end`, or up to the end.
  std::string read_until(std::string_view end) const {
    std::string out;
    char byte = 0;
    while (out.find(end) == std::string::npos && ::recv(fd_.get(), &byte, 1, 0) == 1) out += byte;
    return out;
  }
  /// True if the client went within the time.
  [[nodiscard]] bool client_goes(int milliseconds) const {
    pollfd what{fd_.get(), POLLRDHUP, 0};
    return ::poll(&what, 1, milliseconds) > 0;
  }
  void wait_for_client_to_go() const { (void)client_goes(20000); }
  void reset() {
    const linger now{1, 0};
    ::setsockopt(fd_.get(), SOL_SOCKET, SO_LINGER, &now, sizeof now);
    fd_.reset();
  }

 private:
  UniqueFd fd_;
};

class ScriptedServer {
 public:
  using Script = std::function<void(ScriptedConnection&)>;

  explicit ScriptedServer(Script script) : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    auto where = net::socket_address({*Address::parse("127.0.0.1"), 0});
    EXPECT_EQ(::bind(fd_.get(), where.get(), where.size), 0);
    EXPECT_EQ(::listen(fd_.get(), 1), 0);
    EXPECT_EQ(::getsockname(fd_.get(), reinterpret_cast<sockaddr*>(&where.storage), &where.size), 0);
    endpoint_ = *net::endpoint_of(where.storage);
    thread_ = std::thread([this, script = std::move(script)] {
      UniqueFd accepted(::accept4(fd_.get(), nullptr, nullptr, SOCK_CLOEXEC));
      if (!accepted.valid()) return;
      ScriptedConnection connection(std::move(accepted));
      script(connection);
    });
  }
  ~ScriptedServer() {
    ::shutdown(fd_.get(), SHUT_RDWR);  // ends an accept() that nobody answered
    thread_.join();
  }
  ScriptedServer(const ScriptedServer&) = delete;
  ScriptedServer& operator=(const ScriptedServer&) = delete;

  [[nodiscard]] const Endpoint& endpoint() const { return endpoint_; }

 private:
  UniqueFd fd_;
  Endpoint endpoint_;
  std::thread thread_;
};

}  // namespace hald::fakes
