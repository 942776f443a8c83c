// SPDX-License-Identifier: Apache-2.0
#include "config/ip_line.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace hald::config {
namespace {

constexpr std::string_view kLineIgnored = "the line is ignored";

Prefix everything(Family family) {
  return {family == Family::IPv4 ? Address() : Address::v6({}), 0};
}

}  // namespace

bool is_everything(std::string_view text) {
  return text == "default" || text == "any" || text == "all";
}

const Word* IpLine::value(const Word& option) {
  const Keyword* row = find_keyword(block_, option.text);
  return row != nullptr ? value(option, *row) : nullptr;
}

const Word* IpLine::value(const Word& option, const Keyword& row) {
  if (!words_.done()) return &words_.take();
  report_missing_value(option, row, kLineIgnored, values_);
  return nullptr;
}

bool IpLine::join(Family family, const Word& word) {
  if (!family_) family_ = family;
  if (*family_ == family) return true;
  error(word, code::kMixedFamilies,
        fmt::format("{} is {} in a line about {}: {}", quote(word.text), to_string(family),
                    to_string(*family_), kLineIgnored));
  return false;
}

std::optional<Address> IpLine::address(const Word& word) {
  const auto out = values_.address(word, kLineIgnored);
  if (!out || !join(out->family(), word)) return {};
  return out;
}

std::optional<Prefix> IpLine::prefix(const Word& word) {
  if (is_everything(word.text)) {
    if (family_) {
      complain(word, code::kWordOrder,
               fmt::format("keepalived ignores a line with {} behind an address", quote(word.text)),
               fmt::format("write {}", everything(*family_).to_string()));
    }
    return everything(family_.value_or(Family::IPv4));
  }
  if (word.text == "default6") {
    if (!join(Family::IPv6, word)) return {};
    return everything(Family::IPv6);
  }
  const auto slash = word.text.find('/');
  Word bare = word;
  bare.text = word.text.substr(0, slash);
  const auto parsed = address(bare);
  if (!parsed) return {};
  const unsigned bits = parsed->is_v4() ? 32 : 128;
  Prefix out{*parsed, static_cast<std::uint8_t>(bits)};
  if (slash == std::string_view::npos) return out;
  const auto length = parse_whole(word.text.substr(slash + 1));
  if (length && *length >= 0 && *length <= bits) {
    out.length = static_cast<std::uint8_t>(*length);
  } else {
    // compat: a bad length counts as the longest.
    error(word.from(slash + 1), code::kBadPrefix,
          fmt::format("{} is no prefix length: {} is used", quote(word.text.substr(slash + 1)), bits));
  }
  return out;
}

std::optional<std::uint32_t> IpLine::name(RouteNames::Kind kind, const Word& word, std::string_view what) {
  const auto out = context_.names.find(kind, word.text);
  if (!out) {
    error(word, code::kUnknownName,
          fmt::format("there is no {} {}: {}", what, quote(word.text), kLineIgnored),
          "a number, or a name that iproute2 knows");
  }
  return out;
}

bool IpLine::realms_of(const Word& option, std::uint32_t& into) {
  const Word* word = value(option);
  if (word == nullptr) return false;
  const auto slash = word->text.find('/');
  const bool has_two = slash != std::string_view::npos;
  const auto first = context_.names.find(RouteNames::Kind::Realm, word->text.substr(0, slash));
  const auto second =
      has_two ? context_.names.find(RouteNames::Kind::Realm, word->text.substr(slash + 1)) : first;
  if (!first || !second) {
    error(*word, code::kUnknownName, fmt::format("there is no realm {}: {}", quote(word->text), kLineIgnored),
          "[FROM/]TO, each a number up to 255 or a name that iproute2 knows");
    return false;
  }
  into = has_two ? *first << 16U | *second : *first;
  return true;
}

bool IpLine::via(const Word& option, std::optional<Address>& into) {
  const Word* word = value(option);
  if (word == nullptr) return false;
  if (word->text == "inet" || word->text == "inet6") {
    if (!join(word->text == "inet" ? Family::IPv4 : Family::IPv6, *word)) return false;
    if ((word = value(option)) == nullptr) return false;
  }
  into = address(*word);
  return into.has_value();
}

bool IpLine::only(Family family, const Word& option) {
  if (!family_) family_ = family;
  if (*family_ == family) return true;
  error(option, code::kMixedFamilies,
        fmt::format("{} is for {} only: {}", quote(option.text), to_string(family), kLineIgnored));
  return false;
}

bool IpLine::device_of(const Word& option, std::string& into) {
  const Word* word = value(option);
  auto name = word ? values_.existing_interface(*word) : std::nullopt;
  if (name) into = std::move(*name);
  return name.has_value();
}

bool IpLine::track_group(const Word& option, std::string& into) {
  const Word* word = value(option);
  if (word == nullptr) return false;
  if (!into.empty()) {
    error(*word, code::kRepeatedOption, fmt::format("`track_group` is given twice: {}", kLineIgnored));
    return false;
  }
  const auto& groups = *context_.track_groups;
  if (std::find(groups.begin(), groups.end(), word->text) == groups.end()) {
    error(*word, code::kUnknownName,
          fmt::format("there is no track_group {} above: it is ignored", quote(word->text)));
  } else {
    into = word->text;
  }
  return true;
}

bool IpLine::fixed_family(const Word& word, Family family) {
  if (!words_.done() && words_.peek().text != "to") {
    complain(word, code::kWordOrder,
             fmt::format("keepalived passes over the word behind {}", quote(word.text)),
             fmt::format("leave {} out: the addresses tell the family", quote(word.text)));
  }
  return join(family, word);
}

std::string realms_text(std::uint32_t realms) {
  const std::uint32_t from = realms >> 16U;
  return from > 0 ? fmt::format("{}/{}", from, realms & 0xffffU) : std::to_string(realms);
}

}  // namespace hald::config
