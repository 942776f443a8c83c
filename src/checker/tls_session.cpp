// SPDX-License-Identifier: Apache-2.0
#include "checker/tls_session.h"

#include <algorithm>
#include <array>

#include <openssl/err.h>
#include <openssl/ssl.h>

namespace hald::checker {
namespace {

constexpr std::size_t kChunk = 16384;

/// The reason of OpenSSL's first error, in its words; forgets all errors.
std::string take_reason() {
  const unsigned long code = ERR_peek_error();
  const char* reason = code != 0 ? ERR_reason_error_string(code) : nullptr;
  std::string out = reason != nullptr ? reason : "broken";
  ERR_clear_error();
  return out;
}

}  // namespace

TlsContext make_tls_context() {
  TlsContext out(SSL_CTX_new(TLS_client_method()), SSL_CTX_free);
  if (!out) return out;
  SSL_CTX_set_verify(out.get(), SSL_VERIFY_NONE, nullptr);
  SSL_CTX_set_mode(out.get(), SSL_MODE_RELEASE_BUFFERS);
  SSL_CTX_set_session_cache_mode(out.get(), SSL_SESS_CACHE_OFF);
  return out;
}

TlsSession::TlsSession(const TlsContext& context, const std::string& server_name) {
  if (context) ssl_ = SSL_new(context.get());
  BIO* const in = BIO_new(BIO_s_mem());
  BIO* const out = BIO_new(BIO_s_mem());
  if (ssl_ == nullptr || in == nullptr || out == nullptr) {
    BIO_free(in);
    BIO_free(out);
    SSL_free(ssl_);
    ssl_ = nullptr;
    failure_ = "out of memory";
    return;
  }
  SSL_set_bio(ssl_, in, out);
  SSL_set_connect_state(ssl_);
  if (!server_name.empty())
    SSL_ctrl(ssl_, SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name,
             const_cast<char*>(server_name.c_str()));
}

TlsSession::~TlsSession() {
  SSL_free(ssl_);
}

bool TlsSession::fails(int result) {
  switch (SSL_get_error(ssl_, result)) {
    case SSL_ERROR_NONE:
    case SSL_ERROR_WANT_READ:
    case SSL_ERROR_WANT_WRITE:
    case SSL_ERROR_ZERO_RETURN: return false;
    default: failure_ = take_reason(); return true;
  }
}

std::string TlsSession::receive(std::string_view bytes) {
  std::string out;
  if (ssl_ == nullptr || !failure_.empty()) return out;
  ERR_clear_error();
  if (!bytes.empty()) BIO_write(SSL_get_rbio(ssl_), bytes.data(), static_cast<int>(bytes.size()));
  if (!ready()) {
    const int result = SSL_do_handshake(ssl_);
    if (result != 1) {
      (void)fails(result);
      return out;
    }
  }
  std::array<char, kChunk>
      buffer;  // NOLINT(cppcoreguidelines-pro-type-member-init): filled before it is read
  for (;;) {
    const int size = SSL_read(ssl_, buffer.data(), static_cast<int>(buffer.size()));
    if (size > 0) {
      out.append(buffer.data(), static_cast<std::size_t>(size));
      continue;
    }
    (void)fails(size);
    return out;
  }
}

void TlsSession::send(std::string_view text) {
  if (ssl_ == nullptr || text.empty() || !failure_.empty()) return;
  ERR_clear_error();
  const int result = SSL_write(ssl_, text.data(), static_cast<int>(text.size()));
  if (result <= 0) (void)fails(result);
}

void TlsSession::close() {
  if (ssl_ == nullptr || !failure_.empty() || !ready()) return;
  ERR_clear_error();
  (void)SSL_shutdown(ssl_);
  ERR_clear_error();
}

std::string TlsSession::take_output() {
  std::string out;
  if (ssl_ == nullptr) return out;
  BIO* const bio = SSL_get_wbio(ssl_);
  out.resize(BIO_ctrl_pending(bio));
  if (!out.empty())
    out.resize(
        static_cast<std::size_t>(std::max(0, BIO_read(bio, out.data(), static_cast<int>(out.size())))));
  return out;
}

bool TlsSession::ready() const {
  return ssl_ != nullptr && SSL_is_init_finished(ssl_) == 1;
}

bool TlsSession::closed() const {
  return ssl_ != nullptr && (SSL_get_shutdown(ssl_) & SSL_RECEIVED_SHUTDOWN) != 0;
}

}  // namespace hald::checker
