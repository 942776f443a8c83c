// SPDX-License-Identifier: Apache-2.0
#include "config/build_bfd.h"

#include <utility>

#include <fmt/format.h>

#include "config/binding.h"
#include "config/codes.h"

namespace hald::config {
namespace {

constexpr std::size_t kMaxName = 31;
constexpr std::uint8_t kTtlV4 = 255;
constexpr std::uint8_t kTtlV6 = 64;

struct Draft {
  BfdInstance out;
  bool neighbor_known = false;
  bool neighbor_refused = false;
  Place source_where;
  std::optional<std::uint8_t> ttl;
  Place hops_where;
  bool names_vrrp = false;
  bool names_checkers = false;
};

void read_neighbor(Draft& draft, const Node& node, Values& values) {
  const auto address = values.loose_address(node.arguments().front(), "the whole block is ignored");
  draft.neighbor_known = address.has_value();
  draft.neighbor_refused = !address;
  if (address) draft.out.neighbor = *address;
}

void read_source(Draft& draft, const Node& node, Values& values) {
  const auto address = values.loose_address(node.arguments().front(), "the line is ignored");
  if (!address) return;
  draft.out.source = address;
  draft.source_where = node.arguments().front().where();
}

void read_hops(Draft& draft, const Node& node, Values& values) {
  if (take(values, node, draft.out.max_hops)) draft.hops_where = node.arguments().front().where();
}

/// weight N [reverse]
void read_weight(Draft& draft, const Node& node, Values& values) {
  take(values, node, draft.out.weight);
  const auto arguments = node.arguments();
  if (arguments.size() < 2) return;
  if (arguments[1].text == "reverse") {
    draft.out.weight_reversed = true;
    return;
  }
  values.diagnostics().error(
      arguments[1].where(), code::kUnknownWord,
      fmt::format("{} is no option of `weight`: it is ignored", quote(arguments[1].text)),
      "the only one is `reverse`");
}

void print_weight(const Draft& draft, const Keyword& keyword, Document& out) {
  Item item = statement(keyword.name, {std::int64_t{draft.out.weight}});
  if (draft.out.weight_reversed) item.values.emplace_back(std::string("reverse"));
  out.push_back(std::move(item));
}

template <auto Member>
void print_address(const Draft& draft, const Keyword& keyword, Document& out) {
  put(draft.out.*Member, keyword, out);
}

void name_vrrp(Draft& draft, const Node&, Values&) {
  draft.names_vrrp = true;
}

void name_checkers(Draft& draft, const Node&, Values&) {
  draft.names_checkers = true;
}

/// Only what is told alone is named.
void print_vrrp(const Draft& draft, const Keyword& keyword, Document& out) {
  out.push_back(flag_item(keyword.name, draft.out.tells_vrrp && !draft.out.tells_checkers));
}

void print_checkers(const Draft& draft, const Keyword& keyword, Document& out) {
  out.push_back(flag_item(keyword.name, draft.out.tells_checkers && !draft.out.tells_vrrp));
}

const BlockBinding<Draft>& words() {
  using B = BfdInstance;
  static const BlockBinding<Draft> kBinding(
      BlockId::BfdInstance,
      {
          {"neighbor_ip", read_neighbor, print_address<&B::neighbor>},
          action<Draft>("neighbour_ip", read_neighbor),
          {"source_ip", read_source, print_address<&B::source>},
          field<&Draft::out, &B::min_rx>("min_rx"),
          field<&Draft::out, &B::min_tx>("min_tx"),
          field<&Draft::out, &B::idle_tx>("idle_tx"),
          field<&Draft::out, &B::multiplier>("multiplier"),
          field<&Draft::out, &B::passive>("passive"),
          {"ttl", [](Draft& into, const Node& node, Values& values) { take(values, node, into.ttl); },
           [](const Draft& from, const Keyword& keyword, Document& out) { put(from.out.ttl, keyword, out); }},
          alias<&Draft::ttl>("hoplimit"),
          {"max_hops", read_hops,
           [](const Draft& from, const Keyword& keyword, Document& out) {
             put(from.out.max_hops, keyword, out);
           }},
          field<&Draft::out, &B::multihop>("multihop"),
          {"weight", read_weight, print_weight},
          {"vrrp", name_vrrp, print_vrrp},
          {"checker", name_checkers, print_checkers},
      });
  return kBinding;
}

/// False if the session cannot be used.
bool settle(Draft& draft, Diagnostics& diagnostics) {
  BfdInstance& out = draft.out;
  const std::string name = quote(out.name);
  if (!draft.neighbor_known) {
    if (!draft.neighbor_refused) {
      diagnostics.error(out.where, code::kNoNeighbor, fmt::format("{} has no neighbor_ip", name),
                        "the whole block is ignored");
    }
    return false;
  }
  if (out.source && out.source->family() != out.neighbor.family()) {
    diagnostics.error(draft.source_where, code::kMixedFamilies,
                      fmt::format("the source of {} is {} and its neighbour {}", name,
                                  to_string(out.source->family()), to_string(out.neighbor.family())),
                      "the whole block is ignored");
    return false;
  }
  out.ttl = draft.ttl.value_or(out.neighbor.is_v4() ? kTtlV4 : kTtlV6);
  if (out.max_hops > out.ttl) {
    diagnostics.error(
        draft.hops_where, code::kBadHops,
        fmt::format("a packet with TTL {} cannot cross {} hops: {} is used", out.ttl, out.max_hops, out.ttl));
    out.max_hops = out.ttl;
  }
  out.tells_vrrp = draft.names_vrrp || !draft.names_checkers;
  out.tells_checkers = draft.names_checkers || !draft.names_vrrp;
  return true;
}

}  // namespace

std::optional<std::size_t> BfdBuilder::rival(const BfdInstance& session) const {
  const auto group = by_neighbor_.find({session.neighbor, session.multihop});
  if (group == by_neighbor_.end()) return {};
  const auto& [without_source, by_source] = group->second;
  if (without_source) return without_source;
  const auto same = session.source ? by_source.find(*session.source) : by_source.begin();
  if (same == by_source.end()) return {};
  return same->second;
}

const BfdInstance* BfdBuilder::read(const Node& block, Values& values) {
  const Word& word = block.arguments().front();
  if (word.text.empty() || word.text.size() > kMaxName) {
    values.diagnostics().error(word.where(), code::kBadName,
                               fmt::format("the name of a bfd_instance has 1 to {} bytes", kMaxName),
                               "the whole block is ignored");
    return nullptr;
  }
  const auto [known, is_first] = names_.try_emplace(std::string(word.text), word.where());
  if (!is_first) {
    values.diagnostics()
        .error(word.where(), code::kDuplicateSession,
               fmt::format("there is a bfd_instance {} already: this one is ignored", quote(word.text)))
        .see(known->second, "the first is here");
    return nullptr;
  }
  Draft draft;
  draft.out.name = word.text;
  draft.out.where = word.where();
  words().read(draft, block, values);
  if (!settle(draft, values.diagnostics())) return nullptr;
  if (const auto other = rival(draft.out)) {
    values.diagnostics()
        .error(word.where(), code::kDuplicateSession,
               fmt::format("{} has the addresses of {}: the whole block is ignored", quote(word.text),
                           quote(out_[*other].name)))
        .see(out_[*other].where, "the first is here");
    return nullptr;
  }
  Group& group = by_neighbor_[{draft.out.neighbor, draft.out.multihop}];
  if (draft.out.source) {
    group.by_source.emplace(*draft.out.source, out_.size());
  } else {
    group.without_source = out_.size();
  }
  out_.push_back(std::move(draft.out));
  return &out_.back();
}

void print_bfd(const std::vector<BfdInstance>& sessions, Document& out) {
  for (const BfdInstance& session : sessions) {
    Draft draft;
    draft.out = session;
    Document inside;
    words().print(draft, inside);
    Item item = block_item("bfd_instance", {session.name}, std::move(inside));
    item.many = true;
    out.push_back(std::move(item));
  }
}

}  // namespace hald::config
