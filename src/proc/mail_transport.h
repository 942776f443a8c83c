// SPDX-License-Identifier: Apache-2.0
// MailTransport: how a mail reaches a server. Production is CurlMail; tests use fakes::FakeMailTransport.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/time.h"

namespace hald::proc {

struct SmtpServer {
  enum class Tls : unsigned char {
    None,
    StartTls,  ///< or no mail at all
    Implicit,  ///< from the first octet, usually on port 465
  };

  std::string host{};  ///< an address or a name
  std::uint16_t port = 25;
  std::string helo_name{};
  Tls tls = Tls::None;
  bool verify = true;     ///< the server's certificate, and that it is the host's
  std::string ca_file{};  ///< whom to trust; empty: whom the system trusts
  std::string user{};     ///< empty: no login
  std::string password{};
  Duration timeout = std::chrono::seconds(30);  ///< to connect, and again to hand the mail over

  friend bool operator==(const SmtpServer&, const SmtpServer&) = default;
};

/// A mail that is ready to go.
struct Letter {
  std::string from;  ///< "ops@example.com"
  std::vector<std::string> to;
  std::string text;  ///< with its headers
};

struct MailFailure {
  bool permanent = false;  ///< trying again will not help
  std::string text;        ///< "could not connect to 10.0.0.9 port 25: Connection refused"
};

/// Destroying it abandons the mail, unless it is out already; nothing is reported then.
class Delivery {
 public:
  Delivery() = default;
  Delivery(const Delivery&) = delete;
  Delivery& operator=(const Delivery&) = delete;
  virtual ~Delivery() = default;
};

class MailTransport {
 public:
  /// Called once, on the loop, not from within send(); it may destroy the delivery. Nothing: it was accepted.
  using Done = std::function<void(const std::optional<MailFailure>&)>;

  MailTransport() = default;
  MailTransport(const MailTransport&) = delete;
  MailTransport& operator=(const MailTransport&) = delete;
  virtual ~MailTransport() = default;

  [[nodiscard]] virtual std::unique_ptr<Delivery> send(SmtpServer server, Letter letter, Done done) = 0;
};

}  // namespace hald::proc
