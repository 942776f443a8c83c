// SPDX-License-Identifier: Apache-2.0
#include "config/build_address.h"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

#include "config/codes.h"
#include "config/line_words.h"

namespace hald::config {
namespace {

constexpr std::size_t kMaxLabel = 15;
constexpr std::uint8_t kLongestWithBroadcast = 30;
constexpr std::string_view kIgnored = "it is ignored";
constexpr std::string_view kLineIgnored = "the line is ignored";

struct ScopeName {
  std::string_view name;
  std::uint8_t number;
};
constexpr std::array kScopes{ScopeName{"global", 0}, ScopeName{"site", 200}, ScopeName{"link", 253},
                             ScopeName{"host", 254}, ScopeName{"nowhere", 255}};

std::string scope_text(std::uint8_t number) {
  for (const ScopeName& scope : kScopes) {
    if (scope.number == number) return std::string(scope.name);
  }
  return std::to_string(number);
}

struct Flag {
  std::string_view word;
  bool VirtualAddress::*member;
  bool value;  ///< that the word gives it
};
constexpr std::array kFlags{Flag{"home", &VirtualAddress::home, true},
                            Flag{"-nodad", &VirtualAddress::detect_duplicates, true},
                            Flag{"mngtmpaddr", &VirtualAddress::manage_temporary, true},
                            Flag{"noprefixroute", &VirtualAddress::no_prefix_route, true},
                            Flag{"autojoin", &VirtualAddress::auto_join, true},
                            Flag{"no_track", &VirtualAddress::track, false},
                            Flag{"use_vmac", &VirtualAddress::use_vmac, true}};

/// The address with all its host bits set or cleared.
Address with_host_bits(const Address& address, std::uint8_t length, bool set) {
  const std::uint32_t host = length == 0 ? UINT32_MAX : (1U << (32U - length)) - 1U;
  const std::uint32_t value = address.v4_value();
  return Address::v4(set ? value | host : value & ~host);
}

std::uint8_t whole_length(const Address& address) {
  return address.is_v4() ? 32 : 128;
}

/// compat: an IPv6 address of its own is deprecated, so that it is no source of anything else.
std::optional<std::uint32_t> default_lifetime(const Prefix& prefix) {
  if (prefix.address.is_v4() || prefix.length < whole_length(prefix.address)) return {};
  return 0;
}

class AddressLine {
 public:
  AddressLine(const Node& line, BlockId block, const Definitions& known, RouteNames& names, Values& values)
      : words_(line.words()), options_(block_of(block)), known_(known), names_(names), values_(values) {}

  std::optional<AddressDraft> read() {
    if (!address(words_.take())) return {};
    while (!words_.done()) {
      const Word& word = words_.take();
      const Keyword* option = find_keyword(options_, word.text);
      if (option == nullptr) {
        unknown(word);
        continue;
      }
      values_.note_effect(word, *option);
      if (option->min_arguments > 0 && words_.done()) {
        report_missing_value(word, *option, kLineIgnored, values_);
        return {};
      }
      if (!apply(*option, word)) return {};
    }
    settle();
    return std::move(out_);
  }

 private:
  bool address(const Word& word);
  std::uint8_t prefix_length(const Word& digits, std::uint8_t longest);
  void unknown(const Word& word);
  bool apply(const Keyword& option, const Word& word);
  bool device(const Word& word, const Word& argument);
  bool label(const Word& argument);
  void scope(const Word& argument);
  bool broadcast(const Word& word, const Word& argument);
  void peer(const Word& argument);
  void lifetime(const Word& argument);
  void track_group(const Word& word, const Word& argument);
  void settle();
  void settle_broadcast();

  void error(const Word& word, std::string_view code, std::string message, std::string help = {}) {
    values_.diagnostics().error(word.where(), code, std::move(message), std::move(help));
  }
  [[nodiscard]] VirtualAddress& it() { return out_.address; }
  [[nodiscard]] bool is_v4() const { return out_.address.prefix.address.is_v4(); }

  LineWords words_;
  const Block& options_;
  const Definitions& known_;
  RouteNames& names_;
  Values& values_;
  AddressDraft out_;
  std::optional<Word> broadcast_word_;
  std::optional<Word> host_bits_;  // `+` or `-`
  std::optional<Word> scope_word_;
  std::optional<Word> label_word_;
  bool lifetime_given_ = false;
  bool unknown_reported_ = false;
};

bool AddressLine::address(const Word& word) {
  const auto slash = word.text.find('/');
  const auto parsed = Address::parse(word.text.substr(0, slash));
  if (!parsed) {
    error(word, code::kBadAddress, fmt::format("{} is not an IP address", quote(word.text)),
          "the line is ignored; it should begin ADDRESS[/LENGTH]");
    return false;
  }
  if (parsed->is_unspecified() || parsed->is_multicast()) {
    values_.diagnostics().warning(
        word.where(), code::kBadAddress,
        fmt::format("{} cannot be held by an interface: the line is ignored", quote(word.text)));
    return false;
  }
  const std::uint8_t longest = whole_length(*parsed);
  it().prefix.address = *parsed;
  it().prefix.length =
      slash == std::string_view::npos ? longest : prefix_length(word.from(slash + 1), longest);
  out_.where = word.where();
  out_.address.where = word.where();
  return true;
}

/// compat: a bad length counts as the longest.
std::uint8_t AddressLine::prefix_length(const Word& digits, std::uint8_t longest) {
  const auto length = parse_whole(digits.text);
  if (length && *length >= 0 && *length <= longest) return static_cast<std::uint8_t>(*length);
  error(digits, code::kBadPrefix,
        fmt::format("{} is no prefix length: {} is used", quote(digits.text), longest));
  return longest;
}

void AddressLine::unknown(const Word& word) {
  if (unknown_reported_) return;  // what follows an unknown word is most likely its argument
  unknown_reported_ = true;
  const auto near = nearest_word(options_, word.text);
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
bool AddressLine::apply(const Keyword& option, const Word& word) {
  for (const Flag& flag : kFlags) {
    if (option.name != flag.word) continue;
    it().*flag.member = flag.value;
    return true;
  }
  const Word& argument = words_.take();
  if (option.name == "dev") return device(word, argument);
  if (option.name == "label") return label(argument);
  if (option.name == "brd" || option.name == "broadcast") return broadcast(word, argument);
  if (option.name == "scope") scope(argument);
  if (option.name == "peer") peer(argument);
  if (option.name == "preferred_lft") lifetime(argument);
  if (option.name == "track_group") track_group(word, argument);
  return true;
}

bool AddressLine::device(const Word& word, const Word& argument) {
  if (!it().device.empty()) {
    error(word, code::kRepeatedOption, fmt::format("`dev` is given twice: {}", kLineIgnored));
    return false;
  }
  auto name = values_.existing_interface(argument);
  if (!name) return false;
  it().device = std::move(*name);
  return true;
}

bool AddressLine::label(const Word& argument) {
  if (argument.text.size() > kMaxLabel) {
    error(argument, code::kBadLabel,
          fmt::format("the label is longer than {} bytes: {}", kMaxLabel, kLineIgnored));
    return false;
  }
  label_word_ = argument;
  it().label = argument.text;
  return true;
}

void AddressLine::scope(const Word& argument) {
  if (const auto number = names_.find(RouteNames::Kind::Scope, argument.text)) {
    it().scope = static_cast<std::uint8_t>(*number);
    scope_word_ = argument;
    return;
  }
  error(argument, code::kBadScope, fmt::format("{} is no scope: {}", quote(argument.text), kIgnored),
        "global, site, link, host, nowhere or a number up to 255");
}

bool AddressLine::broadcast(const Word& word, const Word& argument) {
  if (!is_v4()) {
    error(word, code::kBadBroadcast, fmt::format("IPv6 has no broadcast: {}", kLineIgnored));
    return false;
  }
  broadcast_word_ = word;
  if (argument.text == "+" || argument.text == "-") {
    host_bits_ = argument;
    return true;
  }
  const auto parsed = Address::parse(argument.text);
  if (!parsed || !parsed->is_v4()) {
    error(argument, code::kBadBroadcast,
          fmt::format("{} is no IPv4 address: {}", quote(argument.text), kLineIgnored));
    return false;
  }
  it().broadcast = *parsed;
  return true;
}

void AddressLine::peer(const Word& argument) {
  if (it().peer) {
    error(argument, code::kRepeatedOption,
          fmt::format("`peer` is given twice: {} is used", it().peer->to_string()));
    return;
  }
  const auto parsed = values_.address(argument, kIgnored);
  if (!parsed) return;
  if (parsed->is_v4() != is_v4()) {
    error(argument, code::kMixedFamilies,
          fmt::format("{} is of another family than the address: {}", quote(argument.text), kIgnored));
    return;
  }
  if (it().prefix.length != whole_length(*parsed)) {
    error(argument, code::kBadPrefix, "an address with a peer has no prefix length: it is ignored");
  }
  it().peer = *parsed;
  it().prefix.length = whole_length(*parsed);
}

void AddressLine::lifetime(const Word& argument) {
  const auto number = parse_whole(argument.text);
  if (argument.text == "forever" || (number && *number == UINT32_MAX)) {
    it().preferred_lifetime.reset();
  } else if (number && *number >= 0 && *number < UINT32_MAX) {
    it().preferred_lifetime = static_cast<std::uint32_t>(*number);
  } else {
    error(argument, code::kBadNumber, fmt::format("{} is no life time: {}", quote(argument.text), kIgnored),
          "preferred_lft SECONDS|forever");
    return;
  }
  lifetime_given_ = true;
}

void AddressLine::track_group(const Word& word, const Word& argument) {
  if (!out_.track_group.empty()) {
    error(word, code::kRepeatedOption, "`track_group` is given twice: what follows is ignored");
    while (!words_.done()) words_.take();
    return;
  }
  if (known_.track_groups.contains(argument.text)) {
    out_.track_group = argument.text;
    return;
  }
  error(argument, code::kUnknownName,
        fmt::format("there is no track_group {} above: {}", quote(argument.text), kIgnored));
}

/// What depends on the whole line.
void AddressLine::settle() {
  settle_broadcast();
  if (is_v4()) return;
  if (it().scope != 0) {
    error(*scope_word_, code::kBadScope, "the scope of an IPv6 address is not for choice: it is ignored");
    it().scope = 0;
  }
  if (!it().label.empty()) {
    error(*label_word_, code::kBadLabel, "IPv6 addresses have no label: it is ignored");
    it().label.clear();
  }
  if (!lifetime_given_) it().preferred_lifetime = default_lifetime(it().prefix);
}

void AddressLine::settle_broadcast() {
  if (!broadcast_word_) return;
  if (it().peer) {
    error(*broadcast_word_, code::kBadBroadcast, "an address with a peer has no broadcast: it is ignored");
    it().broadcast.reset();
  } else if (host_bits_ && it().prefix.length > kLongestWithBroadcast) {
    error(*host_bits_, code::kBadBroadcast,
          fmt::format("a /{} network has no broadcast address: {}", it().prefix.length, kIgnored));
  } else if (host_bits_) {
    it().broadcast = with_host_bits(it().prefix.address, it().prefix.length, host_bits_->text == "+");
  }
}

}  // namespace

std::optional<AddressDraft> read_address(const Node& line, BlockId block, const Definitions& known,
                                         RouteNames& names, Values& values) {
  return AddressLine(line, block, known, names, values).read();
}

Item address_line(const VirtualAddress& address) {
  const bool whole = address.prefix.length == whole_length(address.prefix.address);
  Item out = line_item("address", {whole ? address.prefix.address.to_string() : address.prefix.to_string()});
  const auto option = [&out](std::string_view word, Atom value) {
    out.inside.push_back(statement(word, {std::move(value)}));
  };
  if (!address.device.empty()) option("dev", address.device);
  if (address.scope != 0) option("scope", scope_text(address.scope));
  if (address.broadcast) option("brd", address.broadcast->to_string());
  if (!address.label.empty()) option("label", address.label);
  if (address.peer) option("peer", address.peer->to_string());
  if (address.preferred_lifetime != default_lifetime(address.prefix)) {
    if (address.preferred_lifetime) {
      option("preferred_lft", static_cast<std::int64_t>(*address.preferred_lifetime));
    } else {
      option("preferred_lft", std::string("forever"));
    }
  }
  for (const Flag& flag : kFlags) {
    if (address.*flag.member == flag.value) out.inside.push_back(flag_item(flag.word, true));
  }
  return out;
}

}  // namespace hald::config
