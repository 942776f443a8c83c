// SPDX-License-Identifier: Apache-2.0
#include "config/build_url.h"

#include <algorithm>
#include <bitset>
#include <charconv>
#include <utility>

#include <fmt/format.h>

#include "config/binding.h"
#include "config/codes.h"
#include "config/regex_pattern.h"

namespace hald::config {
namespace {

constexpr std::uint16_t kFirstStatus = 100;
constexpr std::uint16_t kLastStatus = 599;
constexpr std::size_t kDigestText = 2 * std::tuple_size_v<Digest>;

struct UrlWords {
  HttpUrl url;
  std::bitset<kLastStatus + 1> status;
  RegexWords regex;
  Position digest_where;
};

std::optional<StatusRange> parse_status(std::string_view text) {
  const auto dash = std::min(text.find('-'), text.size());
  const auto first = parse_whole(text.substr(0, dash));
  const auto last = dash == text.size() ? first : parse_whole(text.substr(dash + 1));
  if (!first || !last || *first < kFirstStatus || *last > kLastStatus || *first > *last) return {};
  return StatusRange{static_cast<std::uint16_t>(*first), static_cast<std::uint16_t>(*last)};
}

void read_status(UrlWords& into, const Node& node, Values& values) {
  for (const Word& word : node.arguments()) {
    const auto range = parse_status(word.text);
    if (!range) {
      values.diagnostics().error(word.where(), code::kBadNumber,
                                 fmt::format("{} is no status code: it is ignored", quote(word.text)),
                                 "a code is 100..599, a range 200-299; blanks between them");
      continue;
    }
    for (std::size_t code = range->first; code <= range->last; ++code) into.status.set(code);
  }
}

std::vector<StatusRange> ranges_of(std::bitset<kLastStatus + 1> status) {
  if (status.none()) return {StatusRange{}};
  std::vector<StatusRange> out;
  for (std::uint16_t code = kFirstStatus; code <= kLastStatus; ++code) {
    if (!status.test(code)) continue;
    if (out.empty() || out.back().last + 1 != code) out.push_back({code, code});
    out.back().last = code;
  }
  return out;
}

void print_status(const UrlWords& from, const Keyword& keyword, Document& out) {
  Item item = statement(keyword.name, {});
  item.list = true;
  for (const StatusRange& range : from.url.status) {
    item.values.emplace_back(range.first == range.last ? fmt::format("{}", range.first)
                                                       : fmt::format("{}-{}", range.first, range.last));
  }
  out.push_back(std::move(item));
}

std::optional<Digest> parse_digest(std::string_view text) {
  Digest out{};
  for (std::size_t i = 0; i < out.size(); ++i) {
    const char* const begin = text.data() + 2 * i;
    if (std::from_chars(begin, begin + 2, out[i], 16).ptr != begin + 2) return {};
  }
  return out;
}

void read_digest(UrlWords& into, const Node& node, Values& values) {
  const Word& word = node.arguments().front();
  if (into.url.digest) {
    values.diagnostics()
        .error(node.where(), code::kRepeatedWord, "`digest` stands twice: this line is ignored")
        .see(into.digest_where, "the first is here");
    return;
  }
  if (word.text.size() == kDigestText) into.url.digest = parse_digest(word.text);
  into.digest_where = node.where();
  if (into.url.digest) return;
  values.diagnostics().error(word.where(), code::kBadDigest,
                             fmt::format("{} is no digest: the line is ignored", quote(word.text)),
                             fmt::format("an MD5 sum has {} hexadecimal digits", kDigestText));
}
void print_digest(const UrlWords& from, const Keyword& keyword, Document& out) {
  if (!from.url.digest) return;
  std::string text;
  for (const std::uint8_t byte : *from.url.digest) text += fmt::format("{:02x}", byte);
  out.push_back(statement(keyword.name, {text}));
}

template <auto Member>
constexpr Binding<UrlWords> setting(std::string_view word) {
  return {word,
          [](UrlWords& into, const Node& node, Values& values) { take(values, node, into.url.*Member); },
          [](const UrlWords& from, const Keyword& keyword, Document& out) {
            put(from.url.*Member, keyword, out);
          }};
}

template <void (*Read)(RegexWords&, const Node&, Values&)>
constexpr Binding<UrlWords> regex_word(std::string_view word) {
  return {word, [](UrlWords& into, const Node& node, Values& values) { Read(into.regex, node, values); },
          [](const UrlWords& from, const Keyword& keyword, Document& out) {
            if (from.url.regex) print_regex_word(*from.url.regex, keyword, out);
          }};
}

std::vector<Binding<UrlWords>> common_rows() {
  return {setting<&HttpUrl::path>("path"),
          setting<&HttpUrl::virtualhost>("virtualhost"),
          {"status_code", read_status, print_status},
          {"digest", read_digest, print_digest},
          regex_word<read_regex>("regex"),
          regex_word<read_regex_no_match>("regex_no_match"),
          regex_word<read_regex_options>("regex_options"),
          regex_word<read_regex_min_offset>("regex_min_offset"),
          regex_word<read_regex_max_offset>("regex_max_offset"),
          regex_word<read_regex_stack>("regex_stack")};
}

const BlockBinding<UrlWords>& words_of(bool tls) {
  static const BlockBinding<UrlWords> kHttp(BlockId::HttpUrl, common_rows());
  static const BlockBinding<UrlWords> kSsl(BlockId::SslUrl, [] {
    auto rows = common_rows();
    rows.push_back(setting<&HttpUrl::tls_compliant>("tls_compliant"));
    return rows;
  }());
  return tls ? kSsl : kHttp;
}

}  // namespace

std::optional<HttpUrl> build_url(const Node& block, bool tls_compliant, Values& values) {
  UrlWords words;
  words_of(block.keyword().block == BlockId::SslUrl).read(words, block, values);
  if (words.url.path.empty()) {
    values.diagnostics().error(block.where(), code::kIncompleteCheck, "this url has no path: it is ignored",
                               "write `path /`");
    return {};
  }
  words.url.status = ranges_of(words.status);
  words.url.regex = settle_regex(words.regex, values);
  // compat: a check that demands a proper end demands it of all its urls.
  words.url.tls_compliant = words.url.tls_compliant || tls_compliant;
  return std::move(words.url);
}

Item print_url(const HttpUrl& url, const Keyword& keyword, bool tls) {
  UrlWords words;
  words.url = url;
  Document inside;
  words_of(tls).print(words, inside);
  return many(block_item(keyword.name, {}, std::move(inside)));
}

}  // namespace hald::config
