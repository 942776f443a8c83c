// SPDX-License-Identifier: Apache-2.0
// Tree: one top-level block of a configuration as statements, each a known keyword with its words, laid out
// flat in the order of the text. It holds one block at a time, so that a file of a hundred thousand servers
// never stands in memory as a whole. Nodes are handles into it and live until it is cleared.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "config/keywords.h"
#include "config/lexer.h"

namespace hald::config {

struct Statement {
  const Keyword* keyword = nullptr;  ///< null for a line of a block of lines
  std::uint32_t first_word = 0;
  std::uint32_t word_count = 0;
  std::uint32_t end = 0;  ///< index of the first statement that is neither this one nor inside it
};

class Tree {
 public:
  class Node;
  class Nodes;

  void clear();
  [[nodiscard]] bool empty() const { return statements_.empty(); }
  /// The outermost statements: one, or more where closing braces are missing.
  [[nodiscard]] Nodes roots() const;

  /// Words are added first, then the statement that consists of all words since `first_word`.
  void add_word(const Word& word) { words_.push_back(word); }
  [[nodiscard]] std::uint32_t word_count() const { return static_cast<std::uint32_t>(words_.size()); }
  void drop_words(std::uint32_t first_word) { words_.resize(first_word); }
  [[nodiscard]] std::span<const Word> words_from(std::uint32_t first_word) const;
  /// Returns its index.
  std::uint32_t add_statement(const Keyword* keyword, std::uint32_t first_word);
  /// Everything added since belongs inside statement `index`.
  void close_statement(std::uint32_t index);

 private:
  std::vector<Word> words_;
  std::vector<Statement> statements_;
};

/// One statement, as builders see it.
class Tree::Node {
 public:
  Node(const Tree& tree, std::uint32_t index) : tree_(&tree), index_(index) {}

  /// Not to be asked of a line in a block of lines.
  [[nodiscard]] const Keyword& keyword() const { return *statement().keyword; }
  /// The keyword itself first (for a line: its first word), never empty.
  [[nodiscard]] std::span<const Word> words() const;
  [[nodiscard]] std::span<const Word> arguments() const { return words().subspan(1); }
  [[nodiscard]] Position where() const { return words().front().where(); }
  /// The statements directly inside: `for (const Node child : node.children())`.
  [[nodiscard]] Nodes children() const;

 private:
  [[nodiscard]] const Statement& statement() const { return tree_->statements_[index_]; }

  const Tree* tree_;
  std::uint32_t index_;
};

/// Statements side by side.
class Tree::Nodes {
 public:
  class Iterator {
   public:
    Iterator(const Tree& tree, std::uint32_t index) : tree_(&tree), index_(index) {}
    Node operator*() const { return {*tree_, index_}; }
    Iterator& operator++() {
      index_ = tree_->statements_[index_].end;
      return *this;
    }
    friend bool operator==(const Iterator& a, const Iterator& b) { return a.index_ == b.index_; }

   private:
    const Tree* tree_;
    std::uint32_t index_;
  };

  Nodes(Iterator begin, Iterator end) : begin_(begin), end_(end) {}
  [[nodiscard]] Iterator begin() const { return begin_; }
  [[nodiscard]] Iterator end() const { return end_; }

 private:
  Iterator begin_;
  Iterator end_;
};

using Node = Tree::Node;

}  // namespace hald::config
