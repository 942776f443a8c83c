// SPDX-License-Identifier: Apache-2.0
// vrrp_instance: authentication (of version 2) and auth_hmac.
#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "config/build_vrrp.h"
#include "config/codes.h"
#include "config/line_words.h"

namespace hald::config {
namespace {

constexpr std::size_t kPasswordBytes = 8;
constexpr std::size_t kShortestKey = 32;
constexpr std::size_t kLongestKey = 64;
constexpr std::uint32_t kOthersMayRead = 0077;
constexpr std::string_view kHex = "hex:";
constexpr std::string_view kFile = "file:";

void read_password(InstanceDraft& draft, const Node& node, Values& values) {
  const Word& word = node.arguments().front();
  if (word.text.size() > kPasswordBytes) {
    values.diagnostics()
        .warning(
            word.where(), code::kPasswordCut,
            fmt::format("the password has {} bytes: the first {} are used", word.text.size(), kPasswordBytes))
        .as_keepalived();
  }
  draft.auth_password = std::string(word.text.substr(0, kPasswordBytes));
}

void read_auth_type(InstanceDraft& draft, const Node& node, Values& values) {
  const auto choice = values.choice(node);
  if (!choice) return;
  draft.auth_type = *choice == 0 ? AuthType::Pass : AuthType::Ah;
}

const BlockBinding<InstanceDraft>& authentication_words() {
  static const BlockBinding<InstanceDraft> kBinding(
      BlockId::Authentication,
      {
          {"auth_type", read_auth_type,
           [](const InstanceDraft& draft, const Keyword& keyword, Document& out) {
             const auto choice = draft.out.auth_type == AuthType::Pass ? 0U : 1U;
             out.push_back(statement(keyword.name, {std::string(keyword.choices[choice])}));
           }},
          {"auth_pass", read_password,
           [](const InstanceDraft& draft, const Keyword& keyword, Document& out) {
             put(draft.out.auth_password, keyword, out);
           }},
      });
  return kBinding;
}

void read_authentication(InstanceDraft& draft, const Node& block, Values& values) {
  authentication_words().read(draft, block, values);
}

void print_authentication(const InstanceDraft& draft, const Keyword& keyword, Document& out) {
  if (draft.out.auth_type == AuthType::None) return;
  Document inside;
  authentication_words().print(draft, inside);
  out.push_back(block_item(keyword.name, {}, std::move(inside)));
}

int digit(char byte) {
  if (byte >= '0' && byte <= '9') return byte - '0';
  if (byte >= 'a' && byte <= 'f') return byte - 'a' + 10;
  if (byte >= 'A' && byte <= 'F') return byte - 'A' + 10;
  return -1;
}

/// Bytes in hexadecimal, blanks between them; nothing if anything else is in it.
std::optional<std::string> parse_hex(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == ' ' || text[at] == '\t') continue;
    int value = digit(text[at]);
    if (value >= 0 && at + 1 < text.size() && text[at + 1] != ' ') {
      const int low = digit(text[++at]);
      value = low < 0 ? -1 : value * 16 + low;
    }
    if (value < 0) return {};
    out += static_cast<char>(static_cast<unsigned char>(value));
  }
  return out;
}

std::string hex_text(const std::string& bytes) {
  std::string out(kHex);
  for (const char byte : bytes)
    out += fmt::format("{:02x}", static_cast<unsigned>(static_cast<unsigned char>(byte)));
  return out;
}

class KeyLine {
 public:
  KeyLine(const Node& node, Values& values) : node_(node), values_(values) {}

  std::optional<HmacAuth::Key> read() {
    const auto arguments = node_.arguments();
    if (arguments.size() < 2) {
      report_missing_value(node_.words().front(), node_.keyword(), "the line is ignored", values_);
      return {};
    }
    const auto id = values_.number(arguments[0], *find_keyword(block_of(BlockId::AuthHmac), "active_key"));
    if (!id) return {};
    HmacAuth::Key out;
    out.id = static_cast<std::uint8_t>(*id);
    const Word& word = arguments[1];
    const auto bytes = word.text.starts_with(kFile) ? from_file(word, out.file) : decoded(word.text);
    if (!bytes) return {};
    if (bytes->size() < kShortestKey || bytes->size() > kLongestKey) {
      refuse(word, fmt::format("a key has {}..{} bytes, this one has {}", kShortestKey, kLongestKey,
                               bytes->size()));
      return {};
    }
    out.bytes = *bytes;
    return out;
  }

 private:
  std::optional<std::string> decoded(std::string_view text) {
    if (!text.starts_with(kHex)) return std::string(text);
    auto out = parse_hex(text.substr(kHex.size()));
    if (!out) refuse(node_.arguments()[1], "this is no hexadecimal number");
    return out;
  }

  std::optional<std::string> from_file(const Word& word, std::string& file) {
    file = word.text.substr(kFile.size());
    const auto real = values_.machine().real_path(file);
    const auto text = real ? values_.machine().text(*real) : std::nullopt;
    if (!text) {
      refuse(word, fmt::format("the key file {} cannot be read", quote(file)));
      return {};
    }
    const auto facts = values_.machine().facts(*real);
    if (facts && (facts->mode & kOthersMayRead) != 0) {
      values_.diagnostics()
          .warning(word.where(), code::kOpenSecret,
                   fmt::format("the key file {} can be read by others", quote(file)), "chmod 600")
          .as_security();
    }
    return decoded(std::string_view(*text).substr(0, text->find_last_not_of("\r\n") + 1));
  }

  void refuse(const Word& word, std::string why) {
    values_.diagnostics().error(word.where(), code::kBadKey, std::move(why) + ": the line is ignored");
  }

  const Node& node_;
  Values& values_;
};

void read_key(HmacAuth& auth, const Node& node, Values& values) {
  auto key = KeyLine(node, values).read();
  if (!key) return;
  const bool known = std::any_of(auth.keys.begin(), auth.keys.end(),
                                 [&](const HmacAuth::Key& each) { return each.id == key->id; });
  if (!known) {
    auth.keys.push_back(std::move(*key));
    return;
  }
  values.diagnostics().error(node.arguments().front().where(), code::kDuplicateName,
                             fmt::format("there is a key {} already: the line is ignored", key->id));
}

void print_keys(const HmacAuth& auth, const Keyword& keyword, Document& out) {
  for (const HmacAuth::Key& key : auth.keys) {
    Item item =
        statement(keyword.name, {static_cast<std::int64_t>(key.id),
                                 key.file.empty() ? hex_text(key.bytes) : std::string(kFile) + key.file});
    item.many = true;
    out.push_back(std::move(item));
  }
}

void read_anti_replay(HmacAuth& auth, const Node& node, Values& values) {
  if (const auto choice = values.choice(node)) auth.by_time = *choice == 0;
}

void print_anti_replay(const HmacAuth& auth, const Keyword& keyword, Document& out) {
  out.push_back(statement(keyword.name, {std::string(keyword.choices[auth.by_time ? 0 : 1])}));
}

void print_window(const HmacAuth& auth, const Keyword& keyword, Document& out) {
  if (auth.time_window > Duration::zero()) put(auth.time_window, keyword, out);
}

const BlockBinding<HmacAuth>& hmac_words() {
  using H = HmacAuth;
  static const BlockBinding<H> kBinding(
      BlockId::AuthHmac,
      {
          {"key", read_key, print_keys},
          field<&H::active_key>("active_key"),
          {"time_window",
           [](H& auth, const Node& node, Values& values) { take(values, node, auth.time_window); },
           print_window},
          {"anti_replay", read_anti_replay, print_anti_replay},
          field<&H::mode>("mode"),
      });
  return kBinding;
}

void read_hmac(InstanceDraft& draft, const Node& block, Values& values) {
  if (!draft.out.auth_hmac) draft.out.auth_hmac.emplace();
  hmac_words().read(*draft.out.auth_hmac, block, values);
}

void print_hmac(const InstanceDraft& draft, const Keyword& keyword, Document& out) {
  if (!draft.out.auth_hmac) return;
  Document inside;
  hmac_words().print(*draft.out.auth_hmac, inside);
  out.push_back(block_item(keyword.name, {}, std::move(inside)));
}

}  // namespace

const BlockBinding<InstanceDraft>& instance_rows::security() {
  static const BlockBinding<InstanceDraft> kBinding(
      BlockId::VrrpInstance, {
                                 {"authentication", read_authentication, print_authentication},
                                 {"auth_hmac", read_hmac, print_hmac},
                             });
  return kBinding;
}

}  // namespace hald::config
