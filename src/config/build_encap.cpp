// SPDX-License-Identifier: Apache-2.0
// `encap` of routes and their legs: ip, ip6, mpls and ila.
#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include <fmt/format.h>

#include "base/overloaded.h"
#include "config/route_line.h"

namespace hald::config {
namespace {

constexpr std::string_view kLineIgnored = "the line is ignored";
constexpr std::uint64_t kMaxLabel = 0xfffff;  // 20 bits
constexpr std::size_t kMaxLabels = 2;         // compat: as many as keepalived takes
constexpr std::size_t kLocatorGroups = 4;

std::optional<std::uint64_t> parse_u64(std::string_view text) {
  std::uint64_t out = 0;
  const auto* end = text.data() + text.size();
  const auto [stop, failure] = std::from_chars(text.data(), end, out);
  if (failure != std::errc{} || stop != end) return {};
  return out;
}

/// Four groups of hexadecimal digits, joined by colons.
std::optional<std::uint64_t> parse_locator(std::string_view text) {
  std::uint64_t out = 0;
  for (std::size_t group = 0; group < kLocatorGroups; ++group) {
    std::uint16_t value = 0;
    const auto [stop, failure] = std::from_chars(text.data(), text.data() + text.size(), value, 16);
    if (failure != std::errc{}) return {};
    out = out << 16U | value;
    text.remove_prefix(static_cast<std::size_t>(stop - text.data()));
    const bool last = group + 1 == kLocatorGroups;
    if (last != text.empty()) return {};
    if (last) break;
    if (!text.starts_with(':')) return {};
    text.remove_prefix(1);
  }
  return out;
}

std::string locator_text(std::uint64_t locator) {
  return fmt::format("{:x}:{:x}:{:x}:{:x}", locator >> 48U, locator >> 32U & 0xffffU,
                     locator >> 16U & 0xffffU, locator & 0xffffU);
}

std::optional<std::vector<std::uint32_t>> parse_labels(std::string_view text) {
  std::vector<std::uint32_t> out;
  while (out.size() < kMaxLabels) {
    const auto slash = text.find('/');
    const auto label = parse_c_number(text.substr(0, slash));
    if (!label || *label > kMaxLabel) return {};
    out.push_back(static_cast<std::uint32_t>(*label));
    if (slash == std::string_view::npos) return out;
    text.remove_prefix(slash + 1);
  }
  return {};
}

/// Numbers that a signed one cannot hold are written as text.
Atom number_atom(std::uint64_t value) {
  if (value > static_cast<std::uint64_t>(INT64_MAX)) return std::to_string(value);
  return static_cast<std::int64_t>(value);
}

void print_ip(const IpEncapsulation& from, Item& item) {
  const bool is_v4 = from.family == Family::IPv4;
  item.values.emplace_back(std::string(is_v4 ? "ip" : "ip6"));
  const auto add = [&item](std::string_view word, Atom value) {
    item.inside.push_back(statement(word, {std::move(value)}));
  };
  if (from.id) add("id", number_atom(*from.id));
  if (from.destination) add("dst", from.destination->to_string());
  if (from.source) add("src", from.source->to_string());
  if (from.tos) add(is_v4 ? "tos" : "tc", std::int64_t{*from.tos});
  if (from.ttl) add(is_v4 ? "ttl" : "hoplimit", std::int64_t{*from.ttl});
  if (from.flags) add("flags", std::int64_t{*from.flags});
}

}  // namespace

void EncapReader::bad(const Word& word, std::string message, std::string help) {
  values_.diagnostics().error(word.where(), code::kBadEncapsulation, std::move(message), std::move(help));
}

std::optional<Encapsulation> EncapReader::read(const Word& encap) {
  if (words_.done()) {
    bad(encap, fmt::format("`encap` needs ip, ip6, mpls or ila: {}", kLineIgnored));
    return {};
  }
  const Word& type = words_.take();
  if (type.text == "ip") return ip(type, Family::IPv4);
  if (type.text == "ip6") return ip(type, Family::IPv6);
  if (type.text == "mpls") return mpls(type);
  if (type.text == "ila") return ila(type);
  bad(type, fmt::format("{} is no encapsulation: {}", quote(type.text), kLineIgnored),
      "`encap` is followed by ip, ip6, mpls or ila");
  return {};
}

std::optional<Encapsulation> EncapReader::ip(const Word& type, Family family) {
  static constexpr std::array<std::string_view, 6> kWordsV4{"id", "dst", "src", "tos", "ttl", "flags"};
  static constexpr std::array<std::string_view, 6> kWordsV6{"id", "dst", "src", "tc", "hoplimit", "flags"};
  const auto& known = family == Family::IPv4 ? kWordsV4 : kWordsV6;
  IpEncapsulation out;
  out.family = family;
  while (words_.left() >= 2 && std::find(known.begin(), known.end(), words_.peek().text) != known.end()) {
    const Word& option = words_.take();
    if (!ip_option(option, words_.take(), out)) return {};
  }
  if (!out.destination && !out.id) {
    bad(type, fmt::format("a tunnel needs `id` or `dst`: {}", kLineIgnored));
    return {};
  }
  return out;
}

bool EncapReader::ip_option(const Word& option, const Word& word, IpEncapsulation& out) {
  if (option.text == "dst") return ip_address(word, out.family, out.destination);
  if (option.text == "src") return ip_address(word, out.family, out.source);
  if (option.text == "id") {
    out.id = parse_u64(word.text);
    if (!out.id) bad(word, fmt::format("{} is no tunnel id: {}", quote(word.text), kLineIgnored));
    return out.id.has_value();
  }
  if (option.text == "tos" || option.text == "tc") {
    const auto number = names_.find(RouteNames::Kind::TypeOfService, word.text);
    if (!number) bad(word, fmt::format("there is no {} {}: {}", option.text, quote(word.text), kLineIgnored));
    if (number) out.tos = static_cast<std::uint8_t>(*number);
    return number.has_value();
  }
  const auto number = values_.number(word, *find_keyword(block_of(BlockId::Encap), option.text));
  if (!number) return false;
  if (option.text == "flags") {
    out.flags = static_cast<std::uint16_t>(*number);
  } else {
    out.ttl = static_cast<std::uint8_t>(*number);
  }
  return true;
}

bool EncapReader::ip_address(const Word& word, Family family, std::optional<Address>& into) {
  const auto address = values_.address(word, kLineIgnored);
  if (address && address->family() != family) {
    bad(word, fmt::format("{} is no {} address: {}", quote(word.text), to_string(family), kLineIgnored));
    return false;
  }
  into = address;
  return into.has_value();
}

std::optional<Encapsulation> EncapReader::mpls(const Word& type) {
  auto labels = words_.done() ? std::nullopt : parse_labels(words_.peek().text);
  if (!labels) {
    const Word& word = words_.done() ? type : words_.peek();
    bad(word, fmt::format("`encap mpls` needs labels: {}", kLineIgnored),
        fmt::format("LABEL[/LABEL...], at most {}, each up to {}", kMaxLabels, kMaxLabel));
    return {};
  }
  words_.take();
  return MplsEncapsulation{std::move(*labels)};
}

std::optional<Encapsulation> EncapReader::ila(const Word& type) {
  const auto locator = words_.done() ? std::nullopt : parse_locator(words_.peek().text);
  if (!locator) {
    bad(words_.done() ? type : words_.peek(), fmt::format("`encap ila` needs a locator: {}", kLineIgnored),
        "four hexadecimal numbers joined by colons");
    return {};
  }
  words_.take();
  return IlaEncapsulation{*locator};
}

void print_encapsulation(const Encapsulation& encapsulation, Document& out) {
  if (std::holds_alternative<std::monostate>(encapsulation)) return;
  Item item = statement("encap", {});
  std::visit(
      Overloaded{[](const std::monostate&) {}, [&](const IpEncapsulation& each) { print_ip(each, item); },
                 [&](const MplsEncapsulation& each) {
                   item.values.emplace_back(std::string("mpls"));
                   item.values.emplace_back(fmt::format("{}", fmt::join(each.labels, "/")));
                 },
                 [&](const IlaEncapsulation& each) {
                   item.values.emplace_back(std::string("ila"));
                   item.values.emplace_back(locator_text(each.locator));
                 }},
      encapsulation);
  out.push_back(std::move(item));
}

}  // namespace hald::config
