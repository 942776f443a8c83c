// SPDX-License-Identifier: Apache-2.0
// Builds and prints one virtual_server_group: lines of addresses, ranges, networks and firewall marks.
#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include <fmt/format.h>

#include "config/build_lvs.h"
#include "config/codes.h"

namespace hald::config {
namespace {

constexpr std::string_view kLineIgnored = "the line is ignored";
constexpr std::int64_t kMaxMark = UINT32_MAX;

Word part_of(const Word& word, std::size_t begin, std::size_t end) {
  Word out = word.from(begin);
  out.text = word.text.substr(begin, end - begin);
  out.length = static_cast<std::uint16_t>(std::min<std::size_t>(out.length, end - begin));
  return out;
}

Address from_octets(Family family, const std::array<std::uint8_t, 16>& bytes) {
  if (family == Family::IPv6) return Address::v6(bytes);
  return *Address::from_bytes(family, bytes);
}

std::array<std::uint8_t, 16> octets_of(const Address& address) {
  std::array<std::uint8_t, 16> out{};
  const auto bytes = address.bytes();
  std::copy(bytes.begin(), bytes.end(), out.begin());
  return out;
}

class GroupBuilder {
 public:
  GroupBuilder(const Node& block, Values& values) : block_(block), values_(values) {}

  std::optional<ServerGroup> run() {
    out_.name = block_.arguments().front().text;
    out_.where = block_.where();
    for (const Node line : block_.children()) {
      if (line.words().front().text == "fwmark")
        mark(line.words());
      else
        address(line.words());
    }
    if (!usable()) return {};
    return std::move(out_);
  }

 private:
  void mark(std::span<const Word> words);
  void address(std::span<const Word> words);
  std::optional<Address> end_of_network(const Word& length, const Address& first);
  std::optional<Address> end_of_range(const Word& word, const Address& first);
  std::optional<Address> last_part(const Word& word, const Address& first);
  bool usable();
  std::optional<Address> refuse(const Word& word, std::string_view code, std::string message,
                                std::string help = {}) {
    values_.diagnostics().error(word.where(), code, fmt::format("{}: {}", message, kLineIgnored),
                                std::move(help));
    return {};
  }

  Node block_;
  Values& values_;
  ServerGroup out_;
};

void GroupBuilder::mark(std::span<const Word> words) {
  const auto value = words.size() > 1 ? parse_whole(words[1].text) : std::nullopt;
  if (!value || *value < 0 || *value > kMaxMark) {
    refuse(words[words.size() > 1 ? 1 : 0], code::kBadNumber,
           fmt::format("fwmark needs a number from 0 to {}", kMaxMark));
    return;
  }
  GroupMark out;
  out.mark = static_cast<std::uint32_t>(*value);
  if (words.size() > 2 && words[2].text == "inet") {
    out.family = Family::IPv4;
  } else if (words.size() > 2 && words[2].text == "inet6") {
    out.family = Family::IPv6;
  } else if (words.size() > 2) {
    refuse(words[2], code::kBadChoice, fmt::format("{} is no family", quote(words[2].text)),
           "write `inet` or `inet6`, or nothing");
    return;
  }
  out_.marks.push_back(out);
}

void GroupBuilder::address(std::span<const Word> words) {
  const Word& word = words.front();
  const auto end = word.text.find_first_of("-/");
  const Word start = part_of(word, 0, std::min(end, word.text.size()));
  const auto port = words.size() > 1 ? values_.port(words[1], kLineIgnored) : std::uint16_t{0};
  const auto first = values_.address(start, kLineIgnored);
  if (!first || !port) return;
  std::optional<Address> last = first;
  if (end != std::string_view::npos) {
    const Word rest = part_of(word, end + 1, word.text.size());
    last = word.text[end] == '/' ? end_of_network(rest, *first) : end_of_range(rest, *first);
  }
  if (!last) return;
  out_.addresses.push_back({*first, *last, *port});
}

std::optional<Address> GroupBuilder::end_of_network(const Word& length, const Address& first) {
  const std::size_t bits = first.bytes().size() * 8;
  const auto value = parse_whole(length.text);
  if (!value || *value < 1 || *value > static_cast<std::int64_t>(bits))
    return refuse(length, code::kBadPrefix, fmt::format("{} is no prefix length", quote(length.text)));
  auto octets = octets_of(first);
  bool empty = true;
  for (auto bit = static_cast<std::size_t>(*value); bit < bits; ++bit) {
    const auto mask = static_cast<std::uint8_t>(0x80U >> (bit % 8));
    empty = empty && (octets[bit / 8] & mask) == 0;
    octets[bit / 8] = static_cast<std::uint8_t>(octets[bit / 8] | mask);
  }
  if (empty) return from_octets(first.family(), octets);
  return refuse(
      length, code::kBadPrefix,
      fmt::format("{} is no network of this length: bits behind its prefix are set", first.to_string()));
}

std::optional<Address> GroupBuilder::end_of_range(const Word& word, const Address& first) {
  const char separator = first.is_v4() ? '.' : ':';
  const bool whole = word.text.find(separator) != std::string_view::npos;
  const auto last = whole ? values_.address(word, kLineIgnored) : last_part(word, first);
  if (!last) return {};
  const bool same = *last == first;
  if (last->family() == first.family() && (*last > first || (same && whole))) return last;
  return refuse(
      word, code::kBadRange,
      fmt::format("the range ends at {}, which is not above {}", last->to_string(), first.to_string()));
}

/// The end of a range as its last part alone: decimal for IPv4, hexadecimal for IPv6.
std::optional<Address> GroupBuilder::last_part(const Word& word, const Address& first) {
  const unsigned most = first.is_v4() ? 0xff : 0xffff;
  unsigned value = 0;
  const char* const end = word.text.data() + word.text.size();
  const auto [stop, failure] = std::from_chars(word.text.data(), end, value, first.is_v4() ? 10 : 16);
  if (failure != std::errc{} || stop != end || value > most) {
    return refuse(word, code::kBadRange, fmt::format("{} is no end of a range", quote(word.text)),
                  first.is_v4() ? "the last number of the address, 0..255, or a whole address"
                                : "the last part of the address, 0..ffff, or a whole address");
  }
  auto octets = octets_of(first);
  if (first.is_v4()) {
    octets[3] = static_cast<std::uint8_t>(value);
  } else {
    octets[14] = static_cast<std::uint8_t>(value >> 8U);
    octets[15] = static_cast<std::uint8_t>(value & 0xffU);
  }
  return from_octets(first.family(), octets);
}

/// Whether there is anything, and marks without a family do not stand among both families.
bool GroupBuilder::usable() {
  if (out_.addresses.empty() && out_.marks.empty()) {
    values_.diagnostics().error(block_.where(), code::kEmptyGroup,
                                fmt::format("the group {} has no address: it is ignored", quote(out_.name)));
    return false;
  }
  bool open = false;
  for (const GroupMark& mark : out_.marks) open = open || !mark.family;
  if (!open || !has_family(out_, Family::IPv4) || !has_family(out_, Family::IPv6)) return true;
  values_.diagnostics().error(block_.where(), code::kMixedFamilies,
                              fmt::format("the group {} has IPv4, IPv6 and a fwmark without a family: it is "
                                          "ignored",
                                          quote(out_.name)),
                              "write `fwmark MARK inet` or `fwmark MARK inet6`");
  return false;
}

}  // namespace

bool has_family(const ServerGroup& group, Family family) {
  return std::any_of(group.addresses.begin(), group.addresses.end(),
                     [family](const AddressRange& range) { return range.first.family() == family; }) ||
         std::any_of(group.marks.begin(), group.marks.end(),
                     [family](const GroupMark& mark) { return mark.family == family; });
}

std::optional<ServerGroup> build_group(const Node& block, Values& values) {
  return GroupBuilder(block, values).run();
}

void print_group(const ServerGroup& group, Document& out) {
  Document inside;
  for (const AddressRange& range : group.addresses) {
    std::string text = range.first.to_string();
    if (range.last != range.first) text += "-" + range.last.to_string();
    inside.push_back(many(line_item("address", {std::move(text), std::int64_t{range.port}})));
  }
  for (const GroupMark& mark : group.marks) {
    Item item = line_item("fwmark", {std::string("fwmark"), std::int64_t{mark.mark}});
    if (mark.family) item.values.emplace_back(std::string(*mark.family == Family::IPv4 ? "inet" : "inet6"));
    inside.push_back(many(std::move(item)));
  }
  out.push_back(many(block_item("virtual_server_group", {group.name}, std::move(inside))));
}

}  // namespace hald::config
