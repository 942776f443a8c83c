// SPDX-License-Identifier: Apache-2.0
// Builds one line of virtual_ipaddress: ADDRESS[/LENGTH] and its options. Options that make no sense for the
// address cost the option; a wrong label, device or broadcast costs the line, as in keepalived.
#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include <fmt/format.h>

#include "config/build_vrrp.h"
#include "config/codes.h"

namespace hald::config {
namespace {

constexpr std::size_t kMaxLabel = 15;
constexpr std::uint8_t kLongestWithBroadcast = 30;

struct ScopeName {
  std::string_view name;
  std::uint8_t number;
};
constexpr std::array kScopes{ScopeName{"global", 0}, ScopeName{"site", 200}, ScopeName{"link", 253},
                             ScopeName{"host", 254}, ScopeName{"nowhere", 255}};

std::optional<std::uint8_t> parse_scope(std::string_view text) {
  for (const ScopeName& scope : kScopes) {
    if (scope.name == text) return scope.number;
  }
  const auto number = parse_whole(text);
  if (number && *number >= 0 && *number <= UINT8_MAX) return static_cast<std::uint8_t>(*number);
  return {};
}

/// The address with all its host bits set or cleared.
Address with_host_bits(const Prefix& prefix, bool set) {
  const std::uint32_t host = prefix.length == 0 ? UINT32_MAX : (1U << (32U - prefix.length)) - 1U;
  const std::uint32_t value = prefix.address.v4_value();
  return Address::v4(set ? value | host : value & ~host);
}

class AddressLine {
 public:
  AddressLine(const Node& line, Values& values) : words_(line.words()), values_(values) {}

  std::optional<AddressDraft> read() {
    if (!address()) return {};
    for (std::size_t at = 1; at < words_.size();) {
      const Word& word = words_[at];
      const Keyword* option = find_keyword(block_of(BlockId::VirtualIpaddress), word.text);
      const std::size_t arguments = option == nullptr ? 0 : option->min_arguments;
      if (words_.size() - at - 1 < arguments) {
        error(word, code::kMissingArgument, fmt::format("{} needs {}", quote(word.text), option->arguments));
        return {};
      }
      if (option == nullptr || !option->effect) {
        unusable(word, option);
      } else if (!apply(*option, word, words_[at + 1])) {
        return {};
      }
      at += 1 + arguments;
    }
    return std::move(out_);
  }

 private:
  bool address();
  std::uint8_t prefix_length(const Word& digits, unsigned bits);
  void unusable(const Word& word, const Keyword* option);
  bool apply(const Keyword& option, const Word& word, const Word& argument);
  bool device(const Word& word, const Word& argument);
  bool label(const Word& word, const Word& argument);
  bool scope(const Word& word, const Word& argument);
  bool broadcast(const Word& word, const Word& argument);

  void error(const Word& word, std::string_view code, std::string message, std::string help = {}) {
    values_.diagnostics().error(word.where(), code, std::move(message), std::move(help));
  }
  [[nodiscard]] bool is_v4() const { return out_.address.prefix.address.is_v4(); }

  std::span<const Word> words_;
  Values& values_;
  AddressDraft out_;
  bool unknown_reported_ = false;
};

bool AddressLine::address() {
  const Word& word = words_.front();
  const auto slash = word.text.find('/');
  const auto parsed = Address::parse(word.text.substr(0, slash));
  if (!parsed || parsed->is_unspecified() || parsed->is_multicast()) {
    error(word, code::kBadAddress,
          fmt::format("{} {}", quote(word.text),
                      parsed ? "cannot be held by an interface" : "is not an IP address"),
          "the line is ignored; it should begin ADDRESS[/LENGTH]");
    return false;
  }
  const unsigned bits = parsed->is_v4() ? 32 : 128;
  const bool whole = slash == std::string_view::npos;
  out_.address.prefix.address = *parsed;
  out_.address.prefix.length =
      whole ? static_cast<std::uint8_t>(bits) : prefix_length(word.from(slash + 1), bits);
  out_.where = word.where();
  return true;
}

/// compat: a bad length counts as the longest.
std::uint8_t AddressLine::prefix_length(const Word& digits, unsigned bits) {
  const auto length = parse_whole(digits.text);
  if (length && *length >= 0 && *length <= bits) return static_cast<std::uint8_t>(*length);
  error(digits, code::kBadPrefix,
        fmt::format("{} is no prefix length: {} is used", quote(digits.text), bits));
  return static_cast<std::uint8_t>(bits);
}

void AddressLine::unusable(const Word& word, const Keyword* option) {
  if (option != nullptr) {
    error(word, code::kNotBuilt, fmt::format("{} is not supported yet and is ignored", quote(word.text)));
    return;
  }
  if (unknown_reported_) return;  // what follows an unknown word is most likely its argument
  unknown_reported_ = true;
  const auto near = nearest_word(block_of(BlockId::VirtualIpaddress), word.text);
  std::string help;
  if (Prefix::parse(word.text)) {
    help = "one address in a line";
  } else if (!near.empty()) {
    help = fmt::format("did you mean {}?", quote(near));
  }
  error(word, code::kUnknownWord, fmt::format("{} is no option of an address", quote(word.text)),
        std::move(help));
}

/// False if the whole line must go.
bool AddressLine::apply(const Keyword& option, const Word& word, const Word& argument) {
  switch (option.meaning) {
    case Meaning::Dev: return device(word, argument);
    case Meaning::Label: return label(word, argument);
    case Meaning::Scope: return scope(word, argument);
    default: return broadcast(word, argument);
  }
}

bool AddressLine::device(const Word& word, const Word& argument) {
  if (!out_.address.device.empty()) {
    error(word, code::kRepeatedOption, "`dev` is given twice: the line is ignored");
    return false;
  }
  auto name = values_.interface(argument);
  if (!name) return false;
  out_.address.device = std::move(*name);
  return true;
}

bool AddressLine::label(const Word& word, const Word& argument) {
  if (!is_v4()) {
    error(word, code::kBadLabel, "IPv6 addresses have no label: it is ignored");
    return true;
  }
  if (argument.text.size() > kMaxLabel) {
    error(argument, code::kBadLabel,
          fmt::format("the label is longer than {} bytes: the line is ignored", kMaxLabel));
    return false;
  }
  out_.address.label = argument.text;
  return true;
}

bool AddressLine::scope(const Word& word, const Word& argument) {
  if (!is_v4()) {
    error(word, code::kBadScope, "the scope of an IPv6 address is not for choice: it is ignored");
    return true;
  }
  if (const auto number = parse_scope(argument.text)) {
    out_.address.scope = *number;
  } else {
    error(argument, code::kBadScope, fmt::format("{} is no scope: it is ignored", quote(argument.text)),
          "global, site, link, host, nowhere or a number up to 255");
  }
  return true;
}

bool AddressLine::broadcast(const Word& word, const Word& argument) {
  if (!is_v4()) {
    error(word, code::kBadBroadcast, "IPv6 has no broadcast: the line is ignored");
    return false;
  }
  if (argument.text == "+" || argument.text == "-") {
    if (out_.address.prefix.length > kLongestWithBroadcast) {
      error(argument, code::kBadBroadcast,
            fmt::format("a /{} network has no broadcast address: it is ignored", out_.address.prefix.length));
    } else {
      out_.address.broadcast = with_host_bits(out_.address.prefix, argument.text == "+");
    }
    return true;
  }
  const auto parsed = Address::parse(argument.text);
  if (!parsed || !parsed->is_v4()) {
    error(argument, code::kBadBroadcast,
          fmt::format("{} is no IPv4 address: the line is ignored", quote(argument.text)));
    return false;
  }
  out_.address.broadcast = *parsed;
  return true;
}

}  // namespace

std::optional<AddressDraft> read_virtual_address(const Node& line, Values& values) {
  return AddressLine(line, values).read();
}

}  // namespace hald::config
