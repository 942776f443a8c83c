// SPDX-License-Identifier: Apache-2.0
#include "checker/core/http_dialogue.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>
#include <openssl/evp.h>

#include "checker/core/text.h"

namespace hald::checker {
namespace {

const std::string& host_of(const config::HttpCheck& check, const config::HttpUrl& url) {
  return url.virtualhost.empty() ? check.virtualhost : url.virtualhost;
}

std::string first_of(std::string_view one, std::string_view other) {
  return std::string(one.empty() ? other : one);
}

}  // namespace

std::string http_request(const config::HttpCheck& check, const config::HttpUrl& url,
                         const OuterHosts& hosts) {
  std::string host = first_of(host_of(check, url), first_of(hosts.server, hosts.service));
  // compat: a name as it is written, an address always with its port.
  if (host.empty()) host = check.target.to_string();
  return fmt::format("GET {} HTTP/1.{}\r\nUser-Agent: KeepAliveClient\r\n{}Host: {}\r\n\r\n", url.path,
                     check.version == config::HttpVersion::Http11 ? 1 : 0,
                     check.version == config::HttpVersion::Http10 ? "" : "Connection: close\r\n", host);
}

std::string tls_server_name(const config::HttpCheck& check, const config::HttpUrl& url,
                            const OuterHosts& hosts) {
  if (!check.send_name) return {};
  // compat: the virtualhost of the real server is not considered.
  std::string name = first_of(check.tls_name, first_of(host_of(check, url), hosts.service));
  // A name in the hello has no port, and an address is none.
  if (const auto colon = name.find(':'); colon != std::string::npos) name.resize(colon);
  if (Address::parse(name)) name.clear();
  return name;
}

void HttpDialogue::FreeDigest::operator()(evp_md_ctx_st* context) const {
  EVP_MD_CTX_free(context);
}

HttpDialogue::HttpDialogue(std::string request, const config::HttpUrl& url)
    : request_(std::move(request)), status_(url.status), digest_(url.digest), pattern_(url.regex) {
  if (!digest_) return;
  sum_.reset(EVP_MD_CTX_new());
  if (sum_ && EVP_DigestInit_ex(sum_.get(), EVP_md5(), nullptr) != 1) sum_.reset();
}

HttpDialogue::~HttpDialogue() = default;

Dialogue::Turn HttpDialogue::received(std::string_view bytes) {
  if (!parsed_) {
    const std::size_t seen = head_.size();
    head_ += bytes.substr(0, kLongestHead - std::min(kLongestHead, seen) + 1);
    const auto size = head_size(head_, seen);
    if (!size && head_.size() > kLongestHead)
      return {{}, answered(Kind::BadReply, fmt::format("the head is longer than {} bytes", kLongestHead))};
    if (!size) return {};
    parsed_ = parse_head(std::string_view(head_).substr(0, *size));
    bytes.remove_prefix(*size - seen);
    head_.resize(std::min(head_.size(), head_.find("\r\n")));
  }
  take_body(bytes);
  if (body_size_ <= kLongestAnswer) return {};
  return {{}, answered(Kind::BadReply, fmt::format("the answer is longer than {} bytes", kLongestAnswer))};
}

void HttpDialogue::take_body(std::string_view bytes) {
  if (sum_) {
    // compat: the digest ends where the head says that the body does.
    const auto limit = parsed_->length.value_or(kLongestAnswer + 1);
    const auto left = limit - std::min(limit, body_size_);
    const auto part = bytes.substr(0, std::min<std::uint64_t>(left, bytes.size()));
    EVP_DigestUpdate(sum_.get(), part.data(), part.size());
  }
  if (pattern_ && body_.size() < kSearched) body_ += bytes.substr(0, kSearched - body_.size());
  body_size_ += bytes.size();
}

Outcome HttpDialogue::ended(End how) {
  if (!parsed_ && head_.empty()) return answered(Kind::BadReply, "the connection ended without an answer");
  if (!parsed_)
    return answered(Kind::BadReply,
                    fmt::format("the connection ended within the head: {}", printable(head_)));
  // A server may be rude once it has said everything.
  if (how == End::Broken && !(parsed_->length && body_size_ >= *parsed_->length))
    return {Layer::Application, Kind::Reset, {}, "the connection was reset within the answer"};
  return judge();
}

Outcome HttpDialogue::judge() {
  if (!status_is_wanted()) {
    if (parsed_->status == 0)
      return answered(Kind::BadReply, fmt::format("this is no status line: {}", printable(head_)));
    return answered(Kind::BadStatus, fmt::format("status {}", parsed_->status));
  }
  if (digest_ && !digest_is_wanted()) return answered(Kind::BadContent, "the digest is another one");
  if (auto failed = judge_pattern()) return *std::move(failed);
  return answered(Kind::Passed, fmt::format("status {}", parsed_->status));
}

bool HttpDialogue::status_is_wanted() const {
  return std::any_of(status_.begin(), status_.end(), [&](const config::StatusRange& range) {
    return parsed_->status >= range.first && parsed_->status <= range.last;
  });
}

bool HttpDialogue::digest_is_wanted() {
  config::Digest sum{};
  return sum_ && EVP_DigestFinal_ex(sum_.get(), sum.data(), nullptr) == 1 && sum == *digest_;
}

std::optional<Outcome> HttpDialogue::judge_pattern() const {
  if (!pattern_) return {};
  Regex::Failure bad;
  const auto regex = Regex::compile(pattern_->pattern, pattern_->options, bad);
  if (!regex) return answered(Kind::BadContent, "the regex is none: " + bad.text);
  Regex::Search found;
  // compat: in no body there is nothing to be found, not even nothing.
  if (!body_.empty()) found = regex->search(body_, pattern_->min_offset, pattern_->stack);
  if (!found.failure.empty())
    return answered(Kind::BadContent, "the search for the regex was given up: " + found.failure);
  const bool matched = found.start && (!pattern_->max_offset || *found.start <= *pattern_->max_offset);
  if (matched != pattern_->negated) return {};
  return answered(Kind::BadContent, matched ? "the regex matches" : "the regex does not match");
}

std::string_view HttpDialogue::awaited() const {
  return parsed_ ? "the end of the answer" : head_.empty() ? "an answer" : "the end of the head";
}

}  // namespace hald::checker
