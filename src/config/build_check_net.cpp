// SPDX-License-Identifier: Apache-2.0
// Builds the checks that ask one short question over the network: UDP_CHECK, DNS_CHECK and SMTP_CHECK.
#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "config/build_check.h"
#include "config/codes.h"

namespace hald::config {
namespace {

constexpr std::string_view kHelo = "smtpchecker.keepalived.org";  // compat: servers may know this name

// UDP_CHECK

/// Bytes, and for each the bits that may be anything.
struct Pattern {
  std::vector<std::uint8_t> bytes;
  std::vector<std::uint8_t> ignored;
};

std::optional<unsigned> hex_digit(char byte) {
  if (byte >= '0' && byte <= '9') return static_cast<unsigned>(byte - '0');
  const char lower = static_cast<char>(byte | 0x20);
  if (lower >= 'a' && lower <= 'f') return static_cast<unsigned>(lower - 'a' + 10);
  return {};
}

/// Two digits to a byte; one by itself, before a blank, is a byte too. `x` is any digit.
bool append_bytes(std::string_view text, bool wildcards, Pattern& into) {
  bool half = false;  // one digit of the last byte is known
  for (const char byte : text) {
    if (is_blank(byte)) {
      half = false;
      continue;
    }
    const bool any = wildcards && (byte == 'x' || byte == 'X');
    const auto digit = any ? std::optional(0U) : hex_digit(byte);
    if (!digit) return false;
    if (!half) {
      into.bytes.push_back(0);
      into.ignored.push_back(0);
    }
    into.bytes.back() = static_cast<std::uint8_t>(static_cast<unsigned>(into.bytes.back()) << 4U | *digit);
    into.ignored.back() =
        static_cast<std::uint8_t>(static_cast<unsigned>(into.ignored.back()) << 4U | (any ? 0xfU : 0U));
    half = !half;
  }
  return true;
}

std::optional<Pattern> read_pattern(const Node& node, bool wildcards, Values& values) {
  Pattern out;
  for (const Word& word : node.arguments()) {
    if (append_bytes(word.text, wildcards, out)) continue;
    values.diagnostics().error(
        word.where(), code::kBadHex,
        fmt::format("{} is not hexadecimal: the line is ignored", quote(word.text)),
        wildcards ? "two digits for each byte, x for any digit" : "two digits for each byte");
    return {};
  }
  if (std::all_of(out.ignored.begin(), out.ignored.end(), [](std::uint8_t bits) { return bits == 0; }))
    out.ignored.clear();
  return out;
}

std::string written(const std::vector<std::uint8_t>& bytes, const std::vector<std::uint8_t>& ignored) {
  std::string out;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const unsigned any = ignored.empty() ? 0U : ignored[i];
    const std::string text = fmt::format("{:02x}", bytes[i]);
    out += (any & 0xf0U) != 0 ? 'x' : text[0];
    out += (any & 0x0fU) != 0 ? 'x' : text[1];
  }
  return out;
}

struct UdpWords : PathWords {
  UdpCheck check;
};

void read_payload(UdpWords& into, const Node& node, Values& values) {
  if (auto pattern = read_pattern(node, false, values)) into.check.payload = std::move(pattern->bytes);
}
void print_payload(const UdpWords& from, const Keyword& keyword, Document& out) {
  put(written(from.check.payload, {}), keyword, out);
}
void read_require_reply(UdpWords& into, const Node& node, Values& values) {
  into.check.require_reply = true;
  if (node.arguments().empty()) return;
  auto pattern = read_pattern(node, true, values);
  if (!pattern) return;
  into.check.reply = std::move(pattern->bytes);
  into.check.ignored = std::move(pattern->ignored);
}
void print_require_reply(const UdpWords& from, const Keyword& keyword, Document& out) {
  if (!from.check.require_reply) return;
  Item item = statement(keyword.name, {});
  if (!from.check.reply.empty()) item.values.emplace_back(written(from.check.reply, from.check.ignored));
  out.push_back(std::move(item));
}

template <auto Member>
constexpr Binding<UdpWords> udp_word(std::string_view word) {
  return {word,
          [](UdpWords& into, const Node& node, Values& values) { take(values, node, into.check.*Member); },
          [](const UdpWords& from, const Keyword& keyword, Document& out) {
            put(from.check.*Member, keyword, out);
          }};
}

const BlockBinding<UdpWords>& udp_words() {
  static const BlockBinding<UdpWords> kWords(
      BlockId::UdpCheck,
      joined(path_words<UdpWords>(), {{"payload", read_payload, print_payload},
                                      {"require_reply", read_require_reply, print_require_reply},
                                      udp_word<&UdpCheck::min_reply>("min_reply_length"),
                                      udp_word<&UdpCheck::max_reply>("max_reply_length")}));
  return kWords;
}

// DNS_CHECK

struct DnsWords : PathWords {
  DnsType type = DnsType::Soa;
  std::string name;
  Position named;  ///< line 0: not yet
};

void read_dns_name(DnsWords& into, const Node& node, Values& values) {
  const Word& word = node.arguments().front();
  if (into.named.line != 0) {
    values.diagnostics()
        .error(node.where(), code::kRepeatedWord, "`name` stands twice: this line is ignored")
        .see(into.named, "the first is here");
    return;
  }
  const bool has_empty_label =
      (word.text.starts_with('.') && word.text != ".") || word.text.find("..") != std::string_view::npos;
  if (has_empty_label) {
    values.diagnostics().error(
        word.where(), code::kBadName,
        fmt::format("{} has an empty part between its dots: the line is ignored", quote(word.text)));
    return;
  }
  into.name = word.text;
  into.named = node.where();
}
void print_dns_name(const DnsWords& from, const Keyword& keyword, Document& out) {
  put(from.name, keyword, out);
}

const BlockBinding<DnsWords>& dns_words() {
  static const BlockBinding<DnsWords> kWords(
      BlockId::DnsCheck, joined(path_words<DnsWords>(), {word_of<DnsWords, &DnsWords::type>("type"),
                                                         {"name", read_dns_name, print_dns_name}}));
  return kWords;
}

// SMTP_CHECK

struct SmtpWords : PathWords {
  std::string helo_name;
  std::size_t hosts = 0;

  /// compat: with hosts, the block itself is a check only if it says where that goes.
  [[nodiscard]] bool is_check() const {
    return hosts == 0 || connect_ip || connect_port || bind_ip || bind_port != 0 || !bind_interface.empty() ||
           mark != 0 || connect_timeout;
  }
};

const BlockBinding<SmtpWords>& smtp_words() {
  static const BlockBinding<SmtpWords> kWords(
      BlockId::SmtpCheck,
      joined(path_words<SmtpWords>(),
             {word_of<SmtpWords, &SmtpWords::helo_name>("helo_name"),
              {"host", [](SmtpWords& into, const Node&, Values&) { ++into.hosts; }, nullptr}}));
  return kWords;
}

struct HostWords : PathWords {};

const BlockBinding<HostWords>& host_words() {
  static const BlockBinding<HostWords> kWords(BlockId::SmtpHost, path_words<HostWords>());
  return kWords;
}

}  // namespace

void build_udp_check(const Node& block, const CheckContext& context, ShortList<Check>& into, Values& values) {
  UdpWords words;
  words.server = context.target.address;
  udp_words().read(words, block, values);
  UdpCheck check = std::move(words.check);
  if (!settle_path(words, context, {}, block, check, values)) return;
  if (check.min_reply > check.max_reply) {
    values.diagnostics().error(block.where(), code::kContradiction,
                               fmt::format("min_reply_length {} is above max_reply_length {}: the check will "
                                           "always fail",
                                           check.min_reply, check.max_reply));
  }
  into.push_back(Boxed(std::move(check)));
}

void print(const UdpCheck& check, Document& out) {
  UdpWords words;
  words.check = check;
  unsettle_path(check, words);
  Document inside;
  udp_words().print(words, inside);
  out.push_back(many(block_item("UDP_CHECK", {}, std::move(inside))));
}

void build_dns_check(const Node& block, const CheckContext& context, ShortList<Check>& into, Values& values) {
  DnsWords words;
  words.server = context.target.address;
  dns_words().read(words, block, values);
  KindDefaults kind;
  kind.retry = 3;
  kind.delay_before_retry = Duration::zero();
  DnsCheck check;
  check.type = words.type;
  check.name = words.name;
  if (settle_path(words, context, kind, block, check, values)) into.push_back(Boxed(std::move(check)));
}

void print(const DnsCheck& check, Document& out) {
  DnsWords words;
  words.type = check.type;
  words.name = check.name;
  unsettle_path(check, words);
  Document inside;
  dns_words().print(words, inside);
  out.push_back(many(block_item("DNS_CHECK", {}, std::move(inside))));
}

void build_smtp_check(const Node& block, const CheckContext& context, ShortList<Check>& into,
                      Values& values) {
  SmtpWords words;
  smtp_words().read(words, block, values);
  SmtpCheck check;
  check.helo_name = words.helo_name.empty() ? std::string(kHelo) : words.helo_name;
  if (words.is_check() && settle_path(words, context, {}, block, check, values)) into.push_back(Boxed(check));
  for (const Node node : block.children()) {
    if (node.keyword().block != BlockId::SmtpHost) continue;
    HostWords host;
    host.server = context.target.address;
    host_words().read(host, node, values);
    static_cast<RhythmWords&>(host) = host.inside(words);
    host.log_all_failures = host.log_all_failures || words.log_all_failures;
    if (settle_path(host, context, {}, node, check, values)) into.push_back(Boxed(check));
  }
}

void print(const SmtpCheck& check, Document& out) {
  SmtpWords words;
  words.helo_name = check.helo_name;
  unsettle_path(check, words);
  Document inside;
  smtp_words().print(words, inside);
  out.push_back(many(block_item("SMTP_CHECK", {}, std::move(inside))));
}

}  // namespace hald::config
