// SPDX-License-Identifier: Apache-2.0
// HttpDialogue: one url of HTTP_GET or SSL_GET. It asks, reads until the server ends the connection, and
// judges in this order: something was answered, the status, the digest of the body, the regex. The body is
// taken as it is sent: chunks are not put together (compat). What is kept of an answer is limited, and an
// answer without an end is not read to its time-out.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/regex.h"
#include "checker/core/dialogue.h"
#include "checker/core/http_head.h"
#include "checker/core/outer_hosts.h"
#include "config/model_check.h"

struct evp_md_ctx_st;

namespace hald::checker {

/// The request for `url`, as it goes out.
[[nodiscard]] std::string http_request(const config::HttpCheck& check, const config::HttpUrl& url,
                                       const OuterHosts& hosts);
/// Whom the TLS hello names; empty: nobody.
[[nodiscard]] std::string tls_server_name(const config::HttpCheck& check, const config::HttpUrl& url,
                                          const OuterHosts& hosts);

class HttpDialogue final : public Dialogue {
 public:
  static constexpr std::size_t kLongestHead = 64UL * 1024;
  static constexpr std::size_t kSearched = 1024UL * 1024;        ///< of the body, by the regex
  static constexpr std::uint64_t kLongestAnswer = 64ULL << 20U;  ///< in all

  HttpDialogue(std::string request, const config::HttpUrl& url);
  ~HttpDialogue() override;

  [[nodiscard]] Turn begin() override { return {request_, {}}; }
  [[nodiscard]] Turn received(std::string_view bytes) override;
  [[nodiscard]] Outcome ended(End how) override;
  [[nodiscard]] std::string_view awaited() const override;

 private:
  void take_body(std::string_view bytes);
  [[nodiscard]] Outcome judge();
  [[nodiscard]] bool status_is_wanted() const;
  [[nodiscard]] bool digest_is_wanted();
  [[nodiscard]] std::optional<Outcome> judge_pattern() const;

  std::string request_;
  std::vector<config::StatusRange> status_;
  std::optional<config::Digest> digest_;
  std::optional<config::BodyPattern> pattern_;
  std::string head_;
  std::optional<HttpHead> parsed_;
  std::string body_;  ///< as much as is searched
  std::uint64_t body_size_ = 0;
  struct FreeDigest {
    void operator()(evp_md_ctx_st* context) const;
  };
  std::unique_ptr<evp_md_ctx_st, FreeDigest> sum_;
};

}  // namespace hald::checker
