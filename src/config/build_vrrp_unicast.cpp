// SPDX-License-Identifier: Apache-2.0
// vrrp_instance: where adverts come from and go to.
#include <set>
#include <utility>

#include <fmt/format.h>

#include "config/build_vrrp.h"
#include "config/codes.h"
#include "config/line_words.h"

namespace hald::config {
namespace {

using D = InstanceDraft;
using I = VrrpInstance;

constexpr std::string_view kIgnored = "it is ignored";
constexpr std::string_view kLineIgnored = "the line is ignored";

/// The options of a peer. False if the rest of the line must go.
bool read_peer_option(LineWords& words, UnicastPeer& peer, bool& any, Values& values) {
  const Block& options = block_of(BlockId::UnicastPeer);
  const Word& word = words.take();
  const Keyword* option = find_keyword(options, word.text);
  if (option == nullptr) {
    report_unknown_option(word, options.name(), options, "the rest of the line is ignored", values);
    return false;
  }
  if (words.done()) {
    report_missing_value(word, *option, kIgnored, values);
    return false;
  }
  const auto ttl = values.number(words.take(), *option);
  if (!ttl) return true;
  (option->name == "min_ttl" ? peer.min_ttl : peer.max_ttl) = static_cast<std::uint8_t>(*ttl);
  any = true;
  return true;
}

void read_peers(InstanceDraft& draft, const Node& block, Values& values) {
  std::set<Address> seen;
  for (const UnicastPeer& each : draft.out.peers) seen.insert(each.address);
  for (const Node line : block.children()) {
    LineWords words(line.words());
    const Word& word = words.take();
    const auto address = values.loose_address(word, kLineIgnored);
    if (!address || !draft.join(address->family(), word, values)) continue;
    UnicastPeer peer;
    peer.address = *address;
    bool any_ttl = false;
    while (!words.done() && read_peer_option(words, peer, any_ttl, values)) {
    }
    if (any_ttl) draft.settings.check_unicast_src = true;
    if (!seen.insert(peer.address).second) {
      values.diagnostics().error(word.where(), code::kDuplicateAddress,
                                 fmt::format("{} is a peer already: {}", quote(word.text), kLineIgnored));
      continue;
    }
    if (peer.min_ttl > peer.max_ttl) {
      values.diagnostics().error(
          word.where(), code::kContradiction,
          fmt::format("min_ttl {} is above max_ttl {}: nothing is taken from this peer", peer.min_ttl,
                      peer.max_ttl));
    }
    draft.out.peers.push_back(peer);
  }
}

void print_peers(const InstanceDraft& draft, const Keyword& keyword, Document& out) {
  if (draft.out.peers.empty()) return;
  Document lines;
  for (const UnicastPeer& each : draft.out.peers) {
    Item line = line_item("address", {each.address.to_string()});
    if (each.min_ttl > 0)
      line.inside.push_back(statement("min_ttl", {static_cast<std::int64_t>(each.min_ttl)}));
    if (each.max_ttl < UINT8_MAX)
      line.inside.push_back(statement("max_ttl", {static_cast<std::int64_t>(each.max_ttl)}));
    lines.push_back(std::move(line));
  }
  out.push_back(block_item(keyword.name, {}, std::move(lines)));
}

void read_checksum(InstanceDraft& draft, const Node& node, Values& values) {
  if (node.arguments().empty()) {
    draft.out.unicast_checksum = UnicastChecksum::Old;
  } else if (node.arguments().front().text == "never") {
    draft.out.unicast_checksum = UnicastChecksum::New;
  } else {
    report_unknown_option(node.arguments().front(), node.keyword().name,
                          block_of(BlockId::OldUnicastChecksum), kIgnored, values);
  }
}

void print_checksum(const InstanceDraft& draft, const Keyword& keyword, Document& out) {
  if (draft.out.unicast_checksum == UnicastChecksum::Automatic) return;
  Item item = statement(keyword.name, {});
  item.inside.push_back(flag_item("never", draft.out.unicast_checksum == UnicastChecksum::New));
  out.push_back(std::move(item));
}

void read_source(InstanceDraft& draft, const Node& node, Values& values) {
  const Word& word = node.arguments().front();
  const auto address = values.loose_address(word, kLineIgnored);
  if (!address) return;
  draft.out.source.reset();
  if (draft.join(address->family(), word, values)) draft.out.source = *address;
}

/// Without an interface only the word of unicast will do.
void print_source(const InstanceDraft& draft, const Keyword& keyword, Document& out) {
  const bool by_unicast = keyword.name == "unicast_src_ip";
  const bool unicast = draft.out.unicast || draft.out.interface.empty();
  if (unicast == by_unicast) put(draft.out.source, keyword, out);
}

bool stays_on_link(const Address& group) {
  return group.is_v4() || (group.bytes()[1] & 0x0fU) == 2;
}

void read_group(InstanceDraft& draft, const Node& node, Values& values) {
  const Word& word = node.arguments().front();
  const auto address = values.loose_address(word, kLineIgnored);
  if (!address) return;
  draft.out.group.reset();
  if (!draft.join(address->family(), word, values)) return;
  if (address->is_multicast() && stays_on_link(*address)) {
    draft.out.group = *address;
    return;
  }
  values.diagnostics().error(
      word.where(), code::kBadGroup,
      fmt::format("{} is no multicast group of a link: {}", quote(word.text), kLineIgnored));
}

void print_group(const InstanceDraft& draft, const Keyword& keyword, Document& out) {
  put(draft.out.group, keyword, out);
}

void print_ttl(const InstanceDraft& draft, const Keyword& keyword, Document& out) {
  if (draft.out.unicast) put(draft.out.unicast_ttl, keyword, out);
}

void read_ttl(InstanceDraft& draft, const Node& node, Values& values) {
  take(values, node, draft.out.unicast_ttl);
}

/// What is not written, but follows: an instance is unicast, and has no peers.
void print_fault(const InstanceDraft& draft, const Keyword& keyword, Document& out) {
  put(draft.out.unicast && draft.out.peers.empty(), keyword, out);
}

}  // namespace

const BlockBinding<InstanceDraft>& instance_rows::unicast() {
  static const BlockBinding<InstanceDraft> kBinding(
      BlockId::VrrpInstance,
      {
          {"unicast_peer", read_peers, print_peers},
          {"unicast_fault_no_peer", [](D& draft, const Node&, Values&) { draft.fault_without_peers = true; },
           print_fault},
          {"old_unicast_checksum", read_checksum, print_checksum},
          {"mcast_src_ip", read_source, print_source},
          {"unicast_src_ip", read_source, print_source},
          {"mcast_dst_ip", read_group, print_group},
          field<&D::out, &I::track_source>("track_src_ip"),
          {"unicast_ttl", read_ttl, print_ttl},
      });
  return kBinding;
}

}  // namespace hald::config
