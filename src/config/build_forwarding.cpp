// SPDX-License-Identifier: Apache-2.0
// Reads and prints what lb_kind and lvs_method say: NAT|DR|TUN and the options of tunnels.
#include <array>

#include <fmt/format.h>

#include "config/build_lvs.h"
#include "config/codes.h"
#include "config/line_words.h"

namespace hald::config {
namespace {

constexpr std::string_view kIgnored = "the options are ignored";
constexpr std::array kForwardings{Forwarding::Nat, Forwarding::Direct, Forwarding::Tunnel};
constexpr std::array<std::string_view, 3> kTypes{"ipip", "gue", "gre"};  // in the order of TunnelType
constexpr std::array<std::string_view, 3> kChecksums{"nocsum", "csum", "remcsum"};

template <std::size_t N>
std::optional<std::uint8_t> index_of(const std::array<std::string_view, N>& names, std::string_view name) {
  for (std::size_t i = 0; i < N; ++i) {
    if (names[i] == name) return static_cast<std::uint8_t>(i);
  }
  return {};
}

/// The words behind the method.
class Options {
 public:
  Options(std::span<const Word> words, std::string_view of, Values& values)
      : words_(words), of_(of), values_(values) {}

  /// False if they are wrong.
  bool read(LvsMethod& into) {
    while (!words_.done()) {
      const Word& word = words_.take();
      if (!option(word, into)) return false;
    }
    return true;
  }

 private:
  bool option(const Word& word, LvsMethod& into) {
    const Block& options = block_of(BlockId::LbKind);
    if (word.text == "type") return type(word, into);
    if (word.text == "port") return port(word, into);
    if (const auto checksum = index_of(kChecksums, word.text)) {
      into.checksum = static_cast<TunnelChecksum>(*checksum);
      return true;
    }
    report_unknown_option(word, of_, options, kIgnored, values_);
    return false;
  }
  bool type(const Word& word, LvsMethod& into) {
    const Keyword& keyword = *find_keyword(block_of(BlockId::LbKind), "type");
    if (words_.done()) {
      report_missing_value(word, keyword, kIgnored, values_);
      return false;
    }
    const Word& name = words_.take();
    const auto type = index_of(kTypes, name.text);
    if (!type) {
      values_.diagnostics().error(name.where(), code::kBadChoice,
                                  fmt::format("{} is no kind of tunnel: {}", quote(name.text), kIgnored),
                                  fmt::format("type {}", keyword.arguments));
      return false;
    }
    into.tunnel = static_cast<TunnelType>(*type);
    return true;
  }
  bool port(const Word& word, LvsMethod& into) {
    const Keyword& keyword = *find_keyword(block_of(BlockId::LbKind), "port");
    if (words_.done()) {
      report_missing_value(word, keyword, kIgnored, values_);
      return false;
    }
    const Word& number = words_.take();
    const auto port = parse_whole(number.text);
    if (!port || *port < keyword.range.min || *port > keyword.range.max) {
      values_.diagnostics().error(number.where(), code::kBadPort,
                                  fmt::format("{} is no port of a tunnel: {}", quote(number.text), kIgnored),
                                  fmt::format("`port` takes {}", range_text(keyword)));
      return false;
    }
    into.port = static_cast<std::uint16_t>(*port);
    return true;
  }

  LineWords words_;
  std::string_view of_;  // the word they belong to
  Values& values_;
};

/// What does not go together; empty if all is well.
std::string_view contradiction(const LvsMethod& method) {
  if (method.tunnel == TunnelType::Gue && method.port == 0) return "a gue tunnel needs a port";
  if (method.tunnel != TunnelType::Gue && method.port != 0) return "only a gue tunnel has a port";
  if (method.tunnel == TunnelType::Ipip && method.checksum != TunnelChecksum::None)
    return "an ipip tunnel has no checksum";
  if (method.tunnel == TunnelType::Gre && method.checksum == TunnelChecksum::Remote)
    return "a gre tunnel has no remote checksum";
  return {};
}

}  // namespace

std::optional<LvsMethod> read_method(const Node& node, Values& values) {
  const auto choice = values.choice(node);
  if (!choice) return {};
  LvsMethod plain;
  plain.forwarding = kForwardings[*choice];
  const auto words = node.arguments().subspan(1);
  LvsMethod full = plain;
  if (!Options(words, node.keyword().name, values).read(full)) return plain;
  if (const auto wrong = contradiction(full); !wrong.empty()) {
    values.diagnostics().error(words.empty() ? node.where() : words.front().where(), code::kContradiction,
                               fmt::format("{}: {}", wrong, kIgnored));
    return plain;
  }
  if (plain.forwarding == Forwarding::Tunnel) return full;
  if (!words.empty()) {
    values.diagnostics().warning(words.front().where(), code::kContradiction,
                                 fmt::format("only TUN is a tunnel: {}", kIgnored));
  }
  return plain;
}

void put(const LvsMethod& from, const Keyword& keyword, Document& out) {
  Item item = statement(keyword.name, {std::string(to_string(from.forwarding))});
  if (from.tunnel != TunnelType::Ipip) {
    item.inside.push_back(statement("type", {std::string(kTypes[static_cast<std::size_t>(from.tunnel)])}));
    if (from.port != 0) item.inside.push_back(statement("port", {std::int64_t{from.port}}));
    item.inside.push_back(flag_item(kChecksums[static_cast<std::size_t>(from.checksum)], true));
  }
  out.push_back(std::move(item));
}

}  // namespace hald::config
