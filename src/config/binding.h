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
}  // namespace detail

/// A word that fills one member. A bad value leaves it as it is.
template <auto Member>
constexpr auto field(std::string_view word) {
  using T = typename detail::MemberOf<Member>::Owner;
  Binding<T> out;
  out.word = word;
  out.read = [](T& into, const Node& node, Values& values) { take(values, node, into.*Member); };
  out.print = [](const T& from, const Keyword& keyword, Document& out_items) {
    put(from.*Member, keyword, out_items);
  };
  return out;
}

/// The same for an old or other name of a word: read, never printed.
template <auto Member>
constexpr auto alias(std::string_view word) {
  auto out = field<Member>(word);
  out.print = nullptr;
  return out;
}

template <typename T>
class BlockBinding {
 public:
  /// Throws if a word is none of the block's: a mistake in the program, which the first test finds.
  BlockBinding(BlockId id, std::initializer_list<Binding<T>> rows) : block_(&block_of(id)), rows_(rows) {
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
    for (const Node node : block.children()) {
      if (repeats.allow(index_of(node.keyword()), node, values)) read_one(into, node, values);
    }
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
