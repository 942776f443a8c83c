// SPDX-License-Identifier: Apache-2.0
// Bindings: what the words of one block mean. One row for each word says how it gets from a statement into
// the struct that the block fills, and how it gets from there into a Document. Reading a file and printing
// one are the two directions of the same list, so neither can forget a word that the other knows. Plain words
// are `field<&Global::router_id>("router_id")`: the type of the member decides how it is read (value_io.h),
// the word's row in the keyword table what is allowed. Others bring functions of their own.
#pragma once

#include <cstddef>
#include <initializer_list>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "config/document.h"
#include "config/keywords.h"
#include "config/tree.h"
#include "config/value_io.h"
#include "config/values.h"

namespace hald::config {

template <typename T>
struct Binding {
  std::string_view word;
  /// Null: the word is read elsewhere, with more than its own block at hand.
  void (*read)(T& into, const Node& node, Values& values) = nullptr;
  /// Null: another word prints it, or nothing is to be printed.
  void (*print)(const T& from, const Keyword& keyword, Document& out) = nullptr;
};

namespace detail {
template <auto Member>
struct MemberOf;
template <typename T, typename M, M T::*Member>
struct MemberOf<Member> {
  using Owner = T;
};

/// The member at the end of the path.
template <auto First, auto... Rest>
constexpr auto& reach(auto& from) {
  if constexpr (sizeof...(Rest) == 0) {
    return from.*First;
  } else {
    return reach<Rest...>(from.*First);
  }
}

template <typename T, auto... Path>
void read_member(T& into, const Node& node, Values& values) {
  take(values, node, reach<Path...>(into));
}
template <typename T, auto Take, auto... Path>
void read_member_by(T& into, const Node& node, Values& values) {
  Take(values, node, reach<Path...>(into));
}
template <typename T, auto... Path>
void print_member(const T& from, const Keyword& keyword, Document& out) {
  put(reach<Path...>(from), keyword, out);
}
template <typename T, auto Put, auto... Path>
void print_member_by(const T& from, const Keyword& keyword, Document& out) {
  Put(reach<Path...>(from), keyword, out);
}
}  // namespace detail

/// A word that fills one member, or a member of a member: `field<&Global::mail, &Mail::from>`. A bad value
/// leaves it as it is.
template <auto Member, auto... Inner>
constexpr auto field(std::string_view word) {
  using T = typename detail::MemberOf<Member>::Owner;
  return Binding<T>{word, &detail::read_member<T, Member, Inner...>,
                    &detail::print_member<T, Member, Inner...>};
}

/// The same for an old or other name of a word: read, never printed.
template <auto Member, auto... Inner>
constexpr auto alias(std::string_view word) {
  using T = typename detail::MemberOf<Member>::Owner;
  return Binding<T>{word, &detail::read_member<T, Member, Inner...>, nullptr};
}

/// A word that is read in a way of its own: `Take` is a function (Values&, const Node&, M&) for the member.
template <auto Take, auto Member, auto... Inner>
constexpr auto field_by(std::string_view word) {
  using T = typename detail::MemberOf<Member>::Owner;
  return Binding<T>{word, &detail::read_member_by<T, Take, Member, Inner...>,
                    &detail::print_member<T, Member, Inner...>};
}

/// The same for an old or other name of a word.
template <auto Take, auto Member, auto... Inner>
constexpr auto alias_by(std::string_view word) {
  using T = typename detail::MemberOf<Member>::Owner;
  return Binding<T>{word, &detail::read_member_by<T, Take, Member, Inner...>, nullptr};
}

/// A word that is read and printed in ways of its own: `Put` is a function (const M&, const Keyword&,
/// Document&).
template <auto Take, auto Put, auto Member, auto... Inner>
constexpr auto field_with(std::string_view word) {
  using T = typename detail::MemberOf<Member>::Owner;
  return Binding<T>{word, &detail::read_member_by<T, Take, Member, Inner...>,
                    &detail::print_member_by<T, Put, Member, Inner...>};
}

/// A word that does something of its own with the whole, and that other words print.
template <typename T>
constexpr Binding<T> action(std::string_view word, void (*read)(T&, const Node&, Values&)) {
  return {word, read, nullptr};
}

template <typename T>
class BlockBinding {
 public:
  /// Throws if a word is none of the block's: a mistake in the program, which the first test finds.
  BlockBinding(BlockId id, std::initializer_list<Binding<T>> rows)
      : BlockBinding(id, std::vector<Binding<T>>(rows)) {}
  BlockBinding(BlockId id, std::vector<Binding<T>> rows) : block_(&block_of(id)), rows_(std::move(rows)) {
    by_row_.resize(block_->words.size(), nullptr);
    for (const Binding<T>& row : rows_) {
      const Keyword* keyword = find_keyword(*block_, row.word);
      if (keyword == nullptr)
        throw std::logic_error(std::string(row.word) + " is not in " + std::string(block_->path));
      by_row_[index_of(*keyword)] = &row;
    }
  }
  BlockBinding(const BlockBinding&) = delete;
  BlockBinding& operator=(const BlockBinding&) = delete;

  /// False if the word has no row here, or none that reads.
  bool read_one(T& into, const Node& node, Values& values) const {
    const Binding<T>* row = by_row_[index_of(node.keyword())];
    if (row == nullptr || row->read == nullptr) return false;
    row->read(into, node, values);
    return true;
  }
  /// All statements of the block; those without a row are left to others. Reports what may stand only once.
  void read(T& into, const Node& block, Values& values) const {
    Repeats repeats(block_->words.size());
    read(into, block, values, repeats);
  }
  /// The same for a block that may come in parts, `repeats` being kept from one part to the next.
  void read(T& into, const Node& block, Values& values, Repeats& repeats) const {
    for (const Node node : block.children()) read_one(into, node, values, repeats);
  }
  /// False as above. Says nothing of a word that must not be read again.
  bool read_one(T& into, const Node& node, Values& values, Repeats& repeats) const {
    if (!knows(node.keyword())) return false;
    return !repeats.allow(index_of(node.keyword()), node, values) || read_one(into, node, values);
  }
  /// In the order of the rows.
  void print(const T& from, Document& out) const {
    for (const Binding<T>& row : rows_) {
      if (row.print != nullptr) row.print(from, *find_keyword(*block_, row.word), out);
    }
  }
  [[nodiscard]] bool knows(const Keyword& keyword) const { return by_row_[index_of(keyword)] != nullptr; }

 private:
  [[nodiscard]] std::size_t index_of(const Keyword& keyword) const {
    return static_cast<std::size_t>(&keyword - block_->words.data());
  }

  const Block* block_;
  std::vector<Binding<T>> rows_;
  std::vector<const Binding<T>*> by_row_;
};

}  // namespace hald::config
