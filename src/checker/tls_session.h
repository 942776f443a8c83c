// SPDX-License-Identifier: Apache-2.0
// TlsSession: a TLS client as a filter between octets and octets; the connection is somebody else's. compat:
// the server's certificate is not looked at.
#pragma once

#include <memory>
#include <string>
#include <string_view>

struct ssl_ctx_st;
struct ssl_st;

namespace hald::checker {

/// What all sessions share. Nothing in it if OpenSSL has no memory.
using TlsContext = std::shared_ptr<ssl_ctx_st>;
[[nodiscard]] TlsContext make_tls_context();

class TlsSession {
 public:
  /// `server_name` goes into the hello; empty: none does.
  TlsSession(const TlsContext& context, const std::string& server_name);
  ~TlsSession();
  TlsSession(const TlsSession&) = delete;
  TlsSession& operator=(const TlsSession&) = delete;

  /// From the server; returns what it says. Without anything it is the beginning.
  [[nodiscard]] std::string receive(std::string_view bytes);
  /// Once the session is ready.
  void send(std::string_view text);
  /// Says good-bye.
  void close();
  /// For the server, from all of the above.
  [[nodiscard]] std::string take_output();

  [[nodiscard]] bool ready() const;
  /// The server said good-bye.
  [[nodiscard]] bool closed() const;
  /// What broke the session; empty: it is whole.
  [[nodiscard]] const std::string& failure() const { return failure_; }

 private:
  [[nodiscard]] bool fails(int result);

  ssl_st* ssl_ = nullptr;
  std::string failure_;
};

}  // namespace hald::checker
