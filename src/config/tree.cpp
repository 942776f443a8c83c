// SPDX-License-Identifier: Apache-2.0
#include "config/tree.h"

namespace hald::config {

void Tree::clear() {
  words_.clear();
  statements_.clear();
}

Tree::Nodes Tree::roots() const {
  return {{*this, 0}, {*this, static_cast<std::uint32_t>(statements_.size())}};
}

std::span<const Word> Tree::words_from(std::uint32_t first_word) const {
  return std::span(words_).subspan(first_word);
}

std::uint32_t Tree::add_statement(const Keyword* keyword, std::uint32_t first_word) {
  const auto index = static_cast<std::uint32_t>(statements_.size());
  statements_.push_back({keyword, first_word, word_count() - first_word, index + 1});
  return index;
}

void Tree::close_statement(std::uint32_t index) {
  statements_[index].end = static_cast<std::uint32_t>(statements_.size());
}

std::span<const Word> Tree::Node::words() const {
  return std::span(tree_->words_).subspan(statement().first_word, statement().word_count);
}

Tree::Nodes Tree::Node::children() const {
  return {{*tree_, index_ + 1}, {*tree_, statement().end}};
}

}  // namespace hald::config
