// SPDX-License-Identifier: Apache-2.0
// What Parser does about braces that do not balance. One forgotten brace should cost one message and one
// block, not the rest of the file: a word that can only stand further out says that a } is missing.
#include <algorithm>

#include <fmt/format.h>

#include "config/codes.h"
#include "config/parser.h"

namespace hald::config {

using Kind = Token::Kind;

/// If `word`, with a block behind it, is no word of the current block but one of a block around it, closes
/// the blocks in between, says so and returns true.
bool Parser::close_forgotten(Tree& tree, const Word& word) {
  if (open_.empty() || find_keyword(current(), word.text) != nullptr) return false;
  if (lexer_.peek_past_line_ends().kind != Kind::Open) return false;
  std::size_t depth = open_.size();
  for (; depth > 0; --depth) {
    const Block& around = depth == 1 ? block_of(BlockId::Root) : *open_[depth - 2].block;
    const Keyword* keyword = around.is_lines() ? nullptr : find_keyword(around, word.text);
    if (keyword != nullptr && (depth > 1 || only_at_top(word.text))) break;
  }
  if (depth == 0) return false;
  diagnostics_
      .error(word.where(), code::kMissingClose,
             fmt::format("a }} is missing before {}: {} is still open", quote(word.text),
                         quote(open_.back().block->name())))
      .see(open_.back().where, "it was opened here");
  while (open_.size() >= depth) close(tree);
  return true;
}

void Parser::end_of_text(Tree& tree) {
  if (!open_.empty() && !end_reported_) {
    diagnostics_.error(open_.back().where, code::kMissingClose,
                       open_.size() == 1
                           ? fmt::format("{} is never closed", quote(open_.back().block->name()))
                           : fmt::format("{} is never closed: {} }} are missing at the end",
                                         quote(open_.back().block->name()), open_.size()));
  }
  while (!open_.empty()) close(tree);
}

void Parser::skip_block_if_any(Position owner) {
  if (lexer_.peek_past_line_ends().kind == Kind::Open) skip_block(owner);
}

/// Passes over a block with everything in it. `owner` is what it belongs to.
void Parser::skip_block(Position owner) {
  std::size_t depth = 0;
  bool line_begins = false;
  do {
    const Token& token = lexer_.peek();
    if (token.kind == Kind::End) {
      diagnostics_.error(owner, code::kMissingClose, "the block that begins here is never closed");
      end_reported_ = true;
      return;
    }
    if (line_begins && token.kind == Kind::Word && only_at_top(token.word.text) &&
        lexer_.line_opens_block()) {
      diagnostics_
          .error(token.word.where(), code::kMissingClose,
                 fmt::format("a }} is missing before {}: a block is still open", quote(token.word.text)))
          .see(owner, "it was opened here");
      return;
    }
    if (token.kind == Kind::Open) ++depth;
    if (token.kind == Kind::Close) --depth;
    line_begins = token.kind == Kind::LineEnd;
    lexer_.take();
  } while (depth > 0);
}

}  // namespace hald::config
