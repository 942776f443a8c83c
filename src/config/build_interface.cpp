// SPDX-License-Identifier: Apache-2.0
#include "config/build_interface.h"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

#include "config/binding.h"
#include "config/build_address.h"
#include "config/codes.h"
#include "config/named_block.h"

namespace hald::config {
namespace {

constexpr std::array<std::string_view, 4> kMethods{"", "MII", "ETHTOOL", "IOCTL"};

/// Replaces the entry of that name, or adds it: the last one counts.
template <typename T>
void put_last(std::vector<T>& list, std::map<std::string, std::size_t>& places, T value) {
  const auto [place, is_new] = places.try_emplace(value.name, list.size());
  if (is_new) {
    list.push_back(std::move(value));
  } else {
    list[place->second] = std::move(value);
  }
}

struct GarpDraft {
  GarpGroup out;
  std::map<std::string, Position>* taken = nullptr;
};

void add_to_group(GarpDraft& group, const Word& word, Values& values) {
  auto name = values.existing_interface(word);
  if (!name) return;
  const auto [first, is_new] = group.taken->try_emplace(*name, word.where());
  if (is_new) {
    group.out.interfaces.push_back(std::move(*name));
    return;
  }
  values.diagnostics()
      .error(word.where(), code::kRepeatedWord,
             fmt::format("{} is in a garp_group already: it is ignored here", quote(word.text)))
      .see(first->second, "it was put into one here");
}

void read_group_interface(GarpDraft& group, const Node& node, Values& values) {
  add_to_group(group, node.arguments().front(), values);
}

void read_group_interfaces(GarpDraft& group, const Node& block, Values& values) {
  bool any = false;
  for (const Node line : block.children()) {
    for (const Word& word : line.words()) {
      any = true;
      add_to_group(group, word, values);
    }
  }
  if (any) return;
  values.diagnostics()
      .warning(block.where(), code::kMissingArgument, "`interfaces` names no interface")
      .as_keepalived();
}

void print_group_interfaces(const GarpDraft& group, const Keyword& keyword, Document& out) {
  print_names(keyword.name, group.out.interfaces, out);
}

const BlockBinding<GarpDraft>& garp_words() {
  using D = GarpDraft;
  static const BlockBinding<D> kBinding(BlockId::GarpGroup,
                                        {
                                            field<&D::out, &GarpGroup::garp_interval>("garp_interval"),
                                            field<&D::out, &GarpGroup::gna_interval>("gna_interval"),
                                            action<D>("interface", read_group_interface),
                                            {"interfaces", read_group_interfaces, print_group_interfaces},
                                        });
  return kBinding;
}

/// The rows of a delay line: the interface, and its two delays.
const Keyword& delay_row(std::size_t place) {
  return block_of(BlockId::InterfaceUpDownDelays).words[place];
}

}  // namespace

bool InterfaceBuilder::read(const Node& block, const Definitions& known, RouteNames& names, Values& values) {
  switch (block.keyword().block) {
    case BlockId::GarpGroup: garp_group(block, values); return true;
    case BlockId::LinkbeatInterfaces:
      for (const Node line : block.children()) linkbeat_line(line, values);
      return true;
    case BlockId::InterfaceUpDownDelays:
      for (const Node line : block.children()) delay_line(line, values);
      return true;
    case BlockId::StaticIpaddress:
      for (const Node line : block.children()) {
        auto draft = read_address(line, BlockId::StaticIpaddress, known, names, values);
        if (draft)
          addresses.push_back({std::move(draft->address), std::move(draft->track_group), draft->where});
      }
      return true;
    default: return false;
  }
}

void InterfaceBuilder::finish(const std::string& default_interface) {
  for (StaticAddress& each : addresses) {
    if (each.address.device.empty()) each.address.device = default_interface;
  }
}

void InterfaceBuilder::garp_group(const Node& block, Values& values) {
  GarpDraft draft;
  draft.taken = &in_garp_group_;
  draft.out.where = block.where();
  garp_words().read(draft, block, values);
  if (draft.out.garp_interval || draft.out.gna_interval) {
    garp_groups.push_back(std::move(draft.out));
    return;
  }
  values.diagnostics().error(block.where(), code::kMissingWord,
                             "a garp_group without `garp_interval` or `gna_interval`: it is ignored");
  for (const std::string& name : draft.out.interfaces) in_garp_group_.erase(name);
}

void InterfaceBuilder::linkbeat_line(const Node& line, Values& values) {
  const auto words = line.words();
  auto name = values.existing_interface(words[0]);
  if (!name) return;
  LinkbeatInterface out;
  out.name = std::move(*name);
  if (words.size() > 1) {
    const auto method = std::find(kMethods.begin() + 1, kMethods.end(), words[1].text);
    const bool is_method = method != kMethods.end();
    if (is_method) out.method = static_cast<LinkbeatInterface::Method>(method - kMethods.begin());
    if (!is_method || words.size() > 2) {
      const Word& odd = is_method ? words[2] : words[1];
      values.diagnostics().error(odd.where(), code::kBadChoice,
                                 fmt::format("{} is no way to poll a link: it is ignored", quote(odd.text)),
                                 "INTERFACE [MII|ETHTOOL|IOCTL]");
    }
  }
  put_last(linkbeat, linkbeat_places_, std::move(out));
}

void InterfaceBuilder::delay_line(const Node& line, Values& values) {
  const auto words = line.words();
  auto name = values.existing_interface(words[0]);
  if (!name) return;
  if (words.size() < 2) {
    values.diagnostics().warning(words[0].where(), code::kMissingArgument,
                                 fmt::format("{} has no delays: the line is ignored", quote(words[0].text)),
                                 "INTERFACE DOWN [UP]");
    return;
  }
  if (words.size() > 3) {
    values.diagnostics().warning(words[3].where(), code::kExtraWords,
                                 fmt::format("{} and what follows is ignored", quote(words[3].text)),
                                 "INTERFACE DOWN [UP]");
  }
  const auto down = values.time(words[1], delay_row(1));
  if (!down) return;
  const auto up = words.size() > 2 ? values.time(words[2], delay_row(2)) : Duration::zero();
  if (up) put_last(delays, delay_places_, {std::move(*name), *down, *up});
}

void print_garp_group(const GarpGroup& group, Document& out) {
  GarpDraft draft;
  draft.out = group;
  Document inside;
  garp_words().print(draft, inside);
  Item item = block_item("garp_group", {}, std::move(inside));
  item.many = true;
  out.push_back(std::move(item));
}

void print_linkbeat(const std::vector<LinkbeatInterface>& interfaces, Document& out) {
  if (interfaces.empty()) return;
  Document lines;
  for (const LinkbeatInterface& each : interfaces) {
    Item line = line_item("interface", {each.name});
    const auto method = static_cast<std::size_t>(each.method);
    if (method > 0) line.values.emplace_back(std::string(kMethods[method]));
    lines.push_back(std::move(line));
  }
  out.push_back(block_item("linkbeat_interfaces", {}, std::move(lines)));
}

void print_delays(const std::vector<InterfaceDelay>& delays, Document& out) {
  if (delays.empty()) return;
  Document lines;
  for (const InterfaceDelay& each : delays)
    lines.push_back(line_item("interface", {each.name, each.down, each.up}));
  out.push_back(block_item("interface_up_down_delays", {}, std::move(lines)));
}

void print_static_addresses(const std::vector<StaticAddress>& addresses, Document& out) {
  if (addresses.empty()) return;
  Document lines;
  for (const StaticAddress& each : addresses) {
    Item line = address_line(each.address);
    if (!each.track_group.empty()) line.inside.push_back(statement("track_group", {each.track_group}));
    lines.push_back(std::move(line));
  }
  out.push_back(block_item("static_ipaddress", {}, std::move(lines)));
}

}  // namespace hald::config
