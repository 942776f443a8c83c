// SPDX-License-Identifier: Apache-2.0
// Builds HTTP_GET and SSL_GET: the words of the check itself; its urls are build_url.cpp's.
#include <array>
#include <utility>

#include <fmt/format.h>

#include "config/build_check.h"
#include "config/build_url.h"
#include "config/codes.h"

namespace hald::config {
namespace {

struct HttpWords : PathWords {
  HttpCheck check;
  bool tls_compliant = false;  ///< of all urls; SSL_GET only
  Position name_where;         ///< of sni_name
};

/// compat: the old name, which keepalived reports.
void read_old_retry(HttpWords& into, const Node& node, Values& values) {
  take(values, node, into.retry);
}

void read_version(HttpWords& into, const Node& node, Values& values) {
  static constexpr std::array kVersions{HttpVersion::Http10, HttpVersion::Http11, HttpVersion::Http10Close,
                                        HttpVersion::Http10Close};
  if (const auto choice = values.choice(node)) into.check.version = kVersions[*choice];
}
void print_version(const HttpWords& from, const Keyword& keyword, Document& out) {
  put(from.check.version, keyword, out);
}

void read_tls_name(HttpWords& into, const Node& node, Values& values) {
  const bool is_default = node.arguments().empty();
  if (!into.check.tls_name.empty()) {
    values.diagnostics()
        .error(node.where(), code::kRepeatedWord,
               is_default ? "`sni_name` stands twice: this line is ignored"
                          : "`sni_name` stands twice: the line above is ignored")
        .see(into.name_where, "the first is here");
    if (is_default) return;
  }
  if (!is_default) {
    into.check.tls_name = node.arguments().front().text;
    into.name_where = node.where();
  }
  into.check.send_name = true;
}
void print_tls_name(const HttpWords& from, const Keyword& keyword, Document& out) {
  put(from.check.tls_name, keyword, out);
}

template <auto Member>
constexpr Binding<HttpWords> setting(std::string_view word) {
  return {word,
          [](HttpWords& into, const Node& node, Values& values) { take(values, node, into.check.*Member); },
          [](const HttpWords& from, const Keyword& keyword, Document& out) {
            put(from.check.*Member, keyword, out);
          }};
}

/// The urls are read when the words are complete, and printed behind them.
void leave_alone(HttpWords&, const Node&, Values&) {}
void print_urls(const HttpWords& from, const Keyword& keyword, Document& out) {
  for (const HttpUrl& url : from.check.urls) out.push_back(print_url(url, keyword, from.check.tls));
}

std::vector<Binding<HttpWords>> common_rows() {
  return joined(path_words<HttpWords>(), {{"nb_get_retry", read_old_retry, nullptr},
                                          setting<&HttpCheck::virtualhost>("virtualhost"),
                                          {"http_protocol", read_version, print_version},
                                          {"sni_name", read_tls_name, print_tls_name},
                                          setting<&HttpCheck::send_name>("enable_sni"),
                                          setting<&HttpCheck::fast_recovery>("fast_recovery"),
                                          {"url", leave_alone, print_urls}});
}

const BlockBinding<HttpWords>& words_of(bool tls) {
  static const BlockBinding<HttpWords> kHttp(BlockId::HttpGet, common_rows());
  static const BlockBinding<HttpWords> kSsl(
      BlockId::SslGet, joined(common_rows(), {{"tls_compliant",
                                               [](HttpWords& into, const Node& node, Values& values) {
                                                 take(values, node, into.tls_compliant);
                                               },
                                               nullptr}}));
  return tls ? kSsl : kHttp;
}

}  // namespace

void build_http_check(const Node& block, const CheckContext& context, ShortList<Check>& into,
                      Values& values) {
  HttpWords words;
  words.server = context.target.address;
  words.check.tls = block.keyword().block == BlockId::SslGet;
  words_of(words.check.tls).read(words, block, values);
  for (const Node node : block.children()) {
    if (node.keyword().type != ValueType::Block) continue;
    if (auto url = build_url(node, words.tls_compliant, values)) words.check.urls.push_back(std::move(*url));
  }
  if (words.check.urls.empty()) {
    values.diagnostics().error(block.where(), code::kIncompleteCheck,
                               fmt::format("{} has no url: it is ignored", block.keyword().name),
                               "write `url { path / }`");
    return;
  }
  KindDefaults kind;
  kind.delay_before_retry = std::chrono::seconds(3);
  HttpCheck check = std::move(words.check);
  if (settle_path(words, context, kind, block, check, values)) into.push_back(Boxed(std::move(check)));
}

void print(const HttpCheck& check, Document& out) {
  HttpWords words;
  words.check = check;
  unsettle_path(check, words);
  Document inside;
  words_of(check.tls).print(words, inside);
  out.push_back(many(block_item(check.tls ? "SSL_GET" : "HTTP_GET", {}, std::move(inside))));
}

}  // namespace hald::config
